/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * film - records doc/tour.cast: the real program on the demo fleet, as doc/tour.md tells it.
 *
 *	doc/film FILE
 */
#include "doc/cast.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

enum { KEY_MS = 140, LOOK_MS = 2500, STEP_MS = 250 };

static const char *path;
static struct cast *cast;

/* A frame may come in pieces. */
static void settle(void)
{
	while (screen_pump(60))
		;
}

static void look(int ms)
{
	settle();
	cast_frame(cast, ms);
}

/* One key after the other, each seen. */
static void play(const char *keys)
{
	for (const char *at = keys + strspn(keys, " "); *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		char *key = mem_strndup(at, len);

		press(key);
		look(KEY_MS);
		free(key);
		at += len;
	}
}

static void play_text(const char *text)
{
	for (; *text; text++) {
		type_in((const char[]){ *text, '\0' });
		look(KEY_MS);
	}
}

/* Films on until the words are there. */
static void await(const char *first, const char *then)
{
	for (int steps = 0; steps < 400; steps++) {
		int row = row_of(first);
		char *line = row < 0 ? NULL : row_text(row);
		bool there = line && strstr(line, then);

		free(line);
		if (there)
			break;
		for (int waited = 0; waited < STEP_MS; waited += 50)
			screen_pump(50);
		look(STEP_MS);
	}
	wait_for_row(first, then);
	look(LOOK_MS);
}

static void go_to(const char *vm)
{
	play("/");
	play_text(vm);
	wait_for("1 shown");
	play("Enter Esc");
	wait_until_gone("1 shown");
}

static void log_off(const char *vm, const char *host)
{
	go_to(vm);
	play("L");
	wait_for("Log off all users of");
	look(LOOK_MS);
	if (host) {
		play("BackTab");
		play_text(host);
		play("Enter");
	}
	say_yes("Log off all users of");
	look(KEY_MS);
}

/* --- the scenes, in the order of doc/tour.md --- */

static void the_house(void)
{
	look(LOOK_MS);
	play("b");
	look(LOOK_MS);
	play("z");
	look(LOOK_MS);
	play("z b b b b");
	look(KEY_MS);
}

static void who_is_there(void)
{
	go_to("rds01");
	play("u");
	wait_for("Administrator");
	look(LOOK_MS);
	play("Esc");
	play("w");
	wait_for_row("alice", "web01");
	look(LOOK_MS);
	play("/");
	play_text("alice");
	wait_for("shown · Enter: apply · Esc: cancel");
	play("Enter");
	look(LOOK_MS);
	play("Esc Esc");
}

static void log_offs(void)
{
	log_off("web01", NULL);
	await("web01", "done");
	log_off("mail01", NULL);
	await("mail01", "no user");
	log_off("db01", "ams2");
	await("db01", "logoff: not");
	play("t");
	look(LOOK_MS);
	play("Esc");
}

static void one_vm(void)
{
	go_to("web02");
	play("m");
	look(LOOK_MS);
	play("Esc Enter");
	wait_for("Uptime");
	wait_until_gone("asking…");
	look(LOOK_MS);
	play("Esc");
	look(LOOK_MS);
}

TEST(the_tour)
{
	/* clang-format off */
	const struct screen_options options = {
		.rows = 24, .cols = 80, .args = { "--connect=demo:///default?seed=7", "--delay=3600" },
	};
	/* clang-format on */

	screen_open(&options);
	wait_for_row("web01", "up 100%");
	wait_for_row("legacy01", "up 100%");
	wait_for_row("erp01", "silent");
	cast = cast_begin(path, "innkeeper: a tour of the demo");
	the_house();
	who_is_there();
	log_offs();
	one_vm();
	cast_end(cast);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	path = argv[1];
	return run_cases("film", scratch_setup, scratch_teardown);
}
