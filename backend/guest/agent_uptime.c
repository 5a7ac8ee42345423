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

/* Behind the uptime's line: "1" or "0" where the mode may be read, and the label, which ends in a NUL. */
static void learn_label(struct guest_profile *profile, const struct agent_output *output)
{
	const char *end = output->out + output->out_len, *at = memchr(output->out, '\n', output->out_len);
	const char mode = at && at + 1 < end ? at[1] : '\0';
	const char *label = at ? at + 1 + (mode == '0' || mode == '1') : end;
	const size_t len = strcspn(label, "\r\n");

	text_set(&profile->selinux_label, text_sanitize(label, memchr(label, ':', len) ? len : 0, TEXT_CAP_NAME));
	profile->selinux = text_is_empty(profile->selinux_label) ? SELINUX_NONE
			   : mode == '1'                         ? SELINUX_ENFORCING
			   : mode == '0'                         ? SELINUX_PERMISSIVE
								 : SELINUX_MODE_UNKNOWN;
	profile->is_confined = strstr(text_str(profile->selinux_label), ":virt_qemu_ga_t") != NULL;
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
		learn_label(profile, output);
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
