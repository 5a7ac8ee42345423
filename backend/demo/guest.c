/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated guest's life: power, its agent, and who is logged on. */
#include "backend/demo/chance.h"
#include "backend/demo/host.h"

#include <stdio.h>
#include <string.h>

enum {
	RESTORE_MS = 700,
	LOGIN_AFTER_BOOT_MS = 1500,
	RETURN_MS = 1600,
	SAVE_MS = 2500,
	AGAIN_MS = 5000,     /* an automatic login that was turned away tries again */
	HELD_MS = 500, /* a paused guest's plans are put off by so much */
	STOP_TIMEOUT_MS = 91000,
	UNREAD_MS = 20000,
	HOUR_MS = 3600 * 1000,
};

static int64_t draw(const struct demo_guest *guest, int64_t salt, int64_t low, int64_t high)
{
	return chance_between(chance_draw(guest->seed, guest->life, (uint64_t)salt), low, high);
}

static void news(struct demo_host *host, struct demo_guest *guest, unsigned bits)
{
	guest->news |= bits;
	host->news |= NEWS_GUESTS;
}

static void plan(struct demo_host *host, struct demo_guest *guest, enum demo_what what, int64_t in_ms)
{
	const struct demo_due due = { .what = (int)what, .guest = guest->index, .life = guest->life };

	demo_host_plan_due(host, due, in_ms);
}

/* 16 GiB a second. */
static int64_t save_ms(const struct demo_guest *guest)
{
	return SAVE_MS + guest->plan->memory_mib / 16;
}

bool demo_guest_is_running(const struct demo_guest *guest)
{
	return vm_state_is_active(guest->state);
}

static bool has_agent(const struct demo_guest *guest)
{
	return guest->plan->manner != MANNER_NONE && guest->plan->manner != MANNER_DOWN;
}

/* --- sessions --- */

enum line_kind { LINE_PTY, LINE_SERIAL, LINE_SCREEN };

static enum line_kind line_kind(const struct demo_login *login)
{
	switch (login->via) {
	case VIA_SSH:
		return LINE_PTY;
	case VIA_SERIAL:
		return LINE_SERIAL;
	default:
		return LINE_SCREEN;
	}
}

static int free_line(const struct demo_guest *guest, const struct demo_login *login)
{
	int line = line_kind(login) == LINE_SCREEN ? 1 : 0;

	for (size_t i = 0; i < guest->sessions.count; i++)
		if (line_kind(guest->sessions.at[i].login) == line_kind(login) && guest->sessions.at[i].line >= line)
			line = guest->sessions.at[i].line + 1;
	return line;
}

static void log_on(struct demo_guest *guest, const struct demo_login *login, int64_t since)
{
	int line = free_line(guest, login);
	struct demo_session *session = VEC_PUSH(&guest->sessions);

	*session = (struct demo_session){
		.login = login,
		.number = ++guest->last_session,
		.line = line,
		.since = since,
		.locked = login->locked,
		.disconnected = login->disconnected,
	};
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
	enum line_kind kind = line_kind(session->login);

	if (guest->os->family == FAMILY_WINDOWS && kind == LINE_SCREEN)
		snprintf(buf, 24, "Console");
	else if (guest->os->family == FAMILY_WINDOWS)
		snprintf(buf, 24, "RDP-Tcp#%d", session->line);
	else if (guest->os == &demo_os_rows[OS_FREEBSD14] && kind == LINE_SCREEN)
		snprintf(buf, 24, "ttyv%d", session->line - 1);
	else
		snprintf(buf, 24, "%s%d", prefixes[kind], session->line);
}

static bool is_on(const struct demo_guest *guest, const struct demo_login *login)
{
	for (size_t i = 0; i < guest->sessions.count; i++)
		if (guest->sessions.at[i].login == login)
			return true;
	return false;
}

