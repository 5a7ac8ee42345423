/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each view, at three sizes, in each theme: it says what it is and how to leave, and leaves nothing behind. */
#include "base/language.h"
#include "engine/action.h"
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	int rows, cols;
} sizes[] = { { 10, 40 }, { 24, 80 }, { 60, 200 } };

/* The first is what the others are compared with. NULL: --no-color. */
static const char *const themes[] = { "dark", "light", "high-contrast", "colour-blind", "mono", NULL };

enum { ALPHA, BETA, GAMMA }; /* runs; is off; is paused */

/* Words that are there once it is open, at every size, and in no other picture. */
static const struct opening {
	const char *words;
	int vm;
	const char *instead; /* it opens nothing: why */
	bool tells_times;    /* its text is another each time */
	const char *focus;   /* where the terminal's cursor stands then; NULL: on Cancel */
} openings[ACTION_COUNT] = {
	[ACTION_LOGOFF] = { .words = "Log off all users of alpha" },
	[ACTION_SESSIONS] = { .words = "alpha on calm", .focus = "alice" },
	[ACTION_EVERYBODY] = { .words = " sessions on ", .focus = "alice" },
	[ACTION_DETAILS] = { .words = "vCPU", .focus = "State" },
	[ACTION_MENU] = { .words = "Send message to users", .focus = "L " },
	[ACTION_CONSOLE] = { .words = "Open serial console of alpha?" },
	[ACTION_VIEWER] = { .instead = "leaves the screen" },
	[ACTION_SSH] = { .instead = "leaves the screen" },
	[ACTION_LOGS] = { .words = "Logs of alpha", .focus = "Since innkeeper was started", .tells_times = true },
	[ACTION_MESSAGE] = { .words = "to the users of", .focus = "│" },
	[ACTION_LOCK] = { .words = "Lock the sessions of alpha?" },
	[ACTION_DISCONNECT] = { .words = "Disconnect the sessions" },
	[ACTION_DISABLE_LOGINS] = { .words = "Disable logins on alpha?" },
	[ACTION_ENABLE_LOGINS] = { .words = "innkeeper did not disable", .focus = "alpha" },
	[ACTION_DRAIN] = { .words = "Drain alpha?" },
	[ACTION_UNCORDON] = { .words = "Undo the drain of alpha?" },
	[ACTION_SET_TIME] = { .words = "Set the clock of alpha?" },
	[ACTION_TRIM] = { .words = "Trim the file systems of alpha?" },
	[ACTION_START] = { .words = "Start beta?", .vm = BETA },
	[ACTION_SHUTDOWN] = { .words = "Shut down alpha?" },
	[ACTION_REBOOT] = { .words = "Reboot alpha?" },
	[ACTION_PAUSE] = { .words = "Pause alpha?" },
	[ACTION_SUSPEND] = { .words = "Pause alpha?" },
	[ACTION_RESUME] = { .words = "Resume gamma?", .vm = GAMMA },
	[ACTION_MANAGEDSAVE] = { .words = "Save alpha" },
	[ACTION_RESET] = { .words = "Reset alpha?" },
	[ACTION_DESTROY] = { .words = "Destroy alpha?" },
	[ACTION_AUTOSTART] = { .words = "Enable autostart of alpha?" },
	[ACTION_NO_AUTOSTART] = { .words = "Disable autostart of alpha?" },
	[ACTION_ADD_CHANNEL] = { .words = "Add the agent channel to alpha?" },
	[ACTION_SNAPSHOTS] = { .words = "It has no snapshots.", .focus = "It has no snapshots." },
	[ACTION_SNAPSHOT_CREATE] = { .words = "Take a snapshot of alpha?", .focus = "", .tells_times = true },
	[ACTION_SNAPSHOT_REVERT] = { .instead = "is for a snapshot that is chosen" },
	[ACTION_SNAPSHOT_DELETE] = { .instead = "is for a snapshot that is chosen" },
	[ACTION_FILTER] = { .words = "name  state:", .focus = "name  state:" },
	[ACTION_TASK_CANCEL] = { .instead = "is for a task that runs" },
	[ACTION_TASK_CANCEL_ALL] = { .instead = "is for tasks that run" },
	[ACTION_SEARCH] = { .words = "text to search", .focus = "text to search" },
	[ACTION_SORT] = { .words = " Sort by ", .focus = "▲" },
	[ACTION_TASKS] = { .words = "No tasks yet.", .focus = "No tasks yet." },
	[ACTION_COLUMNS] = { .words = " Columns ", .focus = "[x]" },
	[ACTION_HOSTS] = { .words = "Hosts", .focus = "calm" },
	[ACTION_EVENTS] = { .words = "Events and errors", .focus = "", .tells_times = true },
	[ACTION_INTERRUPTED] = { .words = "No unfinished tasks.", .focus = "No unfinished tasks." },
	[ACTION_PALETTE] = { .words = " Commands ", .focus = "│" },
	[ACTION_HELP] = { .words = "Help: keys", .focus = "" },
};

