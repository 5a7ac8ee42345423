/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_checkup.h"

#include "backend/guest/agent_sessions.h"
#include "base/clock.h"

enum { PART_CLOCK, PART_PROCESSES, PART_UNITS, PART_OVER };

void guest_checkup_end(struct guest_checkup_query *query)
{
	session_program_free(&query->program);
}

/* The guest read its clock at some moment of the call: what that may explain is no difference. */
static bool read_clock(const struct agent_target *target, struct guest_checkup *checkup, struct err *err)
{
	const int64_t before_s = clock_wall();
	int64_t ns, guest_s, after_s;

	if (!agent_get_time(target, &ns, err))
		return false;
	guest_s = ns / 1000000000;
	after_s = clock_wall();
	checkup->clock_ahead_s = guest_s > after_s ? guest_s - after_s : MIN(guest_s - before_s, 0);
	checkup->clock_known = true;
	return true;
}

enum query_outcome guest_checkup_step(struct guest_checkup_query *query, struct guest_profile *profile,
				      const struct agent_target *target, int64_t *ret_wait_ms)
{
	/* Of a Linux whose sessions cannot be listed the family is not known. */
	const struct guest_os *os = guest_os_get(MAX(profile->family, FAMILY_UNKNOWN + 1));
	void (*describe)(struct session_program * ret) =
		query->part == PART_PROCESSES ? os->list_processes : os->show_units;
	const struct agent_output *output = &query->program.run.output;
	struct err err = { 0 };
	bool answers = true;

	*ret_wait_ms = 0;
	if (query->part == PART_CLOCK) {
		answers = read_clock(target, &profile->checkup, &err) || agent_err_is_refusal(&err);
	} else if (describe && profile->capabilities.exec) {
		if (!query->program.running)
			describe(&query->program);
		switch (session_program_step(&query->program, target, ret_wait_ms, &err)) {
		case RUN_AGAIN:
			return QUERY_AGAIN;
		case RUN_EXITED:
			if (output->out && session_program_succeeded(&query->program, &err))
				(query->part == PART_UNITS ? checkup_parse_units : checkup_parse_processes)(
					output->out, output->out_len, &profile->checkup);
			break;
		case RUN_FAILED:
			answers = agent_err_is_refusal(&err);
			break;
		}
		session_program_free(&query->program);
	}
	query->part = answers ? query->part + 1 : PART_OVER;
	return query->part >= PART_OVER ? QUERY_DONE : QUERY_AGAIN;
}

/* --- an agent that is not there --- */

/* libosinfo's ids are URLs of the vendor. */
static const struct {
	const char *word, *command;
} installs[] = {
	{ "debian.org", "apt install qemu-guest-agent" },        { "ubuntu.com", "apt install qemu-guest-agent" },
	{ "fedoraproject.org", "dnf install qemu-guest-agent" }, { "redhat.com", "dnf install qemu-guest-agent" },
	{ "centos.org", "dnf install qemu-guest-agent" },        { "almalinux.org", "dnf install qemu-guest-agent" },
	{ "rockylinux.org", "dnf install qemu-guest-agent" },    { "oracle.com", "dnf install qemu-guest-agent" },
	{ "suse", "zypper install qemu-guest-agent" },           { "alpinelinux.org", "apk add qemu-guest-agent" },
	{ "archlinux.org", "pacman -S qemu-guest-agent" },
};

struct safe_text guest_checkup_install_advice(struct safe_text os_declared)
{
	const char *id = text_str(os_declared);

