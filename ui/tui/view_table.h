/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_table.h - the table of VMs; view_table_columns.h says which columns have room.
 */
#ifndef INNKEEPER_VIEW_TABLE_H
#define INNKEEPER_VIEW_TABLE_H

#include "ui/tui/stack.h"

struct view *view_table_create(struct ui *ui);
void view_table_sort(struct ui *ui, const struct attribute *column, bool descending); /* and says so in the footer */

#endif
