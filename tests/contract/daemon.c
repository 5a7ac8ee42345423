/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/contract/daemon.h"

#include "base/clock.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LISTEN_MAX_MS = 20000, LOOK_EVERY_MS = 20 };

struct daemon {
	char *dir, *program, *socket, *uri, *fleet_uri;
	uid_t uid;
	gid_t gid;
	pid_t pid; /* 0: none */
	bool is_german;
};

static char *find_program(void)
{
	FOR_EACH(const char *, place, "/usr/sbin/libvirtd", "/usr/local/sbin/libvirtd", "/sbin/libvirtd") {
		if (access(*place, X_OK) == 0)
			return mem_strdup(*place);
	}
	return NULL;
}

/* libvirtd takes its folders from the environment only where it is not root. */
static bool choose_user(struct daemon *daemon)
{
	struct passwd *nobody;

	daemon->uid = geteuid();
	daemon->gid = getegid();
	if (daemon->uid != 0)
		return true;
	nobody = getpwnam("nobody");
	if (!nobody)
		return false;
	daemon->uid = nobody->pw_uid;
	daemon->gid = nobody->pw_gid;
	return true;
}

static bool make_dirs(struct daemon *daemon)
{
	char template[] = "/tmp/innkeeper-libvirtd-XXXXXX";

	if (!mkdtemp(template) || chown(template, daemon->uid, daemon->gid) < 0)
		return false;
	daemon->dir = mem_strdup(template);
	daemon->socket = mem_printf("%s/libvirt/libvirt-sock", template);
	daemon->uri = mem_printf("test+unix:///default?socket=%s", daemon->socket);
	return true;
}

struct daemon *daemon_create(const char **ret_reason)
{
	struct daemon *daemon = mem_zalloc(sizeof(*daemon));

	daemon->program = find_program();
	*ret_reason = "libvirtd is not installed";
	if (daemon->program) {
		*ret_reason = "there is no user nobody for libvirtd to run as";
		if (choose_user(daemon)) {
			*ret_reason = "no folder for libvirtd in /tmp";
			if (make_dirs(daemon))
				return daemon;
		}
	}
	free(daemon->program);
	free(daemon);
	return NULL;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

void daemon_destroy(struct daemon *daemon)
{
	if (!daemon)
		return;
	daemon_kill(daemon);
	nftw(daemon->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(daemon->dir);
	free(daemon->program);
	free(daemon->socket);
	free(daemon->uri);
	free(daemon->fleet_uri);
	free(daemon);
}

/* --- a password --- */

static void write_file(const struct daemon *daemon, const char *name, const char *text)
{
	char *path = keep(mem_printf("%s/%s", daemon->dir, name));
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
}

/* saslpasswd2(8) reads the password from standard input. */
static bool add_user(const char *db, const char *user, const char *password)
{
	char *argv[] = { "saslpasswd2", "-p", "-c", "-f", (char *)db, "-a", "libvirt", (char *)user, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], status = -1;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0) {
		(void)!write(ends[1], password, strlen(password));
		close(ends[1]);
		waitpid(pid, &status, 0);
	} else {
		close(ends[1]);
	}
	close(ends[0]);
	posix_spawn_file_actions_destroy(&actions);
	return status == 0;
}

bool daemon_want_password(struct daemon *daemon, const char *user, const char *password, const char **ret_reason)
{
	char *db = mem_printf("%s/users.db", daemon->dir), *libvirt_dir = mem_printf("%s/libvirt", daemon->dir);
	char *sasl = mem_printf("mech_list: scram-sha-1\nsasldb_path: %s\n", db);
	bool added = add_user(db, user, password);

	*ret_reason = "saslpasswd2(8) cannot make a user here (packages sasl2-bin, libsasl2-modules)";
	if (added && (mkdir(libvirt_dir, 0700) == 0 || errno == EEXIST)) {
		write_file(daemon, "libvirt/libvirtd.conf", "auth_unix_rw = \"sasl\"\nauth_unix_ro = \"sasl\"\n");
		write_file(daemon, "libvirt.conf", sasl);
		added = chown(libvirt_dir, daemon->uid, daemon->gid) == 0 && chown(db, daemon->uid, daemon->gid) == 0;
	}
	free(db);
	free(libvirt_dir);
	free(sasl);
	return added;
}

/* --- a language --- */

bool daemon_speak_german(struct daemon *daemon, const char **ret_reason)
{
	char *locale = mem_printf("%s/de_DE.UTF-8", daemon->dir);
	char *argv[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", locale, NULL };
	int status = -1;
	pid_t pid;

	*ret_reason = "libvirt's German catalogue is not installed (package libvirt-l10n)";
	if (access("/usr/share/locale/de/LC_MESSAGES/libvirt.mo", R_OK) == 0) {
		*ret_reason = "localedef(1) cannot make a German locale here (package locales)";
		if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0)
			waitpid(pid, &status, 0);
		daemon->is_german = status == 0;
	}
	free(locale);
	return daemon->is_german;
}

static void become_daemon(const struct daemon *daemon)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(daemon->gid) < 0 || setuid(daemon->uid) < 0))
		_exit(126);
	setenv("HOME", daemon->dir, 1);
	setenv("XDG_RUNTIME_DIR", daemon->dir, 1);
	setenv("XDG_CONFIG_HOME", daemon->dir, 1);
	setenv("XDG_CACHE_HOME", daemon->dir, 1);
	setenv("SASL_CONF_PATH", daemon->dir, 1);
	unsetenv("LIBVIRT_DEBUG");
	if (daemon->is_german) {
		setenv("LOCPATH", daemon->dir, 1);
		setenv("LC_ALL", "de_DE.UTF-8", 1);
		setenv("LANGUAGE", "de", 1);
	}
	execl(daemon->program, daemon->program, "--timeout", "600", (char *)NULL);
	_exit(127);
}

