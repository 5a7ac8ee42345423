/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_network.h - where the guest can be reached: guest-network-get-interfaces, as model/address.h
 * lets through. Interfaces are judged by their names, which are kept to be shown.
 */
#pragma once

#include "backend/guest/agent.h"
#include "model/address.h"

/* Worker; one agent call. The list is owned by the caller; a guest may well have no address to offer. */
bool agent_addresses(const struct agent_target *target, struct address_list *ret_list, struct err *err);
/*
 * Worker. From the agent, else from the host: so two calls at the most, and an answer for guests without an agent.
 * False: neither knows one; err says what the agent said.
 */
bool guest_addresses(const struct agent_target *target, struct address_list *ret_list, struct err *err);
/* Any thread. */
bool agent_parse_addresses(const char *reply, size_t len, struct address_list *ret_list, struct err *err);
