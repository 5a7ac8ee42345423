/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots over libvirt. All but a name is only in the XML; names go back as the bytes that libvirt gave. */
#include "backend/libvirt/libvirt_calls.h"
#include "backend/libvirt/libvirt_error.h"
#include "backend/libvirt/xml.h"

#include <stdlib.h>
#include <string.h>

bool libvirt_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			   struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain(be, slot, uuid, err);
	virDomainSnapshotPtr *found = NULL, current;
	struct snapshot_list list = { 0 };
	const char *current_key;
	virConnectPtr conn;
	int count;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom); /* now: asking for it forgets errors */
	count = virDomainListAllSnapshots(dom, &found, 0);
	if (count < 0) {
		libvirt_err_last(conn, err);
		virDomainFree(dom);
		return false;
	}
	current = count ? virDomainSnapshotCurrent(dom, 0) : NULL;
	current_key = current ? virDomainSnapshotGetName(current) : NULL;
	for (int i = 0; i < count; i++) {
		const char *key = virDomainSnapshotGetName(found[i]);
		struct snapshot *snapshot = key ? snapshot_list_add(&list, key) : NULL;
		char *xml = snapshot ? virDomainSnapshotGetXMLDesc(found[i], 0) : NULL;

		/* One that cannot be read, or went meanwhile, is listed by its name only. */
		if (xml)
			xml_read_snapshot(xml, strlen(xml), snapshot);
		if (snapshot)
			snapshot->current = current_key && strcmp(current_key, key) == 0;
		free(xml);
		virDomainSnapshotFree(found[i]);
	}
	free(found);
	snapshot_list_arrange(&list);
	if (current)
		virDomainSnapshotFree(current);
	virDomainFree(dom);
	*ret = list;
	return true;
}

bool libvirt_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err)
{
	/* libvirt quiesces only for disks: with memory it stops the guest, which is as good. */
	const unsigned flags = !order->disks_only ? 0
						  : VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY |
							    (order->quiesce ? VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE : 0);
	const char *const freeze = order->quiesce ? "guest-fsfreeze-freeze" : NULL; /* as libvirt tells the agent */
	virDomainPtr dom = libvirt_slot_domain_to_change(be, slot, uuid, err);
	virDomainSnapshotPtr made;
	virConnectPtr conn;
	char *name, *description, *xml;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	name = xml_escape(order->name);
	description = xml_escape(order->description ? order->description : "");
	xml = mem_printf("<domainsnapshot><name>%s</name><description>%s</description></domainsnapshot>", name,
			 description);
	made = virDomainSnapshotCreateXML(dom, xml, flags);
	if (made)
		virDomainSnapshotFree(made);
	else
		libvirt_err_last_of(&(struct libvirt_failure){ .command = freeze }, conn, err);
	free(xml);
	free(description);
	free(name);
	virDomainFree(dom);
	return made != NULL;
}

static bool act_on(struct backend *be, int slot, const struct uuid *uuid, const char *key,
		   int (*act)(virDomainSnapshotPtr snapshot, unsigned flags), struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain_to_change(be, slot, uuid, err);
	virDomainSnapshotPtr snapshot;
	virConnectPtr conn;
	bool ok;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	snapshot = virDomainSnapshotLookupByName(dom, key, 0);
	ok = snapshot && act(snapshot, 0) >= 0;
	if (!ok)
		libvirt_err_last(conn, err);
	if (snapshot)
		virDomainSnapshotFree(snapshot);
	virDomainFree(dom);
	return ok;
}

bool libvirt_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	return act_on(be, slot, uuid, key, virDomainRevertToSnapshot, err);
}

bool libvirt_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	return act_on(be, slot, uuid, key, virDomainSnapshotDelete, err);
}
