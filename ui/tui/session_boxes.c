/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/session_boxes.h"

#include "ui/tui/session_listing.h"

#include <string.h>

/* Columns are aligned; a longer name shifts the rest of its line. */
enum { USER_CELLS = 28, ID_CELLS = 8 };

static struct safe_text user_of(const struct session *session)
{
	return session_field_words(SESSION_FIELD_USER, &(struct session_row){ .session = session }, 0);
}

/* In columns as wide as their content. */
static void label_rows(const struct session_boxes *boxes, struct dialog *dialog, const struct vm *vm)
{
	int user_cells = 0, id_cells = 0;

	for (size_t i = 0; i < vm->sessions.count; i++) {
		struct safe_text user = user_of(&vm->sessions.at[i]);

		user_cells = MAX(user_cells, MIN(surface_width(user), USER_CELLS));
		id_cells = MAX(id_cells, MIN((int)strlen(vm->sessions.at[i].id), ID_CELLS));
		text_free(&user);
	}
	for (size_t i = 0; i < boxes->rows.count; i++) {
		const struct session *session = session_list_find(&vm->sessions, boxes->rows.at[i].id);
		struct safe_text where = text_is_empty(session->remote) ? session->tty : session->remote;
		struct safe_text user = user_of(session), label;

		label = text_format("%s%*s  %-*s%s%s%s%s", text_str(user), MAX(user_cells - surface_width(user), 0), "",
				    id_cells, session->id, text_is_empty(where) ? "" : "  ", text_str(where),
				    session->locked ? _("  (locked)") : "",
				    session->disconnected ? _("  (disconnected)") : "");
		dialog_set_label(dialog, (int)i, text_str(label));
		text_free(&user);
		text_free(&label);
	}
}

/* The default is ticked: all sessions, locked ones only with force. */
static bool are_usual(const struct session_boxes *boxes, const struct dialog *dialog)
{
	for (size_t i = 0; i < boxes->rows.count; i++)
		if (dialog->fields.at[i]->is_ticked != (!boxes->rows.at[i].locked || boxes->force))
			return false;
	return true;
}

void session_boxes_follow(struct session_boxes *boxes, struct dialog *dialog, const struct vm *vm)
{
	if (vm->users_state != USERS_KNOWN || vm->sessions_at == boxes->seen_at)
		return;
	boxes->seen_at = vm->sessions_at;
	boxes->chosen |= !are_usual(boxes, dialog);
	for (size_t i = boxes->rows.count; i-- > 0;) {
		if (session_list_find_same(&vm->sessions, boxes->rows.at[i].id, boxes->rows.at[i].stamp))
			continue;
		VEC_REMOVE(&boxes->rows, i);
		dialog_remove_field(dialog, (int)i);
	}
	for (size_t i = 0; i < vm->sessions.count && boxes->rows.count < SESSION_LIST_MAX; i++) {
		const struct session *session = &vm->sessions.at[i];
		const struct session_pick pick = session_pick_make(&vm->id, session);
		struct session_box row = { .stamp = session_stamp(session), .locked = session->locked };
		bool ticked =
			boxes->picked ? session_picks_has(boxes->picked, &pick) : !session->locked || boxes->force;
		bool is_here = false;

		for (size_t k = 0; k < boxes->rows.count && !is_here; k++)
			is_here = strcmp(boxes->rows.at[k].id, session->id) == 0;
		if (!*session->id || is_here)
			continue;
		memcpy(row.id, session->id, sizeof(row.id));
		dialog_insert_box(dialog, (int)boxes->rows.count, "", ticked && !boxes->chosen);
		*VEC_PUSH(&boxes->rows) = row;
	}
	label_rows(boxes, dialog, vm);
}

void session_boxes_set_force(struct session_boxes *boxes, struct dialog *dialog, bool force)
{
	if (boxes->force == force)
		return;
	boxes->force = force;
	for (size_t i = 0; i < boxes->rows.count; i++)
		if (boxes->rows.at[i].locked && !boxes->picked)
			dialog->fields.at[i]->is_ticked = force;
}

bool session_boxes_selector(struct session_boxes *boxes, const struct dialog *dialog,
			    struct session_selector *ret_selector)
{
	const bool means_all = !boxes->chosen && are_usual(boxes, dialog);
	size_t count = 0;

	for (size_t i = 0; i < boxes->rows.count; i++) {
		if (!dialog->fields.at[i]->is_ticked)
			continue;
		boxes->ids[count] = boxes->rows.at[i].id;
		boxes->stamps[count++] = boxes->rows.at[i].stamp;
	}
	boxes->ids[count] = NULL;
	*ret_selector = (struct session_selector){ .sessions = means_all ? NULL : boxes->ids,
						   .stamps = means_all ? NULL : boxes->stamps };
	return means_all || count > 0;
}

void session_boxes_free(struct session_boxes *boxes)
{
	VEC_FREE(&boxes->rows);
}
