/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - the names that completions offer: hosts, VMs, users, snapshots. A file in the state directory, written by
 * every innkeeper that ends, read by `innkeeper complete`, which must not open a connection.
 *
 * A line is KIND, HOST, VM and the name, with tabs between. What is there of hosts that a run did not connect to
 * stays. Simulated hosts have a file of their own.
 */
#pragma once

#include "engine/worker.h"
#include "model/inventory.h"

enum name_kind {
	NAME_HOST,     /* the URI */
	NAME_VM,       /* its host */
	NAME_USER,     /* its host, where he was seen */
	NAME_SNAPSHOT, /* host and VM; as a person names it */
	NAME_KIND_COUNT
};

struct name {
	enum name_kind kind;
	const char *host, *vm, *text; /* of the line; vm: "" where it has none */
};

struct names {
	VEC(struct name);
	char *bytes; /* owned: what they point into */
};

/* Blocks. Empty where there is no file, and where it is damaged or somebody else could have written it. */
void names_read(bool is_simulated, struct names *ret_names);
void names_free(struct names *names);

/* What is known now, for next time; waits for the disk, but not for long. A failure costs nobody anything: silent. */
void names_write(bool is_simulated, const struct inventory *inventory, struct worker *disk);
