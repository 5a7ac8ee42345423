/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_turn.h"

enum {
	MEMORY_MS = 900, /* a snapshot with memory, and going back to one */
	DISKS_MS = 300,
};

bool demo_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && (guest->plan->behaviour != BEHAVIOUR_DENIED ||
		       err_set(err, ERR_DENIED, _("not permitted on this host: 'QEMU' denied access")));
	if (ok)
		demo_guest_copy_snapshots(guest, ret);
	return demo_leave(demo, ok);
}

/* What libvirt asks of the agent first. */
static bool quiesce(struct demo *demo, struct demo_guest *guest, struct err *err)
{
	if (!demo_has_line(guest, err) || !demo_get_through(demo, guest, err))
		return false;
	if (guest->plan->behaviour == BEHAVIOUR_MUTE) {
		demo_wait_until(demo, demo->host.now + DEMO_SYNC_TIMEOUT_MS, guest);
		return demo_no_answer(err);
	}
	if (guest->plan->behaviour == BEHAVIOUR_OLD)
		return err_set_outside(err, ERR_AGENT_ABSENT, "",
				       "The command guest-fsfreeze-freeze has not been found");
	if (guest->frozen)
		return err_set_outside(err, ERR_AGENT_FROZEN, "",
				       "Command guest-fsfreeze-freeze has been disabled: the agent is in frozen state");
	return true;
}

/* The host goes on with it, whether we hear of its end or not. */
static bool take(struct demo *demo, struct demo_guest *guest, const struct snapshot_order *order, struct err *err)
{
	const enum vm_state state = guest->state;
	const bool with_memory = !order->disks_only && demo_guest_is_running(guest);
	const unsigned boot_generation = guest->boot_generation;

	if (with_memory)
		demo_guest_hold(&demo->host, guest, true);
	demo_post_turn(demo);
	demo_wait_until(demo, demo->host.now + (with_memory ? MEMORY_MS : DISKS_MS), guest);
	if (guest->boot_generation != boot_generation)
		return err_set(err, ERR_UNEXPECTED, _("the host refused: guest unexpectedly quit"));
	if (with_memory)
		demo_guest_hold(&demo->host, guest, false);
	demo_guest_take(&demo->host, guest, order, state);
	return demo_reach_host(demo, err);
}

bool demo_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			  struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && demo_may_write(demo, guest, err) && demo_guest_may_take(guest, order, err) &&
	     (!order->quiesce || quiesce(demo, guest, err)) && take(demo, guest, order, err);
	return demo_leave(demo, ok);
}

bool demo_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && demo_may_write(demo, guest, err) && demo_guest_revert(&demo->host, guest, key, err);
	demo_post_turn(demo);
	if (ok)
		demo_wait_until(demo, demo->host.now + MEMORY_MS, NULL);
	ok = ok && demo_reach_host(demo, err);
	return demo_leave(demo, ok);
}

bool demo_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && demo_may_write(demo, guest, err) && demo_guest_drop(&demo->host, guest, key, err);
	if (ok)
		demo_wait_until(demo, demo->host.now + DISKS_MS, NULL);
	ok = ok && demo_reach_host(demo, err);
	return demo_leave(demo, ok);
}
