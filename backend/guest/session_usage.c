/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/session_usage.h"

#include "backend/guest/session_program.h"

enum { LINE_SIZE = 1024 };

static void add(struct session *session, int64_t cpu_s, int64_t memory_kib)
{
	session->cpu_s = MAX(session->cpu_s, 0) + cpu_s;
	session->memory_kib = MAX(session->memory_kib, 0) + memory_kib;
}

/* A copy of the next line, cut where it is too long. */
static bool copy_line(const char **at, const char *end, char line[LINE_SIZE])
{
	const char *found;
	size_t len;

	if (!sessions_next_line(at, end, &found, &len))
		return false;
	snprintf(line, LINE_SIZE, "%.*s", (int)MIN(len, (size_t)LINE_SIZE), found);
	return true;
}

/* systemd's scope and what is below it; elogind's group is named as the session (cgroups(7)). */
static bool is_in_group(const char *group, const char *id)
{
	static const struct {
		const char *before, *behind;
	} names[] = { { "/session-", ".scope" }, { "0::/", "" }, { "name=elogind:/", "" } };
	char name[SESSION_ID_SIZE + 20];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *found;

		snprintf(name, sizeof(name), "%s%s%s", names[i].before, id, names[i].behind);
		found = strstr(group, name);
		if (found && strchr("/,;", found[strlen(name)])) /* or its end */
			return true;
	}
	return false;
}

void usage_parse_ps(const char *out, size_t len, struct session_list *list)
{
	const char *at = out, *end = out + len;
	char line[LINE_SIZE], terminal[64], group[LINE_SIZE];
	int cpu_s, memory_kib;

	while (copy_line(&at, end, line)) {
		if (sscanf(line, "%9d %9d %63s %1023s", &cpu_s, &memory_kib, terminal, group) != 4 || cpu_s < 0 ||
		    memory_kib < 0)
			continue;
		for (size_t i = 0; i < list->count; i++) {
			struct session *session = &list->at[i];

			if (*session->id && (list->family == FAMILY_UTMP ? strcmp(terminal, session->id) == 0
									 : is_in_group(group, session->id)))
				add(session, cpu_s, memory_kib);
		}
	}
}

void usage_parse_windows(const char *out, size_t len, struct session_list *list)
{
	const char *at = out, *end = out + len;
	char line[LINE_SIZE], id[SESSION_ID_SIZE];
	long long cpu_s, memory_kib;

	while (copy_line(&at, end, line))
		for (size_t i = 0; i < list->count; i++)
			if (sscanf(line, "P %32s %15lld %15lld", id, &cpu_s, &memory_kib) == 3 && cpu_s >= 0 &&
			    memory_kib >= 0 && strcmp(list->at[i].id, id) == 0)
				add(&list->at[i], cpu_s, memory_kib);
}
