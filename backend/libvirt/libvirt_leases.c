/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_calls.h"

#include <string.h>

bool libvirt_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		    struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain(be, slot, uuid, err);
	virDomainInterfacePtr *interfaces = NULL;
	struct address_list list = { 0 };
	virConnectPtr conn;
	int count;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	count = virDomainInterfaceAddresses(dom, &interfaces, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE, 0);
	if (count < 0)
		domain_err_last(dom, conn, NULL, err);
	virDomainFree(dom);
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
	if (count >= 0)
		*ret_list = list;
	return count >= 0;
}
