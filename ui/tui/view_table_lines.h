/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_table_lines.h - a line of the table of VMs: a VM, a group's heading, the columns' headings.
 */
#ifndef INNKEEPER_VIEW_TABLE_LINES_H
#define INNKEEPER_VIEW_TABLE_LINES_H

#include "ui/tui/stack.h"
#include "ui/tui/view_table_columns.h"

void table_draw_titles(const struct table_columns *columns, const struct ui *ui, struct surface line);
/* index: a line of the listing. */
void table_draw_line(const struct table_columns *columns, const struct ui *ui, struct surface line, size_t index,
		     int64_t now);

#endif