static bool listens(const struct daemon *daemon)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", daemon->socket);
	connected = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	if (fd >= 0)
		close(fd);
	return connected;
}

bool daemon_start(struct daemon *daemon)
{
	int64_t until = clock_ms() + LISTEN_MAX_MS;

	unlink(daemon->socket);
	daemon->pid = fork();
	if (daemon->pid == 0)
		become_daemon(daemon);
	while (daemon->pid > 0 && !listens(daemon)) {
		if (clock_ms() > until || waitpid(daemon->pid, NULL, WNOHANG) == daemon->pid) {
			daemon_kill(daemon);
			return false;
		}
		poll(NULL, 0, LOOK_EVERY_MS);
	}
	return daemon->pid > 0;
}

void daemon_stop(struct daemon *daemon)
{
	kill(daemon->pid, SIGSTOP);
}

void daemon_continue(struct daemon *daemon)
{
	kill(daemon->pid, SIGCONT);
}

void daemon_kill(struct daemon *daemon)
{
	if (daemon->pid <= 0)
		return;
	kill(daemon->pid, SIGKILL);
	while (waitpid(daemon->pid, NULL, 0) < 0 && errno == EINTR)
		;
	daemon->pid = 0;
}

const char *daemon_socket(const struct daemon *daemon)
{
	return daemon->socket;
}

const char *daemon_uri(const struct daemon *daemon)
{
	return daemon->uri;
}

static void write_domain(FILE *file, int number)
{
	static const int states[] = { 1, 3, 5 }; /* virDomainState: running, paused, shut off */

	fprintf(file,
		"<domain type='test'><name>vm%05d</name><title>number %d</title>"
		"<uuid>00000000-0000-4000-8000-%012x</uuid><memory unit='KiB'>262144</memory><vcpu>1</vcpu>"
		"<os><type>hvm</type></os><test:runstate>%d</test:runstate></domain>\n",
		number, number, (unsigned)number, states[number % 3]);
}

const char *daemon_fleet_uri(struct daemon *daemon, int count)
{
	char *path = mem_printf("%s/fleet-%d.xml", daemon->dir, count);
	FILE *file = fopen(path, "w");

	if (!file)
		abort();
	fprintf(file, "<node xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>\n");
	for (int i = 0; i < count; i++)
		write_domain(file, i);
	fprintf(file, "</node>\n");
	fclose(file);
	chmod(path, 0644);
	free(daemon->fleet_uri);
	daemon->fleet_uri = mem_printf("test+unix://%s?socket=%s", path, daemon->socket);
	free(path);
	return daemon->fleet_uri;
}
