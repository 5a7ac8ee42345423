/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_journal.c - a task's journal as a crash, a full disk or a stranger left it. */
#include "engine/journal.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal_entry entry;

	if (journal_parse((const char *)data, size, &entry)) {
		FUZZ_CHECK(*journal_state_name(entry.state));
		FUZZ_CHECK(text_is_safe(text_str(entry.operation)) && text_is_safe(text_str(entry.host)));
		FUZZ_CHECK(text_is_safe(text_str(entry.uri)) && text_is_safe(text_str(entry.vm)));
		FUZZ_CHECK(text_is_safe(text_str(entry.uuid)) && text_is_safe(text_str(entry.by)));
		FUZZ_CHECK(text_is_safe(text_str(entry.what)) && text_is_safe(text_str(entry.outcome)));
		for (size_t i = 0; i < entry.sessions.count; i++)
			FUZZ_CHECK(text_is_safe(text_str(entry.sessions.at[i].id)) &&
				   text_is_safe(text_str(entry.sessions.at[i].user)));
	}
	journal_entry_free(&entry);
	return 0;
}
