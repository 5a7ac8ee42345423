/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_calls.h"

#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_host.h"
#include "backend/libvirt/xml.h"
#include "base/clock.h"

#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>

enum { TIMEOUT_MAX_S = 3600, COMMAND_NAME_SIZE = 64 };

/* --- a slot's connection --- */

/*
 * ret_conn: the domain's; asking for it after a failure would forget the error. Only where the host is known to be up:
 * at a lost one a slot would wait for the time-out of each attempt.
 */
static virDomainPtr slot_domain(struct backend *be, int slot, const struct uuid *uuid, virConnectPtr *ret_conn,
				struct err *err)
{
	struct libvirt_host *host = (struct libvirt_host *)be;

	if (!atomic_load(&host->up)) {
		err_set(err, ERR_UNREACHABLE, _("%s is not connected"), be->config.name);
		return NULL;
	}
	*ret_conn = connection_acquire(host->slots[slot], be->config.connect_timeout_ms, err);
	return *ret_conn ? domain_find(*ret_conn, uuid, err) : NULL;
}

/* libvirt would refuse as well, but without the reason. */
bool libvirt_may_write(const struct backend *be, struct err *err)
{
	const struct libvirt_host *host = (const struct libvirt_host *)be;

	if (!atomic_load(&host->up) || atomic_load(&host->may_write))
		return true;
	return err_set(err, ERR_DENIED, _("%s allowed only a read-only connection; ask for the right to manage it"),
		       be->config.name);
}

/* The same for a call that changes something. */
static virDomainPtr slot_domain_to_change(struct backend *be, int slot, const struct uuid *uuid,
					  virConnectPtr *ret_conn, struct err *err)
{
	return libvirt_may_write(be, err) ? slot_domain(be, slot, uuid, ret_conn, err) : NULL;
}

/* --- agent commands --- */

bool libvirt_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			   char **ret_reply, struct err *err)
{
	static const char key[] = "\"execute\"";
	/* Finite, and none of libvirt's special values (0, -1, -2), two of which would wait for ever or not at all. */
	int seconds = MAX(1, MIN((timeout_ms + 999) / 1000, (int)TIMEOUT_MAX_S));
	char name[COMMAND_NAME_SIZE];
	struct libvirt_failure failure = { .agent = true, .command = name, .timeout_ms = (int64_t)seconds * 1000 };
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain_to_change(be, slot, uuid, &conn, err);
	const char *quoted;
	int64_t begun;
	char *reply;

	if (!dom)
		return false;
	/* "guest-exec" of {"execute":"guest-exec", ...}; empty where it has no name that libvirt could repeat. */
	quoted = strstr(command, key);
	quoted = quoted ? strchr(quoted + sizeof(key) - 1, '"') : NULL;
	snprintf(name, sizeof(name), "%.*s", quoted ? (int)strcspn(quoted + 1, "\"") : 0, quoted ? quoted + 1 : "");
	begun = clock_ms();
	reply = virDomainQemuAgentCommand(dom, command, seconds, 0);
	failure.elapsed_ms = clock_ms() - begun;
	if (!reply)
		return domain_err_last(dom, conn, &failure, err);
	*ret_reply = reply;
	return true;
}

/* --- verbs --- */

static bool last_error_is_flag(void)
{
	int code = virGetLastErrorCode();

	return code == VIR_ERR_INVALID_ARG || code == VIR_ERR_ARGUMENT_UNSUPPORTED || code == VIR_ERR_NO_SUPPORT;
}

/* By the XML that the flags choose. -1: it cannot be read. */
static int has_channel(virDomainPtr dom, unsigned flags)
{
	char *xml = virDomainGetXMLDesc(dom, flags);
	struct vm_info info = { 0 };
	const bool read = xml && xml_read_domain(xml, strlen(xml), &info);
	const int has = read ? info.channel != CHANNEL_ABSENT : -1;

	vm_info_free(&info);
	free(xml);
	return has;
}

/* A running VM that cannot get it has it after its next start: where it is defined, that is enough. */
static int add_channel(virDomainPtr dom)
{
	static const char xml[] = AGENT_CHANNEL_XML;
	const bool is_persistent = virDomainIsPersistent(dom) == 1;
	const int defined = is_persistent ? has_channel(dom, VIR_DOMAIN_XML_INACTIVE) : 0;

	if (defined < 0 ||
	    (is_persistent && !defined && virDomainAttachDeviceFlags(dom, xml, VIR_DOMAIN_AFFECT_CONFIG) < 0))
		return -1;
	if (virDomainIsActive(dom) != 1 || has_channel(dom, 0) == 1 ||
	    virDomainAttachDeviceFlags(dom, xml, VIR_DOMAIN_AFFECT_LIVE) == 0)
		return 0;
	return is_persistent ? 0 : -1;
}

