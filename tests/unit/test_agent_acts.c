/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent's commands that change the guest: what they tell, and the gate that they pass. */
#include "asking.h"
#include "backend/guest/agent_json.h"

static void trimmed_bytes_are_summed_where_they_are_told(void **state)
{
	static const struct {
		const char *value;
		int64_t bytes;
	} rows[] = {
		{ "{}", -1 },
		{ "{\"paths\":7}", -1 },
		{ "{\"paths\":[{\"path\":\"/\",\"error\":\"no\"},7,{\"trimmed\":\"7\"},{\"trimmed\":-5}]}", -1 },
		{ "{\"paths\":[{\"trimmed\":0}]}", 0 },
		{ "{\"paths\":[{\"trimmed\":5},{\"trimmed\":7}]}", 12 },
		{ "{\"paths\":[{\"trimmed\":5},{\"trimmed\":9223372036854775807}]}", 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *reply = mem_printf("{\"return\":%s}", rows[i].value);
		int64_t bytes = 99;

		assert_true(agent_parse_fstrim(reply, strlen(reply), &bytes, &err));
		assert_int_equal(bytes, rows[i].bytes);
		free(reply);
	}
}

static void acting_commands_pass_the_gate_as_such(void **state)
{
	int64_t bytes;

	(void)state;
	assert_true(agent_set_time(&line, 1700000000000000000, &err));
	assert_true(agent_fstrim(&line, 1000, &bytes, &err));
	assert_int_equal(guest.log_count, 2);
	guest.backend.config.locked = true;
	assert_false(agent_set_time(&line, 0, &err));
	assert_int_equal(err.kind, ERR_DENIED);
	assert_false(agent_fstrim(&line, 1000, &bytes, &err));
	assert_int_equal(err.kind, ERR_DENIED);
	assert_int_equal(guest.log_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(trimmed_bytes_are_summed_where_they_are_told, a_guest_to_ask,
						no_guest_to_ask),
		cmocka_unit_test_setup_teardown(acting_commands_pass_the_gate_as_such, a_guest_to_ask, no_guest_to_ask),
	};

	return cmocka_run_group_tests_name("agent_acts", tests, NULL, NULL);
}