/* --- what is seen --- */

static char where[128]; /* for complaints */

/* Numbers tell times, and blanks are as wide as numbers let them. A scroll bar tells of lines that are not seen. */
static char *without_numbers(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from >= '0' && *from <= '9')
			continue;
		if (strncmp(from, "▐", strlen("▐")) == 0) {
			from += strlen("▐") - 1;
			continue;
		}
		if (*from == ' ' && to > text && to[-1] == ' ')
			continue;
		*to++ = *from;
	}
	*to = '\0';
	return text;
}

static char *picture(void)
{
	return without_numbers(screen_text());
}

/* A frame may come in pieces, and a guest that is asked answers later. */
static char *whole_picture(void)
{
	char *seen;

	for (int tries = 0; tries < 100; tries++, free(seen)) {
		while (screen_pump(50))
			;
		seen = picture();
		if (!strstr(seen, "ago,") && !strstr(seen, "asking"))
			return seen;
	}
	return picture();
}

/* The whole would be more than is printed. */
static void are_equal(const char *seen, const char *expected)
{
	size_t line = 0;

	for (size_t i = 0; seen[i] == expected[i]; i++) {
		if (seen[i] == '\0')
			return;
		if (seen[i] == '\n')
			line = i + 1;
	}
	fail_msg("%s: \"%.*s\" should be \"%.*s\"", where, (int)strcspn(seen + line, "\n"), seen + line,
		 (int)strcspn(expected + line, "\n"), expected + line);
}

static void is_the_picture(const char *expected)
{
	char *seen = picture();

	for (int tries = 0; strcmp(seen, expected) != 0 && tries < 100; tries++) {
		free(seen);
		screen_pump(100);
		seen = picture();
	}
	are_equal(seen, expected);
	free(seen);
}

/* A refusal stands there alone: the next key takes it away. */
static bool tells_how_to_leave(const char *words)
{
	char *row = row_text(screen->rows - 1);
	bool tells = strstr(row, words) || strstr(row, "Esc") || strstr(row, "Tab/arrows: move") ||
		     strstr(row, "Space: show/hide");

	free(row);
	return tells;
}

/* The row is the last one of a frame to come. */
static void the_last_row_says_how_to_leave(const char *words)
{
	for (int tries = 0; !tells_how_to_leave(words); tries++) {
		if (tries == 100)
			fail_msg("%s: \"%s\"", where, row_text(screen->rows - 1));
		screen_pump(100);
	}
}

/* --- opening and leaving --- */

/* NULL: English. Where its catalogue is: pseudo_env. */
static const char *language;
static const char *pseudo_env[2];

static void open_calm(int rows, int cols, const char *theme)
{
	const char *scenario = "--demo=" SCREEN_DIR "/views.conf";
	/* clang-format off */
	struct screen_options options = {
		.rows = rows, .cols = cols, .args = { scenario, "--delay=3600", "--no-color", "--language", language },
		.env = pseudo_env,
	};
	/* clang-format on */
	char *option = NULL;

	if (theme)
		options.args[2] = option = mem_printf("--theme=%s/%s.theme", THEMES_DIR, theme);
	if (!language)
		options.args[3] = NULL;
	screen_open(&options);
	free(option);
	wait_for_row("alpha", "up 100%");
	wait_for_row("gamma", "paused");
	if (cols >= 200)
		wait_for_row("(bookworm)", "h"); /* the uptime */
}

/* What follows is waited for, so nothing else needs to be. */
static void strike(const char *bytes)
{
	wait_until_heard();
	send_bytes(bytes, strlen(bytes));
}

