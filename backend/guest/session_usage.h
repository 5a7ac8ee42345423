/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_usage.h - what the processes of a guest's sessions use: CPU time and memory, added to the sessions of a list
 * (model/session.h). Pure: parsers of what a program of the driver's (guest_os.h, tell_usage) printed.
 */
#pragma once

#include "model/session.h"

/* "CPU seconds, resident KiB, terminal, control group" a line, of a process. */
void usage_parse_ps(const char *out, size_t len, struct session_list *list);
/* "P <id> <CPU seconds> <KiB>" a line, of a session. */
void usage_parse_windows(const char *out, size_t len, struct session_list *list);
