/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What workers ask of the demo: a guest's agent, its power, its snapshots. First, a worker's way there and back. */
#include "backend/demo/demo_agent.h"
#include "backend/demo/demo_turn.h"
#include "backend/demo/prng.h"
#include "base/clock.h"
#include "base/thread.h"

enum {
	SYNC_TIMEOUT_MS = 5000,  /* libvirt's, before each command */
	BUSY_TIMEOUT_MS = 30000, /* libvirt's, for another client's agent job */
	LOOK_MS = 100,
	ANSWER_MS = 4,
	MEMORY_MS = 900, /* a snapshot with memory, and going back to one */
	DISKS_MS = 300,
};

/* --- there and back; with the lock held --- */

/*
 * Until host time `when`, or until the connection or the guest's present life ends, or stop(). It goes from event to
 * event, so that a fake clock does not jump over one of those.
 */
static void wait_until(struct demo *demo, int64_t when, const struct demo_guest *guest)
{
	unsigned boot_generation = guest ? guest->boot_generation : 0;

	for (demo_catch_up(demo); demo->host.now < when; demo_catch_up(demo)) {
		int64_t next = demo_timeline_next(&demo->host.timeline);
		int64_t step = (next < 0 ? when : MIN(when, next)) - demo->host.now;

		if (demo->stopping || !demo_host_is_connected(&demo->host) ||
		    (guest && guest->boot_generation != boot_generation))
			return;
		if (clock_is_cranked()) {
			pthread_mutex_unlock(&demo->lock);
			clock_sleep(step);
			pthread_mutex_lock(&demo->lock);
		} else {
			struct timespec until = thread_deadline(CLOCK_MONOTONIC, step);

			pthread_cond_timedwait(&demo->changed, &demo->lock, &until);
		}
	}
}

/* The host can be asked; a hung one keeps us until it wakes up or is given up. */
static bool reach_host(struct demo *demo, struct err *err)
{
	demo_catch_up(demo);
	while (!demo->stopping && demo_host_is_connected(&demo->host) && demo_host_is_hung(&demo->host)) {
		wait_until(demo, demo->host.hung_until, NULL);
		if (!demo_host_is_connected(&demo->host))
			return err_set(err, ERR_LOST,
				       _("the connection to the host was lost; the request may have been carried out"));
	}
	if (demo->stopping)
		return err_set(err, ERR_LOST, _("the demo is over"));
	return demo_host_is_connected(&demo->host) || err_set(err, ERR_UNREACHABLE, _("the host is not connected"));
}

static struct demo_guest *enter(struct demo *demo, const struct uuid *uuid, struct err *err)
{
	struct demo_guest *guest;

	pthread_mutex_lock(&demo->lock);
	if (!reach_host(demo, err))
		return NULL;
	if (demo->host.plan->latency_ms) {
		wait_until(demo, demo->host.now + demo->host.plan->latency_ms, NULL);
		if (!reach_host(demo, err))
			return NULL;
	}
	guest = demo_host_find(&demo->host, uuid);
	if (!guest)
		err_set(err, ERR_NO_DOMAIN, _("no such VM, or it no longer exists"));
	return guest;
}

struct demo_guest *demo_enter_to_write(struct demo *demo, const struct uuid *uuid, struct err *err)
{
	struct demo_guest *guest = enter(demo, uuid, err);

	if (guest && demo->host.plan->monitor_only) {
		err_set(err, ERR_DENIED, _("not permitted on this host: it grants a read-only connection only"));
		return NULL;
	}
	if (guest && guest->plan->behaviour == BEHAVIOUR_DENIED) {
		err_set(err, ERR_DENIED, _("not permitted on this host: 'QEMU' denied access"));
		return NULL;
	}
	return guest;
}

bool demo_leave(struct demo *demo, bool ok)
{
	demo_post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
	return ok;
}

/* --- agents --- */

static bool no_answer(struct err *err)
{
	return err_set(
		err, ERR_NO_ANSWER,
		_("the agent did not answer in time; check the guest's load, or restart qemu-guest-agent in it"));
}

/* What libvirt does before a command itself: it takes the agent for this call, and syncs. */
static bool reach_agent(struct demo *demo, const struct demo_guest *guest, struct err *err)
{
	if (guest->domain_id < 0)
		return err_set(err, ERR_NOT_RUNNING, _("the VM is not running; start it first"));
	if (!demo_guest_is_running(guest))
		return err_set(err, ERR_PAUSED, _("the VM is paused; resume it first"));
	if (!guest->live_channel)
		return err_set(err, ERR_NO_CHANNEL,
			       _("the VM has no agent channel; add org.qemu.guest_agent.0 to its configuration"));
	if (!guest->agent)
		return err_set(err, ERR_NO_AGENT,
			       _("no agent is connected; install or start qemu-guest-agent in the guest"));
	if (guest->plan->behaviour == BEHAVIOUR_BUSY) {
		wait_until(demo, demo->host.now + BUSY_TIMEOUT_MS, guest);
		return err_set(err, ERR_BUSY, _("the VM is busy with another program's request; try again later"));
	}
	if (guest->plan->behaviour == BEHAVIOUR_NOSYNC) {
		wait_until(demo, demo->host.now + SYNC_TIMEOUT_MS, guest);
		return err_set(err, ERR_NOT_SENT, _("the agent does not answer, so nothing was sent; try again later"));
	}
	return true;
}

