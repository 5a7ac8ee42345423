/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated guest's life: how it begins, who is logged on, its power, and what happens to it. */
#include "backend/demo/demo_host.h"
#include "backend/demo/prng.h"

enum {
	AGAIN_MS = 5000, /* an automatic login that was turned away tries again */
	HELD_MS = 500,   /* a paused guest's plans are put off by so much */
	UNREAD_MS = 20000,
	HOUR_MS = 3600 * 1000,
	RESTORE_MS = 700,
	LOGIN_AFTER_BOOT_MS = 1500,
	SAVE_MS = 2500,
	SWITCH_MS = 700,  /* a migration's standstill */
	RETURN_MS = 1600, /* an automatic login comes back */
	STOP_TIMEOUT_MS = 91000,
};

/* The same each time for the same guest, life and salt. */
static int64_t draw(const struct demo_guest *guest, int64_t salt, int64_t low, int64_t high)
{
	return prng_between(prng_draw(guest->seed, guest->boot_generation, (uint64_t)salt), low, high);
}

/* Something that a client would hear of. */
static void add_news(struct demo_host *host, struct demo_guest *guest, unsigned bits)
{
	guest->news |= bits;
	host->news |= NEWS_GUESTS;
}

/* due: what, and for whom; it holds for the guest's present life. */
static void plan_due(struct demo_host *host, const struct demo_guest *guest, struct demo_due due, int64_t in_ms)
{
	due.guest = guest->index;
	due.boot_generation = guest->boot_generation;
	demo_host_plan_due(host, due, in_ms);
}

static void plan_event(struct demo_host *host, const struct demo_guest *guest, enum demo_what what, int64_t in_ms)
{
	plan_due(host, guest, (struct demo_due){ .what = (int)what }, in_ms);
}

static void plan_login(struct demo_host *host, const struct demo_guest *guest, const struct demo_login *login,
		       int64_t in_ms)
{
	plan_due(host, guest, (struct demo_due){ .what = EVENT_LOGON, .login = login }, in_ms);
}

bool demo_guest_is_running(const struct demo_guest *guest)
{
	return vm_state_is_active(guest->state);
}

const char *demo_guest_hostname(const struct demo_guest *guest)
{
	return guest->plan->hostname ? guest->plan->hostname : guest->plan->name;
}

static bool has_agent(const struct demo_guest *guest)
{
	return guest->live_channel && guest->plan->behaviour != BEHAVIOUR_NONE &&
	       guest->plan->behaviour != BEHAVIOUR_DOWN;
}

/* --- who is logged on --- */

enum line_kind { LINE_PTY, LINE_SERIAL, LINE_SCREEN };

static const enum line_kind line_kinds[VIA_COUNT] = {
	[VIA_SSH] = LINE_PTY,
	[VIA_CONSOLE] = LINE_SCREEN,
	[VIA_DESKTOP] = LINE_SCREEN,
	[VIA_SERIAL] = LINE_SERIAL,
};

static void log_on(struct demo_guest *guest, const struct demo_login *login, int64_t since)
{
	const enum line_kind kind = line_kinds[login->via];
	int line = kind == LINE_SCREEN ? 1 : 0;

	for (size_t i = 0; i < guest->sessions.count; i++)
		if (line_kinds[guest->sessions.at[i].login->via] == kind)
			line = MAX(line, guest->sessions.at[i].line + 1);
	*VEC_PUSH(&guest->sessions) = (struct demo_session){
		.login = login,
		.number = ++guest->last_session,
		.line = line,
		.since = since,
		.locked = login->locked,
		.disconnected = login->disconnected,
		.disconnected_at = MAX(since, -(int64_t)login->idle_s * 1000),
	};
}

/* Those who are on when the demo begins, since as long. */
static void log_on_first(struct demo_guest *guest)
{
	for (size_t i = 0; i < guest->plan->login_count; i++)
		if (!guest->plan->logins[i].absent)
			log_on(guest, &guest->plan->logins[i], -(int64_t)guest->plan->logins[i].since_s * 1000);
}

static void log_off_all(struct demo_guest *guest)
{
	guest->sessions.count = 0;
	guest->last_session = 0;
}

