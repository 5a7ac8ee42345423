/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "engine/audit.h"
#include "engine/journal.h"
#include "ui/cli/cli_commands.h"

enum { GUEST_MS = 60 * 1000 };

#define ROWS(ROW) \
	ROW(JOURNAL_ID, "id", NC_("column", "ID"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_STATE, "state", NC_("column", "STATE"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_HOST, "host", NC_("column", "HOST"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_VM, "vm", NC_("column", "VM"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_UUID, "uuid", NULL, OUTPUT_IS_TEXT) \
	ROW(JOURNAL_VERB, "verb", NC_("column", "VERB"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_BY, "by", NC_("column", "BY"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_LAST, "last_send", NC_("column", "LAST SEND"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_OUTCOME, "outcome", NC_("column", "OUTCOME"), OUTPUT_IS_TEXT) \
	ROW(JOURNAL_STARTED, "started", NULL, OUTPUT_IS_TIME) \
	ROW(JOURNAL_CHANGED, "changed", NC_("column", "SINCE"), OUTPUT_IS_TIME) \
	ROW(JOURNAL_RUNNING, "running", NULL, OUTPUT_IS_BOOL) \
	ROW(JOURNAL_REASON, "reason", NULL, OUTPUT_IS_TEXT)
OUTPUT_COLUMNS(ROWS, JOURNAL_COLUMNS);

const struct cli_fields cli_journal_fields = { columns, ARRAY_SIZE(columns), NULL };

/* The journal's times are UTC. */
static void put_time(struct output *output, size_t column, struct safe_text when)
{
	time_t at;

	if (clock_parse_utc(text_str(when), &at))
		output_put_time(output, column, at);
	else
		output_put_text(output, column, when);
}

static void put_entry(struct output *output, const struct journal_entry *entry, const char *state,
		      struct safe_text outcome)
{
	output_row(output);
	output_put_text(output, JOURNAL_ID, TEXT_TRUSTED(entry->id));
	output_put_text(output, JOURNAL_STATE, TEXT_TRUSTED(state));
	output_put_text(output, JOURNAL_HOST, entry->host);
	output_put_text(output, JOURNAL_VM, entry->vm);
	output_put_text(output, JOURNAL_UUID, entry->uuid);
	output_put_text(output, JOURNAL_VERB, entry->operation);
	output_put_text(output, JOURNAL_BY, entry->by);
	output_put_text(output, JOURNAL_LAST, entry->what);
	output_put_text(output, JOURNAL_OUTCOME, outcome);
	put_time(output, JOURNAL_STARTED, entry->planned_at);
	put_time(output, JOURNAL_CHANGED, entry->changed_at);
	output_put_bool(output, JOURNAL_RUNNING, entry->alive);
	output_put_text(output, JOURNAL_REASON, entry->reason);
}

static enum exit_status fail(const struct err *err)
{
	cli_say("%s", text_str(err_text(err)));
	return cli_exit_of(err->kind);
}

static enum exit_status list_entries(const struct options *options)
{
	struct output_sink sink = output_stdout();
	OWN(journal_entries) struct journal_entries entries = { 0 };
	enum exit_status status = EXIT_DONE;
	struct err err = { 0 };
	struct output output;
	size_t unreadable;

	if (!journal_read_all(options_choose_demo(options), &entries, &unreadable, &err))
		return fail(&err);
	output_init(&output, columns, JOURNAL_COLUMNS);
	output.whole = &columns[JOURNAL_OUTCOME];
	for (size_t i = 0; i < entries.count; i++)
		put_entry(&output, &entries.at[i],
			  entries.at[i].alive ? "running" : journal_state_name(entries.at[i].state),
			  entries.at[i].outcome);
	if (options->sort)
		output_sort(&output, options->sort, NULL);
	if (unreadable) {
		cli_say(ngettext("cannot read %zu task; check its file, then remove it with --forget",
				 "cannot read %zu tasks; check their files, then remove them with --forget",
				 unreadable),
			unreadable);
		status = EXIT_UNEXPECTED;
	}
	if (!output_write(&output, options->output, &sink, &err))
		status = fail(&err);
	output_finish(&output);
	return status;
}

static const struct journal_entry *find_entry(const struct journal_entries *entries, const char *id)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->at[i].id, id) == 0)
			return &entries->at[i];
	return NULL;
}

static bool set_still_running(const char *id, struct err *err)
{
	return err_set(err, ERR_USAGE, _("task %s is still running in another innkeeper"), id);
}

/* "done" or "all". What still runs stays; of those that are done, what a drain found, which uncordon needs. */
static bool forget_many(const struct journal_entries *entries, const struct options *options, struct err *err)
{
	const bool all = strcmp(options->forget, "all") == 0;
	size_t forgotten = 0, alive = 0, drained = 0;
	bool ok = true;

	for (size_t i = 0; i < entries->count && ok; i++) {
		const struct journal_entry *entry = &entries->at[i];

		alive += entry->alive;
		if (entry->alive || !(all || entry->state == JOURNAL_DONE))
			continue;
		if (!all && entry->has_found) {
			drained++;
			continue;
		}
		ok = journal_forget(options_choose_demo(options), entry->id, err);
		forgotten += ok;
	}
	if (!options->quiet)
		cli_say(ngettext("%zu task forgotten", "%zu tasks forgotten", forgotten), forgotten);
	if (alive)
		cli_say(ngettext("%zu task is still running in another innkeeper and stays",
				 "%zu tasks are still running in another innkeeper and stay", alive),
			alive);
	if (drained)
		cli_say(ngettext("%zu drain stays: uncordon undoes it; --forget ID forgets it",
				 "%zu drains stay: uncordon undoes them; --forget ID forgets one", drained),
			drained);
	return ok;
}

enum exit_status cli_journal(const struct options *options)
{
	const bool is_simulated = options_choose_demo(options);
	const struct journal_entry *entry;
	OWN(journal_entries) struct journal_entries entries = { 0 };
	struct err err = { 0 };
	size_t unreadable;
	bool ok;

	if (!options->forget)
		return list_entries(options);
	if (!journal_read_all(is_simulated, &entries, &unreadable, &err))
		return fail(&err);
	entry = find_entry(&entries, options->forget);
	/* If that innkeeper dies, the entry is all that is known of what was sent. */
	if (strcmp(options->forget, "done") == 0 || strcmp(options->forget, "all") == 0)
		ok = forget_many(&entries, options, &err);
	else
		ok = entry && entry->alive ? set_still_running(options->forget, &err)
					   : journal_forget(is_simulated, options->forget, &err);
	return ok ? EXIT_DONE : fail(&err);
}

/* --- looking again --- */

static bool read_entry(const struct options *options, struct journal_entries *entries,
		       const struct journal_entry **ret_entry, struct err *err)
{
	const char *id = options->recheck;
	size_t unreadable;

	if (!journal_read_all(options_choose_demo(options), entries, &unreadable, err))
		return false;
	*ret_entry = find_entry(entries, id);
	if (!*ret_entry)
		return err_set(err, ERR_USAGE, _("no task '%s' in the journal; list them with: %s"), id,
			       journal_command(options_choose_demo(options)));
	if ((*ret_entry)->state == JOURNAL_UNREADABLE)
		return err_set(err, ERR_SYSTEM, _("what task %s did cannot be read: %s"), id,
			       text_str((*ret_entry)->outcome));
	return !(*ret_entry)->alive || set_still_running(id, err);
}

char *cli_recheck_uri(const struct options *options, struct err *err)
{
	const struct journal_entry *entry;
	OWN(journal_entries) struct journal_entries entries = { 0 };

	if (!read_entry(options, &entries, &entry, err))
		return NULL;
	return mem_strdup(text_str(entry->uri));
}

/* A verified task is removed from the journal; others, and logins left disabled, stay. */
static void conclude(struct cli *cli, const struct journal_entry *entry, const struct recheck *seen)
{
	static const struct {
		const char *name;
		enum exit_status status;
	} verdicts[] = {
		[RECHECK_DONE] = { "done", EXIT_DONE },
		[RECHECK_NOT_DONE] = { "not done", EXIT_TIMED_OUT },
		[RECHECK_CANNOT_TELL] = { "unknown", EXIT_UNEXPECTED },
	};
	const bool is_simulated = options_choose_demo(cli->options);
	/* clang-format off */
	const struct audit_record record = {
		.action = text_str(entry->operation), .state = "recheck", .task_id = entry->id,
		.host = text_str(entry->host), .uri = text_str(entry->uri), .vm = text_str(entry->vm),
		.uuid = text_str(entry->uuid), .users = "-", .result = verdicts[seen->verdict].name,
		.text = text_str(seen->words), .is_simulated = is_simulated,
	};
	/* clang-format on */
	struct err err = { 0 };

	if (!audit_write(&record, &err))
		cli_note_error(cli, &err);
	if (seen->verdict == RECHECK_DONE && !seen->may_leave_logins_disabled &&
	    !journal_forget(is_simulated, entry->id, &err))
		cli_note_error(cli, &err);
	put_entry(&cli->output, entry, verdicts[seen->verdict].name, seen->words);
	cli_write(cli);
	cli_note_exit(cli, verdicts[seen->verdict].status);
}

void cli_recheck(struct cli *cli)
{
	const struct journal_entry *entry;
	const struct host *elsewhere;
	OWN(journal_entries) struct journal_entries entries = { 0 };
	struct err err = { 0 };
	struct recheck seen;
	struct vm *vm;

	if (!read_entry(cli->options, &entries, &entry, &err)) {
		cli_note_error(cli, &err);
		return;
	}
	if (!cli_settle(cli))
		return;
	vm = recheck_find(app_inventory(cli->app), entry, &elsewhere);
	if (vm) {
		*VEC_PUSH(&cli->vms) = vm->id;
		if (!(recheck_needs_snapshots(entry) ? cli_wait_for_channels(cli, &cli->vms) && cli_ask_snapshots(cli)
						     : cli_ask_guests(cli, &cli->vms, GUEST_MS, NULL)))
			return;
		vm = recheck_find(app_inventory(cli->app), entry, &elsewhere);
	}
	seen = recheck_entry(entry, vm, elsewhere);
	conclude(cli, entry, &seen);
	text_free(&seen.words);
}
