/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/link.h"

#include "backend/libvirt/libvirt_error.h"
#include "backend/libvirt/domain_info.h"
#include "base/clock.h"
#include "base/log.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	BACKOFF_MAX_S = 30,
	LIST_EVERY_MS = 30000,   /* events tell what changes; this is for those that got lost */
	DETAILS_AFTER_MS = 1000, /* the first list is the quick one */
	PROBE_MIN_MS = 2000,
	PROBE_MAX_MS = 4000,
	LOOKS_A_STEP = 8,
	QUIET_MIN_MS = 500,      /* between whole lists, when events come faster than single looks */
	REASON_WAIT_MS = 200,
};

int64_t link_probe_interval(const struct link *link)
{
	int wanted = backend_figures_interval(&link->host->be);

	return MAX(PROBE_MIN_MS, MIN(wanted, PROBE_MAX_MS));
}

/* --- connecting --- */

static void news_state(struct link *link, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	struct link_news *news = &link->news;
	struct safe_text why = { NULL };

	news->state_changed = true;
	news->state = state;
	if (connection_handle(link->connection))
		link->access = connection_access(link->connection, &why);
	news->access = link->access;
	news->retry_at = retry_at;
	text_set(&news->trouble, text_copy(text_is_empty(trouble) ? why : trouble));
}

/* 1, 2, 4 ... 30 s, a fifth more or less, so that a hundred consoles do not come all at once. */
static int64_t next_backoff(struct link *link)
{
	int64_t ms = 1000 * (link->failures < 5 ? 1 << link->failures : BACKOFF_MAX_S);
	uint32_t chance = 0;

	link->failures++;
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = (uint32_t)clock_ms();
	return ms * 8 / 10 + chance % (ms * 4 / 10);
}

static int64_t step_lost(struct link *link, struct safe_text trouble)
{
	atomic_store(&link->host->up, false);
	if (link->host->be.config.one_shot) {
		link->phase = LINK_OVER;
		news_state(link, HOST_LOST, 0, trouble);
		return LIBVIRT_LONG_MS;
	}
	link->phase = LINK_LOST;
	link->again_at = clock_ms() + next_backoff(link);
	news_state(link, HOST_LOST, link->again_at, trouble);
	return link->again_at - clock_ms();
}

static int64_t step_idle(struct link *link)
{
	struct err err;

	if (!libvirt_process_start(&err) || !connection_open(link->connection, &err))
		return step_lost(link, err_text(&err));
	link->phase = LINK_DIALLING;
	link->since = clock_ms();
	news_state(link, HOST_CONNECTING, 0, TEXT_OURS(NULL));
	return link->host->be.config.connect_timeout_ms;
}

static int64_t step_up(struct link *link);
static int take_closed_reason(struct link *link);

static int64_t step_connected(struct link *link)
{
	struct safe_text why;

	take_closed_reason(link); /* of the connection before */
	link->phase = LINK_UP;
	link->registered = link->has_about = link->list_failed = false;
	link->details = link->host->be.config.one_shot;
	link->list_at = 0;
	atomic_store(&link->host->may_write, connection_access(link->connection, &why) == ACCESS_FULL);
	atomic_store(&link->host->up, true);
	link->news.answered = true;
	news_state(link, HOST_LIVE, 0, TEXT_OURS(NULL));
	return step_up(link);
}

static int64_t step_dialling(struct link *link)
{
	int64_t give_up_at = link->since + link->host->be.config.connect_timeout_ms;
	struct err err = { 0 };

	switch (connection_wait(link->connection, 0, &err)) {
	case CONNECTION_OPEN:
		return step_connected(link);
	case CONNECTION_IDLE:
		return step_lost(link, err_text(&err));
	case CONNECTION_OPENING:
		break;
	}
	if (link->phase == LINK_DIALLING && clock_ms() >= give_up_at) {
		link->phase = LINK_UNANSWERED;
		link->again_at = link->since + CONNECTION_RETRY_MS;
		news_state(link, HOST_LOST, link->host->be.config.one_shot ? 0 : link->again_at,
			   TEXT_OURS(_("no answer to connect")));
	}
	if (link->phase == LINK_UNANSWERED && link->host->be.config.one_shot)
		return LIBVIRT_LONG_MS;
	if (link->phase == LINK_UNANSWERED && clock_ms() >= link->again_at)
		return step_idle(link);
	return MAX((link->phase == LINK_DIALLING ? give_up_at : link->again_at) - clock_ms(), 1);
}

