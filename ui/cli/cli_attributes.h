/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_attributes.h - the attributes of VMs that `list` and `info` write, as columns of their output.
 */
#ifndef INNKEEPER_CLI_ATTRIBUTES_H
#define INNKEEPER_CLI_ATTRIBUTES_H

#include "model/attribute.h"
#include "ui/cli/output.h"

struct cli_attributes {
	struct output_column columns[ATTRIBUTES_MAX];
	const struct attribute *attributes[ATTRIBUTES_MAX];
	size_t count;
};

const struct cli_attributes *cli_attributes_of(enum command_id command);            /* NULL: it writes none */
size_t cli_attributes_place(const struct cli_attributes *fields, const char *name); /* count: not among them */
/* A row of the output. */
void cli_attributes_put(const struct cli_attributes *fields, struct output *output, const struct host *host,
			const struct vm *vm);
/* --sort by a field, as any output, or by an attribute's own name. */
bool cli_attributes_sort(const struct cli_attributes *fields, struct output *output, const char *words,
			 struct err *err);

#endif
