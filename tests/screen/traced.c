/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked with the rest of innkeeper, it makes a program that notes in $INNKEEPER_TRACE, one line each, every call by
 * which it could change anything, at the last place that is ours:
 *	act COMMAND, verb VERB, console on the way into the gate of backend/backend.c
 *	agent COMMAND, obey VERB       behind the gate, in the demo
 *	libvirt FUNCTION               a call that changes something or asks a guest; it fails instead
 *	open read-only, read-write     a connection
 * With $INNKEEPER_WALL_JUMPS the time of day jumps a day to and fro at each reading.
 */
#include "backend/backend.h"
#include "backend/demo/demo_agent.h"

#include <fcntl.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <stdatomic.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"

static void note(const char *what, const char *which)
{
	const char *path = getenv("INNKEEPER_TRACE");
	char *line = mem_printf("%s %s\n", what, which);
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd >= 0) {
		if (write(fd, line, strlen(line)) < 0)
			abort();
		close(fd);
	}
	free(line);
}

/* --- the gate --- */

bool __wrap_backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
				  const char *command, int timeout_ms, char **ret_reply, struct err *err);
bool __real_backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
				  const char *command, int timeout_ms, char **ret_reply, struct err *err);
bool __wrap_backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			      bool use_agent, struct err *err);
bool __real_backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			      bool use_agent, struct err *err);

bool __wrap_backend_snapshot_create(struct backend *be, int slot, const struct uuid *uuid,
				    const struct snapshot_order *order, struct err *err);
bool __real_backend_snapshot_create(struct backend *be, int slot, const struct uuid *uuid,
				    const struct snapshot_order *order, struct err *err);
bool __wrap_backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);
bool __real_backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);
bool __wrap_backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);
bool __real_backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);

bool __wrap_backend_snapshot_create(struct backend *be, int slot, const struct uuid *uuid,
				    const struct snapshot_order *order, struct err *err)
{
	note("verb", "snapshot-create");
	return __real_backend_snapshot_create(be, slot, uuid, order, err);
}

bool __wrap_backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err)
{
	note("verb", "snapshot-revert");
	return __real_backend_snapshot_revert(be, slot, uuid, key, err);
}

bool __wrap_backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err)
{
	note("verb", "snapshot-delete");
	return __real_backend_snapshot_delete(be, slot, uuid, key, err);
}

bool __wrap_backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
				  const char *command, int timeout_ms, char **ret_reply, struct err *err)
{
	if (intent != BACKEND_LOOKS)
		note("act", command);
	return __real_backend_agent_command(be, slot, uuid, intent, command, timeout_ms, ret_reply, err);
}

bool __wrap_backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			      bool use_agent, struct err *err)
{
	note("verb", operation_name(operation));
	return __real_backend_lifecycle(be, slot, uuid, operation, use_agent, err);
}

bool __wrap_backend_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd,
			    struct err *err);
bool __real_backend_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd,
			    struct err *err);

bool __wrap_backend_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd,
			    struct err *err)
{
	note("console", force ? "by force" : "");
	return __real_backend_console(be, slot, uuid, force, ret_fd, err);
}

/* --- the demo --- */

bool __wrap_demo_agent_answer(struct demo_host *host, struct demo_guest *guest, const char *command, char **ret_reply,
			      struct err *err);
bool __real_demo_agent_answer(struct demo_host *host, struct demo_guest *guest, const char *command, char **ret_reply,
			      struct err *err);
bool __wrap_demo_guest_apply_verb(struct demo_host *host, struct demo_guest *guest, enum operation operation,
				  struct err *err);
bool __real_demo_guest_apply_verb(struct demo_host *host, struct demo_guest *guest, enum operation operation,
				  struct err *err);

bool __wrap_demo_agent_answer(struct demo_host *host, struct demo_guest *guest, const char *command, char **ret_reply,
			      struct err *err)
{
	note("agent", command);
	return __real_demo_agent_answer(host, guest, command, ret_reply, err);
}

bool __wrap_demo_guest_apply_verb(struct demo_host *host, struct demo_guest *guest, enum operation operation,
				  struct err *err)
{
	note("obey", operation_name(operation));
	return __real_demo_guest_apply_verb(host, guest, operation, err);
}