/* --- connected --- */

static void closed_words(int reason, const char *libvirt_says, struct err *err)
{
	if (reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE || (libvirt_says && strstr(libvirt_says, "keepalive")))
		err_set(err, ERR_LOST, "%s", _("the host does not answer any more"));
	else if (reason == VIR_CONNECT_CLOSE_REASON_EOF)
		err_set(err, ERR_LOST, "%s", _("the host closed the connection"));
	else if (libvirt_says)
		err_set_outside(err, ERR_LOST, _("the connection broke"), libvirt_says);
	else
		err_set(err, ERR_LOST, "%s", _("the connection broke"));
}

static int take_closed_reason(struct link *link)
{
	int reason;

	pthread_mutex_lock(&link->lock);
	reason = link->closed_reason;
	link->closed_reason = -1;
	pthread_mutex_unlock(&link->lock);
	return reason;
}

/* A call on a closed connection says only that it is closed; why, the close callback tells a moment later. */
static int64_t step_broken(struct link *link, const virError *last)
{
	int reason = take_closed_reason(link);
	struct err err;

	if (reason < 0 && link->events.close_queue && !link->awaits_reason) {
		link->awaits_reason = true;
		return REASON_WAIT_MS;
	}
	link->awaits_reason = false;
	closed_words(reason, last ? last->message : NULL, &err);
	libvirt_events_deregister(connection_handle(link->connection), &link->events);
	connection_close(link->connection);
	return step_lost(link, err_text(&err));
}

static struct safe_text version_words(virConnectPtr conn)
{
	unsigned long library = 0, hypervisor = 0;
	const char *type = virConnectGetType(conn);
	struct safe_text type_text, words;

	virConnectGetLibVersion(conn, &library);
	virConnectGetVersion(conn, &hypervisor);
	type_text = text_from_outside_str(type, TEXT_CAP_OS);
	words = text_format("%s %lu.%lu.%lu, libvirt %lu.%lu.%lu", text_str(type_text), hypervisor / 1000000,
			    hypervisor / 1000 % 1000, hypervisor % 1000, library / 1000000, library / 1000 % 1000,
			    library % 1000);
	text_free(&type_text);
	return words;
}

static void ask_about(struct link *link, virConnectPtr conn)
{
	char *name = virConnectGetHostname(conn);

	link->has_about = true;
	link->news.about = true;
	text_set(&link->news.own_name, text_from_outside_str(name, TEXT_CAP_HOST));
	text_set(&link->news.version, version_words(conn));
	free(name);
}

static int64_t next_list_at(const struct link *link, int64_t took)
{
	if (!link->details)
		return clock_ms() + DETAILS_AFTER_MS + took;
	if (!link->has_events)
		return clock_ms() + MAX(link_probe_interval(link), took * 10);
	return clock_ms() + MAX((int64_t)LIST_EVERY_MS, took * 100);
}

/* More domains than libvirt puts into an answer, for instance: the host is there, and what it has is not known. */
static void note_no_list(struct link *link, const struct err *err)
{
	struct safe_text words = text_format(_("cannot list: %s"), text_str(err_text(err)));

	if (!link->list_failed)
		log_add(LOG_LEVEL_WARNING, "%s: %s", link->host->be.config.name, text_str(words));
	link->list_failed = true;
	link->list_at = clock_ms() + link_probe_interval(link);
	news_state(link, HOST_LIVE, 0, words);
	text_free(&words);
}

static void ask_list(struct link *link, virConnectPtr conn)
{
	int64_t begun = clock_ms(), took;
	struct err err;

	if (!libvirt_list_domains(conn, link->details, &link->news.list, &err)) {
		note_no_list(link, &err);
		return;
	}
	if (link->list_failed)
		news_state(link, HOST_LIVE, 0, TEXT_OURS(NULL));
	link->list_failed = false;
	took = clock_ms() - begun;
	link->news.listed = true;
	link->failures = 0;
	link->has_probe = link->news.list.count > 0;
	if (link->has_probe)
		link->probe = link->news.list.at[0].uuid;
	link->list_at = next_list_at(link, took);
	link->quiet_until = clock_ms() + MAX((int64_t)QUIET_MIN_MS, took * 3);
	link->details = true;
}

