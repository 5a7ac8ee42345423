/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots over libvirt. What each is like only its XML tells; names go back as the bytes that libvirt gave. */
#include "backend/libvirt/libvirt_error.h"
#include "backend/libvirt/libvirt_calls.h"
#include "backend/libvirt/xml.h"

#include <stdlib.h>
#include <string.h>

/* --- listing --- */

static char *current_name(virDomainPtr dom)
{
	virDomainSnapshotPtr current = virDomainSnapshotCurrent(dom, 0);
	char *name = current ? mem_strdup(virDomainSnapshotGetName(current)) : NULL;

	if (current)
		virDomainSnapshotFree(current);
	return name;
}

/* One that cannot be read, or went meanwhile, is there by its name alone. */
static void read_snapshot(virDomainSnapshotPtr from, struct snapshot *snapshot)
{
	char *xml = virDomainSnapshotGetXMLDesc(from, 0);

	if (xml)
		xml_read_snapshot(xml, strlen(xml), snapshot);
	free(xml);
}

static void take_snapshots(virDomainSnapshotPtr *from, int count, const char *current, struct snapshot_list *list)
{
	for (int i = 0; i < count; i++) {
		const char *key = virDomainSnapshotGetName(from[i]);
		struct snapshot *snapshot = key ? snapshot_list_add(list, key) : NULL;

		if (snapshot) {
			read_snapshot(from[i], snapshot);
			snapshot->current = current && strcmp(current, key) == 0;
		}
		virDomainSnapshotFree(from[i]);
	}
	free(from);
}

bool libvirt_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			   struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain(be, slot, uuid, err);
	struct snapshot_list list = { 0 };
	virDomainSnapshotPtr *found = NULL;
	virConnectPtr conn;
	char *current;
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
	current = count ? current_name(dom) : NULL;
	take_snapshots(found, count, current, &list);
	snapshot_list_arrange(&list);
	free(current);
	virDomainFree(dom);
	*ret = list;
	return true;
}

/* --- acting --- */

static char *make_xml(const struct snapshot_order *order)
{
	char *name = xml_escape(order->name);
	char *description = xml_escape(order->description ? order->description : "");
	char *xml = mem_printf("<domainsnapshot><name>%s</name><description>%s</description></domainsnapshot>", name,
			       description);

	free(description);
	free(name);
	return xml;
}

bool libvirt_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err)
{
	/* libvirt quiesces for the disks alone: with memory it stops the guest, which is as good. */
	const unsigned flags = !order->disks_only ? 0 :
			       VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY |
				       (order->quiesce ? VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE : 0);
	virDomainPtr dom = libvirt_slot_domain_to_change(be, slot, uuid, err);
	virDomainSnapshotPtr made;
	virConnectPtr conn;
	char *xml;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	xml = make_xml(order);
	made = virDomainSnapshotCreateXML(dom, xml, flags);
	if (made)
		virDomainSnapshotFree(made);
	else
		libvirt_err_last(conn, err);
	free(xml);
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
