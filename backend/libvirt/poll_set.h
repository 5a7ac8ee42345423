/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * poll_set.h - which domains a job is to ask: the UI thread puts them, a step takes them.
 */
#ifndef INNKEEPER_POLL_SET_H
#define INNKEEPER_POLL_SET_H

#include "base/uuid.h"

#include <pthread.h>

struct poll_set {
	pthread_mutex_t lock;
	struct uuid_list uuids;
	bool fresh; /* not taken yet */
};

void poll_set_init(struct poll_set *set);
void poll_set_free(struct poll_set *set);
void poll_set_put(struct poll_set *set, const struct uuid_list *uuids);
/* True: others than last time, so do not wait for the next turn. */
bool poll_set_take(struct poll_set *set, struct uuid_list *to);

#endif