struct demo_session *demo_guest_session(struct demo_guest *guest, int number)
{
	for (size_t i = 0; i < guest->sessions.count; i++)
		if (guest->sessions.at[i].number == number)
			return &guest->sessions.at[i];
	return NULL;
}

void demo_session_line(const struct demo_guest *guest, const struct demo_session *session, char buf[24])
{
	static const char *const prefixes[] = { [LINE_PTY] = "pts/", [LINE_SERIAL] = "ttyS", [LINE_SCREEN] = "tty" };
	enum line_kind kind = line_kinds[session->login->via];

	if (session->tty)
		snprintf(buf, 24, "%s", session->tty);
	else if (guest->os->family == FAMILY_WINDOWS && kind == LINE_SCREEN)
		snprintf(buf, 24, "Console");
	else if (guest->os->family == FAMILY_WINDOWS)
		snprintf(buf, 24, "RDP-Tcp#%d", session->line);
	else if (guest->os == &demo_os_rows[OS_FREEBSD14] && kind == LINE_SCREEN)
		snprintf(buf, 24, "ttyv%d", session->line - 1);
	else
		snprintf(buf, 24, "%s%d", prefixes[kind], session->line);
}

void demo_guest_push(struct demo_host *host, struct demo_guest *guest, struct demo_session *session,
		     enum demo_push push)
{
	/* How long it stays once it was told to go; -1: it does not care. */
	static const struct {
		int low, high; /* ms */
	} stays[LEAVES_COUNT][PUSH_COUNT] = {
		[LEAVES_SOON] = { { 400, 900 }, { 600, 4000 }, { 600, 4000 } },
		/* The stop time-out is the service manager's; a bare hang-up has none behind it. */
		[LEAVES_LATE] = { { -1, -1 }, { STOP_TIMEOUT_MS, STOP_TIMEOUT_MS }, { 300, 2000 } },
		[LEAVES_KILLED] = { { -1, -1 }, { -1, -1 }, { 300, 1500 } },
		[LEAVES_NEVER] = { { -1, -1 }, { -1, -1 }, { -1, -1 } },
	};
	const struct demo_due end = { .what = EVENT_SESSION_ENDS, .session = session->number };
	const int leaves = session->login->leaves;
	int64_t stay = draw(guest, session->number, stays[leaves][push].low, stays[leaves][push].high);

	session->closing = session->closing || push != PUSH_HANGUP || stay >= 0;
	if (stay >= 0)
		plan_due(host, guest, end, stay);
}

static void end_session(struct demo_host *host, struct demo_guest *guest, struct demo_session *session)
{
	const struct demo_login *login = session->login;

	VEC_REMOVE(&guest->sessions, (size_t)(session - guest->sessions.at));
	if (login->returns)
		plan_login(host, guest, login, RETURN_MS);
}

time_t demo_session_since(const struct demo_host *host, const struct demo_session *session)
{
	return session->login->login_time ? session->login->login_time : host->began + (time_t)(session->since / 1000);
}

int64_t demo_session_idle(const struct demo_host *host, const struct demo_session *session)
{
	const int64_t idle_ms = session->login->idle_s ? host->now + session->login->idle_s * INT64_C(1000) : 0;

	return MIN(idle_ms, host->now - session->since) / 1000;
}

/* --- on and off --- */

/* 16 GiB a second. */
static int64_t save_ms(const struct demo_guest *guest)
{
	return SAVE_MS + guest->plan->memory_mib / 16;
}

static void drop_agent(struct demo_host *host, struct demo_guest *guest)
{
	if (!guest->agent)
		return;
	guest->agent = false;
	add_news(host, guest, NEWS_CHANNEL | NEWS_DROPPED);
}

static void forget_processes(struct demo_guest *guest)
{
	for (size_t i = 0; i < guest->processes.count; i++) {
		free(guest->processes.at[i].out);
		free(guest->processes.at[i].err_out);
	}
	guest->processes.count = 0;
}

/* What is under /run, and what Windows drains until it restarts, does not outlive the guest's memory. */
static void forget_run(struct demo_guest *guest)
{
	free(guest->nologin);
	guest->nologin = NULL;
	guest->drained = guest->drained && !guest->drained_until_restart;
}

