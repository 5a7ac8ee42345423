/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "op_run.h"

#include "base/clock.h"

struct fake_guest guest;
struct op *op;

char *sent[400];
int sent_count, sent_allowed, phases_seen[TASK_PHASE_COUNT];
bool percent_is_unknown;

static bool note_send(void *data, const char *what, struct err *err)
{
	if (sent_count >= sent_allowed)
		return err_set(err, ERR_SYSTEM, "no space left on device");
	sent[sent_count++] = mem_strdup(what);
	return true;
}

static void note_phase(void *data, const struct task_report *report)
{
	phases_seen[report->phase]++;
}

const struct op_journal journal = { .about_to_send = note_send, .changed = note_phase };

void carol_comes(struct backend *backend)
{
	fake_logon((struct fake_guest *)backend, "9", "carol", "tty5");
}

void forget_run(void)
{
	op_destroy(op);
	op = NULL;
	while (sent_count)
		free(sent[--sent_count]);
	memset(phases_seen, 0, sizeof(phases_seen));
}

int a_guest(void **state)
{
	fake_guest_init(&guest, FAKE_LOGIND);
	sent_allowed = ARRAY_SIZE(sent);
	return 0;
}

int no_guest(void **state)
{
	forget_run();
	fake_guest_free(&guest);
	return 0;
}

void this_guest(enum fake_kind kind)
{
	forget_run();
	fake_guest_free(&guest);
	fake_guest_init(&guest, kind);
}

void two_users(void)
{
	fake_logon(&guest, "1", "alice", "tty1");
	fake_logon(&guest, "2", "bob", "tty2");
}

void three_users(void)
{
	two_users();
	fake_logon(&guest, "c3", "bob", "");
}

const struct task_report *report(void)
{
	return op_report(op);
}

/* What changes the guest for good. A warning does not: it can be called off until somebody is told to go. */
static bool acts(const char *call)
{
	/* clang-format off */
	static const char *const acting[] = {
		"guest-exec loginctl terminate", "guest-exec loginctl kill", "guest-exec loginctl lock",
		"guest-exec pkill", "guest-exec powershell.exe # innkeeper end",
		"guest-exec C:\\Windows\\System32\\logoff.exe", "guest-exec C:\\Windows\\Sysnative\\logoff.exe",
		"guest-exec tee", "guest-exec rm", "guest-set-time", "guest-fstrim", "lifecycle", "snapshot-",
	};
	/* clang-format on */

	/* Saving alone can be called off while the host is at it. */
	for (size_t i = 0; strcmp(call, "lifecycle managedsave") != 0 && i < ARRAY_SIZE(acting); i++)
		if (strncmp(call, acting[i], strlen(acting[i])) == 0)
			return true;
	return false;
}

bool step(void)
{
	const size_t calls = guest.log_count;
	const int percent = report()->percent;
	const bool shown_cancelable = report()->cancelable;
	const int64_t wait_ms = op_step(op, 0);

	assert_true(guest.log_count - calls <= 1);
	/* Between the steps the report is shown: before the first byte leaves, everybody knows that it is too late. */
	if (shown_cancelable && guest.log_count > calls && acts(guest.log[calls]))
		fail_msg("%s was sent while it could be cancelled", guest.log[calls]);
	if (percent_is_unknown)
		assert_int_equal(report()->percent,
				 report()->complete && report()->result == TASK_RESULT_SUCCESS ? 100 : 0);
	assert_true(report()->percent >= percent);
	assert_true(report()->percent < 100 || report()->complete);
	assert_true((wait_ms == WORKER_DONE) == report()->complete);
	if (wait_ms > 0)
		clock_advance(wait_ms);
	return wait_ms != WORKER_DONE;
}

void go_on(void)
{
	for (int steps = 0; step(); steps++)
		assert_true(steps < 20000);
}

void it_ends(hresult error, const char *words)
{
	it_ends_as(error,
		   error == E_NO_SUCH_LOGON_SESSION ? TASK_RESULT_SUCCESS
		   : error == VM_E_TIMED_OUT        ? TASK_RESULT_TIME_OUT
		   : error == E_INVALIDARG          ? TASK_RESULT_ILLEGAL_VALUE
						    : TASK_RESULT_UNEXPECTED_ERROR,
		   words);
}

void it_ends_as(hresult error, enum task_result result, const char *words)
{
	if (!report()->complete)
		go_on();
	if (report()->error != error)
		fail_msg("it ended with 0x%08x: %s", report()->error, text_str(report()->error_description));
	assert_int_equal(report()->result, result);
	assert_true(report()->complete);
	assert_false(report()->cancelable);
	assert_int_equal(report()->phase, TASK_PHASE_DONE);
	assert_says(text_str(report()->error_description), words);
}

