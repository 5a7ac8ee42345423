/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/vm.h"

#include "model/snapshot.h"

static const struct {
	const char *name;
	const char *advice;
} agent_states[AGENT_STATE_COUNT] = {
	[AGENT_UNKNOWN] = { "?", N_("Not read yet: wait a moment, or refresh") },
	[AGENT_OFF] = { "off", N_("The VM is not running: start or resume it") },
	[AGENT_NONE] = { "none", N_("The VM has no agent channel: add the channel org.qemu.guest_agent.0 to its "
				    "configuration, then shut it down and start it") },
	[AGENT_DOWN] = { "down", N_("No agent is connected: install or start qemu-guest-agent in the guest") },
	[AGENT_UP] = { "up", "" },
	[AGENT_BLOCKED] = { "blocked", N_("The agent refuses guest-exec: in the guest, allow guest-exec and "
					  "guest-exec-status in /etc/sysconfig/qemu-ga or /etc/qemu/qemu-ga.conf, then "
					  "restart qemu-guest-agent") },
	[AGENT_SILENT] = { "silent", N_("The agent is connected but does not answer: it is asked again later; check "
					"the guest's load, or restart qemu-guest-agent in it") },
	[AGENT_FROZEN] = { "frozen", N_("The guest's file systems are frozen, a backup is running: try again when "
					"it is done") },
	[AGENT_DENIED] = { "denied", N_("No permission to read this VM's configuration: ask for it, or connect as "
					"another user") },
};

const char *agent_state_name(enum agent_state state)
{
	return agent_states[state].name;
}

const char *agent_state_advice(enum agent_state state)
{
	return agent_states[state].advice;
}

const char *vm_agent_advice(const struct vm *vm)
{
	switch (vm->info.state) {
	case VM_STATE_MIGRATING:
		return N_("The VM is moving to another host: wait until it is there");
	case VM_STATE_MIGRATED:
		return N_("The VM moved to another host: look for it there");
	default:
		return agent_state_advice(vm_agent_state(vm));
	}
}

const char *users_state_name(enum users_state state)
{
	static const char *const names[] = {
		[USERS_UNKNOWN] = "unknown",
		[USERS_KNOWN] = "known",
		[USERS_DENIED] = "denied",
	};

	return names[state];
}

bool vm_xml_is_known(const struct vm *vm)
{
	return vm->info.channel != CHANNEL_UNKNOWN && vm->info.channel != CHANNEL_DENIED;
}

enum agent_state vm_agent_state(const struct vm *vm)
{
	static const enum agent_state by_trouble[] = {
		[TROUBLE_NONE] = AGENT_UP,
		[TROUBLE_BLOCKED] = AGENT_BLOCKED,
		[TROUBLE_SILENT] = AGENT_SILENT,
		[TROUBLE_FROZEN] = AGENT_FROZEN,
	};

	if (vm->info.state == VM_STATE_UNKNOWN)
		return AGENT_UNKNOWN;
	if (!vm_state_is_active(vm->info.state))
		return AGENT_OFF;
	switch (vm->info.channel) {
	case CHANNEL_UNKNOWN:
		return AGENT_UNKNOWN;
	case CHANNEL_DENIED:
		return AGENT_DENIED;
	case CHANNEL_ABSENT:
		return AGENT_NONE;
	case CHANNEL_DISCONNECTED:
		return AGENT_DOWN;
	case CHANNEL_CONNECTED:
		break;
	}
	return by_trouble[vm->trouble];
}

int vm_heartbeat_percent(const struct vm *vm, int64_t now)
{
	const struct heartbeat *beat = &vm->heartbeat;
	int asked = 0, answered = 0;

	for (int i = 0; i < HEARTBEAT_SLOTS; i++) {
		if (beat->asked[i] == 0 || now - beat->asked[i] >= HEARTBEAT_SLOTS * HEARTBEAT_SLOT_MS)
			continue;
		asked++;
		answered += beat->answered[i];
	}
	return asked > 0 ? answered * 100 / asked : -1;
}

void vm_note_ping(struct vm *vm, int64_t asked_at, bool answered)
{
	struct heartbeat *beat = &vm->heartbeat;

	beat->asked[beat->next] = MAX(asked_at, 1); /* 0 means none */
	beat->answered[beat->next] = answered;
	beat->next = (beat->next + 1) % HEARTBEAT_SLOTS;
}

int64_t vm_memory_kib(const struct vm *vm)
{
	return vm->figures.memory_kib >= 0 ? vm->figures.memory_kib : vm->info.memory_kib;
}

bool vm_was_asked(const struct vm *vm)
{
	return vm->sessions_at || !text_is_empty(vm->sessions_note);
}

int64_t vm_users(const struct vm *vm)
{
	if (vm->users_state != USERS_KNOWN)
		return -1;
	return (int64_t)(session_list_people(&vm->sessions) + vm->sessions.more);
}

