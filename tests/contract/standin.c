/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/contract/standin.h"

#include "backend/backend_impl.h"
#include "base/clock.h"
#include "tests/unit/logoff_run.h"

#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>

enum {
	FROM_QEMU = 10,
	FROM_RPC = 7,
	INTERNAL = 1,
	SYSTEM = 38,
	BUSY = 68,
	UNRESPONSIVE = 86,
	COMMAND_TIMEOUT = 112,
	COMMAND_FAILED = 113,
	SYNC_MS = 5000,
	JOB_MS = 30000,
};

enum standin_version standin_version;
int standin_state, standin_reason;
int standin_operation = -1, standin_aborts;

/* What libvirt raises where the guest fails in this way; words NULL: the guest's own, behind the command's name. */
struct raised {
	enum err_kind kind;
	int code, domain;
	const char *words;
	int64_t takes_ms; /* -1: the whole time-out */
};

static const struct raised table_9_0[] = {
	{ ERR_NOT_SENT, UNRESPONSIVE, FROM_QEMU, "Guest agent not available for now", SYNC_MS },
	{ ERR_NO_ANSWER, UNRESPONSIVE, FROM_QEMU, "Guest agent not available for now", -1 },
	{ ERR_NO_AGENT, UNRESPONSIVE, FROM_QEMU, "QEMU guest agent is not connected", 0 },
	{ ERR_AGENT_CLOSED, UNRESPONSIVE, FROM_QEMU, "QEMU guest agent is not available due to an error", 0 },
	{ ERR_AGENT_BROKEN, INTERNAL, 0, "cannot parse json xyz: lexical error", 0 },
	{ ERR_BUSY, BUSY, FROM_QEMU, "cannot acquire state change lock (held by agent=remoteDispatch)", JOB_MS },
	{ ERR_AGENT_REFUSED, INTERNAL, FROM_QEMU, NULL, 0 },
};

static const struct raised table_11_2[] = {
	{ ERR_NOT_SENT, UNRESPONSIVE, FROM_QEMU, "guest agent didn't respond to synchronization within '5' seconds",
	  SYNC_MS },
	{ ERR_NO_ANSWER, COMMAND_TIMEOUT, FROM_QEMU, "guest agent didn't respond to command within '10' seconds", -1 },
	{ ERR_NO_AGENT, UNRESPONSIVE, FROM_QEMU, "QEMU guest agent is not connected", 0 },
	{ ERR_AGENT_CLOSED, UNRESPONSIVE, FROM_QEMU, "QEMU guest agent is not available due to an error", 0 },
	{ ERR_AGENT_BROKEN, INTERNAL, 0, "cannot parse json xyz: lexical error", 0 },
	{ ERR_BUSY, BUSY, FROM_QEMU, "cannot acquire state change lock (held by agent=remoteDispatch)", JOB_MS },
	{ ERR_AGENT_REFUSED, COMMAND_FAILED, FROM_QEMU, NULL, 0 },
};

static const struct raised table_9_0_german[] = {
	{ ERR_NOT_SENT, UNRESPONSIVE, FROM_QEMU, "Gast-Agent derzeit nicht verfügbar", SYNC_MS },
	{ ERR_NO_ANSWER, UNRESPONSIVE, FROM_QEMU, "Gast-Agent derzeit nicht verfügbar", -1 },
	{ ERR_NO_AGENT, UNRESPONSIVE, FROM_QEMU, "QEMU Gast-Agent ist nicht verbunden", 0 },
	{ ERR_AGENT_CLOSED, UNRESPONSIVE, FROM_QEMU, "QEMU Gast-Agent nicht verfügbar ist aufgrund eines Fehlers", 0 },
	{ ERR_AGENT_BROKEN, INTERNAL, 0, "Kann json xyz: lexical error nicht parsen", 0 },
	{ ERR_BUSY, BUSY, FROM_QEMU, "Kann Status-Änderungs-Lock nicht abrufen", JOB_MS },
	{ ERR_AGENT_REFUSED, INTERNAL, FROM_QEMU, NULL, 0 },
};

static const struct raised *find_raised(enum err_kind kind)
{
	/* clang-format off */
	static const struct raised *const tables[] = {
		[STANDIN_9_0] = table_9_0, [STANDIN_11_2] = table_11_2, [STANDIN_9_0_GERMAN] = table_9_0_german,
	};
	/* clang-format on */
	const struct raised *table = tables[standin_version];

	/* To libvirt one refusal is like the other. */
	if (kind == ERR_AGENT_BLOCKED || kind == ERR_AGENT_ABSENT || kind == ERR_AGENT_FROZEN)
		kind = ERR_AGENT_REFUSED;
	for (size_t i = 0; i < ARRAY_SIZE(table_9_0); i++) {
		if (table[i].kind == kind)
			return &table[i];
	}
	fail_msg("libvirt has no error for kind %d", kind);
	return NULL;
}

