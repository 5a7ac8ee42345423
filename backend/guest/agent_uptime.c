/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_uptime.h"

#include "backend/guest/agent_sessions.h"

/* A century: what says more counts something else. */
static const int64_t most_seconds = INT64_C(100) * 366 * 24 * 3600;

bool uptime_query_is_possible(const struct guest_profile *profile)
{
	return profile->known && profile->capabilities.exec && guest_os_get(profile->family)->tell_uptime;
}

void uptime_query_end(struct uptime_query *query)
{
	session_program_free(&query->program);
}

enum query_outcome uptime_query_step(struct uptime_query *query, struct guest_profile *profile,
				     const struct agent_target *target, int64_t *ret_wait_ms, int64_t *ret_ms,
				     struct err *err)
{
	const struct agent_output *output = &query->program.run.output;

	*ret_wait_ms = 0;
	if (!query->program.running)
		guest_os_get(profile->family)->tell_uptime(&query->program);
	switch (session_program_step(&query->program, target, ret_wait_ms, err)) {
	case RUN_AGAIN:
		return QUERY_AGAIN;
	case RUN_EXITED:
		break;
	default:
		return QUERY_FAILED;
	}
	/* Without SELinux there is no label to print, and cat exits with 1. */
	if (output->out && uptime_parse(output->out, output->out_len, ret_ms)) {
		profile->is_confined = memmem(output->out, output->out_len, ":virt_qemu_ga_t", 15) != NULL;
		return QUERY_DONE;
	}
	if (!output->out_len && !session_program_succeeded(&query->program, err))
		return QUERY_FAILED;
	err_set(err, ERR_AGENT_BROKEN, _("invalid uptime reported by the guest"));
	return QUERY_FAILED;
}

static const char *read_digits(const char *at, const char *end, int64_t *ret_number)
{
	*ret_number = 0;
	for (; at < end && *at >= '0' && *at <= '9' && *ret_number <= most_seconds; at++)
		*ret_number = *ret_number * 10 + (*at - '0');
	return at;
}

bool uptime_parse(const char *out, size_t len, int64_t *ret_ms)
{
	const char *end = out + len, *behind;
	int64_t seconds, hundredths;

	behind = read_digits(out, end, &seconds);
	if (behind == out || seconds > most_seconds || end - behind < 4 || *behind != '.')
		return false;
	if (read_digits(behind + 1, behind + 3, &hundredths) != behind + 3 || (behind[3] != ' ' && behind[3] != '\n'))
		return false;
	*ret_ms = seconds * 1000 + hundredths * 10;
	return true;
}
