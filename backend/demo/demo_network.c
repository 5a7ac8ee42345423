/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a simulated guest says of its network: guest-network-get-interfaces. */
#include "backend/demo/demo_network.h"

#include <string.h>

enum { HOST_NETS = 256, PER_NET = 240, FIRST_NUMBER = 10 };

/*
 * A host's guests live in 198.18.N.0 and on, whose number its name makes: RFC 2544 keeps these addresses for
 * benchmarks, so that ssh to a simulated guest never comes to somebody's real machine.
 */
static int net_of(const struct demo_host *host)
{
	unsigned sum = 0;

	for (const char *c = host->plan->name; *c; c++)
		sum = sum * 31 + (unsigned char)*c;
	return (int)(sum % HOST_NETS);
}

static json_t *address_row(const char *address, const char *type, int prefix)
{
	json_t *text = json_string(address);

	return json_pack("{s:s, s:o, s:i}", "ip-address-type", type, "ip-address",
			 text ? text : json_string("\xef\xbf\xbd"), "prefix", prefix);
}

static json_t *interface_row(const char *name, const char *mac, json_t *addresses)
{
	json_t *row = json_pack("{s:s, s:o}", "name", name, "ip-addresses", addresses);

	if (mac)
		json_object_set_new(row, "hardware-address", json_string(mac));
	return row;
}

static json_t *loopback(bool windows)
{
	return interface_row(windows ? "Loopback Pseudo-Interface 1" : "lo", windows ? NULL : "00:00:00:00:00:00",
			     json_pack("[o, o]", address_row("127.0.0.1", "ipv4", 8), address_row("::1", "ipv6", 128)));
}

static json_t *card(const struct demo_host *host, const struct demo_guest *guest, bool windows)
{
	char address[16], mac[18], local[32];

	snprintf(address, sizeof(address), "198.18.%d.%d", (net_of(host) + guest->index / PER_NET) & 0xff,
		 FIRST_NUMBER + guest->index % PER_NET);
	snprintf(mac, sizeof(mac), "52:54:00:%02x:%02x:%02x", guest->uuid.bytes[0], guest->uuid.bytes[1],
		 guest->uuid.bytes[2]);
	snprintf(local, sizeof(local), "fe80::5054:ff:fe%02x:%x", guest->uuid.bytes[0],
		 (unsigned)guest->uuid.bytes[1] << 8 | guest->uuid.bytes[2]);
	return interface_row(windows ? "Ethernet" : "enp1s0", mac,
			     json_pack("[o, o]",
				       address_row(guest->plan->address ? guest->plan->address : address, "ipv4", 15),
				       address_row(local, "ipv6", 64)));
}

json_t *demo_network_interfaces(const struct demo_host *host, const struct demo_guest *guest)
{
	const bool windows = guest->os->family == FAMILY_WINDOWS;
	json_t *list = json_pack("[o]", loopback(windows));

	if (!windows && guest->plan->vcpus >= 8) /* whoever builds has containers */
		json_array_append_new(list, interface_row("docker0", "02:42:8e:11:05:9a",
							  json_pack("[o]", address_row("172.17.0.1", "ipv4", 16))));
	json_array_append_new(list, card(host, guest, windows));
	return list;
}
