/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/log.h"
#include "engine/audit.h"
#include "engine/config.h"
#include "engine/journal.h"
#include "engine/state_dir.h"
#include "engine/vm_lock.h"
#include "flows.h"
#include "tests/paths.h"
#include "ui/cli/cli.h"
#include "ui/cli/options.h"

#include <unistd.h>

static const struct journal_plan plan = {
	"logoff", "alpha", "qemu:///system", "web01", "6c0f6f0a-0000-4000-8000-000000000001", "alice", "a patch", false
};

static bool a_task_is_journalled(struct err *err)
{
	struct journal *journal = journal_create(&plan, err);
	bool ok;

	if (!journal)
		return false;
	ok = journal_session(journal, "4", "alice", 1767268000, err) &&
	     journal_sending(journal, "end session 4 of alice", err);
	if (ok)
		journal_sent(journal, NULL);
	journal_close(journal, "S_OK", false);
	return ok;
}

static bool a_task_stays_in_the_journal(struct err *err)
{
	struct journal *journal = journal_create(&plan, err);
	bool ok;

	if (!journal)
		return false;
	ok = journal_sending(journal, "end session 4 of alice", err);
	journal_leave(journal, true);
	return ok;
}

static bool the_journal_is_read(struct err *err)
{
	struct journal_entries entries;
	size_t unreadable;

	if (!a_task_stays_in_the_journal(err) || !journal_read_all(false, &entries, &unreadable, err))
		return false;
	journal_entries_free(&entries);
	return true;
}

static bool a_task_is_forgotten(struct err *err)
{
	struct journal_entries entries;
	size_t unreadable;
	bool ok = true;

	if (!a_task_stays_in_the_journal(err) || !journal_read_all(false, &entries, &unreadable, err))
		return false;
	for (size_t i = 0; ok && i < entries.count; i++)
		ok = journal_forget(false, entries.at[i].id, err);
	journal_entries_free(&entries);
	return ok;
}

static bool the_journal_is_printed(struct err *err)
{
	struct options options = { .command = COMMAND_TASKS, .output = OUTPUT_JSON };

	if (!a_task_stays_in_the_journal(err))
		return false;
	return cli_journal(&options) == EXIT_DONE || err_set(err, ERR_SYSTEM, "said on stderr");
}

static const struct audit_record record = {
	"logoff",     "begin", "1", "alpha", "qemu:///system", "web01", "6c0f6f0a-0000-4000-8000-000000000001",
	"alice, bob", "-",     "",  false
};

static bool the_audit_goes_to_a_file(struct err *err)
{
	audit_use_socket("");
	return audit_write(&record, err);
}

static bool the_audit_goes_where_it_can(struct err *err)
{
	bool ok;

	audit_use_socket("/nowhere/journal/socket");
	ok = audit_write(&record, err);
	audit_use_socket("");
	return ok;
}

static bool the_state_directory_is_made(struct err *err)
{
	int fd = state_dir_open("tasks", true, err);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool a_vm_is_locked(struct err *err)
{
	const struct uuid uuid = { .bytes = { 0xaa, (unsigned char)getpid(), (unsigned char)(getpid() >> 8) } };
	struct vm_lock *lock = vm_lock_take(&uuid, false, err);
	struct err refusal = { 0 };

	if (!lock)
		return false;
	if (vm_lock_take(&uuid, false, &refusal) || !*refusal.buf)
		abort();
	vm_lock_release(lock);
	return true;
}

static bool a_log_is_kept(struct err *err)
{
	char *path = mem_printf("%s/the.log", getenv("XDG_STATE_HOME"));
	bool ok = log_open_file(path, err);

	log_add(LOG_LEVEL_INFO, "%s", "a line");
	log_close();
	free(path);
	return ok;
}

static bool load(const char *path, struct err *err)
{
	struct config_complaints complaints = { 0 };
	struct config config = { 0 };
	bool ok;

	config_defaults(&config);
	ok = config_load(&config, path, &complaints, err);
	config_complaints_free(&complaints);
	config_free(&config);
	return ok;
}

/* clang-format off */
const struct flow flows_of_files[] = {
	{ "settings_are_loaded", .run_on = load, .words = NULL },
	{ "named_settings_are_loaded", .run_on = load, .words = EXAMPLE },
	{ "settings_that_are_not_there", .run_on = load, .words = "/nowhere/innkeeper.conf" },
	FLOW(a_task_is_journalled), FLOW(a_task_stays_in_the_journal), FLOW(the_journal_is_read),
	FLOW(a_task_is_forgotten), FLOW(the_journal_is_printed), FLOW(the_audit_goes_to_a_file),
	FLOW(the_audit_goes_where_it_can), FLOW(the_state_directory_is_made), FLOW(a_vm_is_locked), FLOW(a_log_is_kept),
	FLOWS_END,
};
/* clang-format on */
