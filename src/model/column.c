/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/column.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

/* --- words --- */

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

static int64_t memory_of(const struct vm *vm)
{
	return vm->figures.memory_kib >= 0 ? vm->figures.memory_kib : vm->facts.memory_kib;
}

static int64_t users_of(const struct vm *vm)
{
	if (vm->users_state != USERS_KNOWN)
		return -1;
	return (int64_t)(session_list_people(&vm->sessions) + vm->sessions.more);
}

static struct safe_text name_text(const struct column_row *row)
{
	return row->vm->facts.name;
}

static struct safe_text host_text(const struct column_row *row)
{
	return TEXT_OURS(row->host->name);
}

static struct safe_text state_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return row->vm->facts.state == VM_STATE_UNKNOWN ? unknown : TEXT_OURS(vm_state_name(row->vm->facts.state));
}

static struct safe_text agent_words(const struct column_row *row, struct column_cell *cell)
{
	enum agent_state state = vm_agent_state(row->vm);
	int percent = vm_heartbeat_percent(row->vm, row->now);

	if (state == AGENT_UP && percent >= 0)
		return in_cell(cell, "%s %d%%", agent_state_name(state), percent);
	return TEXT_OURS(agent_state_name(state));
}

static struct safe_text users_words(const struct column_row *row, struct column_cell *cell)
{
	if (row->vm->users_state == USERS_DENIED)
		return TEXT_OURS(users_state_name(USERS_DENIED));
	return count_words(users_of(row->vm), cell);
}

static struct safe_text who_words(const struct column_row *row, struct column_cell *cell)
{
	struct safe_text names, shown;

	if (users_of(row->vm) <= 0)
		return users_words(row, cell);
	names = session_list_names(&row->vm->sessions, 8);
	shown = in_cell(cell, "%s", text_str(names));
	text_free(&names);
	return shown;
}

static struct safe_text who_text(const struct column_row *row)
{
	return users_of(row->vm) > 0 ? row->vm->sessions.at[0].user : unknown;
}

static struct safe_text cpu_words(const struct column_row *row, struct column_cell *cell)
{
	double percent = row->vm->figures.cpu_percent;

	return percent < 0 ? unknown : in_cell(cell, percent < 9.95 ? "%.1f" : "%.0f", percent);
}

static struct safe_text mem_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(memory_of(row->vm), 1, cell);
}

static struct safe_text maxmem_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->facts.max_memory_kib, 1, cell);
}

static struct safe_text os_text(const struct column_row *row)
{
	return text_is_empty(row->vm->os_name) ? row->vm->os_id : row->vm->os_name;
}

static struct safe_text task_words(const struct column_row *row, struct column_cell *cell)
{
	const struct task *task = row->task;
	const char *outcome;

	if (row->vm->door_closed && (!task || task->report.complete))
		return in_cell(cell, "%s", _("door closed"));
	if (!task)
		return unknown;
	if (!task->report.complete)
		return in_cell(cell, "%s %d%%", task_verb_name(task->verb), task->report.percent);
	outcome = task->report.result == TASK_RESULT_CANCELLED ? _("cancelled")
							       : _(result_find(task->report.error)->short_words);
	return in_cell(cell, "%s: %s", task_verb_name(task->verb), outcome);
}

static struct safe_text title_text(const struct column_row *row)
{
	return row->vm->facts.title;
}

static struct safe_text tags_text(const struct column_row *row)
{
	return row->vm->facts.tags;
}

static struct safe_text hostname_text(const struct column_row *row)
{
	return row->vm->hostname;
}

static struct safe_text ips_words(const struct column_row *row, struct column_cell *cell)
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

static struct safe_text ips_text(const struct column_row *row)
{
	return row->vm->addresses.count > 0 ? TEXT_OURS(row->vm->addresses.at[0].text) : unknown;
}

static struct safe_text kernel_text(const struct column_row *row)
{
	return row->vm->kernel;
}

static struct safe_text agent_version_text(const struct column_row *row)
{
	return row->vm->agent_version;
}

static struct safe_text heartbeat_words(const struct column_row *row, struct column_cell *cell)
{
	int percent = vm_heartbeat_percent(row->vm, row->now);

	return percent < 0 ? unknown : in_cell(cell, "%d%%", percent);
}

static struct safe_text vcpus_words(const struct column_row *row, struct column_cell *cell)
{
	return count_words(row->vm->facts.vcpus, cell);
}

static struct safe_text disk_read_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.disk_read_bps, 0, cell);
}

