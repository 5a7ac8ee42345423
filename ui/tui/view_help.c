/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum { KEYS_MAX = 64, COLS_FOR_TWO = 96 };

static void help_tell(struct view *view, struct lines *lines)
{
	lines->labels_are_keys = true;
	lines->in_two = lines->cols >= COLS_FOR_TWO;
	for (enum action_group group = 0; group < GROUP_COUNT; group++) {
		lines_say(lines, ROLE_HEADING, "%s", _(action_group_name(group)));
		for (enum action_id id = 0; id < ACTION_COUNT; id++) {
			const struct action *action = action_get(id);
			char keys[KEYS_MAX];

			if (action->group != group)
				continue;
			keymap_keys_of(&view->ui->keymap, id, keys, sizeof(keys));
			if (!*keys)
				lines_pair(lines, "", ROLE_NORMAL, _("%s  (:%s)"), _(action->help), action->name);
			else
				lines_pair(lines, keys, ROLE_NORMAL, "%s", _(action->help));
		}
		lines_gap(lines);
	}
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
	lines_say(lines, ROLE_HEADING, "%s", _("Values of the column AGENT"));
	for (enum agent_state state = 0; state < AGENT_STATE_COUNT; state++) {
		const char *advice = agent_state_advice(state);

		if (!*advice)
			advice = N_("Connected; a percentage is its heartbeat of the last minute");
		lines_pair(lines, agent_state_name(state), role_of_agent(state), "%s", _(advice));
	}
	lines_gap(lines);
}

const struct view_ops help_ops = {
	.title = N_("Help: keys, filters, agent states"),
	.closed_by = ACTION_HELP,
	.draw = view_draw_page,
	.tell = help_tell,
};