/* How long it stays once it was told to go; -1: it does not care. */
static int64_t resistance(const struct demo_guest *guest, const struct demo_session *session, enum demo_push push)
{
	switch ((enum demo_leaves)session->login->leaves) {
	case LEAVES_SOON:
		return push == PUSH_HANGUP ? draw(guest, session->number, 400, 900)
					   : draw(guest, session->number, 600, 4000);
	case LEAVES_LATE:
		/* The stop time-out is the service manager's; a bare hang-up has none behind it. */
		if (push == PUSH_KILL)
			return draw(guest, session->number, 300, 2000);
		return push == PUSH_TERMINATE ? STOP_TIMEOUT_MS : -1;
	case LEAVES_KILLED:
		return push == PUSH_KILL ? draw(guest, session->number, 300, 1500) : -1;
	case LEAVES_NEVER:
	case LEAVES_COUNT:
		break;
	}
	return -1;
}

void demo_guest_push(struct demo_host *host, struct demo_guest *guest, struct demo_session *session,
		     enum demo_push push)
{
	const struct demo_due end = {
		.what = WHAT_SESSION_ENDS,
		.guest = guest->index,
		.life = guest->life,
		.session = session->number,
	};
	int64_t stays = resistance(guest, session, push);

	session->closing = session->closing || push != PUSH_HANGUP || stays >= 0;
	if (stays >= 0)
		demo_host_plan_due(host, end, stays);
}

static void plan_login(struct demo_host *host, struct demo_guest *guest, const struct demo_login *login, int64_t in_ms)
{
	const struct demo_due due = {
		.what = WHAT_LOGON,
		.guest = guest->index,
		.life = guest->life,
		.login = login,
	};

	demo_host_plan_due(host, due, in_ms);
}

static void end_session(struct demo_host *host, struct demo_guest *guest, struct demo_session *session)
{
	const struct demo_login *login = session->login;

	VEC_REMOVE(&guest->sessions, (size_t)(session - guest->sessions.at));
	if (login->returns)
		plan_login(host, guest, login, RETURN_MS);
}

/* --- power --- */

static void drop_agent(struct demo_host *host, struct demo_guest *guest)
{
	if (!guest->agent)
		return;
	guest->agent = false;
	news(host, guest, NEWS_CHANNEL | NEWS_DROPPED);
}

static void forget_processes(struct demo_guest *guest)
{
	for (size_t i = 0; i < guest->processes.count; i++) {
		free(guest->processes.at[i].out);
		free(guest->processes.at[i].err_out);
	}
	guest->processes.count = 0;
}

/* What is under /run does not outlive the guest's memory. */
static void forget_run(struct demo_guest *guest)
{
	free(guest->nologin);
	guest->nologin = NULL;
}

static void boot(struct demo_host *host, struct demo_guest *guest)
{
	int64_t ready = guest->os->boot_ms + draw(guest, 0, 0, 1500);

	guest->life++;
	guest->booted_at = host->now;
	guest->leaving = false;
	guest->frozen = false;
	drop_agent(host, guest);
	forget_processes(guest);
	log_off_all(guest);
	forget_run(guest);
	if (has_agent(guest))
		plan(host, guest, WHAT_AGENT_UP, ready);
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
	if (!restored) {
		boot(host, guest);
	} else {
		if (has_agent(guest))
			plan(host, guest, WHAT_AGENT_UP, RESTORE_MS);
		for (size_t i = 0; i < guest->sessions.count; i++)
			if (guest->sessions.at[i].closing)
				demo_guest_push(host, guest, &guest->sessions.at[i], PUSH_TERMINATE);
	}
	demo_host_note(host, guest, "%s", restored ? _("started from its saved state") : _("started"));
	news(host, guest, NEWS_FACTS | NEWS_CHANNEL | (restored ? 0 : NEWS_BOOTED));
}

static void power_off(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	guest->state = state;
	guest->domain_id = -1;
	guest->life++;
	guest->leaving = false;
	drop_agent(host, guest);
	forget_processes(guest);
	if (state != VM_STATE_SAVED)
		log_off_all(guest);
	guest->saving_since = -1;
	guest->undefined = guest->plan->transient;
	demo_host_note(host, guest, "%s", state == VM_STATE_SAVED ? _("shut off: saved") : _("shut off"));
	news(host, guest, guest->undefined ? NEWS_GONE : NEWS_FACTS);
}

