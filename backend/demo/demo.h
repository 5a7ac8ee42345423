/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo.h - the simulated fleet, as seen from outside.
 *
 * A first-class backend without a hypervisor: hosts and guests are computed, and every guest answers
 * the guest agent's own JSON protocol, so whatever stands above backend_agent_command() runs unchanged.
 *
 *	demo:///SCENARIO[?host=NAME][&seed=N]
 *
 * SCENARIO is `default`, `fleet:HOSTS,VMS`, or the path of a scenario file (doc/scenario.md): absolute
 * after a fourth slash (demo:////etc/fleet.conf), else relative to the working directory. One backend
 * is one host: without host= it is the scenario's first. The same seed and the same clock give the same world.
 */
#pragma once

#include "backend/backend.h"
#include "base/vec.h"

struct demo_address {
	char *name; /* safe, no '/' */
	char *uri;  /* for backend_config.uri */
	bool production;
};

struct demo_addresses {
	VEC(struct demo_address);
};

/*
 * The hosts of a scenario, in its order: what `--demo=SCENARIO` adds. words: SCENARIO, or the whole
 * demo: URI (one that names a host gives that host alone). NULL, "": `default`. Any thread; reads the file.
 */
bool demo_scenario_hosts(const char *words, struct demo_addresses *ret_hosts, struct err *err);
void demo_addresses_free(struct demo_addresses *hosts);
