/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "engine/filter.h"
#include "engine/nearest.h"
#include "ui/cli/cli_context.h"

#include <fnmatch.h>

enum {
	CHANNELS_MS = 3000,
	FIGURES_MS = 2500,
	SLOW_MS = 1000,        /* a guest that takes longer does not hold up the rows of others */
	ASK_AT_ONCE = 8,       /* of each host: enough to keep its calls busy */
	GUESTS_MS = 20 * 1000, /* and for each VM: */
	GUEST_MS = 50,
	JOURNAL_MS = 5000,
};

/* --- which VMs --- */

static int compare_vms(const void *a, const void *b)
{
	const struct vm *left = *(struct vm *const *)a, *right = *(struct vm *const *)b;

	if (left->id.host != right->id.host)
		return left->id.host - right->id.host;
	return text_compare(left->info.name, right->info.name);
}

static void list_all(const struct cli *cli, struct cli_vms *vms)
{
	const struct inventory *inventory = app_inventory(cli->app);
	OWN(vec) struct {
		VEC(struct vm *);
	} all = { 0 };

	for (size_t i = 0; i < inventory_vm_count(inventory); i++)
		*VEC_PUSH(&all) = inventory_vm_at(inventory, i);
	if (all.count)
		qsort(all.at, all.count, sizeof(*all.at), compare_vms);
	for (size_t i = 0; i < all.count; i++)
		*VEC_PUSH(vms) = all.at[i]->id;
}

static void take(struct cli *cli, struct vm_id id)
{
	size_t at = 0;

	while (at < cli->vms.count && !vm_id_equal(&cli->vms.at[at], &id))
		at++;
	if (at == cli->vms.count)
		*VEC_PUSH(&cli->vms) = id;
}

/* err: what is said of a name that no VM has; it gets a better one where there is. */
static bool take_matches(struct cli *cli, const char *word, struct err *err)
{
	const enum command_words words = command_get(cli->options->command)->words;
	const bool is_pattern = (words == WORDS_VMS || words == WORDS_VMS_MUST) && strpbrk(word, "*?[");
	OWN(vec) struct cli_vms all = { 0 };
	OWN(text) struct safe_text safe = { 0 };
	struct nearest near;
	bool found = false;

	nearest_init(&near, word);
	list_all(cli, &all);
	for (size_t i = 0; i < all.count; i++) {
		const char *name = text_str(cli_vm(cli, &all.at[i])->info.name);
		OWN(bytes) char *path = mem_printf("%s/%s", cli_host(cli, &all.at[i])->name, name);
		const bool takes = is_pattern && (!fnmatch(word, name, 0) || !fnmatch(word, path, FNM_PATHNAME));

		nearest_offer(&near, name);
		if (takes)
			take(cli, all.at[i]);
		found |= takes;
	}
	if (found)
		return true;
	safe = text_sanitize_str(word, TEXT_CAP_NAME);
	if (is_pattern)
		err_set(err, ERR_NO_DOMAIN, _("no VM matches \"%s\""), text_str(safe));
	else if (near.name)
		err_set(err, ERR_NO_DOMAIN, _("no VM named \"%s\"; did you mean %s?"), text_str(safe), near.name);
	return false;
}

static bool takes_hosts(const struct cli *cli)
{
	return cli->options->command == COMMAND_DRAIN || cli->options->command == COMMAND_UNCORDON;
}

/* All VMs of the host. */
static bool take_host(struct cli *cli, const char *name)
{
	OWN(vec) struct cli_vms all = { 0 };
	bool found = false;

	list_all(cli, &all);
	for (size_t i = 0; i < all.count; i++) {
		if (strcmp(cli_host(cli, &all.at[i])->name, name) != 0)
			continue;
		take(cli, all.at[i]);
		found = true;
	}
	return found;
}

