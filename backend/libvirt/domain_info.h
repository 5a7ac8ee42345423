/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_info.h - what libvirt says of one domain, and of all of a host by a handful of calls, whatever their number.
 * Worker thread, on a connection that no other thread uses meanwhile.
 */
#pragma once

#include "backend/libvirt/libvirt_error.h"
#include "model/vm.h"

#include <libvirt/libvirt.h>

struct domain_list {
	VEC(struct vm_info);
};

void domain_list_free(struct domain_list *list);

/*
 * The whole list: name, id, state (VM_STATE_SAVED too). details: also autostart and persistent, for two more calls.
 * Vcpus, memory and title stay unknown.
 */
bool libvirt_list_domains(virConnectPtr conn, bool details, struct domain_list *ret, struct err *err);

/* Freed with virDomainFree(). NULL: err, ERR_NO_DOMAIN where it is gone. */
virDomainPtr domain_find(virConnectPtr conn, const struct uuid *uuid, struct err *err);
/* OWN(domain) virDomainPtr dom. */
static inline void domain_free(virDomainPtr *dom)
{
	if (*dom)
		virDomainFree(*dom);
}

/* All but channel and title; a few calls. */
bool domain_get_info(virDomainPtr dom, struct vm_info *ret, struct err *err);
/* What its XML says: channel (CHANNEL_DENIED where we may not read it), title, vcpus, memory. One call. */
bool domain_get_xml_info(virDomainPtr dom, struct vm_info *info, struct err *err);

/* Name, uuid and id, which need no call; all else unknown. */
void domain_info_init(struct vm_info *info, virDomainPtr dom);
/* virDomainState, and the reason that goes with it. */
void domain_info_set_state(struct vm_info *info, int state, int reason);
bool domain_info_read_state(struct vm_info *info, virDomainPtr dom); /* false: libvirt's last error says why */
enum vm_state domain_get_state(virDomainPtr dom);

/*
 * As libvirt_err_last_of(), of a call on a domain that has to run for it: its state is asked where that alone explains
 * the error. conn: the domain's, fetched before the call, as that forgets errors. known: NULL: nothing.
 */
bool domain_err_last(virDomainPtr dom, virConnectPtr conn, const struct libvirt_failure *known, struct err *err);
