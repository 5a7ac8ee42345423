/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in the cells. */
#include "model/column_private.h"
#include "model/sparkline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static PRINTF_LIKE(2, 3) struct safe_text in_cell(struct column_cell *cell, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(cell->buf, sizeof(cell->buf), format, args);
	va_end(args);
	text_neutralise(cell->buf, sizeof(cell->buf));
	return TEXT_OURS(cell->buf);
}

static const struct safe_text unknown = { NULL };

static struct safe_text count_words(int64_t count, struct column_cell *cell)
{
	return count < 0 ? unknown : in_cell(cell, "%" PRId64, count);
}

/* "812", "1.5K", "12M": three figures at the most. base: the unit of the amount, in "BKMGT". */
static struct safe_text amount_words(int64_t amount, int base, struct column_cell *cell)
{
	static const char units[] = "BKMGTP";
	double value = (double)amount;
	int unit = base;

	if (amount < 0)
		return unknown;
	for (; value >= 999.5 && units[unit + 1]; unit++)
		value /= 1024;
	if (unit == 0)
		return in_cell(cell, "%.0f", value);
	return in_cell(cell, value < 9.95 && unit > base ? "%.1f%c" : "%.0f%c", value, units[unit]);
}

static struct safe_text truth_words(int truth)
{
	return truth < 0 ? unknown : TEXT_OURS(truth ? _("yes") : _("no"));
}

struct safe_text column_name_text(const struct column_row *row)
{
	return row->vm->facts.name;
}

struct safe_text column_host_text(const struct column_row *row)
{
	return TEXT_OURS(row->host->name);
}

struct safe_text column_state_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return row->vm->facts.state == VM_STATE_UNKNOWN ? unknown : TEXT_OURS(vm_state_name(row->vm->facts.state));
}

struct safe_text column_agent_words(const struct column_row *row, struct column_cell *cell)
{
	enum agent_state state = vm_agent_state(row->vm);
	int percent = vm_heartbeat_percent(row->vm, row->now);

	if (state == AGENT_UP && percent >= 0)
		return in_cell(cell, "%s %d%%", agent_state_name(state), percent);
	return TEXT_OURS(agent_state_name(state));
}

struct safe_text column_users_words(const struct column_row *row, struct column_cell *cell)
{
	if (row->vm->users_state == USERS_DENIED)
		return TEXT_OURS(users_state_name(USERS_DENIED));
	return count_words(vm_users(row->vm), cell);
}

struct safe_text column_who_words(const struct column_row *row, struct column_cell *cell)
{
	struct safe_text names, shown;

	if (vm_users(row->vm) <= 0)
		return column_users_words(row, cell);
	names = session_list_names(&row->vm->sessions, 8);
	shown = in_cell(cell, "%s", text_str(names));
	text_free(&names);
	return shown;
}

struct safe_text column_who_text(const struct column_row *row)
{
	return vm_users(row->vm) > 0 ? row->vm->sessions.at[0].user : unknown;
}

struct safe_text column_cpu_words(const struct column_row *row, struct column_cell *cell)
{
	double percent = row->vm->figures.cpu_percent;

	return percent < 0 ? unknown : in_cell(cell, percent < 9.95 ? "%.1f" : "%.0f", percent);
}

struct safe_text column_mem_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(vm_memory_kib(row->vm), 1, cell);
}

struct safe_text column_maxmem_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->facts.max_memory_kib, 1, cell);
}

struct safe_text column_os_text(const struct column_row *row)
{
	return text_is_empty(row->vm->os_name) ? row->vm->os_id : row->vm->os_name;
}

struct safe_text column_task_words(const struct column_row *row, struct column_cell *cell)
{
	const struct task *task = row->task;
	const char *outcome;

