/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated guest's life: how it begins, and what happens to it. */
#include "backend/demo/demo_guest_private.h"
#include "backend/demo/prng.h"

#include <string.h>

enum {
	AGAIN_MS = 5000, /* an automatic login that was turned away tries again */
	HELD_MS = 500,   /* a paused guest's plans are put off by so much */
	UNREAD_MS = 20000,
	HOUR_MS = 3600 * 1000,
};

int64_t guest_draw(const struct demo_guest *guest, int64_t salt, int64_t low, int64_t high)
{
	return prng_between(prng_draw(guest->seed, guest->boot_generation, (uint64_t)salt), low, high);
}

void guest_news(struct demo_host *host, struct demo_guest *guest, unsigned bits)
{
	guest->news |= bits;
	host->news |= NEWS_GUESTS;
}

void guest_plan(struct demo_host *host, struct demo_guest *guest, enum demo_what what, int64_t in_ms)
{
	const struct demo_due due = { .what = (int)what,
				      .guest = guest->index,
				      .boot_generation = guest->boot_generation };

	demo_host_plan_due(host, due, in_ms);
}

/* --- what happens to it --- */

static void connect_agent(struct demo_host *host, struct demo_guest *guest)
{
	if (guest->agent || guest->domain_id < 0 || guest->plan->behaviour == BEHAVIOUR_NONE)
		return;
	guest->agent = true;
	guest_news(host, guest, NEWS_CHANNEL);
}

static void script_verb(struct demo_host *host, struct demo_guest *guest, enum operation operation)
{
	struct err ignored;

	/* A script that asks for what cannot be done any more is none of the client's business. */
	(void)demo_guest_apply_verb(host, guest, operation, &ignored);
}

static bool logins_are_enabled_for(const struct demo_guest *guest, const struct demo_login *login)
{
	return !guest->drained && (!guest->nologin || strcmp(login->user, "root") == 0);
}

static void turn_away(struct demo_host *host, struct demo_guest *guest, const struct demo_login *login)
{
	struct safe_text user = text_sanitize_str(login->user, TEXT_CAP_USER);

	if (login->returns)
		guest_plan_login(host, guest, login, AGAIN_MS);
	else
		demo_host_note(host, guest, _("%s tried to log on, but logins are disabled"), text_str(user));
	text_free(&user);
}

static void login_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	if (due->what == EVENT_LOGON) {
		if (guest_is_on(guest, due->login) || guest->leaving)
			return;
		if (!logins_are_enabled_for(guest, due->login))
			turn_away(host, guest, due->login);
		else
			guest_log_on(guest, due->login, host->now);
		return;
	}
	for (size_t i = guest->sessions.count; i-- > 0;)
		if (guest->sessions.at[i].login == due->login)
			guest_end_session(host, guest, &guest->sessions.at[i]);
}

/* What only a guest that runs can do; a paused one does it later, one that is off not at all. */
static void inside_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	struct demo_session *session;

	if (guest->domain_id < 0)
		return;
	if (!demo_guest_is_running(guest)) {
		struct demo_due later = *due;

		later.boot_generation = guest->boot_generation;
		/* What repeats comes again by itself. */
		if (!due->every)
			demo_host_plan_due(host, later, HELD_MS);
		return;
	}
	switch (due->what) {
	case EVENT_LOGON:
	case EVENT_LOGOFF:
		login_happens(host, guest, due);
		break;
	case EVENT_SESSION_ENDS:
		session = demo_guest_session(guest, due->session);
		if (session)
			guest_end_session(host, guest, session);
		break;
	case EVENT_FREEZE:
	case EVENT_THAW:
		guest->frozen = due->what == EVENT_FREEZE;
		break;
	case EVENT_AGENT_UP:
		connect_agent(host, guest);
		break;
	case EVENT_AGENT_DOWN:
		guest_drop_agent(host, guest);
		break;
	case EVENT_POWERED_OFF:
		guest_power_off(host, guest, VM_STATE_SHUTOFF);
		break;
	case EVENT_REBOOT:
		if (due->boot_generation)
			guest_reboot(host, guest);
		else
			script_verb(host, guest, OP_REBOOT);
		break;
	}
}

static void undefine(struct demo_host *host, struct demo_guest *guest)
{
	if (guest->domain_id >= 0)
		guest_power_off(host, guest, VM_STATE_SHUTOFF);
	guest->undefined = true;
	guest_news(host, guest, NEWS_GONE);
}

