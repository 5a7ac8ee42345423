/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_picks.h - sessions that a person chose, of one VM or of many, in the order of choosing. A value: the
 * guest's list may have changed since. Knows no screen.
 */
#ifndef INNKEEPER_SESSION_PICKS_H
#define INNKEEPER_SESSION_PICKS_H

#include "engine/listing.h"
#include "model/session.h"

struct session_pick {
	struct vm_id vm;
	char id[SESSION_ID_SIZE];
	uint64_t stamp; /* session_stamp(): tells it from a later session with the same id */
};

struct session_picks {
	VEC(struct session_pick);
};

struct session_pick session_pick_make(const struct vm_id *vm, const struct session *session);
bool session_pick_is(const struct session_pick *pick, const struct session_pick *other);

bool session_picks_has(const struct session_picks *picks, const struct session_pick *pick);
void session_picks_toggle(struct session_picks *picks, const struct session_pick *pick); /* in or out */
void session_picks_copy(struct session_picks *to, const struct session_picks *from);     /* to: empty */
/* Their VMs, each once; added to ret_ids. */
void session_picks_vms(const struct session_picks *picks, struct vm_ids *ret_ids);
/* Those of one VM. */
struct session_pick_list {
	const char *ids[SESSION_LIST_MAX + 1]; /* NULL-terminated; views into picks */
	uint64_t stamps[SESSION_LIST_MAX];
};
void session_picks_of(const struct session_picks *picks, const struct vm_id *vm, struct session_pick_list *ret);

#endif