static void go_to(int vm)
{
	static const char *const keys[] = { [ALPHA] = "g", [BETA] = "gj", [GAMMA] = "G" };

	strike(keys[vm]);
}

static void open_by_key_or_name(enum action_id action)
{
	const struct action *row = action_get(action);
	size_t len = strcspn(row->keys, " ");
	char *key = keep(mem_strndup(row->keys, len)), *typed = keep(mem_printf(": %s", row->name));

	if (len == 1) {
		strike(key);
	} else if (len > 1) {
		press(key);
	} else {
		strike(":");
		wait_for(keep(mem_printf(" %s ", _("Commands"))));
		strike(row->name);
		wait_for(typed);
		strike("\r");
	}
}

static void opens_and_closes(enum action_id action, const char *theme, char **seen)
{
	const struct opening *opening = &openings[action];
	char *before;

	snprintf(where, sizeof(where), "%s at %d by %d, %s", action_get(action)->name, screen->cols, screen->rows,
		 theme);
	go_to(opening->vm);
	before = keep(picture());
	open_by_key_or_name(action);
	wait_for(opening->words);
	wait_until_gone("asking…");
	wait_until_gone("refreshing…");
	the_last_row_says_how_to_leave(opening->words);
	wait_for_cursor(opening->focus ? opening->focus : "[ Cancel");
	if (!*seen)
		*seen = whole_picture();
	else if (!opening->tells_times)
		is_the_picture(*seen);
	strike("\033");
	wait_until_gone(opening->words);
	is_the_picture(before);
}

/* `step`: how many themes further each time; the last is none. */
static void every_view_at(int rows, int cols, size_t step)
{
	char *seen[ACTION_COUNT] = { NULL };

	for (size_t theme = 0; theme < ARRAY_SIZE(themes); theme += step) {
		const char *name = themes[theme] ? themes[theme] : "no colour";

		open_calm(rows, cols, themes[theme]);
		for (int action = 0; action < ACTION_COUNT; action++)
			if (openings[action].words)
				opens_and_closes((enum action_id)action, name, &seen[action]);
		press("q");
		ends_with(0);
	}
	for (int action = 0; action < ACTION_COUNT; action++)
		free(seen[action]);
}

TEST(every_view_opens_and_closes_at_40_by_10_in_colour_and_without)
{
	every_view_at(sizes[0].rows, sizes[0].cols, ARRAY_SIZE(themes) - 1);
}

TEST(every_view_opens_and_closes_at_80_by_24_in_every_theme)
{
	every_view_at(sizes[1].rows, sizes[1].cols, 1);
}

TEST(every_view_opens_and_closes_at_200_by_60_in_colour_and_without)
{
	every_view_at(sizes[2].rows, sizes[2].cols, ARRAY_SIZE(themes) - 1);
}

/* --- in other languages --- */

