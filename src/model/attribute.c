/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows, and what is behind them: a new attribute is a row here and a function that reads it from the VM. */
#include "model/attribute.h"

#include "model/tags.h"

#include <strings.h>

/* --- the value --- */

static struct attribute_value text(struct safe_text view)
{
	return (struct attribute_value){ .number = -1, .text = view };
}

static struct attribute_value number(double number)
{
	return (struct attribute_value){ .number = number };
}

/* A word of ours at its place in the order; -1: unknown. */
static struct attribute_value word(int place, const char *word)
{
	return (struct attribute_value){ .number = place, .text = TEXT_TRUSTED(word) };
}

/* Once the XML was read, an empty text is none. */
static struct attribute_value text_in_xml(const struct vm *vm, struct safe_text view)
{
	return (struct attribute_value){
		.number = -1,
		.text = view,
		.none = text_is_empty(view) && vm_xml_is_known(vm),
	};
}

static const char *yes_or_no(int index)
{
	static const char *const words[] = { "no", "yes", NULL };

	return words[index];
}

static struct attribute_value truth(int known)
{
	return word(known, known < 0 ? "" : yes_or_no(known != 0));
}

/* Those that are one expression. */
#define GET(name, value) \
	static struct attribute_value get_##name(const struct attribute_row *row) \
	{ \
		return value; \
	}

/* clang-format off */
GET(name, text(row->vm->info.name))
GET(host, text(TEXT_TRUSTED(row->host->name)))
GET(host_uri, text(TEXT_TRUSTED(row->host->uri)))
GET(hypervisor, text(row->host->version))
GET(stale, number((double)host_stale_seconds(row->host, row->now)))
GET(state, word((int)row->vm->info.state - 1, vm_state_name(row->vm->info.state)))
GET(id, number(row->vm->info.domain_id))
GET(title, text_in_xml(row->vm, row->vm->info.title))
GET(tags, text_in_xml(row->vm, row->vm->info.tags))
GET(autostart, truth(row->vm->info.autostart))
GET(persistent, truth(row->vm->info.persistent))
GET(vcpus, number(row->vm->info.vcpus))
GET(cpu, number(row->vm->figures.cpu_percent))
GET(memory, number((double)vm_memory_kib(row->vm)))
GET(max_memory, number((double)row->vm->info.max_memory_kib))
GET(disk_read, number((double)row->vm->figures.disk_read_bps))
GET(disk_write, number((double)row->vm->figures.disk_write_bps))
GET(net_rx, number((double)row->vm->figures.net_rx_bps))
GET(net_tx, number((double)row->vm->figures.net_tx_bps))
GET(agent_version, text(row->vm->agent_version))
GET(heartbeat, number(vm_heartbeat_percent(row->vm, row->now)))
GET(uptime, number((double)vm_uptime_ms(row->vm, row->now)))
GET(os, text(text_is_empty(row->vm->os_name) ? row->vm->os_id : row->vm->os_name))
GET(os_id, text(row->vm->os_id))
GET(os_version, text(row->vm->os_version))
GET(kernel, text(row->vm->kernel))
GET(hostname, text(row->vm->hostname))
GET(users_state, word((int)row->vm->users_state, users_state_name(row->vm->users_state)))
/* clang-format on */

static const char *state_word(int index)
{
	return index < VM_STATE_COUNT ? vm_state_name((enum vm_state)index) : NULL;
}

static const char *agent_word(int index)
{
	return index < AGENT_STATE_COUNT ? agent_state_name((enum agent_state)index) : NULL;
}

/* What works comes first, then what could, then what cannot. */
static struct attribute_value get_agent(const struct attribute_row *row)
{
	static const int order[AGENT_STATE_COUNT] = {
		[AGENT_UNKNOWN] = -1, [AGENT_UP] = 0,   [AGENT_BLOCKED] = 1, [AGENT_FROZEN] = 2, [AGENT_SILENT] = 3,
		[AGENT_DOWN] = 4,     [AGENT_NONE] = 5, [AGENT_DENIED] = 6,  [AGENT_OFF] = 7,
	};
	const enum agent_state state = vm_agent_state(row->vm);

	return word(order[state], agent_state_name(state));
}

static struct attribute_value get_advice(const struct attribute_row *row)
{
	return text(TEXT_TRUSTED(_(vm_agent_advice(row->vm))));
}

