/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "logoff_run.h"

struct backend *asked = &guest.backend;
struct logoff_options options;

int a_logoff(void **state)
{
	options = (struct logoff_options){ 0 };
	return a_guest(state);
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

void it_logs_off(void)
{
	begin();
	it_is_done();
}

void the_log_off_ends(hresult error, const char *words)
{
	begin();
	it_ends(error, words);
}

void log_off_row(void **state)
{
	const struct op_case *row = *state;

	op_case_begins(row);
	options = row->logoff;
	log_off();
	op_case_holds(row);
}
