/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_info.h"

#include "backend/libvirt/xml.h"

#include <stdlib.h>
#include <string.h>

/* A pause that belongs to a migration, and its end on the host that the VM left, are states of their own. */
static enum vm_state migration_of(int state, int reason)
{
	if (state == VIR_DOMAIN_SHUTOFF && reason == VIR_DOMAIN_SHUTOFF_MIGRATED)
		return VM_STATE_MIGRATED;
	if (state != VIR_DOMAIN_PAUSED)
		return VM_STATE_UNKNOWN;
	switch (reason) {
	case VIR_DOMAIN_PAUSED_MIGRATION:
	case VIR_DOMAIN_PAUSED_POSTCOPY: /* it runs there already, and some of its memory is still here */
	case VIR_DOMAIN_PAUSED_POSTCOPY_FAILED:
		return VM_STATE_MIGRATING;
	default:
		return VM_STATE_UNKNOWN;
	}
}

static enum vm_state state_from(int state, int reason)
{
	static const enum vm_state states[] = {
		[VIR_DOMAIN_NOSTATE] = VM_STATE_UNKNOWN,      [VIR_DOMAIN_RUNNING] = VM_STATE_RUNNING,
		[VIR_DOMAIN_BLOCKED] = VM_STATE_IDLE,         [VIR_DOMAIN_PAUSED] = VM_STATE_PAUSED,
		[VIR_DOMAIN_SHUTDOWN] = VM_STATE_IN_SHUTDOWN, [VIR_DOMAIN_SHUTOFF] = VM_STATE_SHUTOFF,
		[VIR_DOMAIN_CRASHED] = VM_STATE_CRASHED,      [VIR_DOMAIN_PMSUSPENDED] = VM_STATE_PMSUSPENDED,
	};

	const enum vm_state migration = migration_of(state, reason);

	if (migration != VM_STATE_UNKNOWN)
		return migration;
	return state >= 0 && state < (int)ARRAY_SIZE(states) ? states[state] : VM_STATE_UNKNOWN;
}

bool domain_get_uuid(virDomainPtr dom, struct uuid *ret_uuid)
{
	return virDomainGetUUID(dom, ret_uuid->bytes) == 0;
}

void domain_info_init(struct vm_info *info, virDomainPtr dom)
{
	unsigned id = virDomainGetID(dom);
	struct uuid uuid = { 0 };

	domain_get_uuid(dom, &uuid);
	*info = vm_info_unknown(&uuid);
	info->domain_id = id == (unsigned)-1 ? -1 : (int)id;
	info->name = text_sanitize_str(virDomainGetName(dom), TEXT_CAP_NAME);
}

void domain_info_set_state(struct vm_info *info, int state, int reason)
{
	info->state = state_from(state, reason);
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
	struct libvirt_failure failure = known ? *known : (struct libvirt_failure){ .state = VM_STATE_UNKNOWN };

	libvirt_failure_read(&failure, conn);
	if (libvirt_failure_wants_state(&failure))
		failure.state = domain_get_state(dom);
	libvirt_failure_tell(&failure, err);
	libvirt_failure_free(&failure);
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
	char *xml = virDomainGetXMLDesc(dom, 0);
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
	free(xml);
	return read || err_set(err, ERR_UNEXPECTED, _("cannot read the VM's XML"));
}