static void look_at(struct link *link, virConnectPtr conn, const struct uuid *uuid)
{
	struct vm_facts facts;
	struct err err = { 0 };
	virDomainPtr dom = domain_find(conn, uuid, &err);

	if (dom && domain_get_info(dom, &facts, &err))
		*VEC_PUSH(&link->news.looked) = facts;
	else if (err.kind == ERR_NO_DOMAIN)
		*VEC_PUSH(&link->news.gone) = *uuid;
	if (dom)
		virDomainFree(dom);
}

static void look_at_some(struct link *link, virConnectPtr conn)
{
	for (int i = 0; i < LOOKS_A_STEP && link->looks.count > 0; i++)
		look_at(link, conn, &link->looks.at[--link->looks.count]);
}

/* The cheapest call that really asks the host, and that libvirtd answers even when its ordinary workers are stuck. */
static void probe(struct link *link, virConnectPtr conn)
{
	virDomainPtr dom;

	if (!link->has_probe) {
		virConnectListAllDomains(conn, NULL, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
		return;
	}
	dom = virDomainLookupByUUID(conn, link->probe.bytes);
	link->has_probe = dom != NULL;
	if (dom)
		virDomainFree(dom);
}

static void take_orders(struct link *link)
{
	bool all;

	pthread_mutex_lock(&link->lock);
	if (link->want_list)
		link->list_at = 0;
	all = link->dirty_all;
	for (size_t i = 0; i < link->dirty.count; i++)
		*VEC_PUSH(&link->looks) = link->dirty.at[i];
	link->dirty.count = 0;
	link->want_list = link->dirty_all = false;
	pthread_mutex_unlock(&link->lock);
	if (all || link->looks.count > LINK_LOOKS_MAX)
		link->list_at = MIN(link->list_at, link->quiet_until);
	if (all || clock_ms() >= link->list_at)
		link->looks.count = 0;
}

/* One thing at a time. False: there was nothing to ask. */
static bool ask_something(struct link *link, virConnectPtr conn)
{
	if (!link->registered) {
		link->has_events = libvirt_events_register(conn, link->host->queue, &link->events);
		link->registered = true;
	} else if (clock_ms() >= link->list_at) {
		ask_list(link, conn);
	} else if (link->looks.count > 0) {
		look_at_some(link, conn);
	} else if (!link->has_about) {
		ask_about(link, conn);
	} else if (clock_ms() >= link->probe_at) {
		probe(link, conn);
	} else {
		return false;
	}
	link->probe_at = clock_ms() + link_probe_interval(link);
	return true;
}

/* Worked, or broke: libvirt_err_last() would have forgotten why, so it is kept first. */
static bool ask_unless_broken(struct link *link, virErrorPtr *ret_last)
{
	bool asked;

	virResetLastError();
	asked = ask_something(link, connection_handle(link->connection));
	*ret_last = virSaveLastError();
	link->news.answered |= asked && !connection_is_broken(link->connection);
	return !connection_is_broken(link->connection);
}

static int64_t step_up(struct link *link)
{
	virErrorPtr last = NULL;
	int64_t wait;

	take_orders(link);
	connection_wait(link->connection, 0, NULL); /* hangs up what another attempt may have brought meanwhile */
	if (!ask_unless_broken(link, &last))
		wait = step_broken(link, last);
	else if (link->list_failed && link->host->be.config.one_shot)
		wait = step_lost(link, link->news.trouble);
	else if (link->looks.count > 0 || !link->has_about)
		wait = 0;
	else
		wait = MAX(MIN(link->probe_at, link->list_at) - clock_ms(), 0);
	virFreeError(last);
	return wait;
}

static int64_t step_waiting(struct link *link)
{
	bool now;

	pthread_mutex_lock(&link->lock);
	now = link->want_list;
	link->want_list = false;
	pthread_mutex_unlock(&link->lock);
	if (now)
		link->failures = 0;
	if (connection_wait(link->connection, 0, NULL) == CONNECTION_OPEN)
		return step_connected(link); /* an attempt that had been given up came back */
	if (now || clock_ms() >= link->again_at)
		return step_idle(link);
	return link->again_at - clock_ms();
}

int64_t link_step(void *state, int slot)
{
	struct link *link = state;

	(void)slot;
	switch (link->phase) {
	case LINK_IDLE:
		return step_idle(link);
	case LINK_DIALLING:
	case LINK_UNANSWERED:
		return step_dialling(link);
	case LINK_UP:
		return step_up(link);
	case LINK_LOST:
		return step_waiting(link);
	case LINK_OVER:
		break;
	}
	return LIBVIRT_LONG_MS;
}
