/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_error.h"

#include "backend/refusal.h"

#include <errno.h>
#include <libvirt/virterror.h>

/* In libvirt 11.2; an older virterror.h has no names for them. */
enum {
	CODE_AGENT_COMMAND_TIMEOUT = 112,
	CODE_AGENT_COMMAND_FAILED = 113,
	VERSION_OF_THEM = 11002000,
};

/* A command's clock starts after the sync's: a call that ended this much before its time-out was not sent. */
enum { CLEARLY_EARLIER_MS = 500, AT_ONCE_MS = 1000 };

/*
 * The first row that fits. words NULL: whatever the text is; else something in it that no language changes: the name
 * of a setting in qemu.conf, a number's format.
 */
static const struct rule {
	int code;
	const char *words;
	enum err_kind kind;
} rules[] = {
	{ .code = VIR_ERR_NO_DOMAIN, .kind = ERR_NO_DOMAIN },
	{ .code = VIR_ERR_OPERATION_DENIED, .kind = ERR_DENIED },
	{ .code = VIR_ERR_ACCESS_DENIED, .kind = ERR_DENIED },
	{ .code = VIR_ERR_AUTH_FAILED, .kind = ERR_DENIED },
	{ .code = VIR_ERR_AUTH_CANCELLED, .kind = ERR_DENIED },
	{ .code = VIR_ERR_AUTH_UNAVAILABLE, .kind = ERR_DENIED },
	{ .code = VIR_ERR_OPERATION_TIMEOUT, .kind = ERR_BUSY },
	{ .code = VIR_ERR_OPERATION_ABORTED, .kind = ERR_CANCELLED },
	{ .code = VIR_ERR_OPERATION_FAILED, .words = "max_queued", .kind = ERR_BUSY },
	{ .code = VIR_ERR_INVALID_ARG, .words = "(0x", .kind = ERR_UNSUPPORTED },
	{ .code = VIR_ERR_NO_SUPPORT, .kind = ERR_UNSUPPORTED },
	{ .code = VIR_ERR_ARGUMENT_UNSUPPORTED, .kind = ERR_UNSUPPORTED },
	{ .code = VIR_ERR_OPERATION_UNSUPPORTED, .kind = ERR_UNSUPPORTED },
	{ .code = VIR_ERR_CONFIG_UNSUPPORTED, .kind = ERR_UNSUPPORTED },
	{ .code = VIR_ERR_AGENT_UNSYNCED, .kind = ERR_NOT_SENT },
	{ .code = CODE_AGENT_COMMAND_TIMEOUT, .kind = ERR_NO_ANSWER },
	{ .code = VIR_ERR_INVALID_CONN, .kind = ERR_LOST },
	{ .code = VIR_ERR_NO_CONNECT, .kind = ERR_UNREACHABLE },
};

/* VIR_ERR_AGENT_UNRESPONSIVE: the words of 9.0 and of 11.2, from a daemon that speaks English. */
static const struct rule unresponsive[] = {
	{ .words = "not connected", .kind = ERR_NO_AGENT },
	{ .words = "not configured", .kind = ERR_NO_CHANNEL },
	/* An earlier reply was unusable: libvirt writes nothing any more until the agent connects anew. */
	{ .words = "due to an error", .kind = ERR_AGENT_CLOSED },
	{ .words = "synchronization", .kind = ERR_NOT_SENT },
	{ .words = "disappeared", .kind = ERR_NO_ANSWER },
};

