/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "engine/filter.h"
#include "ui/cli/cli_context.h"

enum {
	CHANNELS_MS = 3000,
	FIGURES_MS = 2500,
	ASK_AT_ONCE = 12, /* times the number of hosts: enough to keep each host busy */
};

/* --- which VMs --- */

static bool take_names(struct cli *cli)
{
	const struct options_words *words = &cli->options->words;
	const bool more = command_get(cli->options->command)->words == WORDS_VM_AND_MORE;
	struct err err = { 0 };
	bool ok = true;

	for (size_t i = 0; i < (more ? 1 : words->count); i++) {
		size_t at = 0;
		struct vm *vm;

		if (!inventory_resolve(app_inventory(cli->app), words->at[i], &vm, &err)) {
			cli_note_error(cli, &err);
			ok = false;
			continue;
		}
		while (at < cli->vms.count && cli_vm(cli, &cli->vms.at[at]) != vm)
			at++;
		if (at == cli->vms.count)
			*VEC_PUSH(&cli->vms) = vm->id;
	}
	return ok;
}

static int compare_vms(const void *a, const void *b)
{
	const struct vm *left = *(struct vm *const *)a, *right = *(struct vm *const *)b;

	if (left->id.host != right->id.host)
		return left->id.host - right->id.host;
	return text_compare(left->info.name, right->info.name);
}

static void take_all(struct cli *cli)
{
	const struct inventory *inventory = app_inventory(cli->app);
	struct {
		VEC(struct vm *);
	} all = { 0 };

	for (size_t i = 0; i < inventory_vm_count(inventory); i++)
		*VEC_PUSH(&all) = inventory_vm_at(inventory, i);
	if (all.count)
		qsort(all.at, all.count, sizeof(*all.at), compare_vms);
	for (size_t i = 0; i < all.count; i++)
		*VEC_PUSH(&cli->vms) = all.at[i]->id;
	VEC_FREE(&all);
}

/* What only a guest knows is unknown until it was asked, and unknown matches nothing. */
static bool take_filtered(struct cli *cli)
{
	struct cli_vms *vms = &cli->vms;
	struct filter *filter;
	struct err err = { 0 };
	size_t kept = 0;
	bool ok;

	if (!filter_parse_with(cli->options->filter, &app_config(cli->app)->filters, &filter, &err)) {
		cli_note_error(cli, &err);
		return false;
	}
	take_all(cli);
	ok = filter_uses(filter, SOURCE_GUEST) ? cli_ask_guests(cli, vms, -1) : cli_wait_for_channels(cli, vms);
	ok = ok && (!filter_uses(filter, SOURCE_STATS) || cli_wait_for_figures(cli, vms));
	for (size_t i = 0; ok && i < vms->count; i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);

		if (vm && filter_match(filter, vm, cli_host(cli, &vm->id)))
			vms->at[kept++] = vms->at[i];
	}
	vms->count = kept;
	filter_destroy(filter);
	if (ok && !kept && command_get(cli->options->command)->words == WORDS_VMS_MUST) {
		err_set(&err, ERR_NO_DOMAIN, _("no VM matches the filter"));
		cli_note_error(cli, &err);
		ok = false;
	}
	return ok;
}

bool cli_select(struct cli *cli)
{
	if (cli->options->filter)
		return take_filtered(cli);
	if (cli->options->words.count)
		return take_names(cli);
	take_all(cli);
	return true;
}

/* --- their agents and sessions --- */

struct session_selector cli_selector(const struct options *options)
{
	return (struct session_selector){
		.users = options->users.count ? options->users.at : NULL,
		.sessions = options->sessions.count ? options->sessions.at : NULL,
		.except_users = options->except_users.count ? options->except_users.at : NULL,
		.allow_unmatched = options->allow_unmatched,
		.only_disconnected = options->disconnected,
	};
}

/* Hosts report some facts, such as autostart, after their list. */
static bool is_told(const struct cli *cli, const struct vm *vm)
{
	return (vm_agent_state(vm) != AGENT_UNKNOWN && vm->info.persistent >= 0) ||
	       !host_is_usable(cli_host(cli, &vm->id));
}

static bool channels_are_known(struct cli *cli, void *data)
{
	const struct cli_vms *vms = data;
	size_t told = 0;

	for (size_t i = 0; i < vms->count; i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);

		told += !vm || is_told(cli, vm);
	}
	if (told < vms->count)
		cli_progress(cli, _("agent state of %zu of %zu VMs known"), told, vms->count);
	return told == vms->count;
}

bool cli_wait_for_channels(struct cli *cli, const struct cli_vms *vms)
{
	app_watch(cli->app, vms->at, vms->count);
	cli_wait(cli, channels_are_known, (void *)vms, CHANNELS_MS);
	cli_progress_clear(cli);
	return !cli_is_interrupted(cli);
}

static bool figures_have_come(struct cli *cli, void *data)
{
	const struct cli_vms *vms = data;

	for (size_t i = 0; i < vms->count; i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);

		if (vm && vm_state_is_active(vm->info.state) && host_is_usable(cli_host(cli, &vm->id)) &&
		    !(vm->figures_at && vm->figures.cpu_percent >= 0))
			return false;
	}
	return true;
}

bool cli_wait_for_figures(struct cli *cli, const struct cli_vms *vms)
{
	app_watch(cli->app, vms->at, vms->count);
	cli_wait(cli, figures_have_come, (void *)vms, FIGURES_MS);
	return !cli_is_interrupted(cli);
}

