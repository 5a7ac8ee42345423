/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread.h - how threads are made here. Signals that somebody sends are for the UI thread; one that a
 * thread brings upon itself (SIGSEGV and its like) is taken on a stack of its own, so that whoever handles
 * crashes gives the terminal back even where the thread's own stack is what ran over.
 */
#pragma once

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

typedef void *thread_fn(void *data);

/* stack: bytes, 0 for the usual. 0, or the error's number. */
int thread_start(pthread_t *ret_thread, size_t stack, thread_fn *run, void *data);

/* ms from now in real time, also under a fake clock, for the timed waits of pthread. */
struct timespec thread_deadline(clockid_t clock, int64_t ms);