/* Why it is not known who is logged on. */
static struct attribute_value get_note(const struct attribute_row *row)
{
	static const char *const words[AGENT_STATE_COUNT] = {
		[AGENT_UNKNOWN] = N_("the host has not reported whether an agent is connected"),
		[AGENT_OFF] = N_("the VM is not running"),
		[AGENT_NONE] = N_("the VM has no agent channel"),
		[AGENT_DOWN] = N_("no agent is connected"),
		[AGENT_UP] = N_("the guest was not asked"),
		[AGENT_BLOCKED] = N_("the agent refuses guest-exec"),
		[AGENT_SILENT] = N_("the agent does not answer"),
		[AGENT_FROZEN] = N_("the guest's file systems are frozen"),
		[AGENT_DENIED] = N_("no permission to read the VM's configuration"),
	};
	const struct vm *vm = row->vm;

	if (vm->users_state == USERS_KNOWN || !text_is_empty(vm->sessions_note))
		return text(vm->sessions_note);
	if (row->host->access == ACCESS_READ_ONLY || row->host->access == ACCESS_MONITOR)
		return text(TEXT_TRUSTED(_("users are not visible over a read-only connection")));
	return text(TEXT_TRUSTED(_(words[vm_agent_state(vm)])));
}

static const char *users_word(int index)
{
	return index <= USERS_DENIED ? users_state_name((enum users_state)index) : NULL;
}

static struct attribute_value get_users(const struct attribute_row *row)
{
	return (struct attribute_value){ .number = (double)vm_users(row->vm), .text = get_users_state(row).text };
}

static struct attribute_value get_who(const struct attribute_row *row)
{
	return (struct attribute_value){
		.number = -1,
		.text = row->vm->sessions.count && vm_users(row->vm) > 0 ? row->vm->sessions.at[0].user
									 : (struct safe_text){ NULL },
		.none = vm_users(row->vm) == 0,
	};
}

static struct attribute_value get_idle(const struct attribute_row *row)
{
	const int64_t idle_s = vm_users(row->vm) > 0 ? session_list_idle(&row->vm->sessions) : -1;

	return (struct attribute_value){ .number = idle_s < 0 ? -1 : (double)idle_s * 1000,
					 .none = vm_users(row->vm) == 0 };
}

static struct attribute_value get_session_source(const struct attribute_row *row)
{
	const enum guest_family family = row->vm->sessions.family;

	return text(TEXT_TRUSTED(family == FAMILY_UNKNOWN ? "" : guest_family_name(family)));
}

static struct attribute_value get_addresses(const struct attribute_row *row)
{
	const struct address_list *addresses = &row->vm->addresses;

	return (struct attribute_value){
		.number = -1,
		.text = TEXT_TRUSTED(addresses->count > 0 ? addresses->at[0].text : ""),
		.none = row->vm->addresses_at && addresses->count == 0,
	};
}

static const char *logins_word(int index)
{
	return index == 0 ? "disabled" : NULL;
}

/* That somebody else disabled them, nobody told us; they are not ours to enable. */
static struct attribute_value get_logins(const struct attribute_row *row)
{
	return (struct attribute_value){
		.number = row->vm->logins_disabled ? 0 : -1,
		.text = TEXT_TRUSTED(row->vm->logins_disabled ? logins_word(0) : ""),
		.none = !row->vm->logins_disabled,
	};
}

/* Its first 48 bits: more than enough to tell two apart, and exact. */
static struct attribute_value get_uuid(const struct attribute_row *row)
{
	double bits = 0;

	for (int i = 0; i < 6; i++)
		bits = bits * 256 + row->vm->id.uuid.bytes[i];
	return number(bits);
}

/* Those that run, by how far they are; then those that are complete, the newest first. */
static struct attribute_value get_task(const struct attribute_row *row)
{
	const double after_all_that_run = 0x1p52;
	const struct task *task = row->task;

	if (!task)
		return (struct attribute_value){ .number = -1, .none = !row->vm->logins_disabled };
	return number(task->report.complete ? after_all_that_run - (double)task->id : 100 - task->report.percent);
}

/* --- words that the type does not make --- */

static PRINTF_LIKE(2, 3) struct safe_text in_cell(struct attribute_cell *cell, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(cell->buf, sizeof(cell->buf), format, args);
	va_end(args);
	text_neutralise(cell->buf, sizeof(cell->buf));
	return TEXT_TRUSTED(cell->buf);
}

