/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_list.h - all domains of a host by a handful of calls, whatever their number.
 * Worker thread, on a connection that no other thread uses meanwhile.
 */
#ifndef INNKEEPER_DOMAIN_LIST_H
#define INNKEEPER_DOMAIN_LIST_H

#include "base/err.h"
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

#endif
