/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/host_sync_private.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	BACKOFF_MAX_S = 30,
	REASON_WAIT_MS = 200,
};

void host_connection_report(struct host_sync *sync, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	struct sync_report *report = &sync->report;
	struct safe_text why = { NULL };

	report->state_changed = true;
	report->state = state;
	if (connection_handle(sync->thread.connection))
		sync->access = connection_access(sync->thread.connection, &why);
	report->access = sync->access;
	report->retry_at = retry_at;
	text_set(&report->trouble, text_copy(text_is_empty(trouble) ? why : trouble));
}

/* --- losing a host --- */

int64_t host_connection_lose(struct host_sync *sync, struct safe_text trouble)
{
	int64_t backoff = 1000 * (sync->failures < 5 ? 1 << sync->failures : BACKOFF_MAX_S);
	uint32_t random = 0;

	atomic_store(&sync->thread.host->up, false);
	if (sync->thread.host->be.config.one_shot) {
		sync->phase = SYNC_OVER;
		host_connection_report(sync, HOST_LOST, 0, trouble);
		return LIBVIRT_UNTIL_WOKEN_MS;
	}
	/* 1, 2, 4 ... 30 s, a fifth more or less, so that a hundred consoles do not come all at once. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (uint32_t)clock_ms();
	backoff = backoff * 8 / 10 + random % (backoff * 4 / 10);
	sync->failures++;
	sync->phase = SYNC_LOST;
	sync->again_at = clock_ms() + backoff;
	host_connection_report(sync, HOST_LOST, sync->again_at, trouble);
	return backoff;
}

static int take_closed_reason(struct host_sync *sync)
{
	int reason;

	pthread_mutex_lock(&sync->lock);
	reason = sync->closed_reason;
	sync->closed_reason = -1;
	pthread_mutex_unlock(&sync->lock);
	return reason;
}

/* A call on a closed connection says only that it is closed; the close callback gives the reason a moment later. */
int64_t host_connection_broke(struct host_sync *sync, const virError *last)
{
	const char *message = last ? last->message : NULL;
	int reason = take_closed_reason(sync);
	struct err err;

	if (reason < 0 && sync->events.close_queue && !sync->awaits_reason) {
		sync->awaits_reason = true;
		return REASON_WAIT_MS;
	}
	sync->awaits_reason = false;
	/* The word chooses ours, nothing else; libvirt's protocol calls it so in each language. */
	if (reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE || (message && strstr(message, "keepalive")))
		err_set(&err, ERR_LOST, "%s", _("the host stopped answering"));
	else if (reason == VIR_CONNECT_CLOSE_REASON_EOF)
		err_set(&err, ERR_LOST, "%s", _("the host closed the connection"));
	else if (message)
		err_set_outside(&err, ERR_LOST, _("the connection was lost"), message);
	else
		err_set(&err, ERR_LOST, "%s", _("the connection was lost"));
	libvirt_events_deregister(connection_handle(sync->thread.connection), &sync->events);
	connection_close(sync->thread.connection);
	return host_connection_lose(sync, err_text(&err));
}

/* --- connecting --- */

static int64_t step_idle(struct host_sync *sync)
{
	struct err err;

	if (!libvirt_process_start(&err) || !connection_open(sync->thread.connection, &err))
		return host_connection_lose(sync, err_text(&err));
	sync->phase = SYNC_CONNECTING;
	sync->since = clock_ms();
	host_connection_report(sync, HOST_CONNECTING, 0, TEXT_TRUSTED(NULL));
	return sync->thread.host->be.config.connect_timeout_ms;
}

static int64_t step_connected(struct host_sync *sync)
{
	struct safe_text why;

	take_closed_reason(sync); /* of the connection before */
	sync->phase = SYNC_UP;
	sync->registered = sync->has_about = sync->list_failed = false;
	sync->details = sync->thread.host->be.config.one_shot;
	sync->list_at = 0;
	atomic_store(&sync->thread.host->may_write, connection_access(sync->thread.connection, &why) == ACCESS_FULL);
	atomic_store(&sync->thread.host->up, true);
	sync->report.answered = true;
	host_connection_report(sync, HOST_LIVE, 0, TEXT_TRUSTED(NULL));
	return 0;
}

static int64_t step_connecting(struct host_sync *sync)
{
	const bool one_shot = sync->thread.host->be.config.one_shot;
	int64_t give_up_at = sync->since + sync->thread.host->be.config.connect_timeout_ms;
	struct err err = { 0 };

	switch (connection_wait(sync->thread.connection, 0, &err)) {
	case CONNECTION_OPEN:
		return step_connected(sync);
	case CONNECTION_IDLE:
		return host_connection_lose(sync, err_text(&err));
	case CONNECTION_OPENING:
		break;
	}
	if (sync->phase == SYNC_CONNECTING && clock_ms() >= give_up_at) {
		sync->phase = SYNC_UNANSWERED;
		sync->again_at = sync->since + CONNECTION_RETRY_MS;
		host_connection_report(sync, HOST_LOST, one_shot ? 0 : sync->again_at,
				       TEXT_TRUSTED(_("connection timed out")));
	}
	if (sync->phase == SYNC_UNANSWERED && one_shot)
		return LIBVIRT_UNTIL_WOKEN_MS;
	if (sync->phase == SYNC_UNANSWERED && clock_ms() >= sync->again_at)
		return step_idle(sync);
	return MAX((sync->phase == SYNC_CONNECTING ? give_up_at : sync->again_at) - clock_ms(), 1);
}

static int64_t step_waiting(struct host_sync *sync)
{
	bool now;

	pthread_mutex_lock(&sync->lock);
	now = sync->list_requested;
	sync->list_requested = false;
	pthread_mutex_unlock(&sync->lock);
	if (now)
		sync->failures = 0;
	if (connection_wait(sync->thread.connection, 0, NULL) == CONNECTION_OPEN)
		return step_connected(sync); /* an attempt that had been given up came back */
	if (now || clock_ms() >= sync->again_at)
		return step_idle(sync);
	return sync->again_at - clock_ms();
}

int64_t host_connection_step(struct host_sync *sync)
{
	switch (sync->phase) {
	case SYNC_IDLE:
		return step_idle(sync);
	case SYNC_CONNECTING:
	case SYNC_UNANSWERED:
		return step_connecting(sync);
	case SYNC_LOST:
		return step_waiting(sync);
	case SYNC_UP:
	case SYNC_OVER:
		break;
	}
	return LIBVIRT_UNTIL_WOKEN_MS;
}