static bool make_pseudo_languages(void)
{
	char *argv[] = { SOURCE_DIR "/tests/pseudo-po", scratch_path, NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawn(&pid, argv[0], NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	return status == 0;
}

static bool is_glyph(int row, int col, const char *glyphs)
{
	char utf8[5] = "";
	const uint32_t code = cell_at(row, col).chars[0];

	if (code < 0x800 || code > 0xffff)
		return false;
	utf8[0] = (char)(0xe0 | code >> 12);
	utf8[1] = (char)(0x80 | (code >> 6 & 0x3f));
	utf8[2] = (char)(0x80 | (code & 0x3f));
	return strstr(glyphs, utf8) != NULL;
}

/* Both sides of a frame are straight, whatever stands between them. */
static void frames_are_straight(void)
{
	for (int row = 0; row < screen->rows; row++) {
		int left = 0, right;

		while (left < screen->cols && !is_glyph(row, left, "┌"))
			left++;
		for (right = left; right < screen->cols && !is_glyph(row, right, "┐"); right++)
			;
		if (right >= screen->cols)
			continue;
		for (int below = row + 1; below < screen->rows && !is_glyph(below, left, "└"); below++)
			if (!is_glyph(below, left, "│├") || !is_glyph(below, right, "│┤█▲▼"))
				fail_msg("%s: row %d of the frame is not straight\n%s", where, below, screen_text());
	}
}

/* What stands between « and » is one text, so its keys are whole where it is: in the last row, and on buttons. */
static void no_key_is_cut(void)
{
	for (int row = 0; row < screen->rows; row++) {
		OWN(bytes) char *words = row_text(row);
		int open = 0;

		if (row < screen->rows - 1 && !strstr(words, ") ]"))
			continue;
		for (const char *at = words; *at; at++)
			open += !strncmp(at, "«", strlen("«")) ? 1 : !strncmp(at, "»", strlen("»")) ? -1 : 0;
		if (open)
			fail_msg("%s: cut: \"%s\"\n%s", where, words, screen_text());
	}
}

static void cells_stand_below_their_headings(void)
{
	const int heading = row_of(pgettext("column", "STATE"));

	if (heading < 0 || row_of("running") < 0 || row_of("paused") < 0)
		return;
	if (col_of(row_of("running"), "running") != col_of(heading, pgettext("column", "STATE")) ||
	    col_of(row_of("paused"), "paused") != col_of(heading, pgettext("column", "STATE")))
		fail_msg("%s: misaligned\n%s", where, screen_text());
}

static void is_sound_in_another_language(enum action_id action)
{
	char *before, *seen;

	snprintf(where, sizeof(where), "%s in %s", action_get(action)->name, language);
	go_to(openings[action].vm);
	before = keep(whole_picture());
	open_by_key_or_name(action);
	for (seen = whole_picture(); strcmp(seen, before) == 0 || strstr(seen, _("asking…")); seen = whole_picture())
		free(seen);
	free(seen);
	frames_are_straight();
	if (action != ACTION_ENABLE_LOGINS) /* a refusal stands in the place of the keys */
		no_key_is_cut();
	cells_stand_below_their_headings();
	strike("\033");
	is_the_picture(before);
}

TEST(in_a_longer_and_in_a_wider_language_no_key_is_cut_and_no_cell_misaligned)
{
	if (!make_pseudo_languages()) {
		print_message("skipped: gettext is not installed\n");
		skip();
	}
	setenv("INNKEEPER_LOCALES", scratch_path, 1);
	pseudo_env[0] = keep(mem_printf("INNKEEPER_LOCALES=%s", scratch_path));
	FOR_EACH(const char *, lang, "qps", "qcj") {
		language = *lang;
		assert_true(language_use(language, NULL));
		open_calm(24, 80, NULL);
		for (int action = 0; action < ACTION_COUNT; action++)
			if (openings[action].words)
				is_sound_in_another_language((enum action_id)action);
		press("q");
		ends_with(0);
	}
	language_use("en", NULL);
	language = pseudo_env[0] = NULL;
}

TEST(the_cursor_of_the_terminal_is_where_the_focus_is)
{
	open_calm(24, 80, NULL);
	press("g");
	wait_for_cursor("alpha");
	press("Down");
	wait_for_cursor("beta");
	press_to_see("/", "name  state:");
	type_in("alp");
	wait_for_cursor_behind("alp");
	press("Left");
	wait_for_cursor_behind("al");
	press("Enter");
	wait_for_cursor("alpha");
	press("u");
	wait_for_cursor("alice");
	press("Down");
	wait_for_cursor("bob");
	press("Esc L");
	wait_for_cursor("[ Cancel");
	press("Tab");
	wait_for_cursor("[ Log off");
	press("Tab");
	wait_for_cursor("x] "); /* the first box */
	press_to_see("Esc :", " Commands ");
	type_in("trim");
	wait_for_cursor_behind("trim");
	press("Esc m");
	wait_for_cursor("L ");
}

/* Whoever adds an action that opens something says here what is seen then. */
TEST(no_action_that_opens_something_is_forgotten)
{
	for (int action = 0; action < ACTION_COUNT; action++) {
		const struct action *row = action_get((enum action_id)action);
		bool is_known = openings[action].words || openings[action].instead;

		if ((row->needs & (ASKS_FIRST | NEEDS_WRITE) || row->group == GROUP_INVENTORY ||
		     row->group == GROUP_USERS || row->group == GROUP_GUEST) &&
		    !is_known)
			fail_msg("what does %s open?", row->name);
	}
}

RUN_TESTS("views", scratch_setup, scratch_teardown)