/* A few guests at a time: if all were asked at once, none of a thousand might finish in time. */
struct questions {
	const struct cli_vms *vms;
	size_t next; /* not looked at yet from here on */
	size_t at_once;
	struct cli_vms waiting; /* asked, no answer yet */
	struct cli_vms untold;  /* whether they have an agent, their host has not told yet */
	bool told_is_over;      /* ... and is not waited for any longer */
	int64_t told_at;        /* the last of them that was */
};

static bool is_awaited(const struct cli *cli, const struct questions *questions, const struct vm *vm)
{
	return !questions->told_is_over && !is_told(cli, vm);
}

static void ask(struct cli *cli, struct questions *questions, struct vm *vm)
{
	if (!vm_was_asked(vm) && app_ask_guest(cli->app, vm, true, NULL))
		*VEC_PUSH(&questions->waiting) = vm->id;
}

static bool guests_have_answered(struct cli *cli, void *data)
{
	struct questions *questions = data;
	struct cli_vms *waiting = &questions->waiting, *untold = &questions->untold;
	size_t kept = 0;

	for (size_t i = 0; i < waiting->count; i++) {
		const struct vm *vm = cli_vm(cli, &waiting->at[i]);

		if (vm && vm->sessions_asked)
			waiting->at[kept++] = waiting->at[i];
	}
	waiting->count = kept;
	kept = 0;
	for (size_t i = 0; i < untold->count; i++) {
		struct vm *vm = cli_vm(cli, &untold->at[i]);

		if (vm && is_awaited(cli, questions, vm)) {
			untold->at[kept++] = untold->at[i];
		} else if (vm) {
			questions->told_at = clock_ms();
			ask(cli, questions, vm);
		}
	}
	untold->count = kept;
	while (waiting->count < questions->at_once && questions->next < questions->vms->count) {
		struct vm *vm = cli_vm(cli, &questions->vms->at[questions->next++]);

		if (vm && is_awaited(cli, questions, vm))
			*VEC_PUSH(untold) = vm->id;
		else if (vm)
			ask(cli, questions, vm);
	}
	if (waiting->count)
		cli_progress(cli, _("%zu of %zu guests have answered"),
			     questions->next - waiting->count - untold->count, questions->vms->count);
	return waiting->count == 0 && untold->count == 0;
}

bool cli_ask_guests(struct cli *cli, const struct cli_vms *vms, int64_t ms)
{
	struct questions questions = {
		.vms = vms,
		.at_once = ASK_AT_ONCE * inventory_host_count(app_inventory(cli->app)),
		.told_at = clock_ms(),
	};

	app_watch(cli->app, vms->at, vms->count);
	/* Waits a while for hosts to report which VMs have an agent; meanwhile asks the known guests. */
	if (!cli_wait(cli, guests_have_answered, &questions, CHANNELS_MS) && !cli_is_interrupted(cli)) {
		questions.told_is_over = true;
		if (ms >= 0)
			ms = MAX(questions.told_at + ms - clock_ms(), 0);
		cli_wait(cli, guests_have_answered, &questions, ms);
	}
	VEC_FREE(&questions.waiting);
	VEC_FREE(&questions.untold);
	cli_progress_clear(cli);
	return !cli_is_interrupted(cli);
}

static enum err_kind kind_of_state(const struct vm *vm)
{
	static const enum err_kind kinds[AGENT_STATE_COUNT] = {
		[AGENT_UNKNOWN] = ERR_NO_ANSWER, [AGENT_OFF] = ERR_NOT_RUNNING,     [AGENT_NONE] = ERR_NO_CHANNEL,
		[AGENT_DOWN] = ERR_NO_AGENT,     [AGENT_UP] = ERR_UNEXPECTED,       [AGENT_BLOCKED] = ERR_AGENT_BLOCKED,
		[AGENT_SILENT] = ERR_NO_ANSWER,  [AGENT_FROZEN] = ERR_AGENT_FROZEN, [AGENT_DENIED] = ERR_DENIED,
	};
	enum agent_state state = vm_agent_state(vm);
	struct err why;

	if (!vm_state_allows_guest(vm->info.state, "", &why))
		return why.kind;
	if (state == AGENT_UP && vm->sessions_asked)
		return ERR_TIMED_OUT;
	return kinds[state];
}

const char *cli_advice(const struct vm *vm)
{
	const char *advice = vm_agent_advice(vm);

	return *advice ? _(advice) : ""; /* gettext("") is the catalogue's header */
}

bool cli_users_known(const struct cli *cli, const struct vm_id *id, struct err *err)
{
	const struct vm *vm = cli_vm(cli, id);
	const struct host *host = cli_host(cli, id);
	const char *name, *advice;

	if (!vm)
		return err_set(err, ERR_NO_DOMAIN, _("a VM of %s no longer exists"), host->name);
	name = text_str(vm->info.name);
	if (vm->users_state == USERS_KNOWN)
		return true;
	if (!host_allows_writes(host))
		return err_set(err, ERR_DENIED,
			       _("%s: users are not visible over a read-only connection; connect without -r"), name);
	if (!text_is_empty(vm->sessions_note))
		return err_set(err, kind_of_state(vm), "%s: %s", name, text_str(vm->sessions_note));
	if (!vm_state_is_active(vm->info.state))
		return err_set(err, kind_of_state(vm), _("%s is not running (%s)"), name,
			       vm_state_name(vm->info.state));
	advice = cli_advice(vm);
	return err_set(err, kind_of_state(vm), "%s: %s", name, *advice ? advice : _("the guest has not answered yet"));
}
