/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kill.h"

#include "backend/backend_impl.h"
#include "base/clock.h"
#include "engine/state_dir.h"
#include "wrap.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The console's own; NULL in the process that watches. */
static struct kill_world *here;

void kill_point(void)
{
	if (!here)
		return;
	here->points++;
	if (here->points == here->die_at)
		kill(getpid(), SIGKILL);
	if (here->points == here->stop_at)
		raise(SIGSTOP);
}

/* The journal's file is the one that is made anew before it gets its name. */
static void note_call(const char *call, int fd)
{
	if (!here)
		return;
	if (strcmp(call, "openat") == 0 && !here->renamed)
		here->journal_fd = fd;
	else if (strcmp(call, "fsync") == 0 && fd == here->journal_fd)
		here->synced = lseek(fd, 0, SEEK_END);
	else if (strcmp(call, "renameat") == 0)
		here->renamed = true;
	else if (strcmp(call, "fsync") == 0 && (fcntl(fd, F_GETFL) & O_DIRECTORY))
		here->named = here->renamed;
}

/* ---- the guest counts what it carried out ---- */

/* clang-format off */
static const char *const deeds[] = {
	"guest-exec loginctl terminate-session", "guest-exec loginctl kill-session", "guest-exec loginctl lock-session",
	"guest-exec pkill", "guest-exec powershell.exe # innkeeper end",
	"guest-exec powershell.exe # innkeeper disconnect", "guest-exec C:", "lifecycle",
};
/* clang-format on */

static void note_deed(struct fake_guest *guest)
{
	const char *line = guest->log[guest->log_count - 1];
	int i = 0;

	for (size_t deed = 0; deed < ARRAY_SIZE(deeds); deed++) {
		if (strncmp(line, deeds[deed], strlen(deeds[deed])) != 0)
			continue;
		while (i < here->done_count && strcmp(here->done[i].line, line) != 0)
			i++;
		if (i == here->done_count && here->done_count < KILL_CALLS)
			snprintf(here->done[here->done_count++].line, sizeof(here->done->line), "%s", line);
		here->done[i].times++;
		return;
	}
}

static const struct backend_impl *fake;

static bool counted_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			    char **ret_reply, struct err *err)
{
	bool ok;

	kill_point();
	ok = fake->agent_command(be, slot, uuid, command, timeout_ms, ret_reply, err);
	note_deed((struct fake_guest *)be);
	here->now_ms = clock_ms();
	kill_point();
	return ok;
}

static bool counted_verb(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			 bool use_agent, struct err *err)
{
	bool ok;

	kill_point();
	ok = fake->lifecycle(be, slot, uuid, operation, use_agent, err);
	note_deed((struct fake_guest *)be);
	here->now_ms = clock_ms();
	kill_point();
	return ok;
}

/* ---- worlds and consoles ---- */

struct kill_world *kill_world_create(enum fake_kind kind)
{
	static struct backend_impl counted;
	struct kill_world *world =
		mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (world == MAP_FAILED)
		return NULL;
	fake_guest_init(&world->guest, kind);
	fake = world->guest.backend.impl;
	counted = *fake;
	counted.agent_command = counted_command;
	counted.lifecycle = counted_verb;
	world->guest.backend.impl = &counted;
	world->guest.backend.config.uri = "fake:///guest";
	world->guest.uuid = (struct uuid){ .bytes = { 0xde, 0xad } };
	/* Several test runs on one machine shall not meet in one VM's lock. */
	memcpy(world->guest.uuid.bytes + 4, &(pid_t){ getpid() }, sizeof(pid_t));
	world->now_ms = clock_ms();
	return world;
}

void kill_world_free(struct kill_world *world)
{
	fake_guest_forget(&world->guest);
	fake_guest_free(&world->guest);
	munmap(world, sizeof(*world));
}

pid_t kill_start(struct kill_world *world, kill_console_fn *console)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	here = world;
	here->points = 0;
	wrap.point = kill_point;
	wrap.done = note_call;
	clock_stop_at(world->now_ms, 1795359600 + (world->now_ms - FAKE_START_MS) / 1000);
	console(world);
	_exit(0);
}

void kill_bury(struct kill_world *world)
{
	fake_guest_forget(&world->guest);
}

int kill_wait(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, WUNTRACED);
	return status;
}

int kill_run(struct kill_world *world, kill_console_fn *console)
{
	return kill_wait(kill_start(world, console));
}

void kill_crank(struct kill_world *world, int64_t ms)
{
	clock_advance(ms);
	world->now_ms = clock_ms();
}

void kill_cut_power(const struct kill_world *world)
{
	int dir_fd = state_dir_open("tasks", false, NULL);
	DIR *dir = dir_fd < 0 ? NULL : fdopendir(dir_fd);
	struct dirent *item;

	while (dir && (item = readdir(dir))) {
		int fd = *item->d_name == '.' ? -1 : openat(dir_fd, item->d_name, O_WRONLY | O_CLOEXEC);

		if (fd >= 0 && (!world->named || ftruncate(fd, world->synced) < 0))
			unlinkat(dir_fd, item->d_name, 0);
		if (fd >= 0)
			close(fd);
	}
	if (dir)
		closedir(dir);
}

int kill_times_done(const struct kill_world *world)
{
	int times = 0;

	for (int i = 0; i < world->done_count; i++)
		times += world->done[i].times;
	return times;
}