/* words: taken over. */
static struct safe_text move_to_cell(struct attribute_cell *cell, struct safe_text words)
{
	struct safe_text shown = in_cell(cell, "%s", text_str(words));

	text_free(&words);
	return shown;
}

static const struct safe_text by_type = { NULL };

static struct safe_text say_agent(const struct attribute_row *row, struct attribute_cell *cell)
{
	const enum agent_state state = vm_agent_state(row->vm);
	const int percent = vm_heartbeat_percent(row->vm, row->now);

	if (state == AGENT_UP && percent >= 0)
		return in_cell(cell, "%s %d%%", agent_state_name(state), percent);
	return TEXT_TRUSTED(agent_state_name(state));
}

static struct safe_text say_users(const struct attribute_row *row, struct attribute_cell *cell UNUSED)
{
	return row->vm->users_state == USERS_DENIED ? TEXT_TRUSTED(users_state_name(USERS_DENIED)) : by_type;
}

static struct safe_text say_who(const struct attribute_row *row, struct attribute_cell *cell)
{
	if (vm_users(row->vm) == 0)
		return TEXT_TRUSTED(_("none"));
	if (vm_users(row->vm) < 0)
		return say_users(row, cell);
	return move_to_cell(cell, session_list_names(&row->vm->sessions, 8));
}

static struct safe_text say_task(const struct attribute_row *row, struct attribute_cell *cell)
{
	const struct task *task = row->task;
	const char *outcome;

	if (row->vm->logins_disabled && (!task || task->report.complete))
		return in_cell(cell, "%s", _("logins disabled"));
	if (!task)
		return by_type;
	if (!task->report.complete)
		return in_cell(cell, "%s %d%%", operation_name(task->operation), task->report.percent);
	if (task->report.result == TASK_RESULT_CANCELLED)
		outcome = _("cancelled");
	else if (task_was_rehearsed(task))
		outcome = _("dry run");
	else
		outcome = _(result_find(task->report.error)->short_words);
	return in_cell(cell, "%s: %s", operation_name(task->operation), outcome);
}

static struct safe_text say_addresses(const struct attribute_row *row, struct attribute_cell *cell)
{
	if (!row->vm->addresses_at)
		return by_type;
	return row->vm->addresses.count == 0 ? TEXT_TRUSTED(_("none"))
					     : move_to_cell(cell, address_list_words(&row->vm->addresses));
}

static struct safe_text say_interfaces(const struct attribute_row *row, struct attribute_cell *cell)
{
	return row->vm->addresses_at ? move_to_cell(cell, address_list_tell(&row->vm->addresses)) : by_type;
}

static struct safe_text bars(const struct attribute_row *row, history_figure_fn *figure, double most,
			     struct attribute_cell *cell)
{
	enum { CELLS = 20 };
	struct sparkline sparkline;

	sparkline_of_history(&sparkline, row->vm->history, figure, 0, most, CELLS);
	return sparkline.known ? in_cell(cell, "%s", sparkline.buf) : by_type;
}

static struct safe_text say_cpu_history(const struct attribute_row *row, struct attribute_cell *cell)
{
	return bars(row, history_cpu, 100, cell);
}

static struct safe_text say_memory_history(const struct attribute_row *row, struct attribute_cell *cell)
{
	return bars(row, history_memory, (double)row->vm->info.max_memory_kib, cell);
}

/* --- values that are lists --- */

static void add_text(struct attribute_texts *texts, const char *text)
{
	if (*text)
		texts->at[texts->count++] = text;
}

static void each_user(const struct attribute_row *row, struct attribute_texts *texts)
{
	const struct session_list *sessions = &row->vm->sessions;

	for (size_t i = 0; i < sessions->count && i < SESSION_LIST_MAX; i++)
		add_text(texts, text_str(sessions->at[i].user));
	texts->complete = row->vm->users_state == USERS_KNOWN && session_list_proves_absence(sessions);
}

static void each_os(const struct attribute_row *row, struct attribute_texts *texts)
{
	add_text(texts, text_str(row->vm->os_name));
	add_text(texts, text_str(row->vm->os_id));
	texts->complete = !text_is_empty(row->vm->os_name) || !text_is_empty(row->vm->os_id);
}