void demo_guest_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	if (guest->undefined && due->what != EVENT_ARRIVE)
		return;
	switch (due->what) {
	case EVENT_START:
		script_verb(host, guest, OP_START);
		break;
	case EVENT_SHUTDOWN:
		script_verb(host, guest, OP_SHUTDOWN);
		break;
	case EVENT_DESTROY:
		script_verb(host, guest, OP_DESTROY);
		break;
	case EVENT_PAUSE:
		script_verb(host, guest, OP_SUSPEND);
		break;
	case EVENT_DISK_FULL:
		demo_host_note(host, guest, "%s", _("its host's disk is full: no space left for its writes"));
		script_verb(host, guest, OP_SUSPEND);
		break;
	case EVENT_RESUME:
		script_verb(host, guest, OP_RESUME);
		break;
	case EVENT_CRASH:
		if (guest->domain_id >= 0)
			guest_power_off(host, guest, VM_STATE_CRASHED);
		break;
	case EVENT_UNDEFINE:
		undefine(host, guest);
		break;
	case EVENT_MIGRATE:
		guest_migrate(host, guest);
		break;
	case EVENT_MIGRATED:
		if (guest->state == VM_STATE_MIGRATING)
			guest_power_off(host, guest, VM_STATE_MIGRATED);
		break;
	case EVENT_ARRIVE:
		guest_arrive(host, guest);
		break;
	case EVENT_SAVED:
		/* One that was stopped, and begun anew, is due later. */
		if (guest->saving_since >= 0 && host->now - guest->saving_since >= guest_save_ms(guest))
			guest_power_off(host, guest, VM_STATE_SAVED);
		break;
	case EVENT_CHANNEL_READ:
		guest->channel_read = true;
		guest_news(host, guest, NEWS_CHANNEL);
		break;
	default:
		inside_happens(host, guest, due);
	}
}

/* --- as the demo begins --- */

static struct uuid make_uuid(uint64_t seed)
{
	struct uuid uuid;

	for (uint64_t i = 0; i < sizeof(uuid.bytes); i++)
		uuid.bytes[i] = (unsigned char)prng_draw(seed, i, 0);
	uuid.bytes[6] = (uuid.bytes[6] & 0x0f) | 0x40;
	uuid.bytes[8] = (uuid.bytes[8] & 0x3f) | 0x80;
	return uuid;
}

/* Longer than anybody who is logged on: a few hours, days or months. */
static int64_t up_before(const struct demo_guest *guest)
{
	static const int64_t most_hours[] = { 12, 24 * 12, 24 * 45, 24 * 400 };
	const int64_t hours = most_hours[prng_draw(guest->seed, 1, 3) % ARRAY_SIZE(most_hours)];
	int64_t up = prng_between(prng_draw(guest->seed, 2, 3), HOUR_MS, hours * HOUR_MS);

	for (size_t i = 0; i < guest->plan->login_count; i++)
		up = MAX(up, (int64_t)guest->plan->logins[i].since_s * 1000 + HOUR_MS);
	return up;
}

void demo_guest_init(struct demo_host *host, struct demo_guest *guest, const struct demo_vm_plan *vm, int index)
{
	*guest = (struct demo_guest){
		.plan = vm,
		.console_open = vm->console_busy,
		.os = vm->os ? vm->os : &demo_os_rows[OS_DEBIAN12],
		.seed = prng_name(host->seed, vm->name),
		.index = index,
		.boot_generation = 1,
		.state = vm->state == VM_STATE_UNKNOWN ? VM_STATE_RUNNING : vm->state,
		.frozen = vm->behaviour == BEHAVIOUR_FROZEN,
		.channel_read = vm->behaviour != BEHAVIOUR_UNREAD,
		.last_pid = 700,
		.saving_since = -1,
		.autostart = vm->autostart,
	};
	/* The seed of a demo may change, the machines in it stay the same. */
	if (!vm->uuid || !uuid_parse(vm->uuid, &guest->uuid))
		guest->uuid = make_uuid(prng_name(prng_name(0, host->plan->name), vm->name));
	guest->undefined = vm->absent;
	guest->domain_id = vm_state_has_process(guest->state) && !vm->absent ? ++host->last_domain_id : -1;
	guest->agent = guest->domain_id >= 0 && guest_has_agent(guest);
	guest->booted_at = -up_before(guest);
	if (guest->domain_id >= 0 || guest->state == VM_STATE_SAVED)
		guest_log_on_first(guest);
	if (!guest->channel_read)
		guest_plan(host, guest, EVENT_CHANNEL_READ, UNREAD_MS);
	demo_guest_seed_snapshots(host, guest);
}

void demo_guest_finish(struct demo_guest *guest)
{
	guest_forget_processes(guest);
	guest_forget_run(guest);
	VEC_FREE(&guest->processes);
	VEC_FREE(&guest->sessions);
	snapshot_list_free(&guest->snapshots);
}