static struct safe_text disk_write_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.disk_write_bps, 0, cell);
}

static struct safe_text net_rx_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.net_rx_bps, 0, cell);
}

static struct safe_text net_tx_words(const struct column_row *row, struct column_cell *cell)
{
	return amount_words(row->vm->figures.net_tx_bps, 0, cell);
}

static struct safe_text id_words(const struct column_row *row, struct column_cell *cell)
{
	return count_words(row->vm->facts.domain_id, cell);
}

static struct safe_text uuid_words(const struct column_row *row, struct column_cell *cell)
{
	uuid_format(&row->vm->id.uuid, cell->buf);
	return TEXT_OURS(cell->buf);
}

static struct safe_text autostart_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return truth_words(row->vm->facts.autostart);
}

static struct safe_text persistent_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return truth_words(row->vm->facts.persistent);
}

/* An open door is not known to be open: somebody else may have closed it. */
static struct safe_text door_words(const struct column_row *row, struct column_cell *cell)
{
	(void)cell;
	return row->vm->door_closed ? TEXT_OURS(_("closed")) : unknown;
}

/* --- numbers to sort by --- */

static bool known(double number, double *ret_number)
{
	if (number < 0)
		return false;
	*ret_number = number;
	return true;
}

static bool state_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->facts.state - 1, ret_number);
}

/* What works comes first, then what could, then what cannot. */
static bool agent_number(const struct column_row *row, double *ret_number)
{
	static const int order[AGENT_STATE_COUNT] = {
		[AGENT_UNKNOWN] = -1, [AGENT_UP] = 0,   [AGENT_BLOCKED] = 1, [AGENT_FROZEN] = 2, [AGENT_SILENT] = 3,
		[AGENT_DOWN] = 4,     [AGENT_NONE] = 5, [AGENT_DENIED] = 6,  [AGENT_OFF] = 7,
	};

	return known(order[vm_agent_state(row->vm)], ret_number);
}

static bool users_number(const struct column_row *row, double *ret_number)
{
	return known((double)users_of(row->vm), ret_number);
}

static bool cpu_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->figures.cpu_percent, ret_number);
}

static bool mem_number(const struct column_row *row, double *ret_number)
{
	return known((double)memory_of(row->vm), ret_number);
}

static bool maxmem_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->facts.max_memory_kib, ret_number);
}

/* Those that run, by how far they are; then those that are complete, the newest first. */
static bool task_number(const struct column_row *row, double *ret_number)
{
	if (!row->task)
		return false;
	*ret_number = row->task->report.complete ? -(double)row->task->id : -1e18 - 1e15 * row->task->report.percent;
	return true;
}

static bool heartbeat_number(const struct column_row *row, double *ret_number)
{
	return known(vm_heartbeat_percent(row->vm, row->now), ret_number);
}

static bool vcpus_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.vcpus, ret_number);
}

static bool disk_read_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.disk_read_bps, ret_number);
}

static bool disk_write_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.disk_write_bps, ret_number);
}

static bool net_rx_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.net_rx_bps, ret_number);
}

static bool net_tx_number(const struct column_row *row, double *ret_number)
{
	return known((double)row->vm->figures.net_tx_bps, ret_number);
}

static bool id_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.domain_id, ret_number);
}

/* Its first 48 bits: more than enough to tell two apart, and exact. */
static bool uuid_number(const struct column_row *row, double *ret_number)
{
	*ret_number = 0;
	for (int i = 0; i < 6; i++)
		*ret_number = *ret_number * 256 + row->vm->id.uuid.bytes[i];
	return true;
}

static bool autostart_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.autostart, ret_number);
}

static bool persistent_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->facts.persistent, ret_number);
}

static bool door_number(const struct column_row *row, double *ret_number)
{
	return known(row->vm->door_closed ? 0 : -1, ret_number);
}

/* --- the table --- */

