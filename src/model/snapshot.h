/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot.h - the snapshots of a VM, as values: a tree, parents above their children.
 *
 * A snapshot's name is chosen on the host, by anybody, so it is there twice: `key` are the host's own bytes,
 * which go back to it and nowhere else, `name` is what a person sees.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"
#include "model/vm_info.h"

enum { SNAPSHOTS_MAX = 512 }; /* kept of one VM; the others are counted */

struct snapshot {
	char *key;                          /* owned */
	char *parent_key;                   /* owned; NULL none */
	struct safe_text name, description; /* owned */
	int64_t created;                    /* seconds since 1970, -1 unknown */
	enum vm_state state;                /* of the VM, then */
	bool disks_only;                    /* no memory in it although the VM ran: as after a power cut, or quiesced */
	bool current;                       /* what the VM runs on came from this one */
	int depth;                          /* in the tree, 0: no parent here. snapshot_list_arrange() */
};

struct snapshot_list {
	VEC(struct snapshot);
	size_t more;
};

/* NULL: there are SNAPSHOTS_MAX already, and it was counted. Everything but its name is unknown. */
struct snapshot *snapshot_list_add(struct snapshot_list *list, const char *key);
/* Into the order of the tree: each behind its parent, siblings by age. A parent not there, or in a ring, is none. */
void snapshot_list_arrange(struct snapshot_list *list);
void snapshot_list_remove(struct snapshot_list *list, size_t at);
void snapshot_list_free(struct snapshot_list *list);
const struct snapshot *snapshot_list_find(const struct snapshot_list *list, const char *key); /* NULL none */
/* As a person names it: the key, or what is seen of it. NULL: none, or several look so. */
const struct snapshot *snapshot_list_match(const struct snapshot_list *list, const char *words, struct err *err);

/* libvirt's words: "running", "shutoff", "disk-snapshot". */
const char *snapshot_state_name(const struct snapshot *snapshot);

/* What is known of one VM's snapshots. */
struct snapshot_knowledge {
	struct snapshot_list list;
	int64_t at;                 /* clock_ms() of the answer, 0 never */
	bool asked, ask_again;      /* the question is on its way; something changed meanwhile */
	enum err_kind trouble_kind; /* ERR_NONE: it was answered */
	struct safe_text trouble;
};

void snapshot_knowledge_free(struct snapshot_knowledge *knowledge); /* NULL is fine */

/* --- taking one --- */

/* What the host is told. Both texts have to be safe: what we could not show we do not write either. */
struct snapshot_order {
	const char *name;
	const char *description; /* NULL none */
	bool disks_only;
	bool quiesce; /* with disks_only: the agent freezes the file systems meanwhile */
};

bool snapshot_order_check(const struct snapshot_order *order, struct err *err);

enum snapshot_quiesce {
	QUIESCE_IF_POSSIBLE, /* and say so where it was not */
	QUIESCE_MUST,
	QUIESCE_NEVER,
};

/* What a person asks for, of any snapshot task. */
struct snapshot_params {
	const char *name;      /* CREATE: NULL: the time. Else as snapshot_list_match() takes it. */
	int64_t shown_created; /* REVERT, DELETE: of the one that a question showed; 0, -1: whichever is called so */
	const char *description;
	bool disks_only;
	enum snapshot_quiesce quiesce;
};

char *snapshot_name_of_now(void); /* "2026-11-22_19.05.33"; owned */
