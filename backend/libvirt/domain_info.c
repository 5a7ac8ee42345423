/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_info.h"

#include "backend/libvirt/xml.h"

#include <libvirt/virterror.h>

void domain_info_init(struct vm_info *info, virDomainPtr dom)
{
	unsigned id = virDomainGetID(dom);
	struct uuid uuid = { 0 };

	virDomainGetUUID(dom, uuid.bytes);
	*info = vm_info_unknown(&uuid);
	info->domain_id = id == (unsigned)-1 ? -1 : (int)id;
	info->name = text_sanitize_str(virDomainGetName(dom), TEXT_CAP_NAME);
}

void domain_info_set_state(struct vm_info *info, int state, int reason)
{
	static const enum vm_state states[] = {
		[VIR_DOMAIN_NOSTATE] = VM_STATE_UNKNOWN,      [VIR_DOMAIN_RUNNING] = VM_STATE_RUNNING,
		[VIR_DOMAIN_BLOCKED] = VM_STATE_IDLE,         [VIR_DOMAIN_PAUSED] = VM_STATE_PAUSED,
		[VIR_DOMAIN_SHUTDOWN] = VM_STATE_IN_SHUTDOWN, [VIR_DOMAIN_SHUTOFF] = VM_STATE_SHUTOFF,
		[VIR_DOMAIN_CRASHED] = VM_STATE_CRASHED,      [VIR_DOMAIN_PMSUSPENDED] = VM_STATE_PMSUSPENDED,
	};

	info->state = state >= 0 && state < (int)ARRAY_SIZE(states) ? states[state] : VM_STATE_UNKNOWN;
	/* A pause that belongs to a migration, and its end on the host that the VM left, are states of their own. */
	if (state == VIR_DOMAIN_SHUTOFF && reason == VIR_DOMAIN_SHUTOFF_MIGRATED)
		info->state = VM_STATE_MIGRATED;
	/* POSTCOPY: it runs there already, and some of its memory is still here. */
	if (state == VIR_DOMAIN_PAUSED &&
	    (reason == VIR_DOMAIN_PAUSED_MIGRATION || reason == VIR_DOMAIN_PAUSED_POSTCOPY ||
	     reason == VIR_DOMAIN_PAUSED_POSTCOPY_FAILED))
		info->state = VM_STATE_MIGRATING;
	/* Neither started nor stopped since the daemon itself was: why it is off, that went with the daemon before. */
	info->off_unexplained = info->state == VM_STATE_SHUTOFF && reason == VIR_DOMAIN_SHUTOFF_UNKNOWN;
}

bool domain_info_read_state(struct vm_info *info, virDomainPtr dom)
{
	int state = VIR_DOMAIN_NOSTATE, reason = 0;

	if (virDomainGetState(dom, &state, &reason, 0) < 0)
		return false;
	domain_info_set_state(info, state, reason);
	return true;
}

enum vm_state domain_get_state(virDomainPtr dom)
{
	struct vm_info info = { .state = VM_STATE_UNKNOWN };

	domain_info_read_state(&info, dom);
	return info.state;
}

bool domain_err_last(virDomainPtr dom, virConnectPtr conn, const struct libvirt_failure *known, struct err *err)
{
	OWN(libvirt_failure)
	struct libvirt_failure failure = known ? *known : (struct libvirt_failure){ .state = VM_STATE_UNKNOWN };

	libvirt_failure_read(&failure, conn);
	if (libvirt_failure_wants_state(&failure))
		failure.state = domain_get_state(dom);
	libvirt_failure_tell(&failure, err);
	return false;
}

virDomainPtr domain_find(virConnectPtr conn, const struct uuid *uuid, struct err *err)
{
	virDomainPtr dom = virDomainLookupByUUID(conn, uuid->bytes);

	if (!dom)
		libvirt_err_last(conn, err);
	return dom;
}

bool domain_get_info(virDomainPtr dom, struct vm_info *ret, struct err *err)
{
	virConnectPtr conn = virDomainGetConnect(dom);
	int state = VIR_DOMAIN_NOSTATE, reason = 0, autostart = -1;
	struct vm_info info;
	virDomainInfo figures;

	if (virDomainGetState(dom, &state, &reason, 0) < 0)
		return libvirt_err_last(conn, err);
	domain_info_init(&info, dom);
	domain_info_set_state(&info, state, reason);
	if (info.state == VM_STATE_SHUTOFF && virDomainHasManagedSaveImage(dom, 0) == 1)
		info.state = VM_STATE_SAVED;
	info.persistent = virDomainIsPersistent(dom);
	if (virDomainGetAutostart(dom, &autostart) == 0)
		info.autostart = autostart != 0;
	if (virDomainGetInfo(dom, &figures) == 0) {
		info.vcpus = figures.nrVirtCpu;
		info.memory_kib = (int64_t)figures.memory;
		info.max_memory_kib = (int64_t)figures.maxMem;
	}
	*ret = info;
	return true;
}