static void reboot(struct demo_host *host, struct demo_guest *guest)
{
	boot(host, guest);
	news(host, guest, NEWS_REBOOTED);
}

void demo_guest_shut_down(struct demo_host *host, struct demo_guest *guest, bool again)
{
	int64_t takes = draw(guest, 1, 2200, 5600);

	if (guest->leaving)
		return;
	guest->leaving = true;
	plan(host, guest, WHAT_AGENT_DOWN, takes / 2);
	plan(host, guest, again ? WHAT_REBOOT : WHAT_POWERED_OFF, takes);
}

static bool refuse(struct err *err, const char *words)
{
	return err_set(err, ERR_UNEXPECTED, _("the host refused: %s"), words);
}

static void pause_or_resume(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	guest->state = state;
	demo_host_note(host, guest, "%s", state == VM_STATE_PAUSED ? _("paused") : _("runs again"));
	news(host, guest, NEWS_FACTS);
}

int demo_guest_saved_percent(const struct demo_host *host, const struct demo_guest *guest)
{
	return guest->saving_since < 0 ? -1 : (int)MIN(99, 100 * (host->now - guest->saving_since) / save_ms(guest));
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

static void restore(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	guest->state = state;
	guest->domain_id = ++host->last_domain_id;
	guest->channel_read = true;
	guest->life++;
	guest->leaving = guest->frozen = false;
	drop_agent(host, guest);
	forget_processes(guest);
	log_off_all(guest);
	for (size_t i = 0; i < guest->plan->login_count; i++)
		if (!guest->plan->logins[i].absent)
			log_on(guest, &guest->plan->logins[i], host->now);
	if (has_agent(guest))
		plan(host, guest, WHAT_AGENT_UP, RESTORE_MS);
	news(host, guest, NEWS_FACTS | NEWS_CHANNEL);
}

void demo_guest_go_back(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	if (state == VM_STATE_RUNNING || state == VM_STATE_PAUSED) {
		restore(host, guest, state);
	} else if (guest->domain_id >= 0) {
		power_off(host, guest, VM_STATE_SHUTOFF);
	} else {
		guest->state = VM_STATE_SHUTOFF;
		log_off_all(guest);
		news(host, guest, NEWS_FACTS);
	}
}

static bool obey_running(struct demo_host *host, struct demo_guest *guest, enum vm_verb verb)
{
	switch (verb) {
	case VM_VERB_SHUTDOWN:
	case VM_VERB_REBOOT:
		if (!guest->plan->deaf && demo_guest_is_running(guest))
			demo_guest_shut_down(host, guest, verb == VM_VERB_REBOOT);
		return true;
	case VM_VERB_RESET:
		reboot(host, guest);
		return true;
	case VM_VERB_DESTROY:
		power_off(host, guest, VM_STATE_SHUTOFF);
		return true;
	case VM_VERB_SUSPEND:
		pause_or_resume(host, guest, VM_STATE_PAUSED);
		return true;
	case VM_VERB_RESUME:
		pause_or_resume(host, guest, VM_STATE_RUNNING);
		return true;
	case VM_VERB_MANAGEDSAVE:
		pause_or_resume(host, guest, VM_STATE_PAUSED);
		guest->saving_since = host->now;
		plan(host, guest, WHAT_SAVED, save_ms(guest));
		return true;
	case VM_VERB_START:
	case VM_VERB_AUTOSTART:
	case VM_VERB_NO_AUTOSTART:
	case VM_VERB_COUNT:
		break;
	}
	return false;
}

bool demo_guest_obey(struct demo_host *host, struct demo_guest *guest, enum vm_verb verb, struct err *err)
{
	if (verb == VM_VERB_START) {
		if (guest->domain_id >= 0)
			return refuse(err, _("the domain is running already"));
		power_on(host, guest);
		return true;
	}
	if (verb == VM_VERB_AUTOSTART || verb == VM_VERB_NO_AUTOSTART) {
		if (guest->plan->transient)
			return refuse(err, _("cannot set autostart for transient domain"));
		guest->autostart = verb == VM_VERB_AUTOSTART;
		return true;
	}
	if (guest->domain_id < 0)
		return err_set(err, ERR_NOT_RUNNING, _("the domain is not running; start it first"));
	if (verb == VM_VERB_MANAGEDSAVE && guest->plan->transient)
		return refuse(err, _("a transient domain cannot be saved"));
	if (verb == VM_VERB_RESUME && demo_guest_is_running(guest))
		return refuse(err, _("the domain is running already"));
	if (verb == VM_VERB_RESUME && guest->state == VM_STATE_PMSUSPENDED)
		return refuse(err, _("the domain is pm-suspended; wake it up instead"));
	if (verb == VM_VERB_SUSPEND && guest->state == VM_STATE_PMSUSPENDED)
		return refuse(err, _("the domain is pm-suspended"));
	return obey_running(host, guest, verb);
}

/* --- what happens to it --- */

static void connect_agent(struct demo_host *host, struct demo_guest *guest)
{
	if (guest->agent || guest->domain_id < 0 || guest->plan->manner == MANNER_NONE)
		return;
	guest->agent = true;
	news(host, guest, NEWS_CHANNEL);
}

static void script_verb(struct demo_host *host, struct demo_guest *guest, enum vm_verb verb)
{
	struct err ignored;

	/* A script that asks for what cannot be done any more is none of the client's business. */
	(void)demo_guest_obey(host, guest, verb, &ignored);
}

static bool door_is_open_for(const struct demo_guest *guest, const struct demo_login *login)
{
	return !guest->drained && (!guest->nologin || strcmp(login->user, "root") == 0);
}

static void turn_away(struct demo_host *host, struct demo_guest *guest, const struct demo_login *login)
{
	struct safe_text user = text_from_outside_str(login->user, TEXT_CAP_USER);

	if (login->returns)
		plan_login(host, guest, login, AGAIN_MS);
	else
		demo_host_note(host, guest, _("%s wanted to log on and found the door closed"), text_str(user));
	text_free(&user);
}

static void login_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	if (due->what == WHAT_LOGON) {
		if (is_on(guest, due->login) || guest->leaving)
			return;
		if (!door_is_open_for(guest, due->login))
			turn_away(host, guest, due->login);
		else
			log_on(guest, due->login, host->now);
		return;
	}
	for (size_t i = guest->sessions.count; i-- > 0;)
		if (guest->sessions.at[i].login == due->login)
			end_session(host, guest, &guest->sessions.at[i]);
}

