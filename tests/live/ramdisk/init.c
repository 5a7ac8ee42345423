/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process 1 of every guest of the lab, statically linked, alone in the ramdisk.
 * Loads virtio's modules, then does what the kernel command line asks for:
 *
 *	lab.agent=NAME          answers as the demo's agent does in that VM of guests.conf (agent.c)
 *	lab.agent=none          a system without an agent
 *	lab.agent=reboot        says that it came this far, and reboots
 *	otherwise               hands over to the Debian on /dev/vda
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* In the order in which they need each other. */
static const char *const modules[] = {
	"virtio",     "virtio_ring", "virtio_pci_legacy_dev", "virtio_pci_modern_dev",
	"virtio_pci", "virtio_blk",  "virtio_console",
};

static void complain(const char *what, const char *name)
{
	fprintf(stderr, "lab: %s %s: %s\n", what, name, strerror(errno));
}

static void mount_at(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) != 0 && errno != EBUSY)
		complain("mount", where);
}

static void load_modules(void)
{
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		char path[64];
		snprintf(path, sizeof(path), "/modules/%s.ko", modules[i]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) != 0)
			complain("module", path);
		if (fd >= 0)
			close(fd);
	}
}

static void hand_over(void)
{
	mkdir("/system", 0755);
	for (int tries = 0; mount("/dev/vda", "/system", "ext4", 0, NULL) != 0; tries++) {
		if (tries == 100) {
			complain("mount", "/dev/vda");
			return;
		}
		usleep(50000);
	}
	mount("/dev", "/system/dev", NULL, MS_MOVE, NULL);
	umount("/proc");
	umount("/sys");
	if (chdir("/system") != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0)
		complain("enter", "/system");
	execl("/sbin/init", "/sbin/init", (char *)NULL);
	complain("start", "/sbin/init");
}

/* The value of lab.agent=, or false. */
static bool read_personality(char *ret, size_t size)
{
	char line[2048];
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return false;
	line[n] = '\0';
	const char *value = strstr(line, "lab.agent=");
	if (!value)
		return false;
	value += strlen("lab.agent=");
	snprintf(ret, size, "%.*s", (int)strcspn(value, " \n"), value);
	return true;
}

static void reboot_now(void)
{
	puts("lab: reboot");
	fflush(stdout);
	reboot(RB_AUTOBOOT);
}

int main(void)
{
	char personality[64];

	mount_at("devtmpfs", "/dev");
	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	load_modules();
	if (!read_personality(personality, sizeof(personality)))
		hand_over();
	else if (strcmp(personality, "reboot") == 0)
		reboot_now();
	else if (strcmp(personality, "none") != 0)
		agent_run(personality);
	for (;;)
		pause();
}
