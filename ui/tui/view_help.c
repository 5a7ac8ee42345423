/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"
#include "ui/tui/widget/lines.h"

#include <stdlib.h>

enum { KEYS_MAX = 64 };

struct help {
	struct view view;
	struct lines lines;
};

static struct help *help_of(const struct view *view)
{
	return (struct help *)view;
}

static void show_group(struct help *help, enum action_group group)
{
	struct lines *lines = &help->lines;

	lines_say(lines, ROLE_HEADING, "%s", _(action_group_name(group)));
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_get((enum action_id)id);
		char keys[KEYS_MAX];

		if (action->group != group)
			continue;
		keymap_keys_of(&help->view.ui->keymap, (enum action_id)id, keys, sizeof(keys));
		if (!*keys)
			lines_pair(lines, "", ROLE_NORMAL, _("%s  (:%s)"), _(action->help), action->name);
		else
			lines_pair(lines, keys, ROLE_NORMAL, "%s", _(action->help));
	}
	lines_gap(lines);
}

static void show_filter(struct lines *lines)
{
	lines_say(lines, ROLE_HEADING, "%s", _("Filter"));
	lines_say(lines, ROLE_NORMAL, "%s",
		  _("Words match names. field:part, field>number, !not, ~regular expression, \"two words\", a | b."));
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *field = attribute_at(i);
		char hint[160];

		if (!attribute_is_filter_field(field))
			continue;
		filter_hint(field, hint, sizeof(hint));
		lines_pair(lines, attribute_filter_name(field), ROLE_NORMAL, "%s%s%s", _(field->sentence),
			   *hint ? ": " : "", hint);
	}
	lines_gap(lines);
}

static void show_agent_words(struct lines *lines)
{
	lines_say(lines, ROLE_HEADING, "%s", _("Values of the column AGENT"));
	for (enum agent_state state = 0; state < AGENT_STATE_COUNT; state++) {
		const char *advice = agent_state_advice(state);

		if (!*advice)
			advice = N_("Connected; a percentage is its heartbeat of the last minute");
		lines_pair(lines, agent_state_name(state), role_of_agent(state), "%s", _(advice));
	}
	lines_gap(lines);
}

static void help_draw(struct view *view, struct surface surface)
{
	struct help *help = help_of(view);

	lines_begin(&help->lines);
	for (int group = 0; group < GROUP_COUNT; group++)
		show_group(help, (enum action_group)group);
	show_filter(&help->lines);
	show_agent_words(&help->lines);
	surface_put(surface, 0, 2, ROLE_TITLE, TEXT_TRUSTED(_("Help: keys, filters, agent states")));
	lines_draw(&help->lines, surface_part(surface, 1, 2, -1, surface.cols - 2));
}

static bool help_act(struct view *view, enum action_id action)
{
	if (action == ACTION_HELP) {
		view_close(view);
		return true;
	}
	return lines_act(&help_of(view)->lines, action);
}

static bool help_offers(const struct view *view, enum action_id action)
{
	(void)view;
	return action == ACTION_BACK;
}

static void help_destroy(struct view *view)
{
	lines_free(&help_of(view)->lines);
	free(view);
}

static const struct view_ops help_ops = {
	.draw = help_draw,
	.act = help_act,
	.offers = help_offers,
	.destroy = help_destroy,
};

void view_help_open(struct ui *ui)
{
	struct help *help = mem_zalloc(sizeof(*help));

	help->view.ops = &help_ops;
	view_push(ui, &help->view);
}
