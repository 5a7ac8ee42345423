/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/child.h"

#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 64 * 1024 };

struct child {
	struct loop *loop;
	pid_t pid;
	child_over_fn *over; /* NULL: forgotten */
	void *data;
	bool has_terminal;
	int words;                        /* memory file that it writes to as stderr; -1 none */
	struct sigaction interrupt, quit; /* ours, while it has the terminal */
};

static struct {
	VEC(struct child *);
} children;

/* --- where programs are --- */

static bool is_trusted_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && !(st.st_mode & S_IWOTH) &&
	       (st.st_uid == 0 || st.st_uid == geteuid()) && access(path, X_OK) == 0;
}

/* The next place of $PATH that counts, or NULL at its end. Owned. */
static char *next_place(const char **path)
{
	while (*path && **path) {
		const size_t len = strcspn(*path, ":");
		char *place = mem_strndup(*path, len);
		struct stat st;

		*path += len + ((*path)[len] == ':');
		if (*place == '/' && stat(place, &st) == 0 && !(st.st_mode & S_IWOTH))
			return place;
		free(place);
	}
	return NULL;
}

char *child_find_program(const char *name, struct err *err)
{
	const char *path = getenv("PATH");
	char *place, *found = NULL;

	if (*name == '/' && is_trusted_program(name))
		return mem_strdup(name);
	while (!strchr(name, '/') && *name && !found && (place = next_place(&path))) {
		found = mem_printf("%s/%s", place, name);
		if (!is_trusted_program(found)) {
			free(found);
			found = NULL;
		}
		free(place);
	}
	if (!found)
		err_set(err, ERR_SYSTEM,
			_("program \"%.80s\" not found; install it, or check PATH (relative directories, directories "
			  "writable by everybody, and files of other users are ignored)"),
			name);
	return found;
}

/* --- what it gets --- */

/* With * at the end: whatever begins so. PATH is made anew. */
/* clang-format off */
static const char *const known_names[] = {
	"HOME", "USER", "LOGNAME", "SHELL", "TERM", "COLORTERM", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR", "DISPLAY",
	"WAYLAND_DISPLAY", "XAUTHORITY", "XDG_*", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK", "SSH_AGENT_PID",
	"SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "KRB5CCNAME", "GDK_SCALE", "GDK_BACKEND", "LIBVIRT_AUTH_FILE",
};
/* clang-format on */

static char **environment(void)
{
	struct {
		VEC(char *);
	} list = { 0 };
	const char *path = getenv("PATH");
	char *joined = mem_strdup("PATH="), *place, *longer;

	while ((place = next_place(&path))) {
		longer = mem_printf("%s%s%s", joined, joined[5] ? ":" : "", place);
		free(joined);
		free(place);
		joined = longer;
	}
	*VEC_PUSH(&list) = joined;
	for (char **entry = environ; entry && *entry; entry++) {
		const size_t len = strcspn(*entry, "=");
		bool is_known = false;

		for (size_t i = 0; i < ARRAY_SIZE(known_names) && !is_known; i++) {
			const size_t name_len = strcspn(known_names[i], "*");

			is_known = strncmp(*entry, known_names[i], name_len) == 0 &&
				   (known_names[i][name_len] == '*' ? len >= name_len : len == name_len);
		}
		if (is_known)
			*VEC_PUSH(&list) = mem_strdup(*entry);
	}
	*VEC_PUSH(&list) = NULL;
	return list.at;
}

void child_free_list(char **list)
{
	for (char **at = list; at && *at; at++)
		free(*at);
	free(list);
}

static struct safe_text last_line(int fd)
{
	OWN(bytes) char *bytes = mem_zalloc(WORDS_MAX + 1);
	const ssize_t n = fd < 0 ? 0 : pread(fd, bytes, WORDS_MAX, 0);
	size_t len = strnlen(bytes, (size_t)MAX(n, 0)), begin;

	while (len > 0 && strchr("\r\n \t", bytes[len - 1]))
		len--;
	for (begin = len; begin > 0 && bytes[begin - 1] != '\n';)
		begin--;
	return text_sanitize(bytes + begin, len - begin, TEXT_CAP_LINE);
}

/* --- its life --- */

static void drop(struct child *child)
{
	if (child->has_terminal) {
		sigaction(SIGINT, &child->interrupt, NULL);
		sigaction(SIGQUIT, &child->quit, NULL);
	}
	if (child->words >= 0)
		close(child->words);
	for (size_t i = children.count; i-- > 0;)
		if (children.at[i] == child)
			VEC_REMOVE(&children, i);
	if (children.count == 0) {
		loop_on_signal(child->loop, SIGCHLD, NULL, NULL);
		VEC_FREE(&children);
	}
	free(child);
}

static void on_sigchld(void *data UNUSED)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL };

	for (size_t i = children.count; i-- > 0;) {
		struct child *child = i < children.count ? children.at[i] : NULL;
		struct child was;
		struct sigaction ours;
		OWN(text) struct safe_text words = { 0 };
		int status;

		if (!child ||
		    waitpid(child->pid, &status, WNOHANG | (child->has_terminal ? WUNTRACED : 0)) != child->pid)
			continue;
		/* ssh's ~^Z stops it alone; so we go along, where there is a shell to go to, and come back together. */
		if (WIFSTOPPED(status)) {
			sigaction(SIGTSTP, &by_default, &ours);
			raise(SIGTSTP);
			sigaction(SIGTSTP, &ours, NULL);
			kill(child->pid, SIGCONT);
			continue;
		}
		was = *child;
		words = last_line(child->words);
		drop(child);
		if (was.over)
			was.over(was.data, status, words);
	}
}

static int spawn(const char *path, const struct child_plan *plan, int words, pid_t *ret_pid)
{
	char **env = environment();
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int failure;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
						(plan->has_terminal ? 0 : POSIX_SPAWN_SETSID)));
	posix_spawn_file_actions_init(&actions);
	if (!plan->has_terminal) {
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
		if (words >= 0)
			posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO);
		else
			posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	}
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	failure = posix_spawn(ret_pid, path, &actions, &attr, (char *const *)plan->argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	child_free_list(env);
	return failure;
}

struct child *child_start(struct loop *loop, const struct child_plan *plan, child_over_fn *over, void *data,
			  struct err *err)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	OWN(bytes) char *path = child_find_program(plan->argv[0], err);
	struct child *child;
	int failure;

	if (!path)
		return NULL;
	child = mem_zalloc(sizeof(*child));
	*child = (struct child){
		.loop = loop, .over = over, .data = data, .has_terminal = plan->has_terminal, .words = -1
	};
	if (plan->has_terminal) {
		sigaction(SIGINT, &ignore, &child->interrupt);
		sigaction(SIGQUIT, &ignore, &child->quit);
	} else {
		/* As long as it will ever be: who has much to say fails to write, and we keep what came first. */
		child->words = memfd_create("innkeeper-words", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		if (child->words >= 0 && (ftruncate(child->words, WORDS_MAX) < 0 ||
					  fcntl(child->words, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) < 0)) {
			close(child->words);
			child->words = -1;
		}
	}
	*VEC_PUSH(&children) = child;
	loop_on_signal(loop, SIGCHLD, on_sigchld, NULL);
	failure = spawn(path, plan, child->words, &child->pid);
	if (failure) {
		err_set_errno(err, failure, _("cannot start %s"), path);
		drop(child);
		child = NULL;
	}
	return child;
}

void child_forget(struct child *child, bool hang_up)
{
	if (!child)
		return;
	if (hang_up)
		kill(child->pid, SIGHUP);
	drop(child);
}