/* ... before a command of its own, for which it has its own patience. */
static bool reach_agent_for_host(struct demo *demo, const struct demo_guest *guest, struct err *err)
{
	if (!reach_agent(demo, guest, err))
		return false;
	if (guest->plan->behaviour != BEHAVIOUR_MUTE)
		return true;
	wait_until(demo, demo->host.now + SYNC_TIMEOUT_MS, guest);
	return no_answer(err);
}

/*
 * A command that is answered too late is carried out all the same, as in a real guest. The guest may be
 * gone, rebooted or unheard when we come back from waiting.
 */
static bool converse(struct demo *demo, struct demo_guest *guest, const char *command, int timeout_ms, char **ret_reply,
		     struct err *err)
{
	const struct demo_vm_plan *plan = guest->plan;
	const int64_t begun = demo->host.now, usual = plan->latency_ms ? plan->latency_ms : ANSWER_MS;
	const int64_t takes = usual + prng_between(prng_draw(guest->seed, (uint64_t)begun, 5), 0, usual / 4);
	const int64_t luck = prng_between(prng_draw(guest->seed, (uint64_t)begun, 3), 1, 100);
	const bool missed = strstr(command, "\"guest-ping\"") && luck <= plan->misses_percent;
	const unsigned boot_generation = guest->boot_generation;
	char *reply = NULL;

	if (plan->behaviour == BEHAVIOUR_MUTE || missed || takes > timeout_ms) {
		wait_until(demo, begun + timeout_ms, guest);
		if (takes > timeout_ms && guest->boot_generation == boot_generation &&
		    demo_agent_answer(&demo->host, guest, command, &reply, NULL))
			free(reply);
		return reach_host(demo, err) && no_answer(err);
	}
	wait_until(demo, begun + takes, guest);
	if (!reach_host(demo, err))
		return false;
	if (guest->boot_generation != boot_generation || !guest->agent)
		return no_answer(err);
	if (!demo_agent_answer(&demo->host, guest, command, ret_reply, err))
		return false;
	if (*ret_reply)
		return true;
	wait_until(demo, begun + timeout_ms, guest);
	return no_answer(err);
}

bool demo_agent_command(struct backend *be, int slot UNUSED, const struct uuid *uuid, const char *command,
			int timeout_ms, char **ret_reply, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter_to_write(demo, uuid, err);

	return demo_leave(demo, guest && reach_agent(demo, guest, err) &&
					converse(demo, guest, command, timeout_ms, ret_reply, err));
}

/* --- power, and what the host knows --- */

bool demo_lifecycle(struct backend *be, int slot UNUSED, const struct uuid *uuid, enum operation operation,
		    bool use_agent, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter_to_write(demo, uuid, err);
	bool ok = guest != NULL;
	unsigned boot_generation;

	if (ok && use_agent && (operation == OP_SHUTDOWN || operation == OP_REBOOT)) {
		ok = reach_agent_for_host(demo, guest, err) &&
		     (!guest->frozen ||
		      err_set_outside(err, ERR_AGENT_FROZEN, "",
				      "Command guest-shutdown has been disabled: the agent is in frozen state"));
		if (ok)
			demo_guest_shut_down(&demo->host, guest, operation == OP_REBOOT);
	} else if (ok) {
		ok = demo_guest_apply_verb(&demo->host, guest, operation, err);
	}
	if (!ok || operation != OP_MANAGEDSAVE)
		return demo_leave(demo, ok);

	/* The one verb whose call lasts as long as the work. */
	boot_generation = guest->boot_generation;
	demo_post_turn(demo);
	while (guest->saving_since >= 0 && guest->boot_generation == boot_generation && !demo->stopping &&
	       demo_host_is_connected(&demo->host))
		wait_until(demo, demo->host.now + LOOK_MS, guest);
	if (guest->boot_generation == boot_generation && guest->saving_since < 0)
		ok = err_set(err, ERR_CANCELLED, _("operation aborted: domain save job: canceled by client"));
	return demo_leave(demo, ok);
}

