/* SPDX-License-Identifier: GPL-2.0-or-later */
/* agent.h - the demo's agent on the virtio port of a guest of the lab, and on another one what it did. */
#ifndef INNKEEPER_TESTS_LIVE_AGENT_H
#define INNKEEPER_TESTS_LIVE_AGENT_H

/* name: of a VM in /guests.conf. Returns only where there is no such VM, or no port. */
void agent_run(const char *name);

#endif