/* What we say of a kind; libvirt's own words follow. */
/* clang-format off */
static const char *const sentences[] = {
	[ERR_DENIED] = N_("not permitted on this host"),
	[ERR_UNREACHABLE] = N_("cannot connect"),
	[ERR_LOST] = N_("the connection to the host was lost; the request may have been carried out"),
	[ERR_NO_DOMAIN] = N_("no such VM, or it no longer exists"),
	[ERR_NOT_RUNNING] = N_("the VM is not running; start it first"),
	[ERR_PAUSED] = N_("the VM is paused; resume it first"),
	[ERR_NO_CHANNEL] = N_("the VM has no agent channel; add org.qemu.guest_agent.0 to its configuration"),
	[ERR_NO_AGENT] = N_("no agent is connected; install or start qemu-guest-agent in the guest"),
	[ERR_AGENT_CLOSED] = N_("the host gave up on the agent after an invalid answer, so nothing was sent; restart qemu-guest-agent in the guest"),
	[ERR_NOT_SENT] = N_("the agent does not answer, so nothing was sent; try again later"),
	[ERR_NO_ANSWER] = N_("the agent did not answer in time; check the guest's load, or restart qemu-guest-agent in it"),
	[ERR_AGENT_BROKEN] = N_("invalid answer of the agent; restart qemu-guest-agent in the guest"),
	[ERR_BUSY] = N_("the VM is busy with another program's request; try again later"),
	[ERR_UNSUPPORTED] = N_("not supported by this hypervisor"),
};
/* clang-format on */

/*
 * While connecting: what to do. The first row that fits: by code, errno, words (0, NULL: any). Words choose the advice
 * alone, never the kind: ssh's own, which it does not translate, and polkit's, behind which stands one that fits, too.
 */
static const struct advice {
	int code, int1;
	const char *words, *sentence;
} advices[] = {
	{ .words = "Host key verification",
	  .sentence = N_("cannot connect: ssh does not know this host's key; log in there once with ssh") },
	{ .words = "Permission denied (",
	  .sentence = N_("cannot connect: ssh permission denied; set up a key (ssh-copy-id, ssh-agent)") },
	{ .words = "Could not resolve", .sentence = N_("cannot connect: unknown host name; check the URI") },
	{ .code = VIR_ERR_SYSTEM_ERROR,
	  .int1 = EACCES,
	  .sentence = N_("not permitted on this host: no permission for libvirt's socket; join the group libvirt "
			 "(usermod -aG libvirt USER) and log in again") },
	{ .code = VIR_ERR_SYSTEM_ERROR,
	  .int1 = EPERM,
	  .sentence = N_("not permitted on this host: no permission for libvirt's socket; join the group libvirt "
			 "(usermod -aG libvirt USER) and log in again") },
	{ .code = VIR_ERR_SYSTEM_ERROR,
	  .int1 = ENOENT,
	  .sentence = N_("cannot connect: libvirt's socket does not exist; install libvirt's daemon, or start it: "
			 "systemctl start libvirtd.socket (or virtqemud.socket)") },
	{ .code = VIR_ERR_SYSTEM_ERROR,
	  .int1 = ECONNREFUSED,
	  .sentence = N_("cannot connect: libvirt's daemon is not running; start it: systemctl start libvirtd (or "
			 "virtqemud)") },
	{ .code = VIR_ERR_AUTH_UNAVAILABLE,
	  .sentence = N_("not permitted on this host: no polkit agent available; join the group libvirt and log in "
			 "again, or be root") },
	{ .code = VIR_ERR_AUTH_FAILED,
	  .words = "policy",
	  .sentence = N_("not permitted on this host: denied by polkit; join the group libvirt and log in again, or "
			 "allow org.libvirt.unix.manage") },
	{ .code = VIR_ERR_AUTH_FAILED,
	  .sentence = N_("not permitted on this host: user name or password refused; libvirt reads them from "
			 "~/.config/libvirt/auth.conf (or $XDG_CONFIG_HOME/libvirt/auth.conf)") },
	{ .code = VIR_ERR_NO_CONNECT,
	  .sentence = N_("cannot connect: libvirt has no driver for this URI; check the URI, or install libvirt's QEMU "
			 "driver") },
};

static bool says(const struct libvirt_failure *failure, const char *words)
{
	return (failure->message && strstr(failure->message, words)) ||
	       (failure->detail && strstr(failure->detail, words));
}

