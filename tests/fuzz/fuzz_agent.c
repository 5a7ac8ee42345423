/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_agent.c - the guest agent's replies: whatever comes, it is parsed to safe values or refused with
 * ERR_AGENT_* and safe words. Every parser sees every reply.
 */
#include "backend/guest/agent_json.h"
#include "backend/guest/agent_network.h"
#include "base/base64.h"
#include "fuzz.h"

static struct err err;

static void check_outcome(bool ok)
{
	if (!ok)
		FUZZ_CHECK(err.kind >= ERR_AGENT_REFUSED && err.kind <= ERR_AGENT_BROKEN);
	FUZZ_CHECK(text_is_safe(text_str(err_text(&err))));
	err = (struct err){ 0 };
}

static void check_text(struct safe_text text)
{
	FUZZ_CHECK(text_is_safe(text_str(text)));
}

static void check_info(const char *reply, size_t len)
{
	struct agent_capabilities capabilities = { 0 };
	const bool ok = agent_parse_info(reply, len, &capabilities, &err);

	FUZZ_CHECK(capabilities.known == ok);
	FUZZ_CHECK(!(capabilities.exec && capabilities.exec_known_blocked));
	check_text(capabilities.version);
	agent_abilities_free(&capabilities);
	check_outcome(ok);
}

static void check_os(const char *reply, size_t len)
{
	struct agent_os os = { 0 };
	struct safe_text name = { NULL };

	check_outcome(agent_parse_os(reply, len, &os, &err));
	check_text(os.id);
	check_text(os.pretty_name);
	check_text(os.kernel);
	agent_os_free(&os);
	check_outcome(agent_parse_host_name(reply, len, &name, &err));
	check_text(name);
	text_free(&name);
}

static void check_users(const char *reply, size_t len)
{
	struct agent_users users = { 0 };

	check_outcome(agent_parse_users(reply, len, &users, &err));
	FUZZ_CHECK(users.count <= SESSION_LIST_MAX);
	for (size_t i = 0; i < users.count; i++) {
		check_text(users.at[i].name);
		check_text(users.at[i].domain);
		FUZZ_CHECK(users.at[i].login_time >= -1);
	}
	agent_users_free(&users);
}

static void check_addresses(const char *reply, size_t len)
{
	struct address_list list = { 0 };

	check_outcome(agent_parse_addresses(reply, len, &list, &err));
	FUZZ_CHECK(list.count <= ADDRESS_LIST_MAX);
	for (size_t i = 0; i < list.count; i++) {
		const char *text = list.at[i].text;
		struct address again;

		FUZZ_CHECK(*text && text[strspn(text, "0123456789abcdef.:")] == '\0');
		FUZZ_CHECK(address_read(text, strlen(text), &again) && strcmp(again.text, text) == 0);
	}
	address_list_free(&list);
}

static void check_output(const char *reply, size_t len)
{
	struct agent_output output = { 0 };
	int64_t pid = 1, trimmed = -1;
	bool frozen;

	check_outcome(agent_parse_output(reply, len, &output, &err));
	FUZZ_CHECK(output.out_len <= AGENT_OUTPUT_MAX && output.err_len <= AGENT_OUTPUT_MAX);
	FUZZ_CHECK(!output.out || !output.out[output.out_len]);
	FUZZ_CHECK(!output.err_out || !output.err_out[output.err_len]);
	agent_output_free(&output);
	check_outcome(agent_parse_pid(reply, len, &pid, &err));
	FUZZ_CHECK(pid > 0);
	check_outcome(agent_parse_fsfreeze(reply, len, &frozen, &err));
	check_outcome(agent_parse_fstrim(reply, len, &trimmed, &err));
	FUZZ_CHECK(trimmed >= -1);
	check_outcome(agent_parse_nothing(reply, len, &err));
}

/* What decodes, encodes to the same again. */
static void check_base64(const char *text, size_t len)
{
	char *bytes, *again;
	size_t count;
	bool cut;

	if (!base64_decode(text, len, len, &bytes, &count, &cut))
		return;
	again = base64_encode(bytes, count);
	FUZZ_CHECK(!cut && strlen(again) == len && memcmp(again, text, len) == 0);
	free(again);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *reply = (const char *)data;

	check_info(reply, size);
	check_os(reply, size);
	check_users(reply, size);
	check_addresses(reply, size);
	check_output(reply, size);
	check_base64(reply, size);
	return 0;
}
