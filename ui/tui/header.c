/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum { ROWS_FOR_HOSTS = 14, NARROW = 60, ROOMY = 100 };

int header_rows(struct surface screen)
{
	return screen.rows >= ROWS_FOR_HOSTS ? 2 : 1;
}

/* --- the badges, from the right --- */

static int badge(struct surface surface, int right, const char *words)
{
	int width = surface_width(TEXT_TRUSTED(words)) + 2;

	surface_put_field(surface, 0, right - width, width, ALIGN_LEFT, ROLE_MODE, TEXT_TRUSTED(""));
	surface_put(surface, 0, right - width + 1, ROLE_MODE, TEXT_TRUSTED(words));
	return right - width - 1;
}

static int draw_counts(const struct host_tally *sum, struct surface line, int col)
{
	col += surface_print(line, 0, col, ROLE_NORMAL, ngettext("%zu VM", "%zu VMs", sum->vms), sum->vms);
	if (sum->vms > 0)
		col += surface_print(line, 0, col, ROLE_NORMAL, _(", %zu running"), sum->running);
	if (sum->users > 0 && line.cols >= NARROW)
		col += surface_print(line, 0, col, ROLE_NORMAL, ngettext(", %zu%s user", ", %zu%s users", sum->users),
				     sum->users, sum->users_unknown > 0 ? "+" : "");
	return col;
}

/* --- the hosts --- */

/* How much is said of hosts that are live. */
enum detail { DETAIL_STATE, DETAIL_SHARES, DETAIL_ALL };

/* "cpu 34% mem 118/192G 8 VMs", "cpu 34% mem 61%", "live"; owned. */
static struct safe_text words_of_host(const struct host *host, size_t vms, enum detail detail, int64_t now)
{
	const struct host_figures *figures = &host->figures;
	OWN(text) struct safe_text cpu = words_of_share(figures->cpu_percent / 100);
	OWN(text)
	struct safe_text memory =
		detail == DETAIL_SHARES ? words_of_share(host_memory_share(host)) : words_of_host_memory(host);

	if (host->state != HOST_LIVE || !host->listed || detail == DETAIL_STATE ||
	    (figures->cpu_percent < 0 && figures->memory_kib < 0))
		return host_state_words(host, now);
	if (detail == DETAIL_SHARES)
		return text_format(_("cpu %s mem %s"), text_str(cpu), text_str(memory));
	return text_format(ngettext("cpu %s mem %s %zu VM", "cpu %s mem %s %zu VMs", vms), text_str(cpu),
			   text_str(memory), vms);
}

static const char *danger_of(const struct host *host)
{
	return host->production ? _(" production") : "";
}

static int width_of_host(const struct host *host, struct safe_text words)
{
	return 2 + surface_width(TEXT_TRUSTED(host->name)) + surface_width(TEXT_TRUSTED(danger_of(host))) + 1 +
	       surface_width(words);
}

/* The most that all of them have room for. */
static enum detail choose_detail(const struct inventory *inventory, const struct host_tally *tallies, int cols,
				 int64_t now)
{
	for (enum detail detail = DETAIL_ALL; detail > DETAIL_STATE; detail--) {
		int width = 1;

		for (size_t i = 0; i < inventory_host_count(inventory) && width <= cols; i++) {
			const struct host *host = inventory_host(inventory, (int)i);
			OWN(text) struct safe_text words = words_of_host(host, tallies[i].vms, detail, now);

			width += width_of_host(host, words) + 3;
		}
		if (width - 3 <= cols)
			return detail;
	}
	return DETAIL_STATE;
}

