/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: found fit to be read, read by libconfig, checked. doc/scenario.md tells the format. */
#include "backend/demo/scenario_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what the tables of scenario_keys.c cannot say --- */

struct checker {
	const char *name;
	struct err *err;
};

static bool check_host_name(const char *name)
{
	return strlen(name) <= 64 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(name);
}

static bool has_login(const struct demo_vm_plan *vm, const char *user)
{
	for (size_t i = 0; i < vm->login_count; i++)
		if (user && strcmp(vm->logins[i].user, user) == 0)
			return true;
	return false;
}

/* False with a complaint about the machine or host of this name. */
static bool complain(const struct checker *checker, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);

static bool complain(const struct checker *checker, const char *name, const char *format, ...)
{
	char words[256];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return err_set(checker->err, ERR_USAGE, "%s: %s: %s", checker->name, name, words);
}

static bool is_for_hosts(const struct demo_event *event)
{
	return event->what == EVENT_HANG || event->what == EVENT_LOSE;
}

static bool check_happening(const struct checker *checker, const struct demo_vm_plan *vm,
			    const struct demo_event *event)
{
	const char *what = scenario_what_words[event->what];

	if (is_for_hosts(event))
		return complain(checker, vm->name, _("'%s' is an event of hosts, not of VMs"), what);
	if (event->what <= EVENT_LOGOFF && !has_login(vm, event->user))
		return complain(checker, vm->name, _("'%s' needs 'user', one of the VM's logins"), what);
	return true;
}

static bool are_twins(const struct demo_vm_plan *a, const struct demo_vm_plan *b)
{
	return strcmp(a->name, b->name) == 0 || (a->uuid && b->uuid && strcasecmp(a->uuid, b->uuid) == 0);
}

static bool check_vm(const struct checker *checker, const struct demo_host_plan *host, const struct demo_vm_plan *vm)
{
	struct uuid uuid;

	if (vm->uuid && !uuid_parse(vm->uuid, &uuid))
		return complain(checker, vm->name, _("'%s' is not a UUID"), vm->uuid);
	for (const struct demo_vm_plan *other = host->vms; other < vm; other++)
		if (are_twins(other, vm))
			return complain(checker, vm->name, _("another VM of %s has this name or UUID"), host->name);
	for (size_t i = 0; i < vm->event_count; i++)
		if (!check_happening(checker, vm, &vm->events[i]))
			return false;
	return true;
}

static bool check_host(const struct checker *checker, const struct demo_host_plan *host)
{
	if (!check_host_name(host->name))
		return complain(checker, host->name, _("a host's name has up to 64 letters, digits, '.', '-', '_'"));
	for (size_t i = 0; i < host->event_count; i++)
		if (!is_for_hosts(&host->events[i]))
			return complain(checker, host->name, _("'%s' is an event of VMs, not of hosts"),
					scenario_what_words[host->events[i].what]);
	for (size_t i = 0; i < host->vm_count; i++)
		if (!check_vm(checker, host, &host->vms[i]))
			return false;
	return true;
}

static bool check_hosts(const struct checker *checker, const struct scenario_top *top)
{
	if (!top->host_count)
		return err_set(checker->err, ERR_USAGE, _("%s: it contains no host"), checker->name);
	for (size_t i = 0; i < top->host_count; i++) {
		if (!check_host(checker, &top->hosts[i]))
			return false;
		for (size_t j = 0; j < i; j++)
			if (strcmp(top->hosts[i].name, top->hosts[j].name) == 0)
				return complain(checker, top->hosts[i].name, _("two hosts have this name"));
	}
	return true;
}

/* --- text --- */

/* libconfig would open any file that @include names, and recurses into brackets: both end here. */
static bool scan(const char *name, const char *text, size_t len, struct err *err)
{
	int line = 1, depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i], next = i + 1 < len ? text[i + 1] : '\0';

		if (c == '\n') {
			line++;
		} else if (c == '"') {
			for (i++; i < len && text[i] != '"'; i++) {
				line += text[i] == '\n';
				i += text[i] == '\\' && i + 1 < len;
			}
		} else if (c == '#' || (c == '/' && next == '/')) {
			while (i + 1 < len && text[i + 1] != '\n')
				i++;
		} else if (c == '/' && next == '*') {
			for (i += 2; i + 1 < len && !(text[i] == '*' && text[i + 1] == '/'); i++)
				line += text[i] == '\n';
			i++;
		} else if (c == '@') {
			return err_set(err, ERR_USAGE, _("%s:%d: @include is not allowed in a scenario"), name, line);
		} else if (strchr("({[", c) && ++depth > SCENARIO_DEPTH_MAX) {
			return err_set(err, ERR_USAGE, _("%s:%d: brackets are nested more than %d deep"), name, line,
				       SCENARIO_DEPTH_MAX);
		} else if (strchr(")}]", c)) {
			depth--;
		}
	}
	return true;
}

static bool read_config(const char *name, const config_t *config, struct demo_scenario *ret_scenario, struct err *err)
{
	const struct checker checker = { .name = name, .err = err };
	struct demo_store *store = scenario_store_create();
	struct scenario_top top;

	if (!scenario_read_keys(name, config, store, &top, err) || !check_hosts(&checker, &top)) {
		scenario_store_free(store);
		return false;
	}
	*ret_scenario = (struct demo_scenario){
		.seed = (uint64_t)top.seed, .hosts = top.hosts, .host_count = top.host_count, .store = store
	};
	return true;
}

bool scenario_read_text(const char *name, const char *text, size_t len, struct demo_scenario *ret_scenario,
			struct err *err)
{
	config_t config;
	char *copy;
	bool ok;

	if (len > SCENARIO_FILE_MAX)
		return err_set(err, ERR_USAGE, _("%s: a scenario must not be larger than %d KiB"), name,
			       SCENARIO_FILE_MAX / 1024);
	if (memchr(text, '\0', len))
		return err_set(err, ERR_USAGE, _("%s: not a text file"), name);
	if (!scan(name, text, len, err))
		return false;
	copy = mem_strndup(text, len);
	config_init(&config);
	ok = config_read_string(&config, copy) ? read_config(name, &config, ret_scenario, err)
					       : err_set(err, ERR_USAGE, "%s:%d: %s", name, config_error_line(&config),
							 config_error_text(&config));
	config_destroy(&config);
	free(copy);
	return ok;
}

static bool read_whole(int fd, char *buf, size_t size, size_t *ret_len)
{
	*ret_len = 0;
	while (*ret_len < size) {
		ssize_t got = read(fd, buf + *ret_len, size - *ret_len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		*ret_len += (size_t)got;
	}
	return true;
}

bool scenario_read_file(const char *path, struct demo_scenario *ret_scenario, struct err *err)
{
	/* Non-blocking, or a FIFO without a writer would hold us here. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *buf = NULL;
	size_t len;
	bool ok = false;

	if (fd < 0)
		return err_set_errno(err, errno, _("cannot open the demo scenario %s"), path);
	buf = mem_realloc(NULL, SCENARIO_FILE_MAX + 1, 1);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		err_set(err, ERR_USAGE, _("the demo scenario %s is not a regular file"), path);
	else if (!read_whole(fd, buf, SCENARIO_FILE_MAX + 1, &len))
		err_set_errno(err, errno, _("cannot read the demo scenario %s"), path);
	else
		ok = scenario_read_text(path, buf, len, ret_scenario, err);
	free(buf);
	close(fd);
	return ok;
}