/* What does not outlive a power-off, a reset or a restored snapshot. */
static void end_life(struct demo_host *host, struct demo_guest *guest)
{
	guest->boot_generation++;
	guest->leaving = false;
	drop_agent(host, guest);
	forget_processes(guest);
}

static void boot(struct demo_host *host, struct demo_guest *guest)
{
	int64_t ready = guest->os->boot_ms + draw(guest, 0, 0, 1500);

	end_life(host, guest);
	guest->booted_at = host->now;
	guest->frozen = false;
	log_off_all(guest);
	forget_run(guest);
	if (has_agent(guest))
		plan_event(host, guest, EVENT_AGENT_UP, ready);
	for (size_t i = 0; i < guest->plan->login_count; i++)
		if (guest->plan->logins[i].returns)
			plan_login(host, guest, &guest->plan->logins[i], ready + LOGIN_AFTER_BOOT_MS);
}

static void power_on(struct demo_host *host, struct demo_guest *guest)
{
	bool restored = guest->state == VM_STATE_SAVED;

	guest->state = VM_STATE_RUNNING;
	guest->domain_id = ++host->last_domain_id;
	guest->channel_read = true;
	guest->live_channel = guest->defined_channel;
	if (!restored) {
		boot(host, guest);
	} else {
		if (has_agent(guest))
			plan_event(host, guest, EVENT_AGENT_UP, RESTORE_MS);
		for (size_t i = 0; i < guest->sessions.count; i++)
			if (guest->sessions.at[i].closing)
				demo_guest_push(host, guest, &guest->sessions.at[i], PUSH_TERMINATE);
	}
	demo_host_note(host, guest, "%s", restored ? _("started from its saved state") : _("started"));
	add_news(host, guest, NEWS_INFO | NEWS_CHANNEL | (restored ? NEWS_RESTORED : NEWS_BOOTED));
}

static void power_off(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	guest->state = state;
	guest->domain_id = -1;
	end_life(host, guest);
	if (state != VM_STATE_SAVED)
		log_off_all(guest);
	guest->saving_since = -1;
	guest->undefined = guest->plan->transient;
	demo_host_note(host, guest, "%s",
		       state == VM_STATE_SAVED      ? _("shut off: saved")
		       : state == VM_STATE_MIGRATED ? _("left by migration")
						    : _("shut off"));
	add_news(host, guest, NEWS_STOPPED | (guest->undefined ? NEWS_GONE : NEWS_INFO));
}

/* With whom its plan has it, and for as long: it is the same guest as on the host that it comes from. */
static void arrive(struct demo_host *host, struct demo_guest *guest)
{
	if (guest->domain_id >= 0)
		return;
	guest->undefined = false;
	guest->state = VM_STATE_RUNNING;
	guest->domain_id = ++host->last_domain_id;
	guest->boot_generation++;
	guest->agent = has_agent(guest);
	log_off_all(guest);
	log_on_first(guest);
	demo_host_note(host, guest, "%s", _("arrived by migration"));
	add_news(host, guest, NEWS_INFO | NEWS_CHANNEL | NEWS_RESTORED);
}

static void reboot(struct demo_host *host, struct demo_guest *guest)
{
	boot(host, guest);
	add_news(host, guest, NEWS_REBOOTED);
}

void demo_guest_shut_down(struct demo_host *host, struct demo_guest *guest, bool again)
{
	int64_t takes = draw(guest, 1, 2200, 5600);

	if (guest->leaving)
		return;
	guest->leaving = true;
	plan_event(host, guest, EVENT_AGENT_DOWN, takes / 2);
	plan_event(host, guest, again ? EVENT_REBOOT : EVENT_POWERED_OFF, takes);
}

static bool refuse(struct err *err, const char *words)
{
	return err_set(err, ERR_UNEXPECTED, _("the host refused: %s"), words);
}

static void pause_or_resume(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	guest->state = state;
	demo_host_note(host, guest, "%s", state == VM_STATE_PAUSED ? _("paused") : _("resumed"));
	add_news(host, guest, NEWS_INFO);
}

int demo_guest_saved_percent(const struct demo_host *host, const struct demo_guest *guest)
{
	if (guest->saving_since < 0)
		return -1;
	return (int)MIN(99, 100 * (host->now - guest->saving_since) / save_ms(guest));
}

