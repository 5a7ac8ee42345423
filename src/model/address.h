/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address.h - an IP address of a guest as a value: read strictly, kept as inet_ntop(3) writes it, so
 * that its text is made of digits, a to f, dots and colons whatever the guest sent.
 *
 * Only what can be reached from elsewhere is an address here: no loopback, link-local, multicast,
 * broadcast or unspecified one, and no IPv4 address in IPv6's clothes.
 */
#pragma once

#include "base/text.h"
#include "base/vec.h"

/* Of an interface's name so many bytes are kept; each may take eight, once it is safe. */
enum {
	ADDRESS_TEXT_MAX = 46,
	ADDRESS_LIST_MAX = 16,
	ADDRESS_INTERFACE_CAP = 24,
	ADDRESS_INTERFACE_SIZE = 200,
	MAC_SIZE = 18
};

struct address {
	char text[ADDRESS_TEXT_MAX];
	char interface[ADDRESS_INTERFACE_SIZE]; /* safe (base/text.h); "" unknown */
	char mac[MAC_SIZE];                     /* of the interface, as mac_read() writes it; "" unknown */
	bool is_v6;
	bool is_inner; /* of a network that the guest made for itself: containers, its own VMs, tunnels */
};

/* The likeliest first: before those of inner networks, IPv4 before IPv6, else as the guest told. */
struct address_list {
	VEC(struct address);
	size_t more; /* that were not kept */
};

/* False: no address, or none that can be reached. Needs no NUL behind it. */
bool address_read(const char *text, size_t len, struct address *ret_address);
/* "52:54:00:12:34:56", in lower case; "" and false: it is none. NULL is none. */
bool mac_read(const char *text, char ret_mac[MAC_SIZE]);
/* At its place; one that is there already is not taken again. */
void address_list_add(struct address_list *list, const struct address *address);
/* name: the guest's own bytes. */
void address_set_interface(struct address *address, const char *name, size_t len);
/* Owned: "10.0.0.7 (eth0), 2001:db8::7 (eth0) +3"; "none". */
struct safe_text address_list_tell(const struct address_list *list);
/* Owned: "10.0.0.7 2001:db8::7 +3"; empty where there is none. */
struct safe_text address_list_words(const struct address_list *list);
void address_list_free(struct address_list *list);
