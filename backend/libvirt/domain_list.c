/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_list.h"

#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_error.h"

#include <libvirt/virterror.h>
#include <string.h>

/*
 * The filters that together cover every domain, the same for a list call and for one of statistics. What is paused or
 * shut off may be so for a migration: only its reason says.
 */
static const struct state_group {
	unsigned filter;
	enum vm_state state; /* VM_STATE_UNKNOWN: ask each */
} state_groups[] = {
	{ VIR_CONNECT_LIST_DOMAINS_RUNNING, VM_STATE_RUNNING },
	{ VIR_CONNECT_LIST_DOMAINS_PAUSED, VM_STATE_UNKNOWN },
	{ VIR_CONNECT_LIST_DOMAINS_SHUTOFF, VM_STATE_UNKNOWN },
	{ VIR_CONNECT_LIST_DOMAINS_OTHER, VM_STATE_UNKNOWN },
};

void domain_list_free(struct domain_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		vm_info_free(&list->at[i]);
	VEC_FREE(list);
}

/* --- the state of all --- */

/* filter: one of state_groups, 0: all. */
static bool list_by_stats(virConnectPtr conn, unsigned filter, struct domain_list *ret)
{
	virDomainStatsRecordPtr *records = NULL;
	int count = virConnectGetAllDomainStats(conn, VIR_DOMAIN_STATS_STATE, &records, filter);

	if (count < 0)
		return false;
	for (int i = 0; i < count; i++) {
		struct vm_info *info = VEC_PUSH(ret);
		int state = VIR_DOMAIN_NOSTATE, reason = 0;

		domain_info_init(info, records[i]->dom);
		virTypedParamsGetInt(records[i]->params, records[i]->nparams, "state.state", &state);
		virTypedParamsGetInt(records[i]->params, records[i]->nparams, "state.reason", &reason);
		domain_info_set_state(info, state, reason);
	}
	virDomainStatsRecordListFree(records);
	return true;
}

static bool list_group(virConnectPtr conn, const struct state_group *group, struct domain_list *ret)
{
	virDomainPtr *doms = NULL;
	int count = virConnectListAllDomains(conn, &doms, group->filter);

	if (count < 0)
		return false;
	for (int i = 0; i < count; i++) {
		struct vm_info *info = VEC_PUSH(ret);

		domain_info_init(info, doms[i]);
		info->state = group->state;
		if (!group->state)
			domain_info_read_state(info, doms[i]);
		virDomainFree(doms[i]);
	}
	free(doms);
	return true;
}

/* For drivers without bulk statistics, and more domains than fit into an answer. Some may be listed twice. */
static bool list_by_groups(virConnectPtr conn, struct domain_list *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(state_groups); i++) {
		if (!list_by_stats(conn, state_groups[i].filter, ret) && !list_group(conn, &state_groups[i], ret))
			return false;
	}
	return true;
}

/* --- marks on some --- */

static int compare_uuids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

static int compare_facts(const void *a, const void *b)
{
	const struct vm_info *one = a, *other = b;

	return compare_uuids(&one->uuid, &other->uuid);
}

static bool add_matches(virConnectPtr conn, unsigned filter, struct uuid_list *set)
{
	virDomainPtr *doms = NULL;
	int count = virConnectListAllDomains(conn, &doms, filter);

	for (int i = 0; i < count; i++) {
		struct uuid *uuid = VEC_PUSH(set);

		domain_get_uuid(doms[i], uuid);
		virDomainFree(doms[i]);
	}
	free(doms);
	return count >= 0;
}

/* One list call, or one for each state where the host has more domains than fit into an answer. */
static bool find_matches(virConnectPtr conn, unsigned filter, struct uuid_list *set)
{
	bool found = add_matches(conn, filter, set);
	virErrorPtr last = found ? NULL : virGetLastError();

	if (!found && last && last->code == VIR_ERR_RPC) {
		found = true;
		for (size_t i = 0; found && i < ARRAY_SIZE(state_groups); i++)
			found = add_matches(conn, filter | state_groups[i].filter, set);
	}
	if (set->count > 0)
		qsort(set->at, set->count, sizeof(*set->at), compare_uuids);
	return found;
}

static bool set_has(const struct uuid_list *set, const struct uuid *uuid)
{
	return set->count > 0 && bsearch(uuid, set->at, set->count, sizeof(*set->at), compare_uuids);
}

static void mark_saved(virConnectPtr conn, struct domain_list *list)
{
	struct uuid_list saved = { 0 };

	find_matches(conn, VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE, &saved);
	for (size_t i = 0; saved.count > 0 && i < list->count; i++) {
		if (list->at[i].state == VM_STATE_SHUTOFF && set_has(&saved, &list->at[i].uuid))
			list->at[i].state = VM_STATE_SAVED;
	}
	VEC_FREE(&saved);
}

static void mark_details(virConnectPtr conn, struct domain_list *list)
{
	struct uuid_list autostart = { 0 }, transient = { 0 };
	bool autostart_known = find_matches(conn, VIR_CONNECT_LIST_DOMAINS_AUTOSTART, &autostart);
	bool transient_known = find_matches(conn, VIR_CONNECT_LIST_DOMAINS_TRANSIENT, &transient);

	for (size_t i = 0; i < list->count; i++) {
		struct vm_info *info = &list->at[i];

		if (autostart_known)
			info->autostart = set_has(&autostart, &info->uuid);
		if (transient_known)
			info->persistent = !set_has(&transient, &info->uuid);
	}
	VEC_FREE(&autostart);
	VEC_FREE(&transient);
}

/* Of a domain listed twice either entry will do: the event of its change is on its way. */
static void drop_doubles(struct domain_list *list)
{
	size_t kept = 0;

	if (list->count > 1)
		qsort(list->at, list->count, sizeof(*list->at), compare_facts);
	for (size_t i = 0; i < list->count; i++) {
		if (kept > 0 && uuid_equal(&list->at[kept - 1].uuid, &list->at[i].uuid))
			vm_info_free(&list->at[--kept]);
		list->at[kept++] = list->at[i];
	}
	list->count = kept;
}

bool libvirt_list_domains(virConnectPtr conn, bool details, struct domain_list *ret, struct err *err)
{
	struct domain_list list = { 0 };
	struct err why = { 0 };
	bool listed = list_by_stats(conn, 0, &list);

	if (!listed) {
		libvirt_err_last(conn, &why);
		if (why.kind == ERR_UNSUPPORTED || why.kind == ERR_UNEXPECTED) {
			listed = list_by_groups(conn, &list);
			if (listed)
				drop_doubles(&list);
			else
				libvirt_err_last(conn, &why);
		}
	}
	if (!listed) {
		domain_list_free(&list);
		if (err)
			*err = why;
		return false;
	}
	mark_saved(conn, &list);
	if (details)
		mark_details(conn, &list);
	*ret = list;
	return true;
}