static _Thread_local virErrorPtr last;

/* As libvirt: the message is "prefix: str2". */
static void raise_error(const struct raised *raised, const char *command, const struct err *err)
{
	virErrorPtr error = calloc(1, sizeof(*error));
	char *name = strdup(strstr(command, "guest-"));

	name[strcspn(name, "\"")] = '\0';
	error->code = raised->code;
	error->domain = raised->domain;
	error->level = VIR_ERR_ERROR;
	error->str2 =
		raised->words ? strdup(raised->words)
		: standin_version == STANDIN_9_0_GERMAN
			? mem_printf("Agent QEMU-befehl '%s' kann nicht ausgeführt werden: %s", name,
				     text_str(err_text(err)))
			: mem_printf("unable to execute QEMU agent command '%s': %s", name, text_str(err_text(err)));
	error->message = mem_printf("%s: %s",
				    standin_version == STANDIN_9_0_GERMAN ? "Gast-Agent antwortet nicht"
									  : "Guest agent is not responding",
				    error->str2);
	free(name);
	virFreeError(last);
	last = error;
}

char *__wrap_virDomainQemuAgentCommand(virDomainPtr dom, const char *command, int timeout, unsigned flags);
virErrorPtr __wrap_virSaveLastError(void);
virErrorPtr __real_virSaveLastError(void);
char *__wrap_virDomainGetXMLDesc(virDomainPtr dom, unsigned flags);
char *__real_virDomainGetXMLDesc(virDomainPtr dom, unsigned flags);

char *__wrap_virDomainQemuAgentCommand(virDomainPtr dom, const char *command, int timeout, unsigned flags)
{
	const struct raised *raised;
	struct err err = { 0 };
	char *reply = NULL;

	virFreeError(last);
	last = NULL;
	if (guest.backend.impl->agent_command(&guest.backend, 0, &guest.uuid, command, timeout * 1000, &reply, &err))
		return reply;
	raised = find_raised(err.kind);
	clock_advance(raised->takes_ms < 0 ? timeout * 1000 : raised->takes_ms);
	raise_error(raised, command, &err);
	return NULL;
}

virErrorPtr __wrap_virSaveLastError(void)
{
	virErrorPtr saved = last;

	last = NULL;
	return saved ? saved : __real_virSaveLastError();
}

int __wrap_virConnectGetLibVersion(virConnectPtr conn, unsigned long *version);

/* Of the libvirt that is stood in for, not of the one that is installed. */
int __wrap_virConnectGetLibVersion(virConnectPtr conn, unsigned long *version)
{
	*version = standin_version == STANDIN_11_2 ? 11002000 : 9000000;
	return 0;
}

char *__wrap_virDomainGetXMLDesc(virDomainPtr dom, unsigned flags)
{
	static const char channel[] = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' "
				      "state='connected'/></channel>";
	char *xml = __real_virDomainGetXMLDesc(dom, flags), *with_channel;
	const char *end = xml ? strstr(xml, "</devices>") : NULL;

	if (!end)
		return xml;
	with_channel = mem_printf("%.*s%s%s", (int)(end - xml), xml, channel, end);
	free(xml);
	return with_channel;
}

int __wrap_virDomainGetState(virDomainPtr dom, int *state, int *reason, unsigned flags);
int __real_virDomainGetState(virDomainPtr dom, int *state, int *reason, unsigned flags);

int __wrap_virDomainGetState(virDomainPtr dom, int *state, int *reason, unsigned flags)
{
	int result = __real_virDomainGetState(dom, state, reason, flags);

	if (result == 0 && standin_state) {
		*state = standin_state;
		if (reason)
			*reason = standin_reason;
	}
	return result;
}

int __wrap_virDomainGetJobStats(virDomainPtr dom, int *type, virTypedParameterPtr *params, int *count, unsigned flags);
int __wrap_virDomainAbortJob(virDomainPtr dom);

int __wrap_virDomainGetJobStats(virDomainPtr dom, int *type, virTypedParameterPtr *params, int *count, unsigned flags)
{
	int room = 0;

	*type = standin_operation < 0 ? VIR_DOMAIN_JOB_NONE : VIR_DOMAIN_JOB_UNBOUNDED;
	*params = NULL;
	*count = 0;
	if (standin_operation >= 0)
		virTypedParamsAddInt(params, count, &room, VIR_DOMAIN_JOB_OPERATION, standin_operation);
	return 0;
}

int __wrap_virDomainAbortJob(virDomainPtr dom)
{
	standin_aborts++;
	return 0;
}