static const struct column table[COLUMN_COUNT] = {
	[COLUMN_NAME] = {
		.name = "name", .title = N_("NAME"), .sentence = N_("The VM's name, as libvirt knows it"),
		.min = 8, .width = 20, .standard = true, .text = name_text,
	},
	[COLUMN_HOST] = {
		.name = "host", .title = N_("HOST"), .sentence = N_("The host that it is on"),
		.min = 4, .width = 10, .max = 24, .standard = true, .text = host_text,
	},
	[COLUMN_STATE] = {
		.name = "state", .title = N_("STATE"), .sentence = N_("Its state, in libvirt's word"),
		.min = 7, .width = 11, .max = 11, .standard = true, .words = state_words, .number = state_number,
	},
	[COLUMN_AGENT] = {
		.name = "agent", .title = N_("AGENT"),
		.sentence = N_("The agent's state; its heartbeat of the last minute"),
		.min = 4, .width = 7, .max = 7, .standard = true, .words = agent_words, .number = agent_number,
	},
	[COLUMN_USERS] = {
		.name = "users", .title = N_("USERS"), .sentence = N_("How many people are logged on"),
		.min = 5, .width = 6, .max = 6, .right = true, .standard = true,
		.words = users_words, .number = users_number,
	},
	[COLUMN_WHO] = {
		.name = "who", .title = N_("WHO"), .sentence = N_("The people who are logged on, with their sessions"),
		.min = 8, .width = 16, .words = who_words, .text = who_text,
	},
	[COLUMN_CPU] = {
		.name = "cpu", .title = N_("CPU%"), .sentence = N_("Its use of CPU: 100 is all its virtual CPUs busy"),
		.min = 4, .width = 4, .max = 4, .right = true, .standard = true, .figure = true,
		.words = cpu_words, .number = cpu_number,
	},
	[COLUMN_MEM] = {
		.name = "mem", .title = N_("MEM"), .sentence = N_("The memory that it has now"),
		.min = 4, .width = 5, .max = 5, .right = true, .standard = true, .figure = true,
		.words = mem_words, .number = mem_number,
	},
	[COLUMN_OS] = {
		.name = "os", .title = N_("OS"), .sentence = N_("The guest's operating system, as its agent tells"),
		.min = 6, .width = 14, .max = 40, .standard = true, .text = os_text,
	},
	[COLUMN_TASK] = {
		.name = "task", .title = N_("TASK"),
		.sentence = N_("Its newest task and how far it is, or a closed door"),
		.min = 10, .width = 14, .max = 32, .standard = true, .words = task_words, .number = task_number,
	},
	[COLUMN_TITLE] = {
		.name = "title", .title = N_("TITLE"), .sentence = N_("The title in its configuration"),
		.min = 8, .width = 20, .text = title_text,
	},
	[COLUMN_TAGS] = {
		.name = "tags", .title = N_("TAGS"), .sentence = N_("The tags in its configuration"),
		.min = 6, .width = 14, .max = 40, .text = tags_text,
	},
	[COLUMN_HOSTNAME] = {
		.name = "hostname", .title = N_("HOST NAME"), .sentence = N_("The guest's own name"),
		.min = 8, .width = 16, .max = 64, .text = hostname_text,
	},
	[COLUMN_IPS] = {
		.name = "ips", .title = N_("IP"),
		.sentence = N_("Its IP addresses from its agent, the likeliest first"),
		.min = 7, .width = 15, .max = 60, .words = ips_words, .text = ips_text,
	},
	[COLUMN_KERNEL] = {
		.name = "kernel", .title = N_("KERNEL"), .sentence = N_("The guest's kernel"),
		.min = 6, .width = 16, .max = 40, .text = kernel_text,
	},
	[COLUMN_AGENT_VERSION] = {
		.name = "agent-version", .title = N_("AGENT VER"), .sentence = N_("The guest agent's version"),
		.min = 5, .width = 9, .max = 24, .text = agent_version_text,
	},
	[COLUMN_HEARTBEAT] = {
		.name = "heartbeat", .title = N_("BEAT"),
		.sentence = N_("The answered pings of the last minute, of those sent"),
		.min = 4, .width = 4, .max = 4, .right = true, .words = heartbeat_words, .number = heartbeat_number,
	},
	[COLUMN_VCPUS] = {
		.name = "vcpus", .title = N_("VCPU"), .sentence = N_("How many virtual CPUs it has"),
		.min = 4, .width = 4, .max = 4, .right = true, .words = vcpus_words, .number = vcpus_number,
	},
	[COLUMN_MAXMEM] = {
		.name = "maxmem", .title = N_("MAXMEM"), .sentence = N_("The most memory that it can have"),
		.min = 5, .width = 6, .max = 6, .right = true, .words = maxmem_words, .number = maxmem_number,
	},
	[COLUMN_DISK_READ] = {
		.name = "disk-read", .title = N_("READ/S"),
		.sentence = N_("Bytes a second that it reads from its disks"),
		.min = 6, .width = 6, .max = 6, .right = true, .figure = true,
		.words = disk_read_words, .number = disk_read_number,
	},
	[COLUMN_DISK_WRITE] = {
		.name = "disk-write", .title = N_("WRITE/S"),
		.sentence = N_("Bytes a second that it writes to its disks"),
		.min = 7, .width = 7, .max = 7, .right = true, .figure = true,
		.words = disk_write_words, .number = disk_write_number,
	},
	[COLUMN_NET_RX] = {
		.name = "net-rx", .title = N_("RX/S"), .sentence = N_("Bytes a second that it receives"),
		.min = 5, .width = 5, .max = 5, .right = true, .figure = true,
		.words = net_rx_words, .number = net_rx_number,
	},
	[COLUMN_NET_TX] = {
		.name = "net-tx", .title = N_("TX/S"), .sentence = N_("Bytes a second that it sends"),
		.min = 5, .width = 5, .max = 5, .right = true, .figure = true,
		.words = net_tx_words, .number = net_tx_number,
	},
	[COLUMN_ID] = {
		.name = "id", .title = N_("ID"), .sentence = N_("Its number while it runs"),
		.min = 3, .width = 5, .max = 6, .right = true, .words = id_words, .number = id_number,
	},
	[COLUMN_UUID] = {
		.name = "uuid", .title = N_("UUID"), .sentence = N_("The name that never changes"),
		.min = 8, .width = 36, .max = 36, .words = uuid_words, .number = uuid_number,
	},
	[COLUMN_AUTOSTART] = {
		.name = "autostart", .title = N_("AUTO"), .sentence = N_("Whether it starts with its host"),
		.min = 4, .width = 4, .max = 6, .words = autostart_words, .number = autostart_number,
	},
	[COLUMN_PERSISTENT] = {
		.name = "persistent", .title = N_("KEPT"), .sentence = N_("Whether its configuration outlives its run"),
		.min = 4, .width = 4, .max = 6, .words = persistent_words, .number = persistent_number,
	},
	[COLUMN_DOOR] = {
		.name = "door", .title = N_("DOOR"), .sentence = N_("Whether we closed it: nobody new can log on"),
		.min = 6, .width = 6, .max = 10, .words = door_words, .number = door_number,
	},
};

