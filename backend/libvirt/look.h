/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look.h - one domain, looked at. Worker thread, on a connection that no other thread uses meanwhile.
 */
#ifndef INNKEEPER_LIBVIRT_LOOK_H
#define INNKEEPER_LIBVIRT_LOOK_H

#include "base/err.h"
#include "model/vm.h"

#include <libvirt/libvirt.h>

/* Freed with virDomainFree(). NULL: err, ERR_NO_DOMAIN where it is gone. */
virDomainPtr libvirt_find_domain(virConnectPtr conn, const struct uuid *uuid, struct err *err);

/* All but channel and title; a few calls. */
bool libvirt_look_domain(virDomainPtr dom, struct vm_facts *ret, struct err *err);
/* What its XML tells: channel (CHANNEL_DENIED where we may not read it), title, vcpus, memory. One call. */
bool libvirt_look_xml(virDomainPtr dom, struct vm_facts *facts, struct err *err);

/* Name, uuid and id, which are there without a call; all else unknown. */
void libvirt_facts_begin(struct vm_facts *facts, virDomainPtr dom);
bool libvirt_uuid_of(virDomainPtr dom, struct uuid *ret_uuid);
enum vm_state libvirt_state_of(int state); /* virDomainState */
enum vm_state libvirt_ask_state(virDomainPtr dom);

#endif