/* Each by itself, so that = means a whole one. */
static void each_tag(const struct attribute_row *row, struct attribute_texts *texts)
{
	const char *at = text_str(row->vm->info.tags), *tag;
	size_t used = 0, len;

	while ((tag = tags_next(&at, &len)) && used + len < sizeof(texts->scratch) &&
	       texts->count < ARRAY_SIZE(texts->at)) {
		char *copy = texts->scratch + used;

		memcpy(copy, tag, len);
		copy[len] = '\0';
		used += len + 1;
		add_text(texts, copy);
	}
	texts->complete = !tag && (!text_is_empty(row->vm->info.tags) || vm_xml_is_known(row->vm));
}

static void each_address(const struct attribute_row *row, struct attribute_texts *texts)
{
	const struct address_list *addresses = &row->vm->addresses;

	for (size_t i = 0; i < addresses->count && i < ADDRESS_LIST_MAX; i++)
		add_text(texts, addresses->at[i].text);
	texts->complete = row->vm->addresses_at && addresses->more == 0;
}

/* --- the table --- */

/* All by place: a row that lacks one does not compile (tests/test-registries). */
#define ROW(name_, one_, field_, heading_, label_, type_, source_, least_, most_, colour_, flags_, get_, say_, each_, \
	    word_, sentence_) \
	{ \
		.name = name_, .one = one_, .field = field_, .heading = heading_, .label = label_, \
		.type = ATTRIBUTE_##type_, .source = SOURCE_##source_, .least = least_, .most = most_, \
		.colour = COLOUR_##colour_, .flags = flags_, .get = get_, .say = say_, .each = each_, .word = word_, \
		.sentence = sentence_ \
	}
#define D ATTRIBUTE_DEFAULT
#define L ATTRIBUTE_DETAILS
#define S ATTRIBUTE_SEARCHED
#define W ATTRIBUTE_WIDE
#define X ATTRIBUTE_XML
#define B ATTRIBUTE_BAR