	if (strstr(id, "microsoft.com"))
		return text_format("%s",
				   _("in the guest, install the virtio-win guest tools; if they are installed, start "
				     "the service QEMU-GA, or repair the driver vioserial"));
	if (strstr(id, "freebsd.org"))
		return text_format("%s",
				   _("in the guest, as root: pkg install qemu-guest-agent; if it is installed: sysrc "
				     "qemu_guest_agent_enable=YES, service qemu-guest-agent start; without "
				     "/dev/vtcon/org.qemu.guest_agent.0: kldload virtio_console"));
	for (size_t i = 0; i < ARRAY_SIZE(installs); i++)
		if (strstr(id, installs[i].word))
			return text_format(_("in the guest, as root: %s; if it is installed: systemctl start "
					     "qemu-guest-agent (udev starts it when /dev/virtio-ports/"
					     "org.qemu.guest_agent.0 appears, no enable is needed); without that file: "
					     "modprobe virtio_console"),
					   installs[i].command);
	return text_format("%s",
			   _("in the guest, install qemu-guest-agent (Linux, BSD) or the virtio-win guest tools "
			     "(Windows), and start it; without /dev/virtio-ports/org.qemu.guest_agent.0 on Linux: "
			     "modprobe virtio_console"));
}

/* --- parsers --- */

struct process {
	long long pid, parent, kib;
	bool is_zombie, is_agent;
};

/* False: it is no such line. */
static bool parse_process(const char *line, size_t len, struct process *ret)
{
	static const char agent[] = "qemu-ga";
	char words[256], *at = words, *state;

	snprintf(words, sizeof(words), "%.*s", (int)MIN(len, sizeof(words) - 1), line);
	ret->pid = strtoll(at, &at, 10);
	ret->parent = strtoll(at, &at, 10);
	state = at + strspn(at, " ");
	at = state + strcspn(state, " ");
	ret->kib = strtoll(at, &at, 10);
	at += strspn(at, " ");
	ret->is_zombie = *state == 'Z';
	ret->is_agent = strncmp(at, agent, sizeof(agent) - 1) == 0 && strchr(" ", at[sizeof(agent) - 1]);
	return ret->pid > 0 && ret->parent >= 0 && ret->kib >= 0 && *at;
}

void checkup_parse_processes(const char *out, size_t len, struct guest_checkup *ret)
{
	const char *at = out, *end = out + len, *line;
	struct process process;
	long long agent = 0;
	size_t line_len;

	while (!agent && sessions_next_line(&at, end, &line, &line_len)) {
		if (!parse_process(line, line_len, &process) || !process.is_agent || process.is_zombie)
			continue;
		agent = process.pid;
		ret->agent_kib = process.kib;
	}
	ret->processes_known = agent > 0;
	ret->zombies = 0;
	for (at = out; agent && sessions_next_line(&at, end, &line, &line_len);)
		ret->zombies += parse_process(line, line_len, &process) && process.is_zombie && process.parent == agent;
}

/* What stands behind "KEY=" of this line; NULL: another key. */
static const char *value_of(const char *line, size_t len, const char *key, size_t *ret_len)
{
	const size_t skip = strlen(key);

	if (len < skip || memcmp(line, key, skip) != 0)
		return NULL;
	*ret_len = len - skip;
	return line + skip;
}

void checkup_parse_units(const char *out, size_t len, struct guest_checkup *ret)
{
	const char *at = out, *end = out + len, *line, *id = NULL, *value, *fault = NULL;
	size_t line_len, id_len = 0, value_len;
	struct safe_text units = { NULL }, name;
	bool more;

	do {
		more = sessions_next_line(&at, end, &line, &line_len);
		if (more && line_len) {
			if ((value = value_of(line, line_len, "Id=", &value_len))) {
				id = value;
				id_len = value_len;
			} else if ((value = value_of(line, line_len, "LoadState=", &value_len))) {
				ret->units_known = true;
				fault = value_len == 6 && memcmp(value, "masked", 6) == 0 ? "masked" : fault;
			} else if ((value = value_of(line, line_len, "ActiveState=", &value_len))) {
				fault = !fault && value_len == 6 && memcmp(value, "failed", 6) == 0 ? "failed" : fault;
			}
			continue;
		}
		name = text_sanitize(id, id_len, TEXT_CAP_NAME);
		if (fault)
			text_set(&units, text_format("%s%s%s %s", text_str(units), text_is_empty(units) ? "" : ", ",
						     text_str(name), fault));
		text_free(&name);
		id_len = 0;
		fault = NULL;
	} while (more);
	text_set(&ret->units, units);
}
