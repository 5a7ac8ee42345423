/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "op_run.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

struct fake_guest guest;
struct op *op;

char *sent[400];
int sent_count, sent_allowed, phases_seen[TASK_PHASE_COUNT];

static bool note_send(void *data, const char *what, struct err *err)
{
	(void)data;
	if (sent_count >= sent_allowed)
		return err_set(err, ERR_SYSTEM, "no space left on device");
	sent[sent_count++] = mem_strdup(what);
	return true;
}

static void note_phase(void *data, const struct task_report *report)
{
	(void)data;
	phases_seen[report->phase]++;
}

const struct op_journal journal = { .about_to_send = note_send, .changed = note_phase };

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
	(void)state;
	fake_guest_init(&guest, FAKE_LOGIND);
	sent_allowed = ARRAY_SIZE(sent);
	return 0;
}

int no_guest(void **state)
{
	(void)state;
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

	for (size_t i = 0; i < ARRAY_SIZE(acting); i++)
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

void it_ends(hresult error, enum task_result result, const char *words)
{
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
	it_ends(S_OK, TASK_RESULT_SUCCESS, "");
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
