/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - the disks and network cards of a VM, as its XML names them: values that may cross threads.
 */
#pragma once

#include "base/text.h"
#include "base/vec.h"
#include "model/address.h"

enum { DEVICE_LIST_MAX = 64 }; /* kept of one VM; the others are counted */

struct device {
	bool is_nic;
	char mac[MAC_SIZE];      /* of a card; "" none */
	struct safe_text name;   /* "vda"; of a card the host's name for it: "vnet3", empty while the VM is off */
	struct safe_text model;  /* "virtio", "sata cdrom" */
	struct safe_text source; /* a file, a volume; "network default", "bridge br0"; empty: none */
};

/* In the order of the XML. */
struct device_list {
	VEC(struct device);
	size_t more;
};

struct device *device_list_add(struct device_list *list); /* NULL: it was counted */
void device_list_free(struct device_list *list);
/* Takes `from` over. True: it differs from what was there. */
bool device_list_take(struct device_list *list, struct device_list *from);
