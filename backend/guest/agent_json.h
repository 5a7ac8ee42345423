/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_json.h - the protocol's bytes, pure: a reply whole as it came becomes a value, a program becomes
 * a command. Between these and the calls of agent.h stands nothing but the backend.
 *
 * A reply may be anything: over 4 MiB, nested beyond AGENT_JSON_DEPTH_MAX, of other types than agreed, with
 * keys twice. Then it is refused with ERR_AGENT_BROKEN; what the agent refuses comes as ERR_AGENT_REFUSED and
 * its kin. Any thread.
 */
#pragma once

#include "backend/guest/agent.h"

struct json_t;

bool agent_parse_nothing(const char *reply, size_t len, struct err *err); /* {"return": {}} */
bool agent_parse_info(const char *reply, size_t len, struct agent_capabilities *ret, struct err *err);
bool agent_parse_os(const char *reply, size_t len, struct agent_os *ret, struct err *err);
bool agent_parse_host_name(const char *reply, size_t len, struct safe_text *ret_owned, struct err *err);
bool agent_parse_users(const char *reply, size_t len, struct agent_users *ret, struct err *err);
bool agent_parse_fsfreeze(const char *reply, size_t len, bool *ret_frozen, struct err *err);
bool agent_parse_time(const char *reply, size_t len, int64_t *ret_ns, struct err *err);
bool agent_parse_fstrim(const char *reply, size_t len, int64_t *ret_bytes, struct err *err);
bool agent_parse_pid(const char *reply, size_t len, int64_t *ret_pid, struct err *err);
bool agent_parse_output(const char *reply, size_t len, struct agent_output *ret, struct err *err);
/* What stands under "return", where that has to be an array: a new reference of jansson's. */
struct json_t *agent_parse_array(const char *reply, size_t len, struct err *err);
/* {"execute":"guest-exec",...}; owned. NULL: some argument is no UTF-8. */
char *agent_exec_command(const struct agent_program *program);
/* {"execute":"guest-exec-status",...}; owned. */
char *agent_status_command(int64_t pid);
