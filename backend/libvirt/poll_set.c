/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/poll_set.h"

void poll_set_init(struct poll_set *set)
{
	pthread_mutex_init(&set->lock, NULL);
}

void poll_set_free(struct poll_set *set)
{
	VEC_FREE(&set->uuids);
	pthread_mutex_destroy(&set->lock);
}

void poll_set_put(struct poll_set *set, const struct uuid_list *uuids)
{
	bool same = uuids->count == set->uuids.count;

	for (size_t i = 0; same && i < uuids->count; i++)
		same = uuid_equal(&uuids->at[i], &set->uuids.at[i]);
	if (same)
		return;
	pthread_mutex_lock(&set->lock);
	uuid_list_set(&set->uuids, uuids->at, uuids->count);
	set->fresh = true;
	pthread_mutex_unlock(&set->lock);
}

bool poll_set_take(struct poll_set *set, struct uuid_list *to)
{
	bool fresh;

	pthread_mutex_lock(&set->lock);
	fresh = set->fresh;
	set->fresh = false;
	uuid_list_set(to, set->uuids.at, set->uuids.count);
	pthread_mutex_unlock(&set->lock);
	return fresh;
}