/* Drivers that know only one way to shut down or reboot know no flag for it. */
static int run_verb(virDomainPtr dom, enum operation operation, bool use_agent)
{
	int result;

	switch (operation) {
	case OP_START:
		return virDomainCreate(dom);
	case OP_SHUTDOWN:
		if (use_agent)
			return virDomainShutdownFlags(dom, VIR_DOMAIN_SHUTDOWN_GUEST_AGENT);
		result = virDomainShutdownFlags(dom, VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN);
		return result < 0 && last_error_is_flag() ? virDomainShutdown(dom) : result;
	case OP_REBOOT:
		if (use_agent)
			return virDomainReboot(dom, VIR_DOMAIN_REBOOT_GUEST_AGENT);
		result = virDomainReboot(dom, VIR_DOMAIN_REBOOT_ACPI_POWER_BTN);
		return result < 0 && last_error_is_flag() ? virDomainReboot(dom, 0) : result;
	case OP_RESET:
		return virDomainReset(dom, 0);
	case OP_DESTROY:
		return virDomainDestroyFlags(dom, 0);
	case OP_SUSPEND:
		return virDomainSuspend(dom);
	case OP_RESUME:
		return domain_get_state(dom) == VM_STATE_PMSUSPENDED ? virDomainPMWakeup(dom, 0) : virDomainResume(dom);
	case OP_MANAGEDSAVE:
		return virDomainManagedSave(dom, 0);
	case OP_AUTOSTART:
	case OP_NO_AUTOSTART:
		return virDomainSetAutostart(dom, operation == OP_AUTOSTART);
	case OP_ADD_CHANNEL:
		return add_channel(dom);
	default:
		return -1;
	}
}

bool libvirt_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		       struct err *err)
{
	bool through_agent = use_agent && (operation == OP_SHUTDOWN || operation == OP_REBOOT);
	bool needs_process = operation != OP_START && operation != OP_AUTOSTART && operation != OP_NO_AUTOSTART &&
			     operation != OP_ADD_CHANNEL;
	/* libvirt has the agent reboot a guest by shutting it down in another way. */
	struct libvirt_failure failure = { .agent = through_agent, .command = through_agent ? "guest-shutdown" : NULL };
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain_to_change(be, slot, uuid, &conn, err);
	int64_t begun;

	if (!dom)
		return false;
	begun = clock_ms();
	if (run_verb(dom, operation, use_agent) >= 0)
		return true;
	failure.elapsed_ms = clock_ms() - begun;
	return needs_process ? domain_err_last(dom, conn, &failure, err) : libvirt_err_last(conn, err);
}

/* --- info --- */

bool libvirt_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err)
{
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain(be, slot, uuid, &conn, err);
	struct vm_info info;

	if (!dom || !domain_get_info(dom, &info, err))
		return false;
	if (domain_get_xml_info(dom, &info, err)) {
		*ret_facts = info;
		return true;
	}
	vm_info_free(&info);
	return false;
}

bool libvirt_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		    struct err *err)
{
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain(be, slot, uuid, &conn, err);
	virDomainInterfacePtr *interfaces = NULL;
	struct address_list list = { 0 };
	int count;

	if (!dom)
		return false;
	count = virDomainInterfaceAddresses(dom, &interfaces, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE, 0);
	if (count < 0)
		return domain_err_last(dom, conn, NULL, err);
	for (int i = 0; i < count; i++) {
		for (unsigned j = 0; j < interfaces[i]->naddrs; j++) {
			const char *text = interfaces[i]->addrs[j].addr;
			struct address address;

			if (text && address_read(text, strlen(text), &address))
				address_list_add(&list, &address);
		}
		virDomainInterfaceFree(interfaces[i]);
	}
	free(interfaces);
	*ret_list = list;
	return true;
}

/* --- the job that a host runs with a domain --- */

struct host_job {
	int operation; /* UNKNOWN: none, or it does not say */
	int percent;   /* -1 unknown */
	int64_t ms;    /* for so long; -1 unknown */
};

static bool read_job(virDomainPtr dom, virConnectPtr conn, struct host_job *ret, struct err *err)
{
	int type = VIR_DOMAIN_JOB_NONE, count = 0;
	virTypedParameterPtr params = NULL;
	unsigned long long total = 0, left = 0, ms;

	*ret = (struct host_job){ .operation = VIR_DOMAIN_JOB_OPERATION_UNKNOWN, .percent = -1, .ms = -1 };
	if (virDomainGetJobStats(dom, &type, &params, &count, 0) != 0)
		return domain_err_last(dom, conn, NULL, err);
	if (type != VIR_DOMAIN_JOB_NONE)
		virTypedParamsGetInt(params, count, VIR_DOMAIN_JOB_OPERATION, &ret->operation);
	if (virTypedParamsGetULLong(params, count, VIR_DOMAIN_JOB_DATA_TOTAL, &total) == 1 && total &&
	    virTypedParamsGetULLong(params, count, VIR_DOMAIN_JOB_DATA_REMAINING, &left) == 1 && left <= total)
		ret->percent = (int)(100.0 * (double)(total - left) / (double)total);
	if (virTypedParamsGetULLong(params, count, VIR_DOMAIN_JOB_TIME_ELAPSED, &ms) == 1 && ms <= INT64_MAX)
		ret->ms = (int64_t)ms;
	virTypedParamsFree(params, count);
	return true;
}

