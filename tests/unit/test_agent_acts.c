/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent's commands that change the guest: what they tell, and the gate that they pass. */
#include "asking.h"
#include "backend/guest/agent_json.h"

TEST(trimmed_bytes_are_summed_where_they_are_told)
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

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *reply = keep(mem_printf("{\"return\":%s}", rows[i].value));
		int64_t bytes = 99;

		assert_true(agent_parse_fstrim(reply, strlen(reply), &bytes, &err));
		assert_int_equal(bytes, rows[i].bytes);
	}
}

TEST(acting_commands_pass_the_gate_as_such)
{
	int64_t bytes;

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

RUN_TESTS_EACH("agent_acts", NULL, NULL, a_guest_to_ask, no_guest_to_ask)