bool demo_guest_stop_saving(struct demo_host *host, struct demo_guest *guest, struct err *err)
{
	if (guest->saving_since < 0)
		return refuse(err, _("no job is active on the domain"));
	guest->saving_since = -1;
	pause_or_resume(host, guest, VM_STATE_RUNNING);
	return true;
}

void demo_guest_hold(struct demo_host *host, struct demo_guest *guest, bool still)
{
	pause_or_resume(host, guest, still ? VM_STATE_PAUSED : VM_STATE_RUNNING);
}

void demo_guest_go_back(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	const bool with_memory = state == VM_STATE_RUNNING || state == VM_STATE_PAUSED;

	if (!with_memory && guest->domain_id >= 0) {
		power_off(host, guest, VM_STATE_SHUTOFF);
		return;
	}
	if (!with_memory) {
		guest->state = VM_STATE_SHUTOFF;
		log_off_all(guest);
		add_news(host, guest, NEWS_INFO);
		return;
	}
	guest->state = state;
	guest->domain_id = ++host->last_domain_id;
	guest->channel_read = true;
	guest->frozen = false;
	end_life(host, guest);
	log_off_all(guest);
	for (size_t i = 0; i < guest->plan->login_count; i++)
		if (!guest->plan->logins[i].absent)
			log_on(guest, &guest->plan->logins[i], host->now);
	if (has_agent(guest))
		plan_event(host, guest, EVENT_AGENT_UP, RESTORE_MS);
	add_news(host, guest, NEWS_INFO | NEWS_CHANNEL | NEWS_RESTORED);
}

static bool apply_to_running(struct demo_host *host, struct demo_guest *guest, enum operation operation)
{
	switch (operation) {
	case OP_SHUTDOWN:
	case OP_REBOOT:
		if (!guest->plan->ignores_acpi && demo_guest_is_running(guest))
			demo_guest_shut_down(host, guest, operation == OP_REBOOT);
		return true;
	case OP_RESET:
		reboot(host, guest);
		return true;
	case OP_DESTROY:
		power_off(host, guest, VM_STATE_SHUTOFF);
		return true;
	case OP_SUSPEND:
		pause_or_resume(host, guest, VM_STATE_PAUSED);
		return true;
	case OP_RESUME:
		pause_or_resume(host, guest, VM_STATE_RUNNING);
		return true;
	case OP_MANAGEDSAVE:
		pause_or_resume(host, guest, VM_STATE_PAUSED);
		guest->saving_since = host->now;
		plan_event(host, guest, EVENT_SAVED, save_ms(guest));
		return true;
	default:
		return false;
	}
}

bool demo_guest_apply_verb(struct demo_host *host, struct demo_guest *guest, enum operation operation, struct err *err)
{
	if (operation == OP_START) {
		if (guest->domain_id >= 0)
			return refuse(err, _("the domain is already running"));
		power_on(host, guest);
		return true;
	}
	if (operation == OP_AUTOSTART || operation == OP_NO_AUTOSTART) {
		if (guest->plan->transient)
			return refuse(err, _("cannot set autostart for transient domain"));
		guest->autostart = operation == OP_AUTOSTART;
		return true;
	}
	if (operation == OP_ADD_CHANNEL) {
		guest->defined_channel = true;
		/* As where no port is free on the VM's controllers. */
		guest->live_channel |= guest->domain_id >= 0 && guest->plan->behaviour != BEHAVIOUR_NOT_LIVE;
		add_news(host, guest, NEWS_CHANNEL);
		return true;
	}
	if (guest->domain_id < 0)
		return err_set(err, ERR_NOT_RUNNING, _("the domain is not running; start it first"));
	if (guest->state == VM_STATE_MIGRATING && operation != OP_DESTROY)
		return err_set(err, ERR_BUSY, _("the VM is busy with another program's request; try again later"));
	if (operation == OP_MANAGEDSAVE && guest->plan->transient)
		return refuse(err, _("a transient domain cannot be saved"));
	if (operation == OP_RESUME && demo_guest_is_running(guest))
		return refuse(err, _("the domain is already running"));
	if (operation == OP_RESUME && guest->state == VM_STATE_PMSUSPENDED)
		return refuse(err, _("the domain is pm-suspended; wake it up instead"));
	if (operation == OP_SUSPEND && guest->state == VM_STATE_PMSUSPENDED)
		return refuse(err, _("the domain is pm-suspended"));
	return apply_to_running(host, guest, operation);
}

