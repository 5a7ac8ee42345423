/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_words.h - colours of states, and times as text, for several screens.
 */
#ifndef INNKEEPER_VIEW_WORDS_H
#define INNKEEPER_VIEW_WORDS_H

#include "model/inventory.h"
#include "model/task.h"
#include "ui/tui/term/surface.h"

enum role role_of_state(enum vm_state state);
enum role role_of_agent(enum agent_state state);
enum role role_of_host(enum host_state state);
enum role role_of_outcome(const struct task *task);
/* "0:12", "1:02:03"; owned. */
struct safe_text words_of_span(int64_t ms);
/* Milliseconds until a clock counting seconds from `since` changes. */
int64_t next_second(int64_t since, int64_t now);

#endif
