/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated guest's snapshots: nothing is kept in them but what the list of a host tells. */
#include "backend/demo/demo_host.h"

void demo_guest_seed_snapshots(const struct demo_host *host, struct demo_guest *guest)
{
	for (size_t i = 0; i < guest->plan->snapshot_count; i++) {
		const struct demo_snapshot *seed = &guest->plan->snapshots[i];
		struct snapshot *snapshot = snapshot_list_add(&guest->snapshots, seed->name);

		if (!snapshot)
			continue;
		snapshot->parent_key = seed->parent ? mem_strdup(seed->parent) : NULL;
		snapshot->description = text_sanitize_str(seed->description, TEXT_CAP_LINE);
		snapshot->created = (int64_t)host->began - seed->taken_s;
		snapshot->state = seed->disk_only || seed->state != VM_STATE_UNKNOWN ? seed->state : VM_STATE_RUNNING;
		snapshot->disks_only = seed->disk_only;
		snapshot->current = i + 1 == guest->plan->snapshot_count;
	}
}

void demo_guest_copy_snapshots(const struct demo_guest *guest, struct snapshot_list *ret)
{
	*ret = (struct snapshot_list){ .more = guest->snapshots.more };
	for (size_t i = 0; i < guest->snapshots.count; i++) {
		const struct snapshot *from = &guest->snapshots.at[i];
		struct snapshot *to = VEC_PUSH(ret);

		*to = *from;
		to->key = mem_strdup(from->key);
		to->parent_key = from->parent_key ? mem_strdup(from->parent_key) : NULL;
		to->name = text_copy(from->name);
		to->description = text_copy(from->description);
	}
	snapshot_list_arrange(ret);
}

static struct snapshot *find(struct demo_guest *guest, const char *key, struct err *err)
{
	const struct snapshot *found = snapshot_list_find(&guest->snapshots, key);
	OWN(text) struct safe_text name = { 0 };

	if (found)
		return &guest->snapshots.at[found - guest->snapshots.at];
	name = text_sanitize_str(key, TEXT_CAP_NAME);
	err_set(err, ERR_UNEXPECTED, _("the host refused: no domain snapshot with matching name '%s'"), text_str(name));
	return NULL;
}

static struct snapshot *current(struct demo_guest *guest)
{
	for (size_t i = 0; i < guest->snapshots.count; i++)
		if (guest->snapshots.at[i].current)
			return &guest->snapshots.at[i];
	return NULL;
}

bool demo_guest_may_take(const struct demo_guest *guest, const struct snapshot_order *order, struct err *err)
{
	if (guest->undefined)
		return err_set(err, ERR_NO_DOMAIN, _("no such VM, or it no longer exists"));
	if (guest->state == VM_STATE_PMSUSPENDED && !order->disks_only)
		return err_set(err, ERR_UNEXPECTED, _("the host refused: the domain is pm-suspended"));
	if (snapshot_list_find(&guest->snapshots, order->name))
		return err_set(err, ERR_UNEXPECTED, _("the host refused: domain moment %s already exists"),
			       order->name);
	if (guest->snapshots.count == SNAPSHOTS_MAX)
		return err_set(err, ERR_UNEXPECTED, _("the host refused: there are too many snapshots"));
	return true;
}

void demo_guest_take(struct demo_host *host, struct demo_guest *guest, const struct snapshot_order *order,
		     enum vm_state state)
{
	struct snapshot *parent = current(guest);
	char *parent_key = parent ? mem_strdup(parent->key) : NULL;
	struct snapshot *taken;

	if (parent)
		parent->current = false;
	taken = snapshot_list_add(&guest->snapshots, order->name);
	taken->parent_key = parent_key;
	taken->description = text_format("%s", order->description ? order->description : "");
	taken->created = (int64_t)host->began + host->now / 1000;
	taken->disks_only = order->disks_only && state != VM_STATE_SHUTOFF;
	taken->state = taken->disks_only ? VM_STATE_UNKNOWN : state == VM_STATE_SAVED ? VM_STATE_SHUTOFF : state;
	taken->current = true;
	demo_host_note(host, guest, _("snapshot %s was taken"), text_str(taken->name));
}

bool demo_guest_revert(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err)
{
	struct snapshot *snapshot = find(guest, key, err), *before;

	if (!snapshot)
		return false;
	if (guest->plan->transient && (snapshot->disks_only || !vm_state_is_active(snapshot->state)))
		return err_set(err, ERR_UNEXPECTED,
			       _("the host refused: transient domain needs to request run or pause to "
				 "revert to inactive snapshot"));
	before = current(guest);
	if (before)
		before->current = false;
	snapshot->current = true;
	demo_host_note(host, guest, _("reverted to snapshot %s"), text_str(snapshot->name));
	demo_guest_go_back(host, guest, snapshot->disks_only ? VM_STATE_SHUTOFF : snapshot->state);
	return true;
}

/* Its children become its parent's. */
bool demo_guest_drop(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err)
{
	struct snapshot *gone = find(guest, key, err);

	if (!gone)
		return false;
	for (size_t i = 0; i < guest->snapshots.count; i++) {
		struct snapshot *other = &guest->snapshots.at[i];

		if (gone->current && gone->parent_key && strcmp(gone->parent_key, other->key) == 0)
			other->current = true;
		if (other == gone || !other->parent_key || strcmp(other->parent_key, gone->key) != 0)
			continue;
		free(other->parent_key);
		other->parent_key = gone->parent_key ? mem_strdup(gone->parent_key) : NULL;
	}
	demo_host_note(host, guest, _("snapshot %s was deleted"), text_str(gone->name));
	snapshot_list_remove(&guest->snapshots, (size_t)(gone - guest->snapshots.at));
	return true;
}