const struct column *column_get(enum column_id id)
{
	return &table[id];
}

struct safe_text column_words(enum column_id id, const struct column_row *row, struct column_cell *cell)
{
	struct safe_text words = table[id].words ? table[id].words(row, cell) : table[id].text(row);

	return text_is_empty(words) ? TEXT_OURS("-") : words;
}

/* --- names --- */

static bool set_no_such_column(struct err *err, const char *name)
{
	struct safe_text wanted = text_from_outside_str(name, 32);
	char names[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, " %s", table[i].name);
	err_set(err, ERR_USAGE, _("there is no column \"%s\"; there are:%s"), text_str(wanted), names);
	text_free(&wanted);
	return false;
}

static bool is_whole(size_t column, size_t len)
{
	return table[column].name[len] == '\0';
}

bool column_find(const char *name, enum column_id *ret_id, struct err *err)
{
	size_t len = strlen(name);

	size_t best = COLUMN_COUNT;

	for (size_t i = COLUMN_COUNT; i-- > 0 && len > 0;)
		if (strncasecmp(table[i].name, name, len) == 0 && (best == COLUMN_COUNT || !is_whole(best, len)))
			best = i;
	if (best == COLUMN_COUNT)
		return set_no_such_column(err, name);
	*ret_id = (enum column_id)best;
	return true;
}

bool column_find_order(const char *words, enum column_id *ret_id, bool *ret_descending, struct err *err)
{
	bool descending = *words == '-';

	if (!column_find(words + descending, ret_id, err))
		return false;
	*ret_descending = descending;
	return true;
}

static bool add_named_columns(const char *words, struct columns *columns, struct err *err)
{
	static const char separators[] = " \t,";

	for (words += strspn(words, separators); *words; words += strspn(words, separators)) {
		size_t len = strcspn(words, separators);
		char *name = mem_strndup(words, len);
		enum column_id id;
		bool found = column_find(name, &id, err);

		free(name);
		if (!found)
			return false;
		*VEC_PUSH(columns) = id;
		words += len;
	}
	return true;
}

static void add_standard_columns(struct columns *columns)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (table[i].standard)
			*VEC_PUSH(columns) = (enum column_id)i;
}

bool columns_parse(const char *words, struct columns *ret_columns, struct err *err)
{
	struct columns columns = { 0 };

	if (!add_named_columns(words, &columns, err)) {
		VEC_FREE(&columns);
		return false;
	}
	if (columns.count == 0)
		add_standard_columns(&columns);
	*ret_columns = columns;
	return true;
}
