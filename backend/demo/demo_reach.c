/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A worker's way to a simulated guest and back. */
#include "backend/demo/demo_turn.h"
#include "base/clock.h"
#include "base/thread.h"

enum { BUSY_TIMEOUT_MS = 30000 }; /* libvirt's, for another client's agent job */

/* --- time --- */

static void sleep_unlocked(struct demo *demo, int64_t ms)
{
	pthread_mutex_unlock(&demo->lock);
	clock_sleep(ms);
	pthread_mutex_lock(&demo->lock);
}

static void sleep_until_changed(struct demo *demo, int64_t ms)
{
	struct timespec until = thread_deadline(CLOCK_MONOTONIC, ms);

	pthread_cond_timedwait(&demo->changed, &demo->lock, &until);
}

void demo_wait_until(struct demo *demo, int64_t when, const struct demo_guest *guest)
{
	unsigned boot_generation = guest ? guest->boot_generation : 0;

	for (demo_catch_up(demo); demo->host.now < when; demo_catch_up(demo)) {
		int64_t next = demo_timeline_next(&demo->host.timeline);
		int64_t step = (next < 0 ? when : MIN(when, next)) - demo->host.now;

		if (demo->stopping || !demo_host_is_connected(&demo->host) ||
		    (guest && guest->boot_generation != boot_generation))
			return;
		if (clock_is_cranked())
			sleep_unlocked(demo, step);
		else
			sleep_until_changed(demo, step);
	}
}

/* --- there and back --- */

bool demo_reach_host(struct demo *demo, struct err *err)
{
	demo_catch_up(demo);
	while (!demo->stopping && demo_host_is_connected(&demo->host) && demo_host_is_hung(&demo->host)) {
		demo_wait_until(demo, demo->host.hung_until, NULL);
		if (!demo_host_is_connected(&demo->host))
			return err_set(err, ERR_LOST,
				       _("the connection to the host was lost; the request may have been carried out"));
	}
	if (demo->stopping)
		return err_set(err, ERR_LOST, _("the demo is over"));
	return demo_host_is_connected(&demo->host) || err_set(err, ERR_UNREACHABLE, _("the host is not connected"));
}

static struct demo_guest *reach_guest(struct demo *demo, const struct uuid *uuid, struct err *err)
{
	struct demo_guest *guest;

	if (!demo_reach_host(demo, err))
		return NULL;
	if (demo->host.plan->latency_ms) {
		demo_wait_until(demo, demo->host.now + demo->host.plan->latency_ms, NULL);
		if (!demo_reach_host(demo, err))
			return NULL;
	}
	guest = demo_host_find(&demo->host, uuid);
	if (!guest)
		err_set(err, ERR_NO_DOMAIN, _("no such VM, or it no longer exists"));
	return guest;
}

struct demo_guest *demo_enter(struct demo *demo, const struct uuid *uuid, struct err *err)
{
	pthread_mutex_lock(&demo->lock);
	return reach_guest(demo, uuid, err);
}

bool demo_leave(struct demo *demo, bool ok)
{
	demo_post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
	return ok;
}

bool demo_may_write(const struct demo *demo, const struct demo_guest *guest, struct err *err)
{
	if (demo->host.plan->monitor_only)
		return err_set(err, ERR_DENIED, _("not permitted on this host: it grants a read-only connection only"));
	if (guest->plan->behaviour == BEHAVIOUR_DENIED)
		return err_set(err, ERR_DENIED, _("not permitted on this host: 'QEMU' denied access"));
	return true;
}

bool demo_has_line(const struct demo_guest *guest, struct err *err)
{
	if (guest->domain_id < 0)
		return err_set(err, ERR_NOT_RUNNING, _("the VM is not running; start it first"));
	if (!demo_guest_is_running(guest))
		return err_set(err, ERR_PAUSED, _("the VM is paused; resume it first"));
	if (guest->plan->behaviour == BEHAVIOUR_NONE)
		return err_set(err, ERR_NO_CHANNEL,
			       _("the VM has no agent channel; add org.qemu.guest_agent.0 to its configuration"));
	if (!guest->agent)
		return err_set(err, ERR_NO_AGENT,
			       _("no agent is connected; install or start qemu-guest-agent in the guest"));
	return true;
}

bool demo_no_answer(struct err *err)
{
	return err_set(
		err, ERR_NO_ANSWER,
		_("the agent did not answer in time; check the guest's load, or restart qemu-guest-agent in it"));
}

bool demo_get_through(struct demo *demo, const struct demo_guest *guest, struct err *err)
{
	if (guest->plan->behaviour == BEHAVIOUR_BUSY) {
		demo_wait_until(demo, demo->host.now + BUSY_TIMEOUT_MS, guest);
		return err_set(err, ERR_BUSY, _("the VM is busy with another program's request; try again later"));
	}
	if (guest->plan->behaviour == BEHAVIOUR_NOSYNC) {
		demo_wait_until(demo, demo->host.now + DEMO_SYNC_TIMEOUT_MS, guest);
		return err_set(err, ERR_NOT_SENT, _("the agent does not answer, so nothing was sent; try again later"));
	}
	return true;
}
