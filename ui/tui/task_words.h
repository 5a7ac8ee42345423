/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task_words.h - a task's progress or outcome, and its time, as texts. All owned.
 */
#ifndef INNKEEPER_TASK_WORDS_H
#define INNKEEPER_TASK_WORDS_H

#include "model/task.h"

struct safe_text task_progress_words(const struct task *task, int64_t now);
/* "0:12 of 2:30" while it runs, "0:12" once it is over. */
struct safe_text task_clock_words(const struct task *task, int64_t now);

#endif
