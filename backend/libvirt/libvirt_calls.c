/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_calls.h"

#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_host.h"
#include "base/clock.h"

#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MAX_S = 3600, COMMAND_NAME_SIZE = 64 };

/* --- a slot's connection --- */

/* Only where the host is known to be up: at a lost one a slot would wait for the time-out of each attempt. */
virDomainPtr libvirt_slot_domain(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	struct libvirt_host *host = (struct libvirt_host *)be;
	virConnectPtr conn;

	if (!atomic_load(&host->up)) {
		err_set(err, ERR_UNREACHABLE, _("%s is not connected"), be->config.name);
		return NULL;
	}
	conn = connection_acquire(host->slots[slot], be->config.connect_timeout_ms, err);
	return conn ? domain_find(conn, uuid, err) : NULL;
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

virDomainPtr libvirt_slot_domain_to_change(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	return libvirt_may_write(be, err) ? libvirt_slot_domain(be, slot, uuid, err) : NULL;
}

/* --- agent commands --- */

/* "guest-exec" of {"execute":"guest-exec", ...}; empty where it has no name that libvirt could repeat. */
static void name_of(const char *command, char name[COMMAND_NAME_SIZE])
{
	static const char before[] = "\"execute\"";
	const char *at = strstr(command, before);

	at = at ? strchr(at + sizeof(before) - 1, '"') : NULL;
	snprintf(name, COMMAND_NAME_SIZE, "%.*s", at ? (int)strcspn(at + 1, "\"") : 0, at ? at + 1 : "");
}

bool libvirt_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			   char **ret_reply, struct err *err)
{
	/* Finite, and none of libvirt's special values (0, -1, -2), two of which would wait for ever or not at all. */
	int seconds = MAX(1, MIN((timeout_ms + 999) / 1000, (int)TIMEOUT_MAX_S));
	char name[COMMAND_NAME_SIZE];
	struct libvirt_failure failure = { .agent = true, .command = name, .timeout_ms = (int64_t)seconds * 1000 };
	virDomainPtr dom = libvirt_slot_domain_to_change(be, slot, uuid, err);
	virConnectPtr conn;
	int64_t begun;
	char *reply;

	if (!dom)
		return false;
	name_of(command, name);
	/* Before the call: asking for it forgets the error. */
	conn = virDomainGetConnect(dom);
	begun = clock_ms();
	reply = virDomainQemuAgentCommand(dom, command, seconds, 0);
	failure.elapsed_ms = clock_ms() - begun;
	if (reply)
		*ret_reply = reply;
	else
		domain_err_last(dom, conn, &failure, err);
	virDomainFree(dom);
	return reply != NULL;
}

/* --- verbs --- */

static bool last_error_is_flag(void)
{
	int code = virGetLastErrorCode();

	return code == VIR_ERR_INVALID_ARG || code == VIR_ERR_ARGUMENT_UNSUPPORTED || code == VIR_ERR_NO_SUPPORT;
}

/* Drivers that know only one way to shut down or reboot know no flag for it. */
static int run_verb(virDomainPtr dom, enum operation operation, bool use_agent)
{
	int result = -1;

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
	default:
		return -1;
	}
	return result;
}

bool libvirt_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		       struct err *err)
{
	bool through_agent = use_agent && (operation == OP_SHUTDOWN || operation == OP_REBOOT);
	bool needs_process = operation != OP_START && operation != OP_AUTOSTART && operation != OP_NO_AUTOSTART;
	/* libvirt has the agent reboot a guest by shutting it down in another way. */
	struct libvirt_failure failure = { .agent = through_agent, .command = through_agent ? "guest-shutdown" : NULL };
	virDomainPtr dom = libvirt_slot_domain_to_change(be, slot, uuid, err);
	virConnectPtr conn;
	int64_t begun;
	bool ran;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	begun = clock_ms();
	ran = run_verb(dom, operation, use_agent) >= 0;
	if (!ran) {
		failure.elapsed_ms = clock_ms() - begun;
		if (needs_process)
			domain_err_last(dom, conn, &failure, err);
		else
			libvirt_err_last(conn, err);
	}
	virDomainFree(dom);
	return ran;
}

/* --- info --- */

bool libvirt_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain(be, slot, uuid, err);
	struct vm_info info;
	bool found;

	if (!dom)
		return false;
	found = domain_get_info(dom, &info, err);
	if (found && !domain_get_xml_info(dom, &info, err)) {
		vm_info_free(&info);
		found = false;
	}
	virDomainFree(dom);
	if (found)
		*ret_facts = info;
	return found;
}
