/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated guest's power, and the verbs of libvirt. */
#include "backend/demo/demo_guest_private.h"

enum {
	RESTORE_MS = 700,
	LOGIN_AFTER_BOOT_MS = 1500,
	SAVE_MS = 2500,
	SWITCH_MS = 700, /* a migration's standstill */
};

/* 16 GiB a second. */
int64_t guest_save_ms(const struct demo_guest *guest)
{
	return SAVE_MS + guest->plan->memory_mib / 16;
}

bool demo_guest_is_running(const struct demo_guest *guest)
{
	return vm_state_is_active(guest->state);
}

bool guest_has_agent(const struct demo_guest *guest)
{
	return guest->plan->behaviour != BEHAVIOUR_NONE && guest->plan->behaviour != BEHAVIOUR_DOWN;
}

/* --- on and off --- */

void guest_drop_agent(struct demo_host *host, struct demo_guest *guest)
{
	if (!guest->agent)
		return;
	guest->agent = false;
	guest_news(host, guest, NEWS_CHANNEL | NEWS_DROPPED);
}

void guest_forget_processes(struct demo_guest *guest)
{
	for (size_t i = 0; i < guest->processes.count; i++) {
		free(guest->processes.at[i].out);
		free(guest->processes.at[i].err_out);
	}
	guest->processes.count = 0;
}

/* What is under /run does not outlive the guest's memory. */
void guest_forget_run(struct demo_guest *guest)
{
	free(guest->nologin);
	guest->nologin = NULL;
	guest->drained = guest->drained && !guest->drained_until_restart;
}

static void boot(struct demo_host *host, struct demo_guest *guest)
{
	int64_t ready = guest->os->boot_ms + guest_draw(guest, 0, 0, 1500);

	guest->boot_generation++;
	guest->booted_at = host->now;
	guest->leaving = false;
	guest->frozen = false;
	guest_drop_agent(host, guest);
	guest_forget_processes(guest);
	guest_log_off_all(guest);
	guest_forget_run(guest);
	if (guest_has_agent(guest))
		guest_plan(host, guest, EVENT_AGENT_UP, ready);
	for (size_t i = 0; i < guest->plan->login_count; i++)
		if (guest->plan->logins[i].returns)
			guest_plan_login(host, guest, &guest->plan->logins[i], ready + LOGIN_AFTER_BOOT_MS);
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
		if (guest_has_agent(guest))
			guest_plan(host, guest, EVENT_AGENT_UP, RESTORE_MS);
		for (size_t i = 0; i < guest->sessions.count; i++)
			if (guest->sessions.at[i].closing)
				demo_guest_push(host, guest, &guest->sessions.at[i], PUSH_TERMINATE);
	}
	demo_host_note(host, guest, "%s", restored ? _("started from its saved state") : _("started"));
	guest_news(host, guest, NEWS_INFO | NEWS_CHANNEL | (restored ? NEWS_RESTORED : NEWS_BOOTED));
}

void guest_power_off(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	guest->state = state;
	guest->domain_id = -1;
	guest->boot_generation++;
	guest->leaving = false;
	guest_drop_agent(host, guest);
	guest_forget_processes(guest);
	if (state != VM_STATE_SAVED)
		guest_log_off_all(guest);
	guest->saving_since = -1;
	guest->undefined = guest->plan->transient;
	demo_host_note(host, guest, "%s",
		       state == VM_STATE_SAVED      ? _("shut off: saved")
		       : state == VM_STATE_MIGRATED ? _("left by migration")
						    : _("shut off"));
	guest_news(host, guest, NEWS_STOPPED | (guest->undefined ? NEWS_GONE : NEWS_INFO));
}

void guest_migrate(struct demo_host *host, struct demo_guest *guest)
{
	if (guest->domain_id < 0)
		return;
	guest->state = VM_STATE_MIGRATING;
	guest_news(host, guest, NEWS_INFO);
	guest_plan(host, guest, EVENT_MIGRATED, SWITCH_MS);
}

/* With whom its plan has it, and for as long: it is the same guest as on the host that it comes from. */
void guest_arrive(struct demo_host *host, struct demo_guest *guest)
{
	if (guest->domain_id >= 0)
		return;
	guest->undefined = false;
	guest->state = VM_STATE_RUNNING;
	guest->domain_id = ++host->last_domain_id;
	guest->boot_generation++;
	guest->agent = guest_has_agent(guest);
	guest_log_off_all(guest);
	guest_log_on_first(guest);
	demo_host_note(host, guest, "%s", _("arrived by migration"));
	guest_news(host, guest, NEWS_INFO | NEWS_CHANNEL | NEWS_RESTORED);
}

void guest_reboot(struct demo_host *host, struct demo_guest *guest)
{
	boot(host, guest);
	guest_news(host, guest, NEWS_REBOOTED);
}

void demo_guest_shut_down(struct demo_host *host, struct demo_guest *guest, bool again)
{
	int64_t takes = guest_draw(guest, 1, 2200, 5600);

	if (guest->leaving)
		return;
	guest->leaving = true;
	guest_plan(host, guest, EVENT_AGENT_DOWN, takes / 2);
	guest_plan(host, guest, again ? EVENT_REBOOT : EVENT_POWERED_OFF, takes);
}

static bool refuse(struct err *err, const char *words)
{
	return err_set(err, ERR_UNEXPECTED, _("the host refused: %s"), words);
}

static void pause_or_resume(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	guest->state = state;
	demo_host_note(host, guest, "%s", state == VM_STATE_PAUSED ? _("paused") : _("resumed"));
	guest_news(host, guest, NEWS_INFO);
}

int demo_guest_saved_percent(const struct demo_host *host, const struct demo_guest *guest)
{
	if (guest->saving_since < 0)
		return -1;
	return (int)MIN(99, 100 * (host->now - guest->saving_since) / guest_save_ms(guest));
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
	guest->boot_generation++;
	guest->leaving = guest->frozen = false;
	guest_drop_agent(host, guest);
	guest_forget_processes(guest);
	guest_log_off_all(guest);
	for (size_t i = 0; i < guest->plan->login_count; i++)
		if (!guest->plan->logins[i].absent)
			guest_log_on(guest, &guest->plan->logins[i], host->now);
	if (guest_has_agent(guest))
		guest_plan(host, guest, EVENT_AGENT_UP, RESTORE_MS);
	guest_news(host, guest, NEWS_INFO | NEWS_CHANNEL | NEWS_RESTORED);
}

void demo_guest_go_back(struct demo_host *host, struct demo_guest *guest, enum vm_state state)
{
	if (state == VM_STATE_RUNNING || state == VM_STATE_PAUSED) {
		restore(host, guest, state);
	} else if (guest->domain_id >= 0) {
		guest_power_off(host, guest, VM_STATE_SHUTOFF);
	} else {
		guest->state = VM_STATE_SHUTOFF;
		guest_log_off_all(guest);
		guest_news(host, guest, NEWS_INFO);
	}
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
		guest_reboot(host, guest);
		return true;
	case OP_DESTROY:
		guest_power_off(host, guest, VM_STATE_SHUTOFF);
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
		guest_plan(host, guest, EVENT_SAVED, guest_save_ms(guest));
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