/* clang-format off */
static const struct attribute table[] = {
	/* name, one of it, JSON field, heading, label, type, source, least, most, colour, flags,
	 * get, say, each, word, sentence */
	ROW("name", NULL, "name", NC_("column", "NAME"), NC_("column", "Name"), TEXT, HOST, 12, 0, MARK, D | S,
	    get_name, NULL, NULL, NULL, N_("Name of the VM")),
	ROW("host", NULL, "host", NC_("column", "HOST"), NC_("column", "Host"), TEXT, HOST, 6, 24, HOST, D | L | S,
	    get_host, NULL, NULL, NULL, N_("Host that the VM is on")),
	ROW("state", NULL, "state", NC_("column", "STATE"), NC_("column", "State"), ENUM, HOST, 0, 11, STATE, D | L,
	    get_state, NULL, NULL, state_word, N_("State, as libvirt reports it")),
	ROW("agent", NULL, "agent", NC_("column", "AGENT"), NC_("column", "Agent"), ENUM, HOST, 0, 7, AGENT, D | L | X,
	    get_agent, say_agent, NULL, agent_word, N_("State of the guest agent; its heartbeat of the last minute")),
	ROW("users", NULL, "users", NC_("column", "USERS"), NC_("column", "Users"), COUNT, GUEST, 0, 6, USERS, D | L,
	    get_users, say_users, NULL, users_word, N_("Number of users logged on")),
	ROW("who", "user", "sessions", NC_("column", "WHO"), NC_("column", "Logged on"), TEXT, GUEST, 10, 0, USERS, W,
	    get_who, say_who, each_user, NULL, N_("Users logged on, with their number of sessions")),
	ROW("idle", NULL, "idle_s", NC_("column", "IDLE"), NC_("column", "Idle"), DURATION, GUEST, 0, 6, RUNNING, 0,
	    get_idle, NULL, NULL, NULL, N_("Time since the last input of any user, where it is known of all sessions")),
	ROW("cpu", NULL, "cpu_percent", NC_("column", "CPU%"),
	    NC_("column", "CPU %"), REAL, STATS, 0, 5, RUNNING, D | L | B,
	    get_cpu, NULL, NULL, NULL, N_("CPU use in percent: at 100 all its virtual CPUs are busy")),
	ROW("mem", NULL, "memory_kib", NC_("column", "MEM"),
	    NC_("column", "Memory"), KIB, STATS, 0, 6, RUNNING, D | L | B,
	    get_memory, NULL, NULL, NULL, N_("Current memory")),
	ROW("os", NULL, "os", NC_("column", "OS"), NC_("column", "OS"), TEXT, GUEST, 6, 40, DIM, D | L | S,
	    get_os, NULL, each_os, NULL, N_("Operating system, as the guest agent reports it")),
	ROW("ips", "ip", "addresses", NC_("column", "IP"), NULL, TEXT, ADDRESSES, 15, 60, RUNNING, W,
	    get_addresses, say_addresses, each_address, NULL,
	    N_("IP addresses that the guest agent reports, the most likely one first")),
	ROW("uptime", NULL, "uptime_s", NC_("column", "UPTIME"),
	    NC_("column", "Uptime"), DURATION, UPTIME, 0, 6, RUNNING, W | L,
	    get_uptime, NULL, NULL, NULL, N_("Time since the guest booted, where it is known")),
	ROW("task", NULL, NULL, NC_("column", "TASK"), NC_("column", "Task"), ENUM, TASKS, 10, 32, TASK, D,
	    get_task, say_task, NULL, NULL, N_("Newest task with its progress or result; or that logins are disabled")),
	ROW("title", NULL, "title", NC_("column", "TITLE"),
	    NC_("column", "Title"), TEXT, HOST, 10, 0, RUNNING, L | S | X,
	    get_title, NULL, NULL, NULL, N_("Title in the VM's configuration")),
	ROW("tags", "tag", "tags", NC_("column", "TAGS"),
	    NC_("column", "Tags"), TEXT, HOST, 6, 40, RUNNING, L | S | X,
	    get_tags, NULL, each_tag, NULL, N_("Tags in the VM's configuration")),
	ROW("hostname", NULL, "hostname", NC_("column", "HOSTNAME"),
	    NC_("column", "Hostname"), TEXT, GUEST, 8, 64, RUNNING, L | S,
	    get_hostname, NULL, NULL, NULL, N_("Hostname, as the guest agent reports it")),
	ROW("kernel", NULL, "kernel", NC_("column", "KERNEL"),
	    NC_("column", "Kernel"), TEXT, GUEST, 8, 40, RUNNING, L,
	    get_kernel, NULL, NULL, NULL, N_("Kernel of the guest")),
	ROW("agent-version", NULL, "agent_version", NC_("column", "AGENT VER"),
	    NC_("column", "Agent version"), TEXT, GUEST, 0, 24,
	    RUNNING, 0,
	    get_agent_version, NULL, NULL, NULL, N_("Version of the guest agent")),
	ROW("heartbeat", NULL, "heartbeat_percent", NC_("column", "BEAT"),
	    NC_("column", "Heartbeat %"), PERCENT, GUEST, 0, 4, RUNNING, 0,
	    get_heartbeat, NULL, NULL, NULL, N_("Percentage of pings that the agent answered in the last minute")),
	ROW("cpu-history", NULL, NULL, NC_("column", "CPU HISTORY"),
	    NC_("column", "CPU history"), BARS, STATS, 0, 20, RUNNING, 0,
	    get_cpu, say_cpu_history, NULL, NULL, N_("CPU use while the VM was on the screen, as bars")),
	ROW("mem-history", NULL, NULL, NC_("column", "MEM HISTORY"),
	    NC_("column", "Memory history"), BARS, STATS, 0, 20, RUNNING, 0,
	    get_memory, say_memory_history, NULL, NULL, N_("Memory while the VM was on the screen, as bars")),
	ROW("vcpus", NULL, "vcpus", NC_("column", "VCPU"), NC_("column", "vCPUs"), COUNT, HOST, 0, 4, RUNNING, 0,
	    get_vcpus, NULL, NULL, NULL, N_("Number of virtual CPUs")),
	ROW("maxmem", NULL, "max_memory_kib", NC_("column", "MAXMEM"),
	    NC_("column", "Max memory"), KIB, HOST, 0, 6, RUNNING, 0,
	    get_max_memory, NULL, NULL, NULL, N_("Maximum memory")),
	ROW("disk-read", NULL, NULL, NC_("column", "READ/S"),
	    NC_("column", "Disk read/s"), RATE, STATS, 0, 6, RUNNING, 0,
	    get_disk_read, NULL, NULL, NULL, N_("Bytes per second that it reads from its disks")),
	ROW("disk-write", NULL, NULL, NC_("column", "WRITE/S"),
	    NC_("column", "Disk write/s"), RATE, STATS, 0, 7, RUNNING, 0,
	    get_disk_write, NULL, NULL, NULL, N_("Bytes per second that it writes to its disks")),
	ROW("net-rx", NULL, NULL, NC_("column", "RX/S"), NC_("column", "Received/s"), RATE, STATS, 0, 5, RUNNING, 0,
	    get_net_rx, NULL, NULL, NULL, N_("Bytes per second that it receives")),
	ROW("net-tx", NULL, NULL, NC_("column", "TX/S"), NC_("column", "Sent/s"), RATE, STATS, 0, 5, RUNNING, 0,
	    get_net_tx, NULL, NULL, NULL, N_("Bytes per second that it sends")),
	ROW("id", NULL, "id", NC_("column", "ID"), NC_("column", "ID"), COUNT, HOST, 0, 6, RUNNING, 0,
	    get_id, NULL, NULL, NULL, N_("libvirt's ID of the VM while it runs")),
	ROW("uuid", NULL, "uuid", NC_("column", "UUID"), NC_("column", "UUID"), UUID, HOST, 8, 36, RUNNING, L,
	    get_uuid, NULL, NULL, NULL, N_("UUID of the VM")),
	ROW("autostart", NULL, "autostart", NC_("column", "AUTO"),
	    NC_("column", "Autostart"), BOOL, HOST, 0, 6, RUNNING, L,
	    get_autostart, NULL, NULL, yes_or_no, N_("Whether the VM starts with its host")),
	ROW("persistent", NULL, "persistent", NC_("column", "PERSISTENT"),
	    NC_("column", "Persistent"), BOOL, HOST, 0, 11, RUNNING, 0,
	    get_persistent, NULL, NULL, yes_or_no, N_("Whether libvirt keeps its configuration when it stops")),
	ROW("logins", NULL, NULL, NC_("column", "LOGINS"), NC_("column", "Logins"), ENUM, HOST, 0, 10, RUNNING, L,
	    get_logins, NULL, NULL, logins_word, N_("Whether innkeeper disabled logins: no new users can log on")),
	ROW("users-state", NULL, "users_state", NC_("column", "USERS KNOWN"),
	    NC_("column", "Users known"), ENUM, GUEST, 0, 12, USERS, 0,
	    get_users_state, NULL, NULL, users_word, N_("Whether it is known who is logged on")),
	ROW("interfaces", NULL, "interfaces", NC_("column", "INTERFACES"),
	    NC_("column", "Addresses"), TEXT, ADDRESSES, 15, 0, RUNNING, L,
	    get_addresses, say_interfaces, each_address, NULL, N_("IP addresses with their network interfaces")),
	ROW("os-id", NULL, "os_id", NC_("column", "OS ID"), NC_("column", "OS ID"), TEXT, GUEST, 0, 16, DIM, S,
	    get_os_id, NULL, NULL, NULL, N_("Operating system in one word, such as debian or mswindows")),
	ROW("os-version", NULL, "os_version", NC_("column", "OS VERSION"),
	    NC_("column", "OS version"), TEXT, GUEST, 0, 24, DIM, 0,
	    get_os_version, NULL, NULL, NULL, N_("Version of the operating system")),
	ROW("session-source", NULL, "session_means", NC_("column", "SOURCE"),
	    NC_("column", "Session source"), TEXT, GUEST, 0, 8, RUNNING, 0,
	    get_session_source, NULL, NULL, NULL, N_("Where the list of sessions comes from: logind, utmp or windows")),
	ROW("note", NULL, "note", NC_("column", "NOTE"), NC_("column", "Note"), TEXT, GUEST, 10, 0, RUNNING, 0,
	    get_note, NULL, NULL, NULL, N_("Why it is not known who is logged on")),
	ROW("advice", NULL, "advice", NC_("column", "NEXT STEP"),
	    NC_("column", "Next step"), TEXT, HOST, 10, 0, RUNNING, 0,
	    get_advice, NULL, NULL, NULL, N_("What to do where the guest agent cannot be used")),
	ROW("uri", NULL, "host_uri", NC_("column", "URI"), NC_("column", "Host URI"), TEXT, HOST, 8, 0, DIM, 0,
	    get_host_uri, NULL, NULL, NULL, N_("libvirt URI of the host")),
	ROW("hypervisor", NULL, "host_version", NC_("column", "HYPERVISOR"),
	    NC_("column", "Hypervisor"), TEXT, HOST, 8, 40, DIM, 0,
	    get_hypervisor, NULL, NULL, NULL, N_("Versions of the hypervisor and of libvirt on the host")),
	ROW("stale", NULL, "stale_s", NC_("column", "STALE"),
	    NC_("column", "Stale (s)"), COUNT, HOST, 0, 5, RUNNING, 0,
	    get_stale, NULL, NULL, NULL, N_("Seconds since the host answered; 0 while it is connected")),
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(table) <= ATTRIBUTES_MAX, "arrays of columns are too short");