bool demo_job_percent(struct backend *be, int slot UNUSED, const struct uuid *uuid, int *ret_percent, struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);

	if (guest)
		*ret_percent = demo_guest_saved_percent(&demo->host, guest);
	return demo_leave(demo, guest != NULL);
}

bool demo_job_abort(struct backend *be, int slot UNUSED, const struct uuid *uuid, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter_to_write(demo, uuid, err);

	return demo_leave(demo, guest && demo_guest_stop_saving(&demo->host, guest, err));
}

bool demo_get_info(struct backend *be, int slot UNUSED, const struct uuid *uuid, struct vm_info *ret_facts,
		   struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);

	if (guest)
		demo_guest_facts(&demo->host, guest, ret_facts);
	return demo_leave(demo, guest != NULL);
}

bool demo_examine(struct backend *be, int slot UNUSED, const struct uuid *uuid, struct backend_examination *ret,
		  struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);

	if (guest)
		*ret = (struct backend_examination){
			.channel_is_defined = guest->defined_channel,
			.job = guest->plan->backup_s ? "backup" : NULL,
			.job_ms = guest->plan->backup_s ? (int64_t)guest->plan->backup_s * 1000 + demo->host.now : -1,
		};
	return demo_leave(demo, guest != NULL);
}

/* The demo's guests are on a bridge: their addresses are not the host's to give. */
bool demo_leases(struct backend *be, int slot UNUSED, const struct uuid *uuid, struct address_list *ret_list,
		 struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);

	if (guest)
		*ret_list = (struct address_list){ 0 };
	return demo_leave(demo, guest != NULL);
}

/* --- snapshots --- */

bool demo_snapshot_list(struct backend *be, int slot UNUSED, const struct uuid *uuid, struct snapshot_list *ret,
			struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	ok = guest && (guest->plan->behaviour != BEHAVIOUR_DENIED ||
		       err_set(err, ERR_DENIED, _("not permitted on this host: 'QEMU' denied access")));
	if (ok)
		demo_guest_copy_snapshots(guest, ret);
	return demo_leave(demo, ok);
}

/* What libvirt asks of the agent first. */
static bool quiesce(struct demo *demo, struct demo_guest *guest, struct err *err)
{
	if (!reach_agent_for_host(demo, guest, err))
		return false;
	if (guest->plan->behaviour == BEHAVIOUR_OLD)
		return err_set_outside(err, ERR_AGENT_ABSENT, "",
				       "The command guest-fsfreeze-freeze has not been found");
	if (guest->frozen)
		return err_set_outside(err, ERR_AGENT_FROZEN, "",
				       "Command guest-fsfreeze-freeze has been disabled: the agent is in frozen state");
	return true;
}

bool demo_snapshot_create(struct backend *be, int slot UNUSED, const struct uuid *uuid,
			  const struct snapshot_order *order, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter_to_write(demo, uuid, err);
	enum vm_state state;
	unsigned boot_generation;
	bool with_memory;

	if (!guest || !demo_guest_may_take(guest, order, err) || (order->quiesce && !quiesce(demo, guest, err)))
		return demo_leave(demo, false);

	/* The host goes on with it, whether we hear of its end or not. */
	state = guest->state;
	boot_generation = guest->boot_generation;
	with_memory = !order->disks_only && demo_guest_is_running(guest);
	if (with_memory)
		demo_guest_hold(&demo->host, guest, true);
	demo_post_turn(demo);
	wait_until(demo, demo->host.now + (with_memory ? MEMORY_MS : DISKS_MS), guest);
	if (guest->boot_generation != boot_generation)
		return demo_leave(demo, err_set(err, ERR_UNEXPECTED, _("the host refused: guest unexpectedly quit")));
	if (with_memory)
		demo_guest_hold(&demo->host, guest, false);
	demo_guest_take(&demo->host, guest, order, state);
	return demo_leave(demo, reach_host(demo, err));
}

bool demo_snapshot_revert(struct backend *be, int slot UNUSED, const struct uuid *uuid, const char *key,
			  struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter_to_write(demo, uuid, err);

	if (!guest || !demo_guest_revert(&demo->host, guest, key, err))
		return demo_leave(demo, false);
	demo_post_turn(demo);
	wait_until(demo, demo->host.now + MEMORY_MS, NULL);
	return demo_leave(demo, reach_host(demo, err));
}

bool demo_snapshot_delete(struct backend *be, int slot UNUSED, const struct uuid *uuid, const char *key,
			  struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter_to_write(demo, uuid, err);

	if (!guest || !demo_guest_drop(&demo->host, guest, key, err))
		return demo_leave(demo, false);
	wait_until(demo, demo->host.now + DISKS_MS, NULL);
	return demo_leave(demo, reach_host(demo, err));
}
