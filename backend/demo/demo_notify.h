/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_notify.h - a simulated host's news on their way to the backend's listener.
 *
 * Two steps, because the news are taken where the host is locked, and told where it is not: a listener
 * may call back into the backend.
 */
#ifndef INNKEEPER_DEMO_TELLING_H
#define INNKEEPER_DEMO_TELLING_H

#include "backend/backend.h"
#include "backend/demo/demo_host.h"

struct demo_guest_telling {
	unsigned news;
	enum agent_channel channel;
	struct vm_info info; /* owned */
};

struct demo_notify {
	unsigned news;
	enum host_state state;
	enum host_access access;
	int64_t retry_at; /* clock_ms() */
	const char *trouble, *version;
	struct vm_info *list; /* owned */
	size_t list_count;
	struct {
		VEC(struct demo_guest_telling);
	} guests;
	struct {
		VEC(struct demo_note);
	} notes;
};

/* While the host is not heard, its guests' news wait. born_at: clock_ms() at host time 0. */
void demo_notify_take(struct demo_host *host, int64_t born_at, bool read_only, struct demo_notify *ret_telling);
void demo_notify_deliver(struct demo_notify *notify, const struct backend_listener *listener);

#endif