void __wrap_demo_guest_take(struct demo_host *host, struct demo_guest *guest, const struct snapshot_order *order,
			    enum vm_state state);
void __real_demo_guest_take(struct demo_host *host, struct demo_guest *guest, const struct snapshot_order *order,
			    enum vm_state state);
bool __wrap_demo_guest_revert(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);
bool __real_demo_guest_revert(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);
bool __wrap_demo_guest_drop(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);
bool __real_demo_guest_drop(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);

void __wrap_demo_guest_take(struct demo_host *host, struct demo_guest *guest, const struct snapshot_order *order,
			    enum vm_state state)
{
	note("obey", "snapshot-create");
	__real_demo_guest_take(host, guest, order, state);
}

bool __wrap_demo_guest_revert(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err)
{
	note("obey", "snapshot-revert");
	return __real_demo_guest_revert(host, guest, key, err);
}

bool __wrap_demo_guest_drop(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err)
{
	note("obey", "snapshot-delete");
	return __real_demo_guest_drop(host, guest, key, err);
}

/* --- libvirt: tests/check-imports wants a line here for whatever is not harmless --- */

#define TRACED(type, failed, name, ...) \
	type name(__VA_ARGS__) \
	{ \
		note("libvirt", #name); \
		return failed; \
	}

TRACED(int, -1, virDomainAbortJob, virDomainPtr dom)
TRACED(int, -1, virDomainCreate, virDomainPtr dom)
TRACED(int, -1, virDomainDestroyFlags, virDomainPtr dom, unsigned flags)
TRACED(int, -1, virDomainManagedSave, virDomainPtr dom, unsigned flags)
TRACED(int, -1, virDomainOpenConsole, virDomainPtr dom, const char *name, virStreamPtr stream, unsigned flags)
TRACED(int, -1, virDomainPMWakeup, virDomainPtr dom, unsigned flags)
TRACED(int, -1, virDomainReboot, virDomainPtr dom, unsigned flags)
TRACED(int, -1, virDomainReset, virDomainPtr dom, unsigned flags)
TRACED(int, -1, virDomainResume, virDomainPtr dom)
TRACED(int, -1, virDomainAttachDeviceFlags, virDomainPtr dom, const char *xml, unsigned flags)
TRACED(int, -1, virDomainSetAutostart, virDomainPtr dom, int autostart)
TRACED(int, -1, virDomainShutdown, virDomainPtr dom)
TRACED(int, -1, virDomainShutdownFlags, virDomainPtr dom, unsigned flags)
TRACED(int, -1, virDomainSuspend, virDomainPtr dom)
TRACED(int, -1, virDomainRevertToSnapshot, virDomainSnapshotPtr snapshot, unsigned flags)
TRACED(virDomainSnapshotPtr, NULL, virDomainSnapshotCreateXML, virDomainPtr dom, const char *xml, unsigned flags)
TRACED(int, -1, virDomainSnapshotDelete, virDomainSnapshotPtr snapshot, unsigned flags)
TRACED(char *, NULL, virDomainQemuAgentCommand, virDomainPtr dom, const char *cmd, int timeout, unsigned flags)

virConnectPtr __wrap_virConnectOpenAuth(const char *uri, virConnectAuthPtr auth, unsigned flags);
virConnectPtr __real_virConnectOpenAuth(const char *uri, virConnectAuthPtr auth, unsigned flags);

virConnectPtr __wrap_virConnectOpenAuth(const char *uri, virConnectAuthPtr auth, unsigned flags)
{
	note("open", flags & VIR_CONNECT_RO ? "read-only" : "read-write");
	return __real_virConnectOpenAuth(uri, auth, flags);
}

/* --- the time of day --- */

time_t __wrap_time(time_t *ret);
time_t __real_time(time_t *ret);

time_t __wrap_time(time_t *ret)
{
	static atomic_int readings;
	time_t now = __real_time(NULL);

	if (getenv("INNKEEPER_WALL_JUMPS"))
		now += atomic_fetch_add(&readings, 1) % 2 ? 86400 : -86400;
	if (ret)
		*ret = now;
	return now;
}
