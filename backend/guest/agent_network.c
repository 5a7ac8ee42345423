/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_network.h"

#include "backend/guest/agent_json.h"

#include <jansson.h>

enum { INTERFACES_MAX = 1024, ADDRESSES_EACH_MAX = 256 };

/* What guests make for their containers, their own VMs and their tunnels is named so by the programs that make it. */
static bool is_inner(const char *interface)
{
	static const char *const beginnings[] = { "docker",  "br-",  "virbr",  "veth",      "vnet",     "cni",
						  "flannel", "cali", "cilium", "podman",    "lxc",      "lxd",
						  "tun",     "tap",  "wg",     "vEthernet", "tailscale" };

	for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (strncmp(interface, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

bool agent_parse_addresses(const char *reply, size_t len, struct address_list *ret_list, struct err *err)
{
	json_auto_t *value = agent_parse_array(reply, len, err);
	struct address_list list = { 0 };

	if (!value)
		return false;
	for (size_t i = 0; i < MIN(json_array_size(value), INTERFACES_MAX); i++) {
		const json_t *interface = json_array_get(value, i), *name_value = json_object_get(interface, "name");
		const json_t *addresses = json_object_get(interface, "ip-addresses");
		const char *name = json_string_value(name_value);
		const size_t count = json_array_size(addresses);

		for (size_t k = 0; k < MIN(count, ADDRESSES_EACH_MAX); k++) {
			const json_t *text = json_object_get(json_array_get(addresses, k), "ip-address");
			struct address address;

			if (!json_is_string(text) ||
			    !address_read(json_string_value(text), json_string_length(text), &address))
				continue;
			mac_read(json_string_value(json_object_get(interface, "hardware-address")), address.mac);
			address.is_inner = name && is_inner(name);
			if (name)
				address_set_interface(&address, name, json_string_length(name_value));
			address_list_add(&list, &address);
		}
		if (count > ADDRESSES_EACH_MAX)
			list.more += count - ADDRESSES_EACH_MAX;
	}
	*ret_list = list;
	return true;
}

bool agent_addresses(const struct agent_target *target, struct address_list *ret_list, struct err *err)
{
	OWN(bytes) char *reply = NULL;
	bool ok = backend_agent_command(target->backend, target->slot, &target->uuid, BACKEND_LOOKS,
					"{\"execute\":\"guest-network-get-interfaces\"}", AGENT_INFO_TIMEOUT_MS, &reply,
					err);

	return ok && reply && agent_parse_addresses(reply, strlen(reply), ret_list, err);
}

bool guest_addresses(const struct agent_target *target, struct address_list *ret_list, struct err *err)
{
	struct address_list list = { 0 };
	struct err why = { 0 };

	if (!agent_addresses(target, &list, &why) || list.count == 0) {
		address_list_free(&list);
		if (!backend_leases(target->backend, target->slot, &target->uuid, &list, NULL))
			list = (struct address_list){ 0 };
	}
	if (list.count > 0) {
		*ret_list = list;
		return true;
	}
	if (why.kind == ERR_NONE)
		err_set(&why, ERR_UNSUPPORTED, _("the guest has no address that is reachable from here"));
	if (err)
		*err = why;
	return false;
}