/* A name beats a pattern: somebody may have called a VM "web*". */
static bool take_names(struct cli *cli)
{
	const struct options_words *words = &cli->options->words;
	const bool more = command_get(cli->options->command)->words == WORDS_VM_AND_MORE;
	struct err err = { 0 };
	bool ok = true;

	for (size_t i = 0; i < (more ? 1 : words->count); i++) {
		struct vm *vm;

		if (inventory_resolve(app_inventory(cli->app), words->at[i], &vm, &err)) {
			take(cli, vm->id);
		} else if (err.kind == ERR_NO_DOMAIN && takes_hosts(cli) && take_host(cli, words->at[i])) {
			continue;
		} else if (err.kind != ERR_NO_DOMAIN || !take_matches(cli, words->at[i], &err)) {
			cli_note_error(cli, &err);
			ok = false;
		}
	}
	return ok;
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
	list_all(cli, &cli->vms);
	ok = filter_uses(filter, SOURCE_GUEST) ? cli_ask_guests(cli, vms, -1, NULL) : cli_wait_for_channels(cli, vms);
	ok = ok && (!filter_uses(filter, SOURCE_STATS) || cli_wait_for_figures(cli, vms));
	for (size_t i = 0; ok && i < vms->count; i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);

		if (vm && filter_match(filter, vm, cli_host(cli, &vm->id), clock_ms()))
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
	list_all(cli, &cli->vms);
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
		.disconnected_s = options->disconnected_s,
		.idle_s = options->idle_s,
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

enum question_state {
	NOT_ASKED,
	NOT_TOLD, /* its host has not reported whether it has an agent */
	ASKED,
	OVER,
	PUT, /* ... and its answer was put out */
};

/* A few guests of each host at a time: if all were asked at once, none of a thousand might answer in time. */
struct questions {
	const struct cli_vms *vms;
	cli_answer_fn *answer;
	struct question {
		enum question_state state;
		int64_t asked_at;
	} * each;           /* one for each VM */
	size_t *asked;      /* of each host: how many wait for an answer */
	int64_t told_at;    /* when a host last reported whether a VM has an agent */
	int64_t quiet_ms;   /* without such a report for so long, none is waited for any more */
	size_t over, first; /* how many; all before that one are put out */
};

static void go_on(struct cli *cli, struct questions *questions, size_t i)
{
	const struct vm_id *id = &questions->vms->at[i];
	struct question *question = &questions->each[i];
	size_t *asked = &questions->asked[id->host];
	struct vm *vm;

	if (question->state >= OVER || (question->state == NOT_ASKED && *asked >= ASK_AT_ONCE))
		return;
	vm = cli_vm(cli, id);
	if (question->state == ASKED) {
		if (vm && vm->sessions_asked)
			return;
		--*asked;
	} else if (vm && !is_told(cli, vm) && clock_ms() - questions->told_at < questions->quiet_ms) {
		question->state = NOT_TOLD;
		return;
	} else {
		if (question->state == NOT_TOLD && vm && is_told(cli, vm))
			questions->told_at = clock_ms();
		question->state = NOT_ASKED;
		if (*asked >= ASK_AT_ONCE)
			return;
		if (vm && !vm_was_asked(vm) && app_ask_guest(cli->app, vm, true, NULL)) {
			*question = (struct question){ .state = ASKED, .asked_at = clock_ms() };
			++*asked;
			return;
		}
	}
	question->state = OVER;
	questions->over++;
}

/* In order; but whoever is slow is put out when the answer comes. */
static void put_answers(struct cli *cli, struct questions *questions, bool all)
{
	const int64_t now = clock_ms();

	for (size_t i = questions->first; i < questions->vms->count; i++) {
		struct question *question = &questions->each[i];

		if (question->state == OVER || (all && question->state != PUT)) {
			question->state = PUT;
			questions->answer(cli, &questions->vms->at[i]);
		} else if (question->state == NOT_ASKED ||
			   (question->state == ASKED && now - question->asked_at < SLOW_MS) ||
			   (question->state == NOT_TOLD && now - questions->told_at < SLOW_MS)) {
			break;
		}
		if (i == questions->first && question->state == PUT)
			questions->first++;
	}
}

static bool guests_have_answered(struct cli *cli, void *data)
{
	struct questions *questions = data;
	const size_t count = questions->vms->count;

	for (size_t i = questions->first; i < count; i++)
		go_on(cli, questions, i);
	if (questions->answer && cli_streams(cli)) {
		put_answers(cli, questions, false);
		cli_write_so_far(cli);
	}
	if (questions->over < count)
		cli_progress(cli, _("%zu of %zu guests have answered"), questions->over, count);
	return questions->over == count;
}

bool cli_ask_guests(struct cli *cli, const struct cli_vms *vms, int64_t ms, cli_answer_fn *answer)
{
	struct questions questions = {
		.vms = vms,
		.answer = answer,
		.each = mem_zalloc(vms->count * sizeof(*questions.each)),
		.asked = mem_zalloc(inventory_host_count(app_inventory(cli->app)) * sizeof(*questions.asked)),
		.told_at = clock_ms(),
		.quiet_ms = MAX(CHANNELS_MS, ms / 4),
	};
	const int interrupts = cli->interrupts;

	app_watch(cli->app, vms->at, vms->count);
	cli_wait(cli, guests_have_answered, &questions, ms);
	cli_progress_clear(cli);
	cli->unasked = 0;
	for (size_t i = 0; i < vms->count; i++) {
		const struct question *question = &questions.each[i];

		if (question->state == ASKED && clock_ms() - question->asked_at >= CHANNELS_MS && answer)
			app_note_late(cli->app, cli_vm(cli, &vms->at[i]));
		else
			cli->unasked += question->state < OVER;
	}
	if (answer && cli->interrupts == interrupts)
		put_answers(cli, &questions, true);
	free(questions.each);
	free(questions.asked);
	return !cli_is_interrupted(cli);
}

int64_t cli_guests_ms(const struct cli *cli)
{
	const int64_t given = cli->options->wait_timeout_s;

	return given >= 0 ? given * 1000 : GUESTS_MS + GUEST_MS * (int64_t)cli->vms.count;
}

static bool journal_was_read(struct cli *cli, void *data UNUSED)
{
	return app_journal_was_read(cli->app);
}

void cli_wait_for_journal(struct cli *cli)
{
	cli_wait(cli, journal_was_read, NULL, JOURNAL_MS);
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
	return _(vm_agent_advice(vm));
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