	if (row->vm->door_closed && (!task || task->report.complete))
		return in_cell(cell, "%s", _("door closed"));
	if (!task)
		return unknown;
	if (!task->report.complete)
		return in_cell(cell, "%s %d%%", task_verb_name(task->verb), task->report.percent);
	if (task->report.result == TASK_RESULT_CANCELLED)
		outcome = _("cancelled");
	else if (task_was_rehearsed(task))
		outcome = _("dry run");
	else
		outcome = _(result_find(task->report.error)->short_words);
	return in_cell(cell, "%s: %s", task_verb_name(task->verb), outcome);
}

struct safe_text column_title_text(const struct column_row *row)
{
	return row->vm->facts.title;
}

struct safe_text column_tags_text(const struct column_row *row)
{
	return row->vm->facts.tags;
}

struct safe_text column_hostname_text(const struct column_row *row)
{
	return row->vm->hostname;
}

struct safe_text column_ips_words(const struct column_row *row, struct column_cell *cell)
{
	struct safe_text words, shown;

	if (!row->vm->addresses_at)
		return unknown;
	if (row->vm->addresses.count == 0)
		return TEXT_OURS(_("none"));
	words = address_list_words(&row->vm->addresses);
	shown = in_cell(cell, "%s", text_str(words));
	text_free(&words);
	return shown;
}

struct safe_text column_ips_text(const struct column_row *row)
{
	return row->vm->addresses.count > 0 ? TEXT_OURS(row->vm->addresses.at[0].text) : unknown;
}

struct safe_text column_kernel_text(const struct column_row *row)
{
	return row->vm->kernel;
}

struct safe_text column_agent_version_text(const struct column_row *row)
{
	return row->vm->agent_version;
}

struct safe_text column_heartbeat_words(const struct column_row *row, struct column_cell *cell)
{
	int percent = vm_heartbeat_percent(row->vm, row->now);

	return percent < 0 ? unknown : in_cell(cell, "%d%%", percent);
}

struct safe_text column_uptime_words(const struct column_row *row, struct column_cell *cell)
{
	uptime_words(vm_uptime_ms(row->vm, row->now), cell->buf, sizeof(cell->buf));
	return TEXT_OURS(cell->buf);
}

enum { HISTORY_CELLS = 20 };

static struct safe_text history_words(const struct column_row *row, history_figure_fn *figure, double most,
				      struct column_cell *cell)
{
	struct sparkline sparkline;

	sparkline_of_history(&sparkline, row->vm->history, figure, most, HISTORY_CELLS);
	return sparkline.known ? in_cell(cell, "%s", sparkline.buf) : unknown;
}

struct safe_text column_cpu_history_words(const struct column_row *row, struct column_cell *cell)
{
	return history_words(row, history_cpu, 100, cell);
}

struct safe_text column_mem_history_words(const struct column_row *row, struct column_cell *cell)
{
	return history_words(row, history_memory, (double)row->vm->facts.max_memory_kib, cell);
}

struct safe_text column_vcpus_words(const struct column_row *row, struct column_cell *cell)
{
	return count_words(row->vm->facts.vcpus, cell);
}

struct safe_text column_disk_read_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.disk_read_bps, 0, cell);
}

struct safe_text column_disk_write_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.disk_write_bps, 0, cell);
}

struct safe_text column_net_rx_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.net_rx_bps, 0, cell);
}

struct safe_text column_net_tx_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.net_tx_bps, 0, cell);
}

struct safe_text column_id_words(const struct column_row *row, struct column_cell *cell)
{
	return count_words(row->vm->facts.domain_id, cell);
}

struct safe_text column_uuid_words(const struct column_row *row, struct column_cell *cell)
{
	uuid_format(&row->vm->id.uuid, cell->buf);
	return TEXT_OURS(cell->buf);
}

struct safe_text column_autostart_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return truth_words(row->vm->facts.autostart);
}

struct safe_text column_persistent_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return truth_words(row->vm->facts.persistent);
}

/* An open door is not known to be open: somebody else may have closed it. */
struct safe_text column_door_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return row->vm->door_closed ? TEXT_OURS(_("closed")) : unknown;
}
