/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm_info.h - what a host tells of a domain, as values that may cross threads. What we know of it: vm.h.
 *
 * Unknown stays unknown: numbers are -1 (doubles: negative), texts empty, states ..._UNKNOWN.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"
#include "base/uuid.h"
#include "model/device.h"

/*
 * virDomainState, and what must not be taken for one of those: saved (shut off with a managed save image), migrating
 * and migrated. What ran in a migrated VM runs on, on another host: that is neither off nor a proof of anything.
 */
enum vm_state {
	VM_STATE_UNKNOWN,
	VM_STATE_RUNNING,
	VM_STATE_IDLE, /* VIR_DOMAIN_BLOCKED */
	VM_STATE_PAUSED,
	VM_STATE_IN_SHUTDOWN,
	VM_STATE_SHUTOFF,
	VM_STATE_CRASHED,
	VM_STATE_PMSUSPENDED,
	VM_STATE_SAVED,
	VM_STATE_MIGRATING, /* stands still while it goes to another host, or comes from one */
	VM_STATE_MIGRATED,  /* shut off here because it went to another host */
	VM_STATE_COUNT
};

/* The agent's channel as the host shows it (live XML, then agent lifecycle events). */
enum agent_channel {
	CHANNEL_UNKNOWN, /* not read yet */
	CHANNEL_DENIED,  /* we may not read the domain's XML */
	CHANNEL_ABSENT,  /* no org.qemu.guest_agent.0 channel */
	CHANNEL_DISCONNECTED,
	CHANNEL_CONNECTED,
};

/* What a domain needs among its <devices> for it. */
#define AGENT_CHANNEL_XML "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"

/* A VM is named by its host (index in the inventory) and its UUID. */
struct vm_id {
	int host;
	struct uuid uuid;
};

static inline bool vm_id_equal(const struct vm_id *a, const struct vm_id *b)
{
	return a->host == b->host && uuid_equal(&a->uuid, &b->uuid);
}

#define VM_MEMBER(type, name) type name;

/* A new fact or figure is a line here: whatever copies, compares, forgets and frees them goes through these lists. */
#define VM_INFO_NUMBERS(NUMBER) /* -1 unknown */ \
	NUMBER(int, autostart)  /* 0, 1 */ \
	NUMBER(int, persistent) /* 0, 1 */ \
	NUMBER(int, vcpus) \
	NUMBER(int64_t, memory_kib) /* current balloon or memory */ \
	NUMBER(int64_t, max_memory_kib)
/* From the XML; empty where none or not read (then channel says so, too). */
#define VM_INFO_TEXTS(TEXT) \
	TEXT(struct safe_text, title) \
	TEXT(struct safe_text, tags)        /* tags.h */ \
	TEXT(struct safe_text, os_declared) /* libosinfo's id of what was installed: "http://debian.org/debian/12" */

/* What a host tells of a domain in one go. Values; its texts are owned. */
struct vm_info {
	struct uuid uuid;
	struct safe_text name;
	int domain_id; /* -1: not active */
	enum vm_state state;
	bool off_unexplained;       /* SHUTOFF, and its host cannot tell why: it may run on another one */
	enum agent_channel channel; /* CHANNEL_UNKNOWN: not read this time (keep what is known) */
	VM_INFO_NUMBERS(VM_MEMBER)
	VM_INFO_TEXTS(VM_MEMBER)
	struct device_list devices; /* from the XML, as the texts */
};

/* Of one running domain; -1 where the hypervisor does not tell. Rates are per second. */
#define VM_FIGURES_NUMBERS(NUMBER) \
	NUMBER(int64_t, memory_kib) \
	NUMBER(int64_t, disk_read_bps) \
	NUMBER(int64_t, disk_write_bps) \
	NUMBER(int64_t, net_rx_bps) \
	NUMBER(int64_t, net_tx_bps)

struct vm_figures {
	struct uuid uuid;
	double cpu_percent; /* of one vCPU x vCPUs: 100 is all vCPUs busy */
	VM_FIGURES_NUMBERS(VM_MEMBER)
};

const char *vm_state_name(enum vm_state state); /* libvirt's words: "shutoff"; "unknown" */
bool vm_state_is_active(enum vm_state state);   /* running, idle: a guest that can answer */
/* Shut off, crashed: its guest has ended, so nobody is logged on. The one place that says which states prove that. */
bool vm_state_is_off(enum vm_state state);
bool vm_state_has_process(enum vm_state state); /* on this host; true also where nobody told the state */
/* What to do before its guest can be used ("resume it first"); NULL: nothing. N_(). */
const char *vm_state_remedy(enum vm_state state);
/* May its guest be used? Else ERR_PAUSED or ERR_NOT_RUNNING, with the remedy. name: the VM's, for the words. */
bool vm_state_allows_guest(enum vm_state state, const char *name, struct err *err);
struct vm_info vm_info_unknown(const struct uuid *uuid); /* nobody told yet */
void vm_info_free(struct vm_info *info);
struct vm_figures vm_figures_unknown(const struct uuid *uuid); /* nobody told yet */
