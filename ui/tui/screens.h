/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screens.h - how each screen is opened (each in a file of that name), header and footer. Opening puts a screen on
 * the stack.
 */
#ifndef INNKEEPER_SCREENS_H
#define INNKEEPER_SCREENS_H

#include "ui/tui/stack.h"

void view_sessions_open(struct ui *ui, const struct vm_id *ids, size_t count);
void view_everybody_open(struct ui *ui); /* the sessions of all that the table shows */
void view_snapshots_open(struct ui *ui, const struct vm_id *id);
void view_details_open(struct ui *ui, const struct vm_id *id);
void view_logs_open(struct ui *ui, const struct vm_id *id);
void view_help_open(struct ui *ui);
void view_hosts_open(struct ui *ui);
void view_events_open(struct ui *ui);
void view_interrupted_open(struct ui *ui);
void view_filter_open(struct ui *ui); /* a view that only can be searched is searched */
void view_search_open(struct ui *ui); /* a view that only can be filtered is filtered */
void view_search_again(struct ui *ui, bool backwards);
void menu_open(struct ui *ui);
void palette_open(struct ui *ui);
void chooser_open(struct ui *ui);
void sort_menu_open(struct ui *ui);
void dialog_operation_open(struct ui *ui, enum action_id action);
/* chosen: the snapshot that it is about; NULL: a new one. */
void dialog_snapshot_open(struct ui *ui, enum action_id action, const struct snapshot *chosen);
void dialog_task_open(struct ui *ui, uint64_t task_id);
void console_open(struct ui *ui, const struct vm_id *id);
void console_end(void); /* closes one that uses the terminal */
void ssh_open(struct ui *ui, const struct vm_id *id);
void ssh_end(void);
void viewer_open(struct ui *ui, const struct vm_id *id);
void viewers_forget(void); /* they keep running */

/* Header and footer: their rows, and drawing them. */
int header_rows(struct surface screen);
void header_draw(struct ui *ui, struct surface surface);
int64_t header_next_change(const struct ui *ui, int64_t now);
void footer_draw(struct ui *ui, struct surface surface);

#endif
