/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_agent.h - a guest agent with a character, for the outcomes that no well-behaved guest shows.
 *
 * It speaks the QEMU guest agent's protocol on the port org.qemu.guest_agent.0 and simulates the few
 * programs that a log-off runs: loginctl on "Linux", PowerShell with WTS on "Windows". Whoever is told
 * to log off really leaves its list. On the port innkeeper.truth.0 it writes a line for each command
 * that reached it and for each session that ended, so that a test can count from outside.
 */
#ifndef FAKE_AGENT_H
#define FAKE_AGENT_H

#include <stdbool.h>

void fake_agent_run(const char *personality); /* returns only where there is no such personality or port */

#endif
