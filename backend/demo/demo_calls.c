/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What workers ask of the demo: its agents, its power, its figures of saving. */
#include "backend/demo/demo_agent.h"
#include "backend/demo/demo_turn.h"
#include "backend/demo/prng.h"

#include <string.h>

enum { LOOK_MS = 100, ANSWER_MS = 4 };

static bool never_answers(const struct demo *demo, const struct demo_guest *guest, const char *command)
{
	uint64_t drawn = prng_draw(guest->seed, (uint64_t)demo->host.now, 3);

	if (guest->plan->behaviour == BEHAVIOUR_MUTE)
		return true;
	return strstr(command, "\"guest-ping\"") && prng_between(drawn, 1, 100) <= guest->plan->misses_percent;
}

static int64_t answer_time(const struct demo *demo, const struct demo_guest *guest)
{
	int64_t usual = guest->plan->latency_ms ? guest->plan->latency_ms : ANSWER_MS;

	return usual + prng_between(prng_draw(guest->seed, (uint64_t)demo->host.now, 5), 0, usual / 4);
}

/*
 * A command that is answered too late is carried out all the same, as in a real guest. The guest may be
 * gone, rebooted or unheard when we come back from waiting.
 */
static bool converse(struct demo *demo, struct demo_guest *guest, const char *command, int timeout_ms, char **ret_reply,
		     struct err *err)
{
	int64_t begun = demo->host.now, takes = answer_time(demo, guest);
	unsigned boot_generation = guest->boot_generation;
	char *reply = NULL;

	if (never_answers(demo, guest, command) || takes > timeout_ms) {
		demo_wait_until(demo, begun + timeout_ms, guest);
		if (takes > timeout_ms && guest->boot_generation == boot_generation &&
		    demo_agent_answer(&demo->host, guest, command, &reply, NULL))
			free(reply);
		return demo_reach_host(demo, err) && demo_no_answer(err);
	}
	demo_wait_until(demo, begun + takes, guest);
	if (!demo_reach_host(demo, err))
		return false;
	if (guest->boot_generation != boot_generation || !guest->agent)
		return demo_no_answer(err);
	if (!demo_agent_answer(&demo->host, guest, command, ret_reply, err))
		return false;
	if (*ret_reply)
		return true;
	demo_wait_until(demo, begun + timeout_ms, guest);
	return demo_no_answer(err);
}

bool demo_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			char **ret_reply, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && demo_may_write(demo, guest, err) && demo_has_line(guest, err) &&
	     demo_get_through(demo, guest, err) && converse(demo, guest, command, timeout_ms, ret_reply, err);
	return demo_leave(demo, ok);
}

/* libvirt's shutdown and reboot by the agent: the same command, and its own patience. */
static bool ask_agent_to_leave(struct demo *demo, struct demo_guest *guest, enum operation operation, struct err *err)
{
	if (!demo_has_line(guest, err) || !demo_get_through(demo, guest, err))
		return false;
	if (guest->plan->behaviour == BEHAVIOUR_MUTE) {
		demo_wait_until(demo, demo->host.now + DEMO_SYNC_TIMEOUT_MS, guest);
		return demo_no_answer(err);
	}
	if (guest->frozen)
		return err_set_outside(err, ERR_AGENT_FROZEN, "",
				       "Command guest-shutdown has been disabled: the agent is in frozen state");
	demo_guest_shut_down(&demo->host, guest, operation == OP_REBOOT);
	return true;
}

/* The one verb whose call lasts as long as the work. */
static bool wait_for_save(struct demo *demo, struct demo_guest *guest, struct err *err)
{
	const unsigned boot_generation = guest->boot_generation;

	demo_post_turn(demo);
	while (guest->saving_since >= 0 && guest->boot_generation == boot_generation && !demo->stopping &&
	       demo_host_is_connected(&demo->host))
		demo_wait_until(demo, demo->host.now + LOOK_MS, guest);
	if (guest->boot_generation == boot_generation && guest->saving_since < 0)
		return err_set(err, ERR_CANCELLED, _("operation aborted: domain save job: canceled by client"));
	return true;
}

bool demo_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = demo_enter(demo, uuid, err);

	(void)slot;
	if (guest)
		*ret_percent = demo_guest_saved_percent(&demo->host, guest);
	return demo_leave(demo, guest != NULL);
}

bool demo_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && demo_may_write(demo, guest, err) && demo_guest_stop_saving(&demo->host, guest, err);
	return demo_leave(demo, ok);
}

bool demo_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		    struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && demo_may_write(demo, guest, err);
	if (ok && use_agent && (operation == OP_SHUTDOWN || operation == OP_REBOOT))
		ok = ask_agent_to_leave(demo, guest, operation, err);
	else if (ok)
		ok = demo_guest_apply_verb(&demo->host, guest, operation, err);
	demo_post_turn(demo);
	if (ok && operation == OP_MANAGEDSAVE)
		ok = wait_for_save(demo, guest, err);
	return demo_leave(demo, ok);
}

bool demo_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = demo_enter(demo, uuid, err);

	(void)slot;
	if (guest)
		demo_guest_facts(&demo->host, guest, ret_facts);
	return demo_leave(demo, guest != NULL);
}

/* The demo's guests are on a bridge: their addresses are not the host's to give. */
bool demo_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list, struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = demo_enter(demo, uuid, err);

	(void)slot;
	if (guest)
		*ret_list = (struct address_list){ 0 };
	return demo_leave(demo, guest != NULL);
}