/* --- what goes wrong on the way --- */

const struct demo_failure *demo_guest_begins_step(struct demo_guest *guest, enum demo_step step)
{
	int time;

	if (step == DEMO_STEP_COUNT)
		return NULL;
	time = ++guest->steps[step];
	for (size_t i = 0; i < guest->plan->failure_count; i++) {
		const struct demo_failure *failure = &guest->plan->failures[i];
		const int from = MAX(failure->from, 1);

		if (failure->step == (int)step && time >= from && (!failure->times || time < from + failure->times))
			return failure;
	}
	return NULL;
}

void demo_guest_takes_session(const struct demo_guest *guest, const struct demo_failure *failure,
			      struct demo_session *session, int64_t now)
{
	if (!session || !failure || failure->how != FAILS_TAKEN)
		return;
	for (size_t i = 0; i < guest->plan->login_count; i++) {
		if (!failure->user || strcmp(guest->plan->logins[i].user, failure->user) != 0)
			continue;
		session->login = &guest->plan->logins[i];
		session->since = now;
		session->closing = session->locked = session->disconnected = false;
	}
}

/* --- what happens to it --- */

static void script_verb(struct demo_host *host, struct demo_guest *guest, enum operation operation)
{
	struct err ignored;

	/* A script that asks for what cannot be done any more is none of the client's business. */
	(void)demo_guest_apply_verb(host, guest, operation, &ignored);
}

static void try_to_log_on(struct demo_host *host, struct demo_guest *guest, const struct demo_login *login)
{
	for (size_t i = 0; i < guest->sessions.count; i++)
		if (guest->sessions.at[i].login == login)
			return;
	if (guest->leaving)
		return;
	if (!guest->drained && (!guest->nologin || strcmp(login->user, "root") == 0)) {
		log_on(guest, login, host->now);
	} else if (login->returns) {
		plan_login(host, guest, login, AGAIN_MS);
	} else {
		OWN(text) struct safe_text user = text_sanitize_str(login->user, TEXT_CAP_USER);

		demo_host_note(host, guest, _("%s tried to log on, but logins are disabled"), text_str(user));
	}
}

/* What only a guest that runs can do; a paused one does it later, one that is off not at all. */
static void inside_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	struct demo_session *session;

	if (guest->domain_id < 0)
		return;
	if (!demo_guest_is_running(guest)) {
		/* What repeats comes again by itself. */
		if (!due->every)
			plan_due(host, guest, *due, HELD_MS);
		return;
	}
	switch (due->what) {
	case EVENT_LOGON:
		try_to_log_on(host, guest, due->login);
		break;
	case EVENT_LOGOFF:
		for (size_t i = guest->sessions.count; i-- > 0;)
			if (guest->sessions.at[i].login == due->login)
				end_session(host, guest, &guest->sessions.at[i]);
		break;
	case EVENT_SESSION_ENDS:
		session = demo_guest_session(guest, due->session);
		if (session)
			end_session(host, guest, session);
		break;
	case EVENT_FREEZE:
	case EVENT_THAW:
		guest->frozen = due->what == EVENT_FREEZE;
		break;
	case EVENT_AGENT_UP:
		if (!guest->agent && guest->live_channel) {
			guest->agent = true;
			add_news(host, guest, NEWS_CHANNEL);
		}
		break;
	case EVENT_AGENT_DOWN:
		drop_agent(host, guest);
		break;
	case EVENT_POWERED_OFF:
		power_off(host, guest, VM_STATE_SHUTOFF);
		break;
	case EVENT_REBOOT:
		if (due->boot_generation)
			reboot(host, guest);
		else
			script_verb(host, guest, OP_REBOOT);
		break;
	}
}

