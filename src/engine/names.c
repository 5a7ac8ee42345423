/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/names.h"

#include "base/clock.h"
#include "engine/state_dir.h"
#include "model/snapshot.h"

#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_BYTES_MAX = 1 << 20, USERS_KEPT_MAX = 200, WRITE_MS = 2000, POLL_MS = 2 };

static const char file_name[] = "names";
static const char head[] = "innkeeper names 1\n";
static const char *const kinds[NAME_KIND_COUNT] = { "host", "vm", "user", "snapshot" };

/* --- reading --- */

/* NULL: there is none that can be used. */
static char *read_file(int dir)
{
	const int fd = openat(dir, file_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *bytes = NULL;
	struct stat st;
	bool ok;

	if (fd < 0)
		return NULL;
	ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	     !(st.st_mode & (S_IWGRP | S_IWOTH)) && st.st_size <= NAMES_BYTES_MAX;
	if (ok) {
		bytes = mem_zalloc((size_t)st.st_size + 1);
		ok = pread(fd, bytes, (size_t)st.st_size, 0) == st.st_size && !strncmp(bytes, head, strlen(head));
	}
	close(fd);
	if (ok)
		return bytes;
	free(bytes);
	return NULL;
}

/* Cuts the line into pieces. */
static bool parse_line(char *line, struct name *ret_name)
{
	char *fields[NAME_KIND_COUNT] = { line };

	for (size_t i = 1; i < ARRAY_SIZE(fields); i++) {
		fields[i] = strchr(fields[i - 1], '\t');
		if (!fields[i])
			return false;
		*fields[i]++ = '\0';
	}
	*ret_name = (struct name){ NAME_KIND_COUNT, fields[1], fields[2], fields[3] };
	for (int kind = 0; kind < NAME_KIND_COUNT; kind++)
		if (!strcmp(fields[0], kinds[kind]))
			ret_name->kind = (enum name_kind)kind;
	return ret_name->kind < NAME_KIND_COUNT && text_is_safe(fields[1]) && text_is_safe(fields[2]) &&
	       text_is_safe(fields[3]);
}

void names_read(bool is_simulated, struct names *ret_names)
{
	struct err err;
	const int dir = state_dir_open(is_simulated ? STATE_DIR_DEMO : NULL, false, &err);
	struct names names = { 0 };
	char *rest;

	*ret_names = names;
	if (dir < 0)
		return;
	names.bytes = read_file(dir);
	close(dir);
	rest = names.bytes ? names.bytes + strlen(head) : NULL;
	for (char *line = strsep(&rest, "\n"); line && rest; line = strsep(&rest, "\n")) {
		if (!parse_line(line, VEC_PUSH(&names))) {
			names_free(&names);
			return;
		}
	}
	*ret_names = names;
}

void names_free(struct names *names)
{
	VEC_FREE(names);
	free(names->bytes);
	names->bytes = NULL;
}

/* --- writing --- */

struct writing {
	VEC(char *); /* owned: lines, sorted, each once */
	bool is_simulated;
};

static atomic_int busy; /* jobs that are not written yet */

static void add(struct writing *writing, enum name_kind kind, const struct host *host, const char *vm, const char *text)
{
	*VEC_PUSH(writing) = mem_printf("%s\t%s\t%s\t%s", kinds[kind], host->name, vm, text);
}

static void add_vm(struct writing *writing, const struct host *host, const struct vm *vm)
{
	const char *name = text_str(vm->info.name);

	add(writing, NAME_VM, host, "", name);
	for (size_t i = 0; i < vm->sessions.count && vm->users_state == USERS_KNOWN; i++)
		add(writing, NAME_USER, host, "", text_str(vm->sessions.at[i].user));
	if (!vm->snapshots || !vm->snapshots->at)
		return;
	add(writing, NAME_SNAPSHOT, host, name, ""); /* it is known which it has, even if it has none */
	for (size_t i = 0; i < vm->snapshots->list.count; i++)
		add(writing, NAME_SNAPSHOT, host, name, text_str(vm->snapshots->list.at[i].name));
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare_beginning(const void *key, const void *line)
{
	return strncmp(key, *(char *const *)line, strlen(key));
}

static void sort_lines(struct writing *writing)
{
	size_t kept = 0;

	if (writing->count)
		qsort(writing->at, writing->count, sizeof(*writing->at), compare_lines);
	for (size_t i = 0; i < writing->count; i++) {
		if (kept && !strcmp(writing->at[kept - 1], writing->at[i]))
			free(writing->at[i]);
		else
			writing->at[kept++] = writing->at[i];
	}
	writing->count = kept;
}

static bool begins_a_line(const struct writing *writing, char *beginning)
{
	const bool found = writing->count &&
			   bsearch(beginning, writing->at, writing->count, sizeof(*writing->at), compare_beginning);

	free(beginning);
	return found;
}

/* Nothing that is known now says otherwise. users: how many were kept. */
static bool is_still_good(const struct writing *writing, const struct name *name, int *users)
{
	char *line = mem_printf("%s\t%s\t%s\t%s", kinds[name->kind], name->host, name->vm, name->text);

	if (writing->count && bsearch(&line, writing->at, writing->count, sizeof(line), compare_lines))
		return free(line), false;
	free(line);
	if (!begins_a_line(writing, mem_printf("%s\t%s\t", kinds[NAME_HOST], name->host)))
		return true;
	if (name->kind == NAME_SNAPSHOT)
		return !begins_a_line(writing,
				      mem_printf("%s\t%s\t%s\t", kinds[NAME_SNAPSHOT], name->host, name->vm)) &&
		       begins_a_line(writing, mem_printf("%s\t%s\t\t%s", kinds[NAME_VM], name->host, name->vm));
	return name->kind == NAME_USER && ++*users <= USERS_KEPT_MAX;
}

static void print_lines(const struct writing *writing, FILE *stream)
{
	struct names old;
	int users = 0;

	names_read(writing->is_simulated, &old);
	fputs(head, stream);
	for (size_t i = 0; i < writing->count; i++)
		fprintf(stream, "%s\n", writing->at[i]);
	for (size_t i = 0; i < old.count && ftell(stream) < NAMES_BYTES_MAX / 2; i++) {
		const struct name *name = &old.at[i];

		if (is_still_good(writing, name, &users))
			fprintf(stream, "%s\t%s\t%s\t%s\n", kinds[name->kind], name->host, name->vm, name->text);
	}
	names_free(&old);
}

static int64_t write_step(void *state, int slot UNUSED)
{
	const struct writing *writing = state;
	struct err err;
	const int dir = state_dir_open(writing->is_simulated ? STATE_DIR_DEMO : NULL, true, &err);
	OWN(bytes) char *text = NULL, *before = dir < 0 ? NULL : read_file(dir);
	size_t len;
	FILE *stream = mem_stream(&text, &len);

	print_lines(writing, stream);
	if (fclose(stream) == 0 && dir >= 0 && len <= NAMES_BYTES_MAX && (!before || strcmp(before, text) != 0))
		state_write(dir, file_name, text);
	if (dir >= 0)
		close(dir);
	atomic_fetch_sub(&busy, 1);
	return WORKER_DONE;
}

static void write_done(void *state)
{
	struct writing *writing = state;

	for (size_t i = 0; i < writing->count; i++)
		free(writing->at[i]);
	VEC_FREE(writing);
	free(writing);
}

void names_write(bool is_simulated, const struct inventory *inventory, struct worker *disk)
{
	const int64_t until = clock_ms() + WRITE_MS;
	struct writing *writing = mem_zalloc(sizeof(*writing));

	writing->is_simulated = is_simulated;
	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		const struct host *host = inventory_host(inventory, (int)i);

		if (host->listed)
			add(writing, NAME_HOST, host, "", host->uri);
	}
	for (size_t i = 0; i < inventory_vm_count(inventory); i++) {
		const struct vm *vm = inventory_vm_at(inventory, i);

		add_vm(writing, inventory_host(inventory, vm->id.host), vm);
	}
	sort_lines(writing);
	atomic_fetch_add(&busy, 1);
	worker_submit(disk,
		      &(struct job_spec){
			      .step = write_step, .done = write_done, .state = writing, .priority = WORKER_TASK });
	while (atomic_load(&busy) && clock_ms() < until)
		poll(NULL, 0, POLL_MS);
}
