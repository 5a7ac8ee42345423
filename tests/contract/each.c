/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/contract/each.h"

#include "tests/contract/daemon.h"
#include "tests/unit/unit.h"

enum { BOOT_MS = 20000 };

const char *uri, *missing;
bool has_agents;
struct witness *witness;

void start_with(struct witness_config config)
{
	if (missing) {
		print_message("skipped: %s\n", missing);
		skip();
	}
	config.uri = uri;
	witness = witness_start(&config);
	if (!witness_until(witness, witness_is_listed, BOOT_MS))
		fail_msg("%s: never listed: %s", uri, text_str(witness->host->trouble));
}

int ask_each(const char *demo_uri, int (*run_all)(const char *name))
{
	struct daemon *daemon;
	int failed = 0;

	has_agents = true;
	uri = demo_uri;
	failed += run_all("demo");

	has_agents = false;
	uri = "test:///default";
	failed += run_all("libvirt in this process");

	daemon = daemon_create(&missing);
	if (daemon && !daemon_start(daemon))
		missing = "libvirtd does not start here";
	else if (daemon)
		missing = NULL;
	uri = daemon ? daemon_uri(daemon) : NULL;
	failed += run_all("libvirt behind a daemon");
	daemon_destroy(daemon);
	return failed;
}