void it_is_done(void)
{
	it_ends_as(S_OK, TASK_RESULT_SUCCESS, "");
	assert_true(text_is_empty(report()->error_description));
	assert_int_equal(report()->percent, 100);
	assert_false(report()->maybe_sent);
}

void it_notes(const char *words)
{
	assert_says(text_str(report()->note), words);
}

void was_sent(const char *call, int times)
{
	const int count = fake_count(&guest, call);

	if (count != times) {
		fake_print_log(&guest);
		fail_msg("%s was sent %d times", call, count);
	}
}

void was_journalled(const char *all)
{
	char *told = mem_strdup("");

	for (int i = 0; i < sent_count; i++) {
		char *longer = mem_printf("%s%s%s", told, i > 0 ? "; " : "", sent[i]);

		free(told);
		told = longer;
	}
	assert_string_equal(told, all);
	free(told);
}

void seconds_passed(int64_t from, int64_t to)
{
	assert_in_range((clock_ms() - FAKE_START_MS) / 1000, from, to);
}

void nobody_was_told(void)
{
	was_sent("guest-exec loginctl terminate-session", 0);
	was_sent("guest-exec loginctl kill-session", 0);
	was_sent("guest-exec pkill", 0);
	was_sent("guest-exec powershell.exe # innkeeper end", 0);
	was_sent("guest-exec C:", 0);
}

void op_case_begins(const struct op_case *row)
{
	if (row->kind != FAKE_LOGIND)
		this_guest(row->kind);
	if (row->users == 3)
		three_users();
	else if (row->users == 2)
		two_users();
	for (size_t i = 0; row->on_desktops && i < guest.session_count; i++)
		guest.sessions[i].type = "x11";
	for (const struct fake_session *one = row->on; one < row->on + ARRAY_SIZE(row->on) && *one->id; one++) {
		struct fake_session *session = fake_logon(&guest, one->id, one->user, one->tty);
		const struct fake_session usual = *session;

		*session = *one;
		session->since = usual.since;
		memcpy(session->class_name, usual.class_name, sizeof(usual.class_name));
	}
	if (row->immortal)
		fake_find(&guest, row->immortal)->immortal = true;
	if (row->resists)
		fake_find(&guest, row->resists)->resists = true;
	if (row->locked)
		fake_find(&guest, row->locked)->locked = true;
	guest.sysnative = row->sysnative;
	guest.exec_disabled = row->exec_disabled;
	guest.exec_unknown = row->exec_unknown;
	guest.users_unknown = row->users_unknown;
	guest.hides_explorers = row->hides_explorers;
	guest.types_forbidden_from = row->types_forbidden_from;
	guest.latency_ms = row->latency_ms ? row->latency_ms : guest.latency_ms;
	guest.frozen = row->frozen;
	guest.backend.config.read_only = row->read_only;
	guest.backend.config.locked = row->is_locked;
	guest.users = row->guest_users;
	guest.no_program = row->no_program;
	guest.state = row->state != VM_STATE_UNKNOWN ? row->state : guest.state;
	guest.channel = row->channel != CHANNEL_UNKNOWN ? row->channel : guest.channel;
	guest.ignores_verbs = row->ignores_verbs;
	guest.transient = row->transient;
	while (guest.fault_count < ARRAY_SIZE(row->faults) && row->faults[guest.fault_count].call) {
		guest.faults[guest.fault_count] = row->faults[guest.fault_count];
		guest.fault_count++;
	}
}

void op_case_holds(const struct op_case *row)
{
	if (row->ends == S_OK)
		it_is_done();
	for (size_t i = 0; row->ends != S_OK && (i == 0 || (i < ARRAY_SIZE(row->says) && row->says[i])); i++)
		it_ends(row->ends, row->says[i]);
	for (size_t i = 0; i < ARRAY_SIZE(row->notes) && row->notes[i]; i++)
		it_notes(row->notes[i]);
	if (row->doubt != ANY_DOUBT)
		assert_int_equal(report()->maybe_sent, row->doubt == MAYBE_SENT);
	for (size_t i = 0; i < ARRAY_SIZE(row->sent) && row->sent[i].call; i++)
		was_sent(row->sent[i].call, row->sent[i].times);
	if (row->nobody_told)
		nobody_was_told();
	if (row->journalled)
		was_journalled(row->journalled);
	if (row->nothing_journalled)
		assert_int_equal(sent_count, 0);
	if (row->seconds[1])
		seconds_passed(row->seconds[0], row->seconds[1]);
}