static enum err_kind kind_of_silence(const struct libvirt_failure *failure)
{
	for (size_t i = 0; i < ARRAY_SIZE(unresponsive); i++) {
		if (says(failure, unresponsive[i].words))
			return unresponsive[i].kind;
	}
	/* 9.0 says so of the sync and of the command alike, and the time tells them apart. */
	if (says(failure, "for now"))
		return failure->elapsed_ms + CLEARLY_EARLIER_MS < failure->timeout_ms ? ERR_NOT_SENT : ERR_NO_ANSWER;
	if (failure->daemon_version >= VERSION_OF_THEM)
		return failure->elapsed_ms < AT_ONCE_MS ? ERR_NO_AGENT : ERR_NOT_SENT;
	return ERR_NO_ANSWER;
}

/*
 * "... QEMU agent command 'guest-exec': Command guest-exec has been disabled": the agent's own words, where it refused;
 * else NULL. The name is ours, and every language has a colon between the two. View into failure.
 */
static const char *refusal_of(const struct libvirt_failure *failure)
{
	static const char wide_colon[] = "：";
	const char *text = failure->detail ? failure->detail : failure->message;
	const char *words, *wide;

	if (!failure->command || !text || failure->domain != VIR_FROM_QEMU ||
	    (failure->code != VIR_ERR_INTERNAL_ERROR && failure->code != CODE_AGENT_COMMAND_FAILED))
		return NULL;
	words = strstr(text, failure->command);
	if (!words)
		return failure->code == CODE_AGENT_COMMAND_FAILED ? text : NULL;
	words += strlen(failure->command);
	wide = strstr(words, wide_colon);
	words = strchr(words, ':');
	if (wide && (!words || wide < words))
		return wide + sizeof(wide_colon) - 1;
	return words ? words + 1 + (words[1] == ' ') : NULL;
}

/* Errors of an agent command that have no code of their own. ERR_NONE: not one of those. */
static enum err_kind kind_from_agent(const struct libvirt_failure *failure)
{
	switch (failure->code) {
	case VIR_ERR_OPERATION_INVALID:
		return ERR_NOT_RUNNING;
	case VIR_ERR_ARGUMENT_UNSUPPORTED:
		return ERR_NO_CHANNEL;
	case VIR_ERR_INTERNAL_ERROR:
	case VIR_ERR_SYSTEM_ERROR:
	case CODE_AGENT_COMMAND_FAILED:
		/*
		 * From libvirt's JSON reader, which has no domain: what the agent said is none. From the QEMU driver:
		 * it is too long, or no answer to what was asked, or the channel broke.
		 */
		return failure->domain == VIR_FROM_QEMU || failure->domain == VIR_FROM_NONE ? ERR_AGENT_BROKEN
											    : ERR_NONE;
	case VIR_ERR_RPC:
		return ERR_AGENT_BROKEN; /* the reply does not fit into a message */
	default:
		return ERR_NONE;
	}
}

/* libvirt has one code for all that a domain is not in the state for, and its test driver not even that. */
bool libvirt_failure_wants_state(const struct libvirt_failure *failure)
{
	return !failure->connecting && !failure->broken &&
	       (failure->code == VIR_ERR_OPERATION_INVALID ||
		(failure->code == VIR_ERR_INTERNAL_ERROR && failure->domain == VIR_FROM_TEST));
}

/* Only agents need more than a domain that is not off. */
static bool is_told_by_state(const struct libvirt_failure *failure)
{
	return libvirt_failure_wants_state(failure) && failure->state != VM_STATE_UNKNOWN &&
	       (failure->agent || !vm_state_has_process(failure->state));
}

enum err_kind libvirt_failure_kind(const struct libvirt_failure *failure)
{
	const char *refusal = refusal_of(failure);
	struct err by_state = { 0 };
	enum err_kind kind;

