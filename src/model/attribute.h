/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attribute.h - what can be said of a VM: one row an attribute (attribute.c).
 *
 * The rows feed the dashboard's columns and its chooser, the details view, `list` and `info` (text, JSON, CSV), the
 * filter's fields, the sort keys (`-s cpu`), the configuration's `columns`, the help and the manual. UI thread.
 */
#pragma once

#include "base/vec.h"
#include "model/host.h"
#include "model/task.h"
#include "model/vm.h"

/* How a value is written, compared and aligned. */
enum attribute_type {
	ATTRIBUTE_TEXT, /* order of the alphabet */
	ATTRIBUTE_ENUM, /* a word, with an order of its own */
	ATTRIBUTE_UUID,
	ATTRIBUTE_COUNT, /* this and what follows, but for BOOL: a number */
	ATTRIBUTE_PERCENT,
	ATTRIBUTE_REAL, /* a percentage with a decimal */
	ATTRIBUTE_KIB,
	ATTRIBUTE_RATE,     /* bytes per second */
	ATTRIBUTE_DURATION, /* ms; seconds in JSON */
	ATTRIBUTE_BARS,     /* a number drawn over time */
	ATTRIBUTE_BOOL,     /* 0 or 1 */
};

/* Who tells the value: what has to be asked before it is known, and when it changes. */
enum attribute_source {
	SOURCE_HOST,      /* the host's list of domains and its events */
	SOURCE_STATS,     /* the host's figures: new at every refresh */
	SOURCE_GUEST,     /* the guest agent */
	SOURCE_ADDRESSES, /* the guest agent, which is asked only where somebody wants to see them */
	SOURCE_UPTIME,    /* the same */
	SOURCE_TASKS,
};

/* What decides the colour of its cell: the roles are in ui/tui/view_table.c. */
enum attribute_colour {
	COLOUR_RUNNING, /* dim where the VM does not run */
	COLOUR_DIM,
	COLOUR_MARK,
	COLOUR_HOST, /* production */
	COLOUR_STATE,
	COLOUR_AGENT,
	COLOUR_USERS,
	COLOUR_TASK,
};

enum {
	ATTRIBUTE_DEFAULT = 1,  /* a column unless somebody chose */
	ATTRIBUTE_DETAILS = 2,  /* a line of the details view */
	ATTRIBUTE_SEARCHED = 4, /* by a bare word of the filter */
	ATTRIBUTE_XML = 32,     /* from the VM's XML, which takes a call each */
	ATTRIBUTE_BAR = 16,     /* a part of a whole: attribute_share() */
	ATTRIBUTE_WIDE = 8,     /* a column by itself where the default ones leave room for it */
};

/* One VM as its attributes are read: everything borrowed. */
struct attribute_row {
	const struct vm *vm;
	const struct host *host;
	const struct task *task; /* the newest on this VM, or NULL */
	int64_t now;             /* clock_ms() */
};

struct attribute_value {
	double number;         /* ENUM: its place in the order; negative: unknown */
	struct safe_text text; /* TEXT, ENUM, BOOL: view, of the VM or host; empty: unknown */
	bool none;             /* it is known that there is none */
};

/* Where a cell's words are made; most are views of the VM's own texts. */
struct attribute_cell {
	char buf[1024]; /* all addresses that are kept of a VM */
};

/* All texts of an attribute that has several, for the filter. */
struct attribute_texts {
	const char *at[SESSION_LIST_MAX + 72]; /* as many as a VM can have sessions, or tags */
	size_t count;
	bool complete;      /* false: there may be more that we do not know */
	char scratch[1280]; /* a UUID, or tags, each escaped byte four times as long */
};

struct attribute {
	const char *name;     /* on the command line, in filters and configuration */
	const char *one;      /* in a filter, where the value is a list: one of it; NULL: as the name */
	const char *field;    /* in JSON and CSV; NULL: not there */
	const char *heading;  /* NC_("column"): of the column */
	const char *label;    /* NC_("column"): of the line in info and details; NULL: info has no line */
	const char *sentence; /* N_(): for help and manual */
	enum attribute_type type;
	enum attribute_source source;
	int least, most; /* cells of the column: least 0: never cut; most 0: as many as there are */
	enum attribute_colour colour;
	unsigned flags;
	struct attribute_value (*get)(const struct attribute_row *row);
	/* The words of a cell, where they are not those of the type. Empty: those of the type. NULL: never. */
	struct safe_text (*say)(const struct attribute_row *row, struct attribute_cell *cell);
	void (*each)(const struct attribute_row *row, struct attribute_texts *texts); /* NULL: the value's text alone */
	const char *(*word)(int index); /* the words that there are; NULL past the last. NULL: any text, or a number */
};

enum { ATTRIBUTES_MAX = 64 }; /* for arrays; the table is checked against it */

size_t attribute_count(void);
const struct attribute *attribute_at(size_t index);
size_t attribute_index(const struct attribute *attribute);
const struct attribute *attribute_get(const char *name); /* there has to be one of this name */

bool attribute_is_number(const struct attribute *attribute); /* compared by < and >, aligned to the right */
bool attribute_is_filter_field(const struct attribute *attribute);
const char *attribute_filter_name(const struct attribute *attribute);

/* Of one with ATTRIBUTE_BAR: 0 to 1; negative where unknown, and where it is always all of it. */
double attribute_share(const struct attribute *attribute, const struct attribute_row *row);

/* What stands in a cell: view, valid as long as the VM, its task and the cell are; "-" where unknown. */
struct safe_text attribute_words(const struct attribute *attribute, const struct attribute_row *row,
				 struct attribute_cell *cell);
/* "812", "1.5K", "12M": three figures at the most. base: the unit of the amount, in "BKMGT". */
void attribute_write_amount(double amount, int base, char *buf, size_t size);
/* What a text, an enumeration or a UUID is in JSON and CSV: view, as above; empty where unknown. */
struct safe_text attribute_text(const struct attribute *attribute, const struct attribute_row *row,
				struct attribute_cell *cell);
void attribute_texts_read(const struct attribute *attribute, const struct attribute_row *row,
			  struct attribute_texts *ret_texts);

/* A name or a field, or the first that begins so; the error lists the names. */
bool attribute_find(const char *name, const struct attribute **ret_attribute, struct err *err);
/* The same with a '-' in front for descending. */
bool attribute_find_order(const char *words, const struct attribute **ret_attribute, bool *ret_descending,
			  struct err *err);

struct columns {
	VEC(const struct attribute *);
};
/* Names between blanks or commas; empty: the default ones. ret_columns: owned, VEC_FREE(). */
bool columns_parse(const char *words, struct columns *ret_columns, struct err *err);
char *columns_words(const struct columns *columns); /* owned: as parsed; "" for the default ones */
void columns_show(struct columns *columns, const struct attribute *column); /* as the last, if it is not there */
