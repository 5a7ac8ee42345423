/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * column.h - the columns of the table of VMs: one row a column (column.c).
 *
 * The rows feed the dashboard's table, its chooser, the sort keys (`-s cpu`, `-s -cpu`), the
 * configuration's `columns`, the help and the man page. UI thread.
 */
#ifndef INNKEEPER_COLUMN_H
#define INNKEEPER_COLUMN_H

#include "base/vec.h"
#include "model/host.h"
#include "model/task.h"
#include "model/vm.h"

enum column_id {
	COLUMN_NAME,
	COLUMN_HOST,
	COLUMN_STATE,
	COLUMN_AGENT,
	COLUMN_USERS,
	COLUMN_WHO,
	COLUMN_CPU,
	COLUMN_MEM,
	COLUMN_OS,
	COLUMN_TASK,
	COLUMN_TITLE,
	COLUMN_TAGS,
	COLUMN_HOSTNAME,
	COLUMN_IPS,
	COLUMN_KERNEL,
	COLUMN_AGENT_VERSION,
	COLUMN_HEARTBEAT,
	COLUMN_UPTIME,
	COLUMN_CPU_HISTORY,
	COLUMN_MEM_HISTORY,
	COLUMN_VCPUS,
	COLUMN_MAXMEM,
	COLUMN_DISK_READ,
	COLUMN_DISK_WRITE,
	COLUMN_NET_RX,
	COLUMN_NET_TX,
	COLUMN_ID,
	COLUMN_UUID,
	COLUMN_AUTOSTART,
	COLUMN_PERSISTENT,
	COLUMN_DOOR,
	COLUMN_COUNT
};

/* One VM as the columns see it: everything borrowed. */
struct column_row {
	const struct vm *vm;
	const struct host *host;
	const struct task *task; /* the newest on this VM, or NULL */
	int64_t now;             /* clock_ms() */
};

/* Where a cell's words are made; most are views of the VM's own texts. */
struct column_cell {
	char buf[256];
};

typedef struct safe_text column_words_fn(const struct column_row *row, struct column_cell *cell);
typedef struct safe_text column_text_fn(const struct column_row *row); /* the VM's or host's own, never in a cell */
typedef bool column_number_fn(const struct column_row *row, double *ret_number);

struct column {
	const char *name;         /* for -s and the configuration */
	const char *title;        /* N_(): its heading */
	const char *sentence;     /* N_(): for help and manual */
	int min, max;             /* cells: where there is little room, and at most; 0: as much as there is */
	bool whole;               /* its cells are never cut: it has room for the widest, or none */
	bool right;               /* aligned to the right */
	bool standard;            /* in the table unless somebody chose */
	bool figure;              /* changes at every refresh */
	column_words_fn *words;   /* empty: unknown; NULL: the text below */
	/* What it sorts by, one of the two. */
	column_number_fn *number; /* false: unknown */
	column_text_fn *text;     /* empty: unknown */
};

const struct column *column_get(enum column_id id);

/* View, valid as long as the VM, its task and the cell are; "-" where unknown. */
struct safe_text column_words(enum column_id id, const struct column_row *row, struct column_cell *cell);

/* A name, or the one that begins so; the error names them all. */
bool column_find(const char *name, enum column_id *ret_id, struct err *err);
/* The same with a '-' in front for descending. */
bool column_find_order(const char *words, enum column_id *ret_id, bool *ret_descending, struct err *err);

struct columns {
	VEC(enum column_id);
};
/* Names between blanks or commas; empty: the standard ones. ret_columns: owned, VEC_FREE(). */
bool columns_parse(const char *words, struct columns *ret_columns, struct err *err);

#endif