bool domain_get_xml_info(virDomainPtr dom, struct vm_info *info, struct err *err)
{
	virConnectPtr conn = virDomainGetConnect(dom);
	OWN(bytes) char *xml = virDomainGetXMLDesc(dom, 0);
	struct err why;
	bool read;

	if (!xml) {
		libvirt_err_last(conn, &why);
		if (why.kind == ERR_DENIED)
			info->channel = CHANNEL_DENIED;
		if (err)
			*err = why;
		return why.kind == ERR_DENIED;
	}
	read = xml_read_domain(xml, strlen(xml), info);
	return read || err_set(err, ERR_UNEXPECTED, _("cannot read the VM's XML"));
}

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

static int compare_uuids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

static int compare_facts(const void *a, const void *b)
{
	const struct vm_info *one = a, *other = b;

	return compare_uuids(&one->uuid, &other->uuid);
}

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

/*
 * For drivers without bulk statistics, and more domains than fit into an answer. Of a domain listed twice either entry
 * will do: the event of its change is on its way.
 */
static bool list_by_groups(virConnectPtr conn, struct domain_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < ARRAY_SIZE(state_groups); i++) {
		const struct state_group *group = &state_groups[i];
		virDomainPtr *doms = NULL;
		int count;

		if (list_by_stats(conn, group->filter, list))
			continue;
		count = virConnectListAllDomains(conn, &doms, group->filter);
		if (count < 0)
			return false;
		for (int j = 0; j < count; j++) {
			struct vm_info *info = VEC_PUSH(list);

			domain_info_init(info, doms[j]);
			info->state = group->state;
			if (!group->state)
				domain_info_read_state(info, doms[j]);
			virDomainFree(doms[j]);
		}
		free(doms);
	}
	if (list->count > 1)
		qsort(list->at, list->count, sizeof(*list->at), compare_facts);
	for (size_t i = 0; i < list->count; i++) {
		if (kept > 0 && uuid_equal(&list->at[kept - 1].uuid, &list->at[i].uuid))
			vm_info_free(&list->at[--kept]);
		list->at[kept++] = list->at[i];
	}
	list->count = kept;
	return true;
}

/* --- marks on some --- */

static bool add_matches(virConnectPtr conn, unsigned filter, struct uuid_list *set)
{
	virDomainPtr *doms = NULL;
	int count = virConnectListAllDomains(conn, &doms, filter);

	for (int i = 0; i < count; i++) {
		virDomainGetUUID(doms[i], VEC_PUSH(set)->bytes);
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

bool libvirt_list_domains(virConnectPtr conn, bool details, struct domain_list *ret, struct err *err)
{
	OWN(vec) struct uuid_list saved = { 0 }, autostart = { 0 }, transient = { 0 };
	bool autostart_known = false, transient_known = false;
	struct domain_list list = { 0 };
	struct err why = { 0 };
	bool listed = list_by_stats(conn, 0, &list);

	if (!listed) {
		libvirt_err_last(conn, &why);
		if (why.kind == ERR_UNSUPPORTED || why.kind == ERR_UNEXPECTED) {
			listed = list_by_groups(conn, &list);
			if (!listed)
				libvirt_err_last(conn, &why);
		}
	}
	if (!listed) {
		domain_list_free(&list);
		if (err)
			*err = why;
		return false;
	}
	find_matches(conn, VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE, &saved);
	if (details) {
		autostart_known = find_matches(conn, VIR_CONNECT_LIST_DOMAINS_AUTOSTART, &autostart);
		transient_known = find_matches(conn, VIR_CONNECT_LIST_DOMAINS_TRANSIENT, &transient);
	}
	for (size_t i = 0; i < list.count; i++) {
		struct vm_info *info = &list.at[i];

		if (info->state == VM_STATE_SHUTOFF && set_has(&saved, &info->uuid))
			info->state = VM_STATE_SAVED;
		if (autostart_known)
			info->autostart = set_has(&autostart, &info->uuid);
		if (transient_known)
			info->persistent = !set_has(&transient, &info->uuid);
	}
	VEC_FREE(&autostart);
	VEC_FREE(&transient);
	*ret = list;
	return true;
}