bool libvirt_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err)
{
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain(be, slot, uuid, &conn, err);
	struct host_job job;

	if (!dom || !read_job(dom, conn, &job, err))
		return false;
	/* A migration, or somebody else's backup, says nothing about our task. */
	*ret_percent = job.operation == VIR_DOMAIN_JOB_OPERATION_SAVE ||
				       job.operation == VIR_DOMAIN_JOB_OPERATION_SNAPSHOT ||
				       job.operation == VIR_DOMAIN_JOB_OPERATION_SNAPSHOT_REVERT
			       ? job.percent
			       : -1;
	return true;
}

/* Drivers without jobs have none that could be named. */
bool libvirt_examine(struct backend *be, int slot, const struct uuid *uuid, struct backend_examination *ret,
		     struct err *err)
{
	virConnectPtr conn;
	virDomainPtr dom = slot_domain(be, slot, uuid, &conn, err);
	struct host_job job;

	if (!dom)
		return false;
	*ret = (struct backend_examination){ .job_ms = -1 };
	ret->channel_is_defined = virDomainIsPersistent(dom) == 1 && has_channel(dom, VIR_DOMAIN_XML_INACTIVE) == 1;
	if (read_job(dom, conn, &job, NULL)) {
		ret->job_ms = job.ms;
		ret->job = job.operation == VIR_DOMAIN_JOB_OPERATION_BACKUP     ? "backup"
			   : job.operation == VIR_DOMAIN_JOB_OPERATION_SNAPSHOT ? "snapshot"
										: NULL;
	}
	virDomainFree(dom);
	return true;
}

bool libvirt_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain_to_change(be, slot, uuid, &conn, err);
	struct host_job job;

	if (!dom || !read_job(dom, conn, &job, err))
		return false;
	/* Somebody else's migration is not ours to end. */
	if (job.operation != VIR_DOMAIN_JOB_OPERATION_SAVE)
		return err_set(err, ERR_BUSY, _("the host is not running the requested job; nothing to cancel"));
	return virDomainAbortJob(dom) == 0 || domain_err_last(dom, conn, NULL, err);
}

/* --- snapshots: all but a name is only in the XML; names go back as the bytes that libvirt gave --- */

bool libvirt_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			   struct err *err)
{
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain(be, slot, uuid, &conn, err);
	virDomainSnapshotPtr *found = NULL, current;
	struct snapshot_list list = { 0 };
	const char *current_key;
	int count;

	if (!dom)
		return false;
	count = virDomainListAllSnapshots(dom, &found, 0);
	if (count < 0) {
		libvirt_err_last(conn, err);
		return false;
	}
	current = count ? virDomainSnapshotCurrent(dom, 0) : NULL;
	current_key = current ? virDomainSnapshotGetName(current) : NULL;
	for (int i = 0; i < count; i++) {
		const char *key = virDomainSnapshotGetName(found[i]);
		struct snapshot *snapshot = key ? snapshot_list_add(&list, key) : NULL;
		OWN(bytes) char *xml = snapshot ? virDomainSnapshotGetXMLDesc(found[i], 0) : NULL;

		/* One that cannot be read, or went meanwhile, is listed by its name only. */
		if (xml)
			xml_read_snapshot(xml, strlen(xml), snapshot);
		if (snapshot)
			snapshot->current = current_key && strcmp(current_key, key) == 0;
		virDomainSnapshotFree(found[i]);
	}
	free(found);
	snapshot_list_arrange(&list);
	if (current)
		virDomainSnapshotFree(current);
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
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain_to_change(be, slot, uuid, &conn, err);
	virDomainSnapshotPtr made;
	OWN(bytes) char *name = NULL, *description = NULL, *xml = NULL;

	if (!dom)
		return false;
	name = xml_escape(order->name);
	description = xml_escape(order->description ? order->description : "");
	xml = mem_printf("<domainsnapshot><name>%s</name><description>%s</description></domainsnapshot>", name,
			 description);
	made = virDomainSnapshotCreateXML(dom, xml, flags);
	if (!made)
		return libvirt_err_last_of(&(struct libvirt_failure){ .command = freeze }, conn, err);
	virDomainSnapshotFree(made);
	return true;
}

static bool act_on_snapshot(struct backend *be, int slot, const struct uuid *uuid, const char *key,
			    int (*act)(virDomainSnapshotPtr snapshot, unsigned flags), struct err *err)
{
	virConnectPtr conn;
	OWN(domain) virDomainPtr dom = slot_domain_to_change(be, slot, uuid, &conn, err);
	virDomainSnapshotPtr snapshot;
	bool ok;

	if (!dom)
		return false;
	snapshot = virDomainSnapshotLookupByName(dom, key, 0);
	ok = snapshot && act(snapshot, 0) >= 0;
	if (!ok)
		libvirt_err_last(conn, err);
	if (snapshot)
		virDomainSnapshotFree(snapshot);
	return ok;
}

bool libvirt_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	return act_on_snapshot(be, slot, uuid, key, virDomainRevertToSnapshot, err);
}

bool libvirt_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	return act_on_snapshot(be, slot, uuid, key, virDomainSnapshotDelete, err);
}
