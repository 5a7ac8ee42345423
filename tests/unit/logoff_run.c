/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "logoff_run.h"

#include "base/clock.h"

struct backend *asked = &guest.backend;
struct logoff_options options;

int a_logoff(void **state)
{
	options = (struct logoff_options){ 0 };
	return a_guest(state);
}

void three_users(void)
{
	two_users();
	fake_logon(&guest, "c3", "bob", "");
}

static void begin_with(const struct op_journal *told)
{
	forget_run();
	op = logoff_create(asked, &guest.uuid, TEXT_TRUSTED("web01"), &options, told);
}

void begin(void)
{
	begin_with(&journal);
}

void begin_without_journal(void)
{
	begin_with(NULL);
}

void log_off(void)
{
	begin();
	go_on();
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