size_t attribute_count(void)
{
	return ARRAY_SIZE(table);
}

const struct attribute *attribute_at(size_t index)
{
	return &table[index];
}

size_t attribute_index(const struct attribute *attribute)
{
	return (size_t)(attribute - table);
}

bool attribute_is_number(const struct attribute *attribute)
{
	return attribute->type >= ATTRIBUTE_COUNT && attribute->type != ATTRIBUTE_BOOL;
}

/* A filter sees no tasks. */
bool attribute_is_filter_field(const struct attribute *attribute)
{
	return attribute->type != ATTRIBUTE_BARS && attribute->source != SOURCE_TASKS;
}

const char *attribute_filter_name(const struct attribute *attribute)
{
	return attribute->one ? attribute->one : attribute->name;
}

double attribute_share(const struct attribute *attribute, const struct attribute_row *row)
{
	const double number = attribute->get(row).number, max_kib = (double)row->vm->info.max_memory_kib;

	if (attribute->type == ATTRIBUTE_REAL)
		return number < 0 ? -1 : MIN(number / 100, 1);
	/* Of a VM whose balloon gives nothing back, that it has all it may have says nothing. */
	return number < 0 || number >= max_kib ? -1 : number / max_kib;
}

/* --- values as words --- */

void attribute_write_amount(double amount, int base, char *buf, size_t size)
{
	static const char units[] = "BKMGTP";
	int unit = base;

	for (; amount >= 999.5 && units[unit + 1]; unit++)
		amount /= 1024;
	if (unit == 0)
		snprintf(buf, size, "%.0f", amount);
	else
		snprintf(buf, size, amount < 9.95 && unit > base ? "%.1f%c" : "%.0f%c", amount, units[unit]);
}