void demo_guest_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	static const enum operation verbs[EVENT_COUNT] = {
		[EVENT_START] = OP_START,   [EVENT_SHUTDOWN] = OP_SHUTDOWN, [EVENT_DESTROY] = OP_DESTROY,
		[EVENT_PAUSE] = OP_SUSPEND, [EVENT_RESUME] = OP_RESUME,
	};

	if (guest->undefined && due->what != EVENT_ARRIVE)
		return;
	switch (due->what) {
	case EVENT_START:
	case EVENT_SHUTDOWN:
	case EVENT_DESTROY:
	case EVENT_PAUSE:
	case EVENT_RESUME:
		script_verb(host, guest, verbs[due->what]);
		break;
	case EVENT_DISK_FULL:
		demo_host_note(host, guest, "%s", _("its host's disk is full: no space left for its writes"));
		script_verb(host, guest, OP_SUSPEND);
		break;
	case EVENT_CRASH:
		if (guest->domain_id >= 0)
			power_off(host, guest, VM_STATE_CRASHED);
		break;
	case EVENT_UNDEFINE:
		if (guest->domain_id >= 0)
			power_off(host, guest, VM_STATE_SHUTOFF);
		guest->undefined = true;
		add_news(host, guest, NEWS_GONE);
		break;
	case EVENT_MIGRATE:
		if (guest->domain_id < 0)
			break;
		guest->state = VM_STATE_MIGRATING;
		add_news(host, guest, NEWS_INFO);
		plan_event(host, guest, EVENT_MIGRATED, SWITCH_MS);
		break;
	case EVENT_MIGRATED:
		if (guest->state == VM_STATE_MIGRATING)
			power_off(host, guest, VM_STATE_MIGRATED);
		break;
	case EVENT_ARRIVE:
		arrive(host, guest);
		break;
	case EVENT_SAVED:
		/* One that was stopped, and begun anew, is due later. */
		if (guest->saving_since >= 0 && host->now - guest->saving_since >= save_ms(guest))
			power_off(host, guest, VM_STATE_SAVED);
		break;
	case EVENT_CHANNEL_READ:
		guest->channel_read = true;
		add_news(host, guest, NEWS_CHANNEL);
		break;
	default:
		inside_happens(host, guest, due);
	}
}

/* --- as the demo begins --- */

void demo_guest_init(struct demo_host *host, struct demo_guest *guest, const struct demo_vm_plan *vm, int index)
{
	static const int64_t most_hours[] = { 12, 24 * 12, 24 * 45, 24 * 400 };
	int64_t hours, up;

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
		.undefined = vm->absent,
	};
	if (!vm->uuid || !uuid_parse(vm->uuid, &guest->uuid)) {
		/* The seed of a demo may change, the machines in it stay the same. */
		const uint64_t seed = prng_name(prng_name(0, host->plan->name), vm->name);
		unsigned char *bytes = guest->uuid.bytes;

		for (uint64_t i = 0; i < sizeof(guest->uuid.bytes); i++)
			bytes[i] = (unsigned char)prng_draw(seed, i, 0);
		bytes[6] = (bytes[6] & 0x0f) | 0x40;
		bytes[8] = (bytes[8] & 0x3f) | 0x80;
	}
	guest->domain_id = vm_state_has_process(guest->state) && !vm->absent ? ++host->last_domain_id : -1;
	guest->defined_channel = vm->behaviour != BEHAVIOUR_NONE;
	guest->live_channel = guest->defined_channel && vm->behaviour != BEHAVIOUR_NOT_LIVE;
	guest->agent = guest->domain_id >= 0 && has_agent(guest);

	/* Longer than anybody who is logged on: a few hours, days or months. */
	hours = most_hours[prng_draw(guest->seed, 1, 3) % ARRAY_SIZE(most_hours)];
	up = prng_between(prng_draw(guest->seed, 2, 3), HOUR_MS, hours * HOUR_MS);
	for (size_t i = 0; i < vm->login_count; i++)
		up = MAX(up, (int64_t)vm->logins[i].since_s * 1000 + HOUR_MS);
	guest->booted_at = -up;

	if (guest->domain_id >= 0 || guest->state == VM_STATE_SAVED)
		log_on_first(guest);
	if (!guest->channel_read)
		plan_event(host, guest, EVENT_CHANNEL_READ, UNREAD_MS);
	demo_guest_seed_snapshots(host, guest);
}

void demo_guest_finish(struct demo_guest *guest)
{
	forget_processes(guest);
	forget_run(guest);
	VEC_FREE(&guest->processes);
	VEC_FREE(&guest->sessions);
	snapshot_list_free(&guest->snapshots);
}
