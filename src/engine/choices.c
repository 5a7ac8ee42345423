/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/choices.h"

#include "base/hash.h"
#include "base/log.h"
#include "engine/state_dir.h"
#include "engine/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

static const char head[] = "innkeeper choices 1";
static const char *const names[CHOICE_COUNT] = { "columns", "sort", "group", "theme", "fold" };

/* --- reading --- */

static void keep(char **at, const char *value)
{
	free(*at);
	*at = mem_strdup(value);
}

static void forget(struct choices *choices)
{
	for (int i = 0; i < CHOICE_COUNT; i++) {
		free(choices->kept[i]);
		choices->kept[i] = NULL;
	}
}

static bool take_line(struct choices *choices, const char *line)
{
	const size_t len = strcspn(line, " ");

	for (int i = 0; i < CHOICE_COUNT; i++) {
		char *whole;

		if (strlen(names[i]) != len || strncmp(names[i], line, len) != 0 || !line[len])
			continue;
		whole = choices->kept[i] ? mem_printf("%s\n%s", choices->kept[i], line + len + 1)
					 : mem_strdup(line + len + 1);
		free(choices->kept[i]);
		choices->kept[i] = whole;
		return true;
	}
	return false;
}

static bool read_lines(struct choices *choices, int dir, struct err *err)
{
	OWN(tail) struct tail tail = { 0 };
	bool ok;

	if (faccessat(dir, choices->file, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return true;
	if (!tail_read(dir, choices->file, NULL, &tail, err))
		return false;
	ok = !tail.is_cut && tail.count > 0 && strcmp(text_str(tail.at[0]), head) == 0;
	for (size_t i = 1; i < tail.count && ok; i++)
		ok = take_line(choices, text_str(tail.at[i]));
	if (ok)
		return true;
	forget(choices);
	return err_set(err, ERR_USAGE, _("%s: not a file of choices"), choices->file);
}

bool choices_open(struct choices *choices, bool is_simulated, const char *of, struct err *err)
{
	int dir;
	bool ok;

	*choices = (struct choices){ .folder = is_simulated ? STATE_DIR_DEMO "/choices" : "choices" };
	choices->file = mem_printf("%016" PRIx64, hash_bytes(HASH_BEGIN, of, strlen(of)));
	dir = state_dir_open(choices->folder, false, err);
	if (dir < 0)
		return errno == ENOENT;
	ok = read_lines(choices, dir, err);
	close(dir);
	return ok;
}

void choices_apply(struct choices *choices, struct config *config)
{
	struct err err;

	for (int i = 0; i < CHOICE_FOLDS; i++) {
		if (!choices->kept[i] || config_set_text(config, names[i], choices->kept[i], &err))
			continue;
		log_add(LOG_LEVEL_WARNING, _("kept choice of %s: %s; ignored"), names[i], text_str(err_text(&err)));
		free(choices->kept[i]);
		choices->kept[i] = NULL;
	}
}

void choices_free(struct choices *choices)
{
	forget(choices);
	for (int i = 0; i < CHOICE_COUNT; i++)
		free(choices->seen[i]);
	free(choices->file);
}

bool choices_see(struct choices *choices, enum choice which, const char *value)
{
	const char *seen = choices->seen[which];
	const bool is_new = seen && strcmp(seen, value) != 0;

	if (is_new)
		keep(&choices->kept[which], value);
	if (!seen || is_new)
		keep(&choices->seen[which], value);
	return is_new;
}

/* --- writing --- */

struct writing {
	struct choices *choices;
	char *text;
	struct err err;
	bool failed;
};

static int64_t write_step(void *state, int slot UNUSED)
{
	struct writing *writing = state;
	const int dir = state_dir_open(writing->choices->folder, true, &writing->err);

	writing->failed = dir < 0 || !state_write(dir, writing->choices->file, writing->text);
	if (dir >= 0 && writing->failed)
		err_set_errno(&writing->err, errno, _("the choices cannot be kept"));
	if (dir >= 0)
		close(dir);
	return WORKER_DONE;
}

static void write_done(void *state)
{
	struct writing *writing = state;
	struct choices *choices = writing->choices;

	if (writing->failed && !choices->has_warned)
		log_add(LOG_LEVEL_WARNING, "%s", text_str(err_text(&writing->err)));
	choices->has_warned |= writing->failed;
	choices->writing--;
	free(writing->text);
	free(writing);
}

void choices_write(struct choices *choices, struct worker *disk)
{
	static const struct uuid key = { 0 }; /* one behind the other */
	struct writing *writing = mem_zalloc(sizeof(*writing));
	char *text = mem_printf("%s\n", head);

	for (int i = 0; i < CHOICE_COUNT; i++) {
		for (const char *at = choices->kept[i]; at && *at; at += strcspn(at, "\n"), at += *at == '\n') {
			char *longer = mem_printf("%s%s %.*s\n", text, names[i], (int)strcspn(at, "\n"), at);

			free(text);
			text = longer;
		}
	}
	writing->choices = choices;
	writing->text = text;
	choices->writing++;
	worker_submit(disk, &(struct job_spec){ .step = write_step,
						.done = write_done,
						.state = writing,
						.key = &key,
						.priority = WORKER_TASK });
}