static struct safe_text words_of_type(const struct attribute *attribute, const struct attribute_row *row,
				      struct attribute_cell *cell)
{
	const struct attribute_value value = attribute->get(row);

	if (attribute->type == ATTRIBUTE_TEXT)
		return value.text;
	if (value.number < 0)
		return (struct safe_text){ NULL };
	switch (attribute->type) {
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_BARS:
		return (struct safe_text){ NULL };
	case ATTRIBUTE_ENUM:
		return value.text;
	case ATTRIBUTE_BOOL:
		return TEXT_TRUSTED(value.number > 0 ? _("yes") : _("no"));
	case ATTRIBUTE_UUID:
		uuid_format(&row->vm->id.uuid, cell->buf);
		break;
	case ATTRIBUTE_COUNT:
		snprintf(cell->buf, sizeof(cell->buf), "%.0f", value.number);
		break;
	case ATTRIBUTE_PERCENT:
		snprintf(cell->buf, sizeof(cell->buf), "%.0f%%", value.number);
		break;
	case ATTRIBUTE_REAL:
		snprintf(cell->buf, sizeof(cell->buf), value.number < 9.95 ? "%.1f" : "%.0f", value.number);
		break;
	case ATTRIBUTE_KIB:
		attribute_write_amount(value.number, 1, cell->buf, sizeof(cell->buf));
		break;
	case ATTRIBUTE_RATE:
		attribute_write_amount(value.number, 0, cell->buf, sizeof(cell->buf));
		break;
	case ATTRIBUTE_DURATION:
		uptime_words((int64_t)value.number, cell->buf, sizeof(cell->buf));
		break;
	}
	return TEXT_TRUSTED(cell->buf);
}

