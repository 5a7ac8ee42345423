/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/column_private.h"

#include <stdio.h>
#include <strings.h>

/* --- the table --- */

static const struct column table[COLUMN_COUNT] = {
	[COLUMN_NAME] = {
		.name = "name", .title = N_("NAME"), .sentence = N_("The VM's name, as libvirt knows it"),
		.min = 12, .standard = true, .text = column_name_text,
	},
	[COLUMN_HOST] = {
		.name = "host", .title = N_("HOST"), .sentence = N_("The host that it is on"),
		.min = 6, .max = 24, .standard = true, .text = column_host_text,
	},
	[COLUMN_STATE] = {
		.name = "state", .title = N_("STATE"), .sentence = N_("Its state, in libvirt's word"),
		.min = 7, .max = 11, .whole = true, .standard = true,
		.words = column_state_words, .number = column_state_number,
	},
	[COLUMN_AGENT] = {
		.name = "agent", .title = N_("AGENT"),
		.sentence = N_("The agent's state; its heartbeat of the last minute"),
		.min = 4, .max = 7, .whole = true, .standard = true,
		.words = column_agent_words, .number = column_agent_number,
	},
	[COLUMN_USERS] = {
		.name = "users", .title = N_("USERS"), .sentence = N_("How many people are logged on"),
		.min = 5, .max = 6, .whole = true, .right = true, .standard = true,
		.words = column_users_words, .number = column_users_number,
	},
	[COLUMN_WHO] = {
		.name = "who", .title = N_("WHO"), .sentence = N_("The people who are logged on, with their sessions"),
		.min = 10, .words = column_who_words, .text = column_who_text,
	},
	[COLUMN_CPU] = {
		.name = "cpu", .title = N_("CPU%"), .sentence = N_("Its use of CPU: 100 is all its virtual CPUs busy"),
		.min = 4, .max = 4, .whole = true, .right = true, .standard = true, .figure = true,
		.words = column_cpu_words, .number = column_cpu_number,
	},
	[COLUMN_MEM] = {
		.name = "mem", .title = N_("MEM"), .sentence = N_("The memory that it has now"),
		.min = 4, .max = 5, .whole = true, .right = true, .standard = true, .figure = true,
		.words = column_mem_words, .number = column_mem_number,
	},
	[COLUMN_OS] = {
		.name = "os", .title = N_("OS"), .sentence = N_("The guest's operating system, as its agent tells"),
		.min = 6, .max = 40, .standard = true, .text = column_os_text,
	},
	[COLUMN_TASK] = {
		.name = "task", .title = N_("TASK"),
		.sentence = N_("Its newest task and how far it is, or a closed door"),
		.min = 10, .max = 32, .standard = true,
		.words = column_task_words, .number = column_task_number,
	},
	[COLUMN_TITLE] = {
		.name = "title", .title = N_("TITLE"), .sentence = N_("The title in its configuration"),
		.min = 10, .text = column_title_text,
	},
	[COLUMN_TAGS] = {
		.name = "tags", .title = N_("TAGS"), .sentence = N_("The tags in its configuration"),
		.min = 6, .max = 40, .text = column_tags_text,
	},
	[COLUMN_HOSTNAME] = {
		.name = "hostname", .title = N_("HOST NAME"), .sentence = N_("The guest's own name"),
		.min = 8, .max = 64, .text = column_hostname_text,
	},
	[COLUMN_IPS] = {
		.name = "ips", .title = N_("IP"),
		.sentence = N_("Its IP addresses from its agent, the likeliest first"),
		.min = 15, .max = 60, .words = column_ips_words, .text = column_ips_text,
	},
	[COLUMN_KERNEL] = {
		.name = "kernel", .title = N_("KERNEL"), .sentence = N_("The guest's kernel"),
		.min = 8, .max = 40, .text = column_kernel_text,
	},
	[COLUMN_AGENT_VERSION] = {
		.name = "agent-version", .title = N_("AGENT VER"), .sentence = N_("The guest agent's version"),
		.min = 5, .max = 24, .whole = true, .text = column_agent_version_text,
	},
	[COLUMN_HEARTBEAT] = {
		.name = "heartbeat", .title = N_("BEAT"),
		.sentence = N_("The answered pings of the last minute, of those sent"),
		.min = 4, .max = 4, .whole = true, .right = true,
		.words = column_heartbeat_words, .number = column_heartbeat_number,
	},
	[COLUMN_UPTIME] = {
		.name = "uptime", .title = N_("UPTIME"),
		.sentence = N_("How long its system has been up, where that is known"),
		.min = 6, .max = 6, .whole = true, .right = true,
		.words = column_uptime_words, .number = column_uptime_number,
	},
	[COLUMN_CPU_HISTORY] = {
		.name = "cpu-history", .title = N_("CPU HISTORY"),
		.sentence = N_("Its use of CPU while it was on the screen, as bars"),
		.min = 11, .max = 20, .whole = true, .right = true, .figure = true,
		.words = column_cpu_history_words, .number = column_cpu_number,
	},
	[COLUMN_MEM_HISTORY] = {
		.name = "mem-history", .title = N_("MEM HISTORY"),
		.sentence = N_("The memory that it had meanwhile, as bars"),
		.min = 11, .max = 20, .whole = true, .right = true, .figure = true,
		.words = column_mem_history_words, .number = column_mem_number,
	},
	[COLUMN_VCPUS] = {
		.name = "vcpus", .title = N_("VCPU"), .sentence = N_("How many virtual CPUs it has"),
		.min = 4, .max = 4, .whole = true, .right = true,
		.words = column_vcpus_words, .number = column_vcpus_number,
	},
	[COLUMN_MAXMEM] = {
		.name = "maxmem", .title = N_("MAXMEM"), .sentence = N_("The most memory that it can have"),
		.min = 5, .max = 6, .whole = true, .right = true,
		.words = column_maxmem_words, .number = column_maxmem_number,
	},
	[COLUMN_DISK_READ] = {
		.name = "disk-read", .title = N_("READ/S"),
		.sentence = N_("Bytes a second that it reads from its disks"),
		.min = 6, .max = 6, .whole = true, .right = true, .figure = true,
		.words = column_disk_read_words, .number = column_disk_read_number,
	},
	[COLUMN_DISK_WRITE] = {
		.name = "disk-write", .title = N_("WRITE/S"),
		.sentence = N_("Bytes a second that it writes to its disks"),
		.min = 7, .max = 7, .whole = true, .right = true, .figure = true,
		.words = column_disk_write_words, .number = column_disk_write_number,
	},
	[COLUMN_NET_RX] = {
		.name = "net-rx", .title = N_("RX/S"), .sentence = N_("Bytes a second that it receives"),
		.min = 5, .max = 5, .whole = true, .right = true, .figure = true,
		.words = column_net_rx_words, .number = column_net_rx_number,
	},
	[COLUMN_NET_TX] = {
		.name = "net-tx", .title = N_("TX/S"), .sentence = N_("Bytes a second that it sends"),
		.min = 5, .max = 5, .whole = true, .right = true, .figure = true,
		.words = column_net_tx_words, .number = column_net_tx_number,
	},
	[COLUMN_ID] = {
		.name = "id", .title = N_("ID"), .sentence = N_("Its number while it runs"),
		.min = 3, .max = 6, .whole = true, .right = true,
		.words = column_id_words, .number = column_id_number,
	},
	[COLUMN_UUID] = {
		.name = "uuid", .title = N_("UUID"), .sentence = N_("The name that never changes"),
		.min = 8, .max = 36, .words = column_uuid_words, .number = column_uuid_number,
	},
	[COLUMN_AUTOSTART] = {
		.name = "autostart", .title = N_("AUTO"), .sentence = N_("Whether it starts with its host"),
		.min = 4, .max = 6, .whole = true,
		.words = column_autostart_words, .number = column_autostart_number,
	},
	[COLUMN_PERSISTENT] = {
		.name = "persistent", .title = N_("KEPT"), .sentence = N_("Whether its configuration outlives its run"),
		.min = 4, .max = 6, .whole = true,
		.words = column_persistent_words, .number = column_persistent_number,
	},
	[COLUMN_DOOR] = {
		.name = "door", .title = N_("DOOR"), .sentence = N_("Whether we closed it: nobody new can log on"),
		.min = 6, .max = 10, .whole = true,
		.words = column_door_words, .number = column_door_number,
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
