/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "app/cli_private.h"

#include "base/clock.h"

#include <search.h>

enum watch_column {
	WATCH_TIME, WATCH_EVENT, WATCH_HOST, WATCH_VM, WATCH_UUID, WATCH_BEFORE, WATCH_AFTER, WATCH_DETAIL,
	WATCH_COLUMNS
};

static const struct output_column columns[WATCH_COLUMNS] = {
	[WATCH_TIME] = { "time", "", false },
	[WATCH_EVENT] = { "event", "", false },
	[WATCH_HOST] = { "host", "", false },
	[WATCH_VM] = { "vm", "", false },
	[WATCH_UUID] = { "uuid", NULL, false },
	[WATCH_BEFORE] = { "before", "", false },
	[WATCH_AFTER] = { "after", "", false },
	[WATCH_DETAIL] = { "detail", "", false },
};

const struct cli_fields cli_watch_fields = { columns, ARRAY_SIZE(columns) };

/* What was told last of a VM, to tell only what is new. */
struct seen {
	const struct vm *vm; /* the key */
	enum vm_state state;
	enum agent_state agent;
};

struct watch {
	struct cli *cli;
	struct output output;
	void *seen;                  /* tsearch(3) tree of struct seen */
	enum host_state *host_states;
	bool told;                   /* the first line is out */
	bool quiet;                  /* the first lists: what is there already is no event */
	bool over;
};

static int compare_seen(const void *a, const void *b)
{
	const struct vm *left = ((const struct seen *)a)->vm, *right = ((const struct seen *)b)->vm;

	return (left > right) - (left < right);
}

static struct seen *find_seen(struct watch *watch, const struct vm *vm)
{
	const struct seen key = { .vm = vm };
	struct seen *const *found = tfind(&key, &watch->seen, compare_seen);

	return found ? *found : NULL;
}

static void remember(struct watch *watch, const struct vm *vm)
{
	struct seen *seen = mem_zalloc(sizeof(*seen));

	*seen = (struct seen){ .vm = vm, .state = vm->facts.state, .agent = vm_agent_state(vm) };
	tsearch(seen, &watch->seen, compare_seen);
}

static void forget(struct watch *watch, struct seen *seen)
{
	tdelete(seen, &watch->seen, compare_seen);
	free(seen);
}

static void tell(struct watch *watch, const char *event, const struct host *host, const struct vm *vm,
		 const char *before, const char *after, struct safe_text detail)
{
	struct cli *cli = watch->cli;
	char uuid[UUID_TEXT_SIZE];
	struct err err = { 0 };

	output_row(&watch->output);
	output_put_time(&watch->output, WATCH_TIME, clock_wall());
	output_put_text(&watch->output, WATCH_EVENT, TEXT_OURS(event));
	output_put_text(&watch->output, WATCH_HOST, TEXT_OURS(host->name));
	if (vm) {
		uuid_format(&vm->id.uuid, uuid);
		output_put_text(&watch->output, WATCH_VM, vm->facts.name);
		output_put_text(&watch->output, WATCH_UUID, TEXT_OURS(uuid));
	}
	output_put_text(&watch->output, WATCH_BEFORE, TEXT_OURS(before));
	output_put_text(&watch->output, WATCH_AFTER, TEXT_OURS(after));
	output_put_text(&watch->output, WATCH_DETAIL, detail);
	cli_note_written(cli, output_write_lines(&watch->output, cli->options->output, !watch->told, &cli->sink, &err),
			 &err);
	watch->told = true;
}

static void tell_host(struct watch *watch, const struct host *host)
{
	enum host_state *seen = &watch->host_states[host->index];

	if (*seen == host->state)
		return;
	tell(watch, "host", host, NULL, host_state_name(*seen), host_state_name(host->state), host->trouble);
	*seen = host->state;
}

static void tell_vm(struct watch *watch, const struct host *host, const struct vm *vm)
{
	const enum agent_state agent = vm_agent_state(vm);
	struct seen *seen = find_seen(watch, vm);

	if (!seen)
		return;
	if (seen->state != vm->facts.state)
		tell(watch, "state", host, vm, vm_state_name(seen->state), vm_state_name(vm->facts.state),
		     (struct safe_text){ NULL });
	if (seen->agent != agent && !(watch->quiet && seen->agent == AGENT_UNKNOWN))
		tell(watch, "agent", host, vm, agent_state_name(seen->agent), agent_state_name(agent),
		     (struct safe_text){ NULL });
	seen->state = vm->facts.state;
	seen->agent = agent;
}

static void on_change(void *data, enum inventory_change change, struct host *host, struct vm *vm)
{
	static const struct safe_text nothing;
	struct watch *watch = data;

	if (watch->over)
		return;
	switch (change) {
	case INVENTORY_HOST:
		tell_host(watch, host);
		break;
	case INVENTORY_ADDED:
		remember(watch, vm);
		if (!watch->quiet)
			tell(watch, "added", host, vm, NULL, vm_state_name(vm->facts.state), nothing);
		break;
	case INVENTORY_CHANGED:
		tell_vm(watch, host, vm);
		break;
	case INVENTORY_GONE:
		tell(watch, "gone", host, vm, vm_state_name(vm->facts.state), NULL, nothing);
		forget(watch, find_seen(watch, vm));
		break;
	case INVENTORY_FIGURES:
		break;
	}
}

/* A reader that went away, or a disk that is full, ends it as an interrupt does. */
static bool nobody_listens(struct cli *cli, void *data)
{
	(void)data;
	return cli->sink.reader_gone || cli->write_failed;
}

void cli_watch(struct cli *cli)
{
	static struct watch watch; /* the inventory goes on calling its listeners until it is destroyed, after us */
	const size_t hosts = inventory_host_count(app_inventory(cli->app));

	watch = (struct watch){ .cli = cli, .quiet = true };
	output_init(&watch.output, columns, WATCH_COLUMNS);
	watch.host_states = mem_zalloc(hosts * sizeof(*watch.host_states));
	inventory_listen(app_inventory(cli->app), on_change, &watch);
	if (cli_settle(cli)) {
		watch.quiet = false;
		cli_wait(cli, nobody_listens, NULL, -1);
	}
	cli->exits.count = 0; /* an interrupt is how it ends, and a host that is lost may have come back */
	watch.over = true;
	tdestroy(watch.seen, free);
	free(watch.host_states);
	output_finish(&watch.output);
}
