/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What columns sort by, where their words will not do. */
#include "model/column_private.h"

static bool known(double number, double *ret_number)
{
	if (number < 0)
		return false;
	*ret_number = number;
	return true;
}

bool column_state_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->facts.state - 1, ret_number);
}

/* What works comes first, then what could, then what cannot. */
bool column_agent_number(const struct column_row *row, double *ret_number)
{
	static const int order[AGENT_STATE_COUNT] = {
		[AGENT_UNKNOWN] = -1, [AGENT_UP] = 0,   [AGENT_BLOCKED] = 1, [AGENT_FROZEN] = 2, [AGENT_SILENT] = 3,
		[AGENT_DOWN] = 4,     [AGENT_NONE] = 5, [AGENT_DENIED] = 6,  [AGENT_OFF] = 7,
	};

	return known(order[vm_agent_state(row->vm)], ret_number);
}

bool column_users_number(const struct column_row *row, double *ret_number)
{
	return known((double)vm_users(row->vm), ret_number);
}

bool column_cpu_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->figures.cpu_percent, ret_number);
}

bool column_mem_number(const struct column_row *row, double *ret_number)
{
	return known((double)vm_memory_kib(row->vm), ret_number);
}

bool column_maxmem_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->facts.max_memory_kib, ret_number);
}

/* Those that run, by how far they are; then those that are complete, the newest first. */
bool column_task_number(const struct column_row *row, double *ret_number)
{
	if (!row->task)
		return false;
	*ret_number = row->task->report.complete ? -(double)row->task->id : -1e18 - 1e15 * row->task->report.percent;
	return true;
}

bool column_heartbeat_number(const struct column_row *row, double *ret_number)
{
	return known(vm_heartbeat_percent(row->vm, row->now), ret_number);
}

bool column_uptime_number(const struct column_row *row, double *ret_number)
{
	return known((double)vm_uptime_ms(row->vm, row->now), ret_number);
}

bool column_vcpus_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.vcpus, ret_number);
}

bool column_disk_read_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.disk_read_bps, ret_number);
}

bool column_disk_write_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.disk_write_bps, ret_number);
}

bool column_net_rx_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.net_rx_bps, ret_number);
}

bool column_net_tx_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.net_tx_bps, ret_number);
}

bool column_id_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.domain_id, ret_number);
}

/* Its first 48 bits: more than enough to tell two apart, and exact. */
bool column_uuid_number(const struct column_row *row, double *ret_number)
{
	*ret_number = 0;
	for (int i = 0; i < 6; i++)
		*ret_number = *ret_number * 256 + row->vm->id.uuid.bytes[i];
	return true;
}

bool column_autostart_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.autostart, ret_number);
}

bool column_persistent_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.persistent, ret_number);
}

bool column_door_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->door_closed ? 0 : -1, ret_number);
}
