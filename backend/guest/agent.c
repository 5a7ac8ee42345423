/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_json.h"

/* One call; the reply is owned by the caller, NULL: err says why there is none. */
static char *ask(const struct agent_target *target, const char *command, struct err *err)
{
	char *json = mem_printf("{\"execute\":\"%s\"}", command), *reply = NULL;
	const bool ok = backend_agent_command(target->backend, target->slot, &target->uuid, BACKEND_LOOKS, json,
					      AGENT_INFO_TIMEOUT_MS, &reply, err);

	free(json);
	return ok ? reply : NULL;
}

bool agent_ping(const struct agent_target *target, struct err *err)
{
	char *reply = ask(target, "guest-ping", err);
	const bool ok = reply && agent_parse_nothing(reply, strlen(reply), err);

	free(reply);
	return ok;
}

bool agent_info(const struct agent_target *target, struct agent_capabilities *ret, struct err *err)
{
	char *reply = ask(target, "guest-info", err);
	const bool ok = reply && agent_parse_info(reply, strlen(reply), ret, err);

	free(reply);
	return ok;
}

bool agent_os(const struct agent_target *target, struct agent_os *ret, struct err *err)
{
	char *reply = ask(target, "guest-get-osinfo", err);
	const bool ok = reply && agent_parse_os(reply, strlen(reply), ret, err);

	free(reply);
	return ok;
}

bool agent_host_name(const struct agent_target *target, struct safe_text *ret_owned, struct err *err)
{
	char *reply = ask(target, "guest-get-host-name", err);
	const bool ok = reply && agent_parse_host_name(reply, strlen(reply), ret_owned, err);

	free(reply);
	return ok;
}

bool agent_users(const struct agent_target *target, struct agent_users *ret, struct err *err)
{
	char *reply = ask(target, "guest-get-users", err);
	const bool ok = reply && agent_parse_users(reply, strlen(reply), ret, err);

	free(reply);
	return ok;
}

bool agent_fsfreeze_is_frozen(const struct agent_target *target, bool *ret_frozen, struct err *err)
{
	char *reply = ask(target, "guest-fsfreeze-status", err);
	const bool ok = reply && agent_parse_fsfreeze(reply, strlen(reply), ret_frozen, err);

	free(reply);
	return ok;
}

/* --- acting --- */

static char *act(const struct agent_target *target, char *json, int timeout_ms, struct err *err)
{
	char *reply = NULL;
	const bool ok = backend_agent_command(target->backend, target->slot, &target->uuid, BACKEND_ACTS, json,
					      timeout_ms, &reply, err);

	free(json);
	return ok ? reply : NULL;
}

bool agent_set_time(const struct agent_target *target, int64_t ns, struct err *err)
{
	char *reply =
		act(target, mem_printf("{\"execute\":\"guest-set-time\",\"arguments\":{\"time\":%lld}}", (long long)ns),
		    AGENT_EXEC_TIMEOUT_MS, err);
	const bool ok = reply && agent_parse_nothing(reply, strlen(reply), err);

	free(reply);
	return ok;
}

bool agent_fstrim(const struct agent_target *target, int timeout_ms, int64_t *ret_bytes, struct err *err)
{
	char *reply = act(target, mem_strdup("{\"execute\":\"guest-fstrim\"}"), timeout_ms, err);
	const bool ok = reply && agent_parse_fstrim(reply, strlen(reply), ret_bytes, err);

	free(reply);
	return ok;
}