struct safe_text attribute_words(const struct attribute *attribute, const struct attribute_row *row,
				 struct attribute_cell *cell)
{
	struct safe_text words = attribute->say ? attribute->say(row, cell) : (struct safe_text){ NULL };

	if (text_is_empty(words))
		words = words_of_type(attribute, row, cell);
	return text_is_empty(words) ? TEXT_TRUSTED("-") : words;
}

struct safe_text attribute_text(const struct attribute *attribute, const struct attribute_row *row,
				struct attribute_cell *cell)
{
	struct safe_text text = words_of_type(attribute, row, cell);

	return attribute->type == ATTRIBUTE_TEXT && attribute->say && !text_is_empty(text) ? attribute->say(row, cell)
											   : text;
}

void attribute_texts_read(const struct attribute *attribute, const struct attribute_row *row,
			  struct attribute_texts *ret_texts)
{
	struct attribute_value value;

	ret_texts->count = 0;
	if (attribute->each) {
		attribute->each(row, ret_texts);
		return;
	}
	value = attribute->get(row);
	if (attribute->type == ATTRIBUTE_UUID) {
		uuid_format(&row->vm->id.uuid, ret_texts->scratch);
		value.text = TEXT_TRUSTED(ret_texts->scratch);
	}
	add_text(ret_texts, text_str(value.text));
	ret_texts->complete = value.none || ret_texts->count > 0;
}

/* --- names --- */

const struct attribute *attribute_get(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	abort();
}

bool attribute_find(const char *name, const struct attribute **ret_attribute, struct err *err)
{
	const size_t name_len = strlen(name);
	int best = 0; /* 4: it is an attribute's name, 3: its field, 2: its name begins so, 1: its field does */
	OWN(text) struct safe_text wanted = { 0 };
	char valid[1024] = "";
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table) && name_len > 0; i++) {
		const char *const names[] = { table[i].field ? table[i].field : "", table[i].name };

		for (int k = 0; k < (int)ARRAY_SIZE(names); k++) {
			const int like = k + 1 + (strlen(names[k]) == name_len ? 2 : 0);

			if (like <= best || strncasecmp(names[k], name, name_len) != 0)
				continue;
			*ret_attribute = &table[i];
			best = like;
		}
	}
	if (best > 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		len += (size_t)snprintf(valid + len, sizeof(valid) - len, " %s", table[i].name);
	wanted = text_sanitize_str(name, 32);
	err_set(err, ERR_USAGE, _("unknown column \"%s\"; valid:%s"), text_str(wanted), valid);
	return false;
}

bool attribute_find_order(const char *words, const struct attribute **ret_attribute, bool *ret_descending,
			  struct err *err)
{
	const bool descending = *words == '-';

	if (!attribute_find(words + descending, ret_attribute, err))
		return false;
	*ret_descending = descending;
	return true;
}

bool columns_parse(const char *words, struct columns *ret_columns, struct err *err)
{
	static const char separators[] = " \t,";
	struct columns columns = { 0 };

	for (words += strspn(words, separators); *words; words += strspn(words, separators)) {
		size_t len = strcspn(words, separators);
		OWN(bytes) char *name = mem_strndup(words, len);
		const struct attribute *attribute;
		bool found = attribute_find(name, &attribute, err);

		if (!found) {
			VEC_FREE(&columns);
			return false;
		}
		*VEC_PUSH(&columns) = attribute;
		words += len;
	}
	for (size_t i = 0, chosen = columns.count; i < ARRAY_SIZE(table) && !chosen; i++)
		if (table[i].flags & ATTRIBUTE_DEFAULT)
			*VEC_PUSH(&columns) = &table[i];
	*ret_columns = columns;
	return true;
}

void columns_show(struct columns *columns, const struct attribute *column)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->at[i] == column)
			return;
	*VEC_PUSH(columns) = column;
}

char *columns_words(const struct columns *columns)
{
	char *words = mem_strdup("");
	OWN(vec) struct columns usual = { 0 };
	bool are_usual;

	columns_parse("", &usual, NULL);
	are_usual = usual.count == columns->count && !memcmp(usual.at, columns->at, usual.count * sizeof(*usual.at));
	for (size_t i = 0; i < columns->count && !are_usual; i++) {
		char *longer = mem_printf("%s%s%s", words, i > 0 ? " " : "", columns->at[i]->name);

		free(words);
		words = longer;
	}
	return words;
}
