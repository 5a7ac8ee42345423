/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_network.h - what a simulated guest says of its network.
 */
#ifndef INNKEEPER_DEMO_NETWORK_H
#define INNKEEPER_DEMO_NETWORK_H

#include "backend/demo/demo_host.h"

#include <jansson.h>

/* The return value of guest-network-get-interfaces. A new reference. */
json_t *demo_network_interfaces(const struct demo_host *host, const struct demo_guest *guest);

#endif