/* Hosts with problems come first; those that do not fit are counted. */
static void draw_hosts(const struct inventory *inventory, const struct host_tally *tallies, struct surface line)
{
	size_t total = inventory_host_count(inventory), drawn = 0;
	int64_t now = clock_ms();
	const enum detail detail = choose_detail(inventory, tallies, line.cols, now);
	int col = 1;

	for (size_t i = 0; i < 2 * total; i++) {
		const struct host *host = inventory_host(inventory, (int)(i % total));
		const enum role role = role_of_host(host->state);
		OWN(text) struct safe_text words = { NULL };
		int room = line.cols - col - (drawn + 1 < total ? 10 : 0);

		if ((host->state != HOST_LIVE) != (i < total))
			continue;
		words = words_of_host(host, tallies[i % total].vms, detail, now);
		if (width_of_host(host, words) > room && detail == DETAIL_STATE)
			break;
		surface_glyphs(line, 0, col, 1, role, host->state == HOST_LIVE ? GLYPH_BULLET : GLYPH_HOLLOW);
		col += 2;
		col += surface_print(line, 0, col, host->production ? ROLE_DANGER : ROLE_NORMAL, "%s%s", host->name,
				     danger_of(host)) +
		       1;
		col += surface_put(line, 0, col, host->state == HOST_LIVE ? ROLE_DIM : role, words) + 3;
		drawn++;
	}
	if (drawn < total)
		surface_print(line, 0, col, ROLE_DIM, _("+%zu more"), total - drawn);
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
	struct inventory *inventory = app_inventory(ui->app);
	const struct host_tally *tallies = inventory_tally(inventory);
	const size_t marked = listing_marked(ui->listing), hidden = listing_marked_hidden(ui->listing);
	const char *filter = listing_filter_words(ui->listing);
	struct host_tally sum = { 0 };
	struct surface line;
	size_t not_live = 0, unfinished = app_unfinished(ui->app);
	int col = 1, right = surface.cols;

	if (ui->is_demo)
		right = badge(surface, right, _("DEMO"));
	if (app_mode(ui->app) == APP_READ_ONLY)
		right = badge(surface, right, _("READ-ONLY"));
	if (app_mode(ui->app) == APP_LOCKED)
		right = badge(surface, right, _("LOCKED"));
	if (listing_is_frozen(ui->listing))
		right = badge(surface, right, _("FROZEN"));
	line = surface_part(surface, 0, 0, 1, right);
	if (line.cols >= NARROW)
		col += surface_put(line, 0, col, ROLE_TITLE, TEXT_TRUSTED("innkeeper")) + 2;
	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		sum.vms += tallies[i].vms;
		sum.running += tallies[i].running;
		sum.users += tallies[i].users;
		sum.users_unknown += tallies[i].users_unknown;
		sum.logins_disabled += tallies[i].logins_disabled;
		not_live += inventory_host(inventory, (int)i)->state != HOST_LIVE;
	}
	col = draw_counts(&sum, line, col);
	if (surface.rows == 1 && not_live > 0)
		col += surface_print(line, 0, col, ROLE_BAD,
				     ngettext("  %zu host not live", "  %zu hosts not live", not_live), not_live);
	if (unfinished > 0)
		col += surface_print(line, 0, col, ROLE_WARN,
				     ngettext("  %zu unfinished (J)", "  %zu unfinished (J)", unfinished), unfinished);
	if (sum.logins_disabled > 0)
		col += surface_print(line, 0, col, ROLE_NEUTRAL,
				     line.cols < ROOMY
					     ? _("  %zu logins disabled")
					     : ngettext("  %zu VM with logins disabled",
							"  %zu VMs with logins disabled", sum.logins_disabled),
				     sum.logins_disabled);
	if (hidden > 0)
		col += surface_print(line, 0, col, ROLE_MARK,
				     ngettext("  %zu marked (%zu hidden)", "  %zu marked (%zu hidden)", marked), marked,
				     hidden);
	else if (marked > 0)
		col += surface_print(line, 0, col, ROLE_MARK, ngettext("  %zu marked", "  %zu marked", marked), marked);
	if (*filter) {
		col += surface_print(line, 0, col, ROLE_NORMAL,
				     ngettext("  %zu shown: ", "  %zu shown: ", listing_count(ui->listing)),
				     listing_count(ui->listing));
		surface_put(line, 0, col, ROLE_MATCH, TEXT_TRUSTED(filter));
	}
	if (surface.rows > 1)
		draw_hosts(inventory, tallies, surface_part(surface, 1, 0, 1, -1));
}
