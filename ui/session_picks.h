/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_picks.h - sessions that a person chose, of one VM or of many, in the order of choosing. A value: the
 * guest's own list may have moved on meanwhile. Knows no screen.
 */
#ifndef INNKEEPER_SESSION_PICKS_H
#define INNKEEPER_SESSION_PICKS_H

#include "engine/listing.h"
#include "model/session.h"

struct session_pick {
	struct vm_id vm;
	char id[SESSION_ID_SIZE];
};

struct session_picks {
	VEC(struct session_pick);
};

struct session_pick session_pick_make(const struct vm_id *vm, const char *id);
bool session_pick_is(const struct session_pick *pick, const struct vm_id *vm, const char *id);

bool session_picks_has(const struct session_picks *picks, const struct vm_id *vm, const char *id);
void session_picks_add(struct session_picks *picks, const struct vm_id *vm, const char *id);
void session_picks_turn(struct session_picks *picks, const struct vm_id *vm, const char *id); /* in or out */
void session_picks_copy(struct session_picks *to, const struct session_picks *from);          /* to: empty */
/* Their VMs, each once; added to ret_ids. */
void session_picks_vms(const struct session_picks *picks, struct vm_ids *ret_ids);
/* Those of one VM, NULL-terminated; views into picks. */
void session_picks_of(const struct session_picks *picks, const struct vm_id *vm, const char *ret[SESSION_LIST_MAX + 1]);

#endif