int64_t vm_uptime_ms(const struct vm *vm, int64_t now)
{
	return vm_state_has_process(vm->info.state) ? uptime_ms(&vm->uptime, now) : -1;
}

void vm_note_booted(struct vm *vm, int64_t now)
{
	uptime_note(&vm->uptime, 0, now);
}

static void forget_figures(struct vm *vm)
{
	vm->figures = vm_figures_unknown(&vm->id.uuid);
	vm->figures_at = 0;
}

struct vm *vm_create(struct vm_id id)
{
	struct vm *vm = mem_zalloc(sizeof(*vm));

	vm->id = id;
	vm->info = vm_info_unknown(&id.uuid);
	forget_figures(vm);
	return vm;
}

void vm_destroy(struct vm *vm)
{
	if (!vm)
		return;
	vm_info_free(&vm->info);
	text_free(&vm->agent_version);
	text_free(&vm->os_id);
	text_free(&vm->os_name);
	text_free(&vm->os_version);
	text_free(&vm->kernel);
	text_free(&vm->hostname);
	address_list_free(&vm->addresses);
	session_list_free(&vm->sessions);
	text_free(&vm->sessions_note);
	free(vm->history);
	free(vm->searched);
	snapshot_knowledge_free(vm->snapshots);
	timeline_free(vm->timeline);
	free(vm->timeline);
	free(vm);
}

void vm_forget_guest(struct vm *vm)
{
	vm->trouble = TROUBLE_NONE;
	vm->backoff_until = 0;
	vm->failures = 0;
	vm->heartbeat = (struct heartbeat){ 0 };
	vm->users_state = USERS_UNKNOWN;
	session_list_free(&vm->sessions);
	vm->sessions_at = vm->sessions_full_at = vm->looked_at = 0;
	vm->quiet_looks = 0;
	vm->names_only = vm->look_in_full = false;
	vm->guest_serial++;
	text_free(&vm->sessions_note);
	address_list_free(&vm->addresses);
	vm->addresses_at = 0;
	uptime_doubt(&vm->uptime);
}

static bool take_text(struct safe_text *known, struct safe_text *told)
{
	if (text_equal(*known, *told))
		return false;
	text_move(known, told);
	return true;
}

bool vm_apply_channel(struct vm *vm, enum agent_channel told)
{
	enum agent_channel was = vm->info.channel;
	enum agent_channel now = told == CHANNEL_UNKNOWN ? was : told;

	/* A VM without a process has no agent; a paused one keeps its channel and comes back without an event. */
	if (now == CHANNEL_CONNECTED && !vm_state_has_process(vm->info.state))
		now = CHANNEL_DISCONNECTED;
	if (now == was)
		return false;
	vm->info.channel = now;
	if (was == CHANNEL_CONNECTED)
		vm_forget_guest(vm);
	return true;
}

#define TAKE_TEXT(type, name) \
	if (xml_was_read || !text_is_empty(info->name)) \
		changed |= take_text(&known->name, &info->name);
#define TAKE_NUMBER(type, name) \
	if (info->name >= 0) { \
		changed |= known->name != info->name; \
		known->name = info->name; \
	}

bool vm_apply_facts(struct vm *vm, struct vm_info *info)
{
	bool xml_was_read = info->channel != CHANNEL_UNKNOWN && info->channel != CHANNEL_DENIED;
	struct vm_info *known = &vm->info;
	const enum vm_state was = known->state;
	bool changed = false;

	if (!text_is_empty(info->name))
		changed |= take_text(&known->name, &info->name);
	VM_INFO_TEXTS(TAKE_TEXT)
	if (xml_was_read)
		changed |= device_list_take(&known->devices, &info->devices);
	changed |= info->domain_id != known->domain_id;
	known->domain_id = info->domain_id;
	if (info->state != VM_STATE_UNKNOWN) {
		changed |= info->state != was;
		known->state = info->state;
		known->off_unexplained = info->off_unexplained;
	}
	if (known->state != was && !vm_state_has_process(known->state))
		uptime_forget(&vm->uptime);
	if (vm_state_is_active(was) && !vm_state_is_active(known->state)) {
		vm_forget_guest(vm);
		forget_figures(vm);
	}
	changed |= vm_apply_channel(vm, info->channel);
	VM_INFO_NUMBERS(TAKE_NUMBER)
	vm_info_free(info);
	return changed;
}

#define OR_DIFFERS(type, name) || vm->figures.name != figures->name

bool vm_apply_figures(struct vm *vm, const struct vm_figures *figures, int64_t now)
{
	const bool changed = (int64_t)(vm->figures.cpu_percent * 10) != (int64_t)(figures->cpu_percent * 10)
										VM_FIGURES_NUMBERS(OR_DIFFERS);

	vm->figures = *figures;
	vm->figures_at = now;
	if (vm->history)
		history_add(vm->history, (struct history_sample){ now, figures->cpu_percent, figures->memory_kib });
	return changed;
}