/* What only a guest that runs can do; a paused one does it later, one that is off not at all. */
static void inside_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	struct demo_session *session;

	if (guest->domain_id < 0)
		return;
	if (!demo_guest_is_running(guest)) {
		struct demo_due later = *due;

		later.life = guest->life;
		/* What repeats comes again by itself. */
		if (!due->every)
			demo_host_plan_due(host, later, HELD_MS);
		return;
	}
	switch (due->what) {
	case WHAT_LOGON:
	case WHAT_LOGOFF:
		login_happens(host, guest, due);
		break;
	case WHAT_SESSION_ENDS:
		session = demo_guest_session(guest, due->session);
		if (session)
			end_session(host, guest, session);
		break;
	case WHAT_FREEZE:
	case WHAT_THAW:
		guest->frozen = due->what == WHAT_FREEZE;
		break;
	case WHAT_AGENT_UP:
		connect_agent(host, guest);
		break;
	case WHAT_AGENT_DOWN:
		drop_agent(host, guest);
		break;
	case WHAT_POWERED_OFF:
		power_off(host, guest, VM_STATE_SHUTOFF);
		break;
	case WHAT_REBOOT:
		if (due->life)
			reboot(host, guest);
		else
			script_verb(host, guest, VM_VERB_REBOOT);
		break;
	}
}

static void undefine(struct demo_host *host, struct demo_guest *guest)
{
	if (guest->domain_id >= 0)
		power_off(host, guest, VM_STATE_SHUTOFF);
	guest->undefined = true;
	news(host, guest, NEWS_GONE);
}

