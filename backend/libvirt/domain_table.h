/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_table.h - the domains of one host: enough to find out which are gone, which were started again, and whose
 * XML is to be read. UI thread only.
 */
#pragma once

#include "model/vm.h"

struct domain_row {
	struct uuid uuid;
	int domain_id;
	enum vm_state state;
	unsigned list_number;  /* of the newest list that it was in */
	unsigned agent_events; /* so far: an answer to what was asked before the last one is out of date */
	bool xml_wanted;       /* not read since it is here, since it started, or since it changed */
};

struct domain_table {
	VEC(struct domain_row); /* moves when rows come and go */
	uint32_t *index;        /* row number + 1, by hash of the UUID; 0: free */
	size_t index_size;
	unsigned list_number;
	size_t cursor; /* where domain_table_next_wanted() goes on */
};

enum domain_change {
	DOMAIN_UNCHANGED,
	DOMAIN_NEW,
	DOMAIN_STARTED, /* also: stopped and started again */
	DOMAIN_STOPPED,
};

void domain_table_free(struct domain_table *table);
struct domain_row *domain_table_find(const struct domain_table *table, const struct uuid *uuid);
/* Adds or updates the row. */
enum domain_change domain_table_put(struct domain_table *table, const struct vm_info *info);
void domain_table_remove(struct domain_table *table, const struct uuid *uuid);

/* A whole list: begin, put each, end (which removes the others). */
void domain_table_begin_list(struct domain_table *table);
void domain_table_end_list(struct domain_table *table);
/* All XML is to be read again, for instance after a connection was lost. */
void domain_table_want_all(struct domain_table *table);
/* The next active row whose XML is wanted; NULL: none. Each row is returned once in a round. */
struct domain_row *domain_table_next_wanted(struct domain_table *table);
