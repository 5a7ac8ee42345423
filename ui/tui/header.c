/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

#include <stdio.h>

enum { ROWS_FOR_HOSTS = 14, NARROW = 60 };

struct counts {
	size_t vms, running, people, unknown; /* unknown: run, and nobody knows who is on */
};

int header_rows(struct surface screen)
{
	return screen.rows >= ROWS_FOR_HOSTS ? 2 : 1;
}

static struct counts count_all(const struct inventory *inventory)
{
	struct counts counts = { .vms = inventory_vm_count(inventory) };

	for (size_t i = 0; i < counts.vms; i++) {
		const struct vm *vm = inventory_vm_at(inventory, i);

		const bool running = vm_state_is_active(vm->facts.state);

		counts.running += running;
		if (vm->users_state == USERS_KNOWN)
			counts.people += session_list_people(&vm->sessions) + vm->sessions.more;
		else
			counts.unknown += running;
	}
	return counts;
}

/* --- the badges, from the right --- */

static int badge(struct surface surface, int right, const char *words)
{
	int width = surface_width(TEXT_OURS(words)) + 2;

	surface_put_field(surface, 0, right - width, width, ALIGN_LEFT, ROLE_MODE, TEXT_OURS(""));
	surface_put(surface, 0, right - width + 1, ROLE_MODE, TEXT_OURS(words));
	return right - width - 1;
}

static int draw_badges(const struct ui *ui, struct surface surface)
{
	int right = surface.cols;

	if (ui->is_demo)
		right = badge(surface, right, _("DEMO"));
	if (app_mode(ui->app) == APP_READ_ONLY)
		right = badge(surface, right, _("READ-ONLY"));
	if (app_mode(ui->app) == APP_LOCKED)
		right = badge(surface, right, _("LOCKED"));
	if (listing_is_frozen(ui->listing))
		right = badge(surface, right, _("FROZEN"));
	return right;
}

/* --- the counts --- */

static int draw_marks(struct ui *ui, struct surface line, int col)
{
	size_t marked = listing_marked(ui->listing), hidden = listing_marked_hidden(ui->listing);

	if (marked == 0)
		return col;
	if (hidden > 0)
		return col + surface_print(line, 0, col, ROLE_MARK, _("  %zu marked (%zu hidden)"), marked, hidden);
	return col + surface_print(line, 0, col, ROLE_MARK, _("  %zu marked"), marked);
}

/* What an earlier run left behind: offered until it is looked at and forgotten. */
static int draw_interrupted(struct ui *ui, struct surface line, int col)
{
	const size_t count = app_interrupted(ui->app)->count;

	if (count == 0)
		return col;
	return col + surface_print(line, 0, col, ROLE_WARN, _("  %zu interrupted (J)"), count);
}

static int draw_filter(struct ui *ui, struct surface line, int col)
{
	const char *words = listing_filter_words(ui->listing);

	if (!*words)
		return col;
	col += surface_print(line, 0, col, ROLE_NORMAL, _("  %zu shown: "), listing_count(ui->listing));
	return col + surface_put(line, 0, col, ROLE_MATCH, TEXT_OURS(words));
}

static int draw_counts(struct ui *ui, struct surface line, int col)
{
	struct counts counts = count_all(app_inventory(ui->app));

	col += surface_print(line, 0, col, ROLE_NORMAL, ngettext("%zu VM", "%zu VMs", counts.vms), counts.vms);
	if (counts.vms > 0)
		col += surface_print(line, 0, col, ROLE_NORMAL, _(", %zu running"), counts.running);
	if (counts.people > 0 && line.cols >= NARROW)
		col += surface_print(line, 0, col, ROLE_NORMAL,
				     ngettext(", %zu%s user", ", %zu%s users", counts.people), counts.people,
				     counts.unknown > 0 ? "+" : "");
	return col;
}

/* --- the hosts --- */

static bool is_troubled(const struct host *host)
{
	return host->state != HOST_LIVE;
}

static int width_of_host(const struct host *host, struct safe_text words)
{
	return 2 + surface_width(TEXT_OURS(host->name)) + 1 + surface_width(words);
}

static int draw_host(struct surface line, int col, const struct host *host, struct safe_text words)
{
	surface_glyphs(line, 0, col, 1, role_of_host(host->state), is_troubled(host) ? GLYPH_HOLLOW : GLYPH_BULLET);
	col += 2;
	col += surface_put(line, 0, col, ROLE_NORMAL, TEXT_OURS(host->name));
	return col + 1 + surface_put(line, 0, col + 1, is_troubled(host) ? role_of_host(host->state) : ROLE_DIM, words);
}

/* Those in trouble come first; what does not fit is counted. */
static void draw_hosts(const struct ui *ui, struct surface line)
{
	const struct inventory *inventory = app_inventory(ui->app);
	size_t total = inventory_host_count(inventory), drawn = 0;
	int64_t now = clock_ms();
	int col = 1;

	for (size_t i = 0; i < 2 * total; i++) {
		const struct host *host = inventory_host(inventory, (int)(i % total));
		struct safe_text words;
		int room = line.cols - col - (drawn + 1 < total ? 10 : 0);

		if (is_troubled(host) != (i < total))
			continue;
		words = host_state_words(host, now);
		if (width_of_host(host, words) > room) {
			text_free(&words);
			break;
		}
		col = draw_host(line, col, host, words) + 3;
		drawn++;
		text_free(&words);
	}
	if (drawn < total)
		surface_print(line, 0, col, ROLE_DIM, _("+%zu more"), total - drawn);
}

static int draw_trouble_count(const struct ui *ui, struct surface line, int col)
{
	const struct inventory *inventory = app_inventory(ui->app);
	size_t lost = 0;

	for (size_t i = 0; i < inventory_host_count(inventory); i++)
		lost += is_troubled(inventory_host(inventory, (int)i));
	if (lost == 0)
		return col;
	return col + surface_print(line, 0, col, ROLE_BAD,
				   ngettext("  %zu host not live", "  %zu hosts not live", lost), lost);
}

int64_t header_next_change(const struct ui *ui, int64_t now)
{
	const struct inventory *inventory = app_inventory(ui->app);

	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		const struct host *host = inventory_host(inventory, (int)i);

		if (host->state == HOST_STALE || (host->state == HOST_LOST && host->retry_at))
			return next_second(host->state_since, now);
	}
	return -1;
}

void header_draw(struct ui *ui, struct surface surface)
{
	int right = draw_badges(ui, surface);
	struct surface line = surface_part(surface, 0, 0, 1, right);
	int col = 1;

	if (line.cols >= NARROW)
		col += surface_put(line, 0, col, ROLE_TITLE, TEXT_OURS("innkeeper")) + 2;
	col = draw_counts(ui, line, col);
	if (surface.rows == 1)
		col = draw_trouble_count(ui, line, col);
	col = draw_interrupted(ui, line, col);
	col = draw_marks(ui, line, col);
	draw_filter(ui, line, col);
	if (surface.rows > 1)
		draw_hosts(ui, surface_part(surface, 1, 0, 1, -1));
}