void demo_guest_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due)
{
	if (guest->undefined)
		return;
	switch (due->what) {
	case WHAT_START:
		script_verb(host, guest, VM_VERB_START);
		break;
	case WHAT_SHUTDOWN:
		script_verb(host, guest, VM_VERB_SHUTDOWN);
		break;
	case WHAT_DESTROY:
		script_verb(host, guest, VM_VERB_DESTROY);
		break;
	case WHAT_PAUSE:
		script_verb(host, guest, VM_VERB_SUSPEND);
		break;
	case WHAT_DISK_FULL:
		demo_host_note(host, guest, "%s", _("its host's disk is full: no space is left for what it writes"));
		script_verb(host, guest, VM_VERB_SUSPEND);
		break;
	case WHAT_RESUME:
		script_verb(host, guest, VM_VERB_RESUME);
		break;
	case WHAT_CRASH:
		if (guest->domain_id >= 0)
			power_off(host, guest, VM_STATE_CRASHED);
		break;
	case WHAT_UNDEFINE:
		undefine(host, guest);
		break;
	case WHAT_SAVED:
		/* One that was stopped, and begun anew, is due later. */
		if (guest->saving_since >= 0 && host->now - guest->saving_since >= save_ms(guest))
			power_off(host, guest, VM_STATE_SAVED);
		break;
	case WHAT_CHANNEL_READ:
		guest->channel_read = true;
		news(host, guest, NEWS_CHANNEL);
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
		uuid.bytes[i] = (unsigned char)chance_draw(seed, i, 0);
	uuid.bytes[6] = (uuid.bytes[6] & 0x0f) | 0x40;
	uuid.bytes[8] = (uuid.bytes[8] & 0x3f) | 0x80;
	return uuid;
}

static bool has_memory(enum vm_state state)
{
	return state != VM_STATE_SHUTOFF && state != VM_STATE_CRASHED;
}

/* Longer than anybody who is logged on: a few hours, days or months. */
static int64_t up_before(const struct demo_guest *guest)
{
	static const int64_t most_hours[] = { 12, 24 * 12, 24 * 45, 24 * 400 };
	const int64_t hours = most_hours[chance_draw(guest->seed, 1, 3) % ARRAY_SIZE(most_hours)];
	int64_t up = chance_between(chance_draw(guest->seed, 2, 3), HOUR_MS, hours * HOUR_MS);

	for (size_t i = 0; i < guest->plan->login_count; i++)
		up = MAX(up, (int64_t)guest->plan->logins[i].since_s * 1000 + HOUR_MS);
	return up;
}

void demo_guest_init(struct demo_host *host, struct demo_guest *guest, const struct demo_vm_plan *vm, int index)
{
	*guest = (struct demo_guest){
		.plan = vm,
		.os = vm->os ? vm->os : &demo_os_rows[OS_DEBIAN12],
		.seed = chance_name(host->seed, vm->name),
		.index = index,
		.life = 1,
		.state = vm->state == VM_STATE_UNKNOWN ? VM_STATE_RUNNING : vm->state,
		.frozen = vm->manner == MANNER_FROZEN,
		.channel_read = vm->manner != MANNER_UNREAD,
		.last_pid = 700,
		.saving_since = -1,
		.autostart = vm->autostart,
	};
	/* The seed of a demo may change, the machines in it stay the same. */
	if (!vm->uuid || !uuid_parse(vm->uuid, &guest->uuid))
		guest->uuid = make_uuid(chance_name(chance_name(0, host->plan->name), vm->name));
	guest->domain_id = has_memory(guest->state) && guest->state != VM_STATE_SAVED ? ++host->last_domain_id : -1;
	guest->agent = guest->domain_id >= 0 && has_agent(guest);
	guest->booted_at = -up_before(guest);
	if (has_memory(guest->state))
		for (size_t i = 0; i < vm->login_count; i++)
			if (!vm->logins[i].absent)
				log_on(guest, &vm->logins[i], -(int64_t)vm->logins[i].since_s * 1000);
	if (!guest->channel_read)
		plan(host, guest, WHAT_CHANNEL_READ, UNREAD_MS);
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