	if (failure->connecting) {
		switch (failure->code) {
		case VIR_ERR_OPERATION_DENIED:
		case VIR_ERR_ACCESS_DENIED:
		case VIR_ERR_AUTH_FAILED:
		case VIR_ERR_AUTH_CANCELLED:
		case VIR_ERR_AUTH_UNAVAILABLE:
			return ERR_DENIED;
		case VIR_ERR_SYSTEM_ERROR: /* of the socket */
			return failure->int1 == EACCES || failure->int1 == EPERM ? ERR_DENIED : ERR_UNREACHABLE;
		default:
			return ERR_UNREACHABLE;
		}
	}
	if (failure->broken)
		return ERR_LOST;
	if (failure->code == VIR_ERR_AGENT_UNRESPONSIVE)
		return kind_of_silence(failure);
	/* All of the text: in some language the agent's words may come first. */
	if (refusal)
		return agent_classify_refusal(failure->detail ? failure->detail : failure->message);
	if (is_told_by_state(failure) && !vm_state_allows_guest(failure->state, "", &by_state))
		return by_state.kind;
	kind = failure->agent ? kind_from_agent(failure) : ERR_NONE;
	for (size_t i = 0; kind == ERR_NONE && i < ARRAY_SIZE(rules); i++) {
		if (failure->code == rules[i].code && (!rules[i].words || says(failure, rules[i].words)))
			kind = rules[i].kind;
	}
	return kind == ERR_NONE ? ERR_UNEXPECTED : kind;
}

bool libvirt_failure_tell(const struct libvirt_failure *failure, struct err *err)
{
	enum err_kind kind = libvirt_failure_kind(failure);
	const char *refusal = refusal_of(failure);
	const char *ours = NULL;

	for (size_t i = 0; failure->connecting && !ours && i < ARRAY_SIZE(advices); i++) {
		const struct advice *advice = &advices[i];

		if ((!advice->code || advice->code == failure->code) &&
		    (!advice->int1 || advice->int1 == failure->int1) &&
		    (!advice->words || says(failure, advice->words)))
			ours = advice->sentence;
	}
	if (!ours && (size_t)kind < ARRAY_SIZE(sentences))
		ours = sentences[kind];
	if (refusal)
		return err_set_outside(err, kind, "", refusal);
	if (is_told_by_state(failure) && vm_state_remedy(failure->state))
		return err_set(err, kind,
			       kind == ERR_PAUSED ? _("the VM is %s; %s") : _("the VM is not running (%s); %s"),
			       vm_state_name(failure->state), _(vm_state_remedy(failure->state)));
	return err_set_outside(err, kind, ours ? _(ours) : "",
			       failure->message ? failure->message : _("libvirt gave no reason"));
}

void libvirt_failure_read(struct libvirt_failure *failure, virConnectPtr conn)
{
	/* Whatever is asked of the connection forgets the error. */
	virErrorPtr last = virSaveLastError();

	if (last) {
		failure->code = last->code;
		failure->domain = last->domain;
		failure->int1 = last->int1;
		failure->message = last->message;
		failure->detail = last->str2;
	}
	failure->owner = last;
	failure->broken = conn && virConnectIsAlive(conn) == 0;
	if (conn && !failure->broken && failure->code == VIR_ERR_AGENT_UNRESPONSIVE)
		virConnectGetLibVersion(conn, &failure->daemon_version);
}

void libvirt_failure_free(struct libvirt_failure *failure)
{
	virFreeError(failure->owner);
	failure->owner = NULL;
	failure->message = failure->detail = NULL;
}

bool libvirt_err_last_of(const struct libvirt_failure *known, virConnectPtr conn, struct err *err)
{
	OWN(libvirt_failure) struct libvirt_failure failure = *known;

	libvirt_failure_read(&failure, conn);
	libvirt_failure_tell(&failure, err);
	return false;
}

bool libvirt_err_last(virConnectPtr conn, struct err *err)
{
	return libvirt_err_last_of(&(struct libvirt_failure){ .connecting = false }, conn, err);
}
