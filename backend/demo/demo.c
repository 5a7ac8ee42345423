/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo.h"

#include "backend/backend_impl.h"
#include "backend/demo/agent.h"
#include "backend/demo/chance.h"
#include "backend/demo/console.h"
#include "backend/demo/host.h"
#include "backend/demo/telling.h"
#include "backend/demo/uri.h"
#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

enum {
	SYNC_TIMEOUT_MS = 5000,  /* libvirt's, before each command */
	BUSY_TIMEOUT_MS = 30000, /* libvirt's, for another client's agent job */
	MEMORY_MS = 900, /* a snapshot with memory, and going back to one */
	DISKS_MS = 300,
	LOOK_MS = 100,
	ANSWER_MS = 4,
};

/*
 * Workers and the UI thread look at one simulated host, and a worker has to be able to wait in it (for a
 * guest that never answers) until stop() calls it back: hence a mutex and a condition.
 */
struct demo {
	struct backend backend;
	struct demo_scenario scenario;
	struct backend_listener listener; /* UI thread, like the timers */
	struct loop *loop;
	int figures_interval_ms; /* 0: none are told */
	int world_timer, figures_timer;
	struct { VEC(struct demo_console *); } consoles; /* UI thread */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	struct demo_host host;
	int64_t born_at;   /* clock_ms() */
	int64_t timer_due; /* host time of world_timer, -1 none */
	int references;    /* the backend's, and one of a turn that was posted */
	bool turn_posted, stopping;
};

static struct demo *demo_of(struct backend *be)
{
	return (struct demo *)be;
}

/* --- time; with the lock held --- */

static void catch_up(struct demo *demo)
{
	demo_host_advance(&demo->host, clock_ms() - demo->born_at);
}

static void sleep_unlocked(struct demo *demo, int64_t ms)
{
	pthread_mutex_unlock(&demo->lock);
	clock_sleep(ms);
	pthread_mutex_lock(&demo->lock);
}

static void sleep_until_changed(struct demo *demo, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&demo->changed, &demo->lock, &until);
}

/*
 * A worker waits until host time `when`, or until its connection or its guest's present life ends, or stop().
 * It goes from event to event, so that a cranked clock does not jump over one of those.
 */
static void wait_until(struct demo *demo, int64_t when, const struct demo_guest *guest)
{
	unsigned life = guest ? guest->life : 0;

	for (catch_up(demo); demo->host.now < when; catch_up(demo)) {
		int64_t next = demo_timeline_next(&demo->host.timeline);
		int64_t step = (next < 0 ? when : MIN(when, next)) - demo->host.now;

		if (demo->stopping || !demo_host_is_connected(&demo->host) || (guest && guest->life != life))
			return;
		if (clock_is_cranked())
			sleep_unlocked(demo, step);
		else
			sleep_until_changed(demo, step);
	}
}

/* --- telling the listener --- */

static void unref(struct demo *demo)
{
	bool last;

	pthread_mutex_lock(&demo->lock);
	last = --demo->references == 0;
	pthread_mutex_unlock(&demo->lock);
	if (!last)
		return;
	VEC_FREE(&demo->consoles);
	demo_host_finish(&demo->host);
	scenario_free(&demo->scenario);
	pthread_cond_destroy(&demo->changed);
	pthread_mutex_destroy(&demo->lock);
	free(demo);
}

static void tell_figures(struct demo *demo)
{
	struct vm_figures *figures = NULL;
	size_t count = 0;

	pthread_mutex_lock(&demo->lock);
	catch_up(demo);
	if (demo_host_is_connected(&demo->host) && !demo_host_is_hung(&demo->host)) {
		figures = mem_zalloc((demo->host.guest_count + 1) * sizeof(*figures));
		for (size_t i = 0; i < demo->host.guest_count; i++)
			if (demo_guest_is_running(&demo->host.guests[i]))
				demo_guest_figures(&demo->host, &demo->host.guests[i], &figures[count++]);
	}
	pthread_mutex_unlock(&demo->lock);
	if (figures) {
		demo->listener.figures(demo->listener.data, figures, count);
		demo->listener.answered(demo->listener.data);
	}
	free(figures);
}

static void on_figures_timer(void *data)
{
	struct demo *demo = data;

	tell_figures(demo);
	demo->figures_timer = loop_after(demo->loop, backend_figures_interval(&demo->backend), on_figures_timer, demo);
}

static void turn(struct demo *demo);

static void on_world_timer(void *data)
{
	struct demo *demo = data;

	demo->world_timer = 0;
	turn(demo);
}

/* Brings the world up to date, tells what is new, and comes back for what is next. */
static void turn(struct demo *demo)
{
	struct demo_telling telling;
	int64_t wait_ms;

	pthread_mutex_lock(&demo->lock);
	catch_up(demo);
	demo_telling_take(&demo->host, demo->born_at, demo->backend.config.read_only, &telling);
	demo->timer_due = demo_timeline_next(&demo->host.timeline);
	wait_ms = demo->timer_due < 0 ? -1 : demo->timer_due - demo->host.now;
	pthread_mutex_unlock(&demo->lock);

	loop_cancel_timer(demo->loop, demo->world_timer);
	demo->world_timer = wait_ms < 0 ? 0 : loop_after(demo->loop, wait_ms, on_world_timer, demo);
	demo_telling_deliver(&telling, &demo->listener);
	if (telling.news & NEWS_LIST && demo->figures_interval_ms) {
		loop_cancel_timer(demo->loop, demo->figures_timer);
		on_figures_timer(demo);
	}
}

static void on_posted_turn(void *data)
{
	struct demo *demo = data;
	bool stopping;

	pthread_mutex_lock(&demo->lock);
	demo->turn_posted = false;
	stopping = demo->stopping;
	pthread_mutex_unlock(&demo->lock);
	if (!stopping)
		turn(demo);
	unref(demo);
}

/* Lock held: the UI thread has something to tell, or a nearer moment to wait for. */
static void post_turn(struct demo *demo)
{
	int64_t next = demo_timeline_next(&demo->host.timeline);
	bool nearer = next >= 0 && (demo->timer_due < 0 || next < demo->timer_due);

	pthread_cond_broadcast(&demo->changed);
	if (demo->turn_posted || demo->stopping || (!demo->host.news && !nearer))
		return;
	demo->turn_posted = true;
	demo->references++;
	loop_post(demo->loop, on_posted_turn, demo);
}

/* --- calls of workers --- */

/* Lock held. The host can be asked; a hung one keeps us until it wakes up or is given up. */
static bool reach_host(struct demo *demo, struct err *err)
{
	catch_up(demo);
	while (!demo->stopping && demo_host_is_connected(&demo->host) && demo_host_is_hung(&demo->host)) {
		wait_until(demo, demo->host.hung_until, NULL);
		if (!demo_host_is_connected(&demo->host))
			return err_set(err, ERR_LOST,
				       _("the connection to the host broke; what was asked may have been carried out"));
	}
	if (demo->stopping)
		return err_set(err, ERR_LOST, _("the demo is over"));
	return demo_host_is_connected(&demo->host) || err_set(err, ERR_UNREACHABLE, _("the host is not connected"));
}

static struct demo_guest *reach_guest(struct demo *demo, const struct uuid *uuid, struct err *err)
{
	struct demo_guest *guest;

	if (!reach_host(demo, err))
		return NULL;
	if (demo->host.plan->latency_ms) {
		wait_until(demo, demo->host.now + demo->host.plan->latency_ms, NULL);
		if (!reach_host(demo, err))
			return NULL;
	}
	guest = demo_host_find(&demo->host, uuid);
	if (!guest)
		err_set(err, ERR_NO_DOMAIN, _("there is no such VM (any more)"));
	return guest;
}

/* A worker's call: where it goes, and back. */
static struct demo_guest *enter(struct demo *demo, const struct uuid *uuid, struct err *err)
{
	pthread_mutex_lock(&demo->lock);
	return reach_guest(demo, uuid, err);
}

static bool leave(struct demo *demo, bool ok)
{
	post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
	return ok;
}

static bool may_write(const struct demo *demo, const struct demo_guest *guest, struct err *err)
{
	if (demo->host.plan->monitor_only)
		return err_set(err, ERR_DENIED, _("not permitted on this host: it grants a read-only connection only"));
	if (guest->plan->manner == MANNER_DENIED)
		return err_set(err, ERR_DENIED, _("not permitted on this host: 'QEMU' denied access"));
	return true;
}

static bool has_line(const struct demo_guest *guest, struct err *err)
{
	if (guest->domain_id < 0)
		return err_set(err, ERR_NOT_RUNNING, _("the VM is not running; start it first"));
	if (!demo_guest_is_running(guest))
		return err_set(err, ERR_PAUSED, _("the VM is paused; resume it first"));
	if (guest->plan->manner == MANNER_NONE)
		return err_set(err, ERR_NO_CHANNEL,
			       _("the VM has no agent channel; add org.qemu.guest_agent.0 to its configuration"));
	if (!guest->agent)
		return err_set(err, ERR_NO_AGENT,
			       _("no agent is connected; install or start qemu-guest-agent in the guest"));
	return true;
}

static bool never_answers(const struct demo *demo, const struct demo_guest *guest, const char *command)
{
	uint64_t drawn = chance_draw(guest->seed, (uint64_t)demo->host.now, 3);

	if (guest->plan->manner == MANNER_MUTE)
		return true;
	return strstr(command, "\"guest-ping\"") && chance_between(drawn, 1, 100) <= guest->plan->misses_percent;
}

static int64_t answer_time(const struct demo *demo, const struct demo_guest *guest)
{
	int64_t usual = guest->plan->latency_ms ? guest->plan->latency_ms : ANSWER_MS;

	return usual + chance_between(chance_draw(guest->seed, (uint64_t)demo->host.now, 5), 0, usual / 4);
}

static bool no_answer(struct err *err)
{
	return err_set(err, ERR_NO_ANSWER,
		       _("the agent did not answer in time; what was asked may still be carried out"));
}

/* What libvirt does before the command itself: it takes the agent for this call, and syncs. */
static bool get_through(struct demo *demo, const struct demo_guest *guest, struct err *err)
{
	if (guest->plan->manner == MANNER_BUSY) {
		wait_until(demo, demo->host.now + BUSY_TIMEOUT_MS, guest);
		return err_set(err, ERR_BUSY, _("the VM is busy with another program's request; try again later"));
	}
	if (guest->plan->manner == MANNER_NOSYNC) {
		wait_until(demo, demo->host.now + SYNC_TIMEOUT_MS, guest);
		return err_set(err, ERR_NOT_SENT, _("the agent does not answer, so nothing was sent; try again later"));
	}
	return true;
}

/*
 * A command that is answered too late is carried out all the same, as in a real guest. The guest may be
 * gone, rebooted or unheard when we come back from waiting.
 */
static bool converse(struct demo *demo, struct demo_guest *guest, const char *command, int timeout_ms, char **ret_reply,
		     struct err *err)
{
	int64_t begun = demo->host.now, takes = answer_time(demo, guest);
	unsigned life = guest->life;
	char *reply = NULL;

	if (never_answers(demo, guest, command) || takes > timeout_ms) {
		wait_until(demo, begun + timeout_ms, guest);
		if (takes > timeout_ms && guest->life == life &&
		    demo_agent_answer(&demo->host, guest, command, &reply, NULL))
			free(reply);
		return reach_host(demo, err) && no_answer(err);
	}
	wait_until(demo, begun + takes, guest);
	if (!reach_host(demo, err))
		return false;
	if (guest->life != life || !guest->agent)
		return no_answer(err);
	if (!demo_agent_answer(&demo->host, guest, command, ret_reply, err))
		return false;
	if (*ret_reply)
		return true;
	wait_until(demo, begun + timeout_ms, guest);
	return no_answer(err);
}

static bool agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			  char **ret_reply, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && may_write(demo, guest, err) && has_line(guest, err) && get_through(demo, guest, err) &&
	     converse(demo, guest, command, timeout_ms, ret_reply, err);
	return leave(demo, ok);
}

/* libvirt's shutdown and reboot by the agent: the same command, and its own patience. */
static bool ask_agent_to_leave(struct demo *demo, struct demo_guest *guest, enum vm_verb verb, struct err *err)
{
	if (!has_line(guest, err) || !get_through(demo, guest, err))
		return false;
	if (guest->plan->manner == MANNER_MUTE) {
		wait_until(demo, demo->host.now + SYNC_TIMEOUT_MS, guest);
		return no_answer(err);
	}
	if (guest->frozen)
		return err_set_outside(err, ERR_AGENT_FROZEN, "",
				       "Command guest-shutdown has been disabled: the agent is in frozen state");
	demo_guest_shut_down(&demo->host, guest, verb == VM_VERB_REBOOT);
	return true;
}

/* The one verb whose call lasts as long as the work. */
static bool wait_for_save(struct demo *demo, struct demo_guest *guest, struct err *err)
{
	const unsigned life = guest->life;

	post_turn(demo);
	while (guest->saving_since >= 0 && guest->life == life && !demo->stopping &&
	       demo_host_is_connected(&demo->host))
		wait_until(demo, demo->host.now + LOOK_MS, guest);
	if (guest->life == life && guest->saving_since < 0)
		return err_set(err, ERR_CANCELLED, _("operation aborted: domain save job: canceled by client"));
	return true;
}

static bool job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);

	(void)slot;
	if (guest)
		*ret_percent = demo_guest_saved_percent(&demo->host, guest);
	return leave(demo, guest != NULL);
}

static bool job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && may_write(demo, guest, err) && demo_guest_stop_saving(&demo->host, guest, err);
	return leave(demo, ok);
}

static bool lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum vm_verb verb, bool use_agent,
		      struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && may_write(demo, guest, err);
	if (ok && use_agent && (verb == VM_VERB_SHUTDOWN || verb == VM_VERB_REBOOT))
		ok = ask_agent_to_leave(demo, guest, verb, err);
	else if (ok)
		ok = demo_guest_obey(&demo->host, guest, verb, err);
	post_turn(demo);
	if (ok && verb == VM_VERB_MANAGEDSAVE)
		ok = wait_for_save(demo, guest, err);
	return leave(demo, ok);
}

static bool look(struct backend *be, int slot, const struct uuid *uuid, struct vm_facts *ret_facts, struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);

	(void)slot;
	if (guest)
		demo_guest_facts(&demo->host, guest, ret_facts);
	return leave(demo, guest != NULL);
}

/* --- snapshots --- */

static bool snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			  struct err *err)
{
	struct demo *demo = demo_of(be);
	const struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && (guest->plan->manner != MANNER_DENIED ||
		       err_set(err, ERR_DENIED, _("not permitted on this host: 'QEMU' denied access")));
	if (ok)
		demo_guest_copy_snapshots(guest, ret);
	return leave(demo, ok);
}

/* What libvirt asks of the agent first. */
static bool quiesce(struct demo *demo, struct demo_guest *guest, struct err *err)
{
	if (!has_line(guest, err) || !get_through(demo, guest, err))
		return false;
	if (guest->plan->manner == MANNER_MUTE) {
		wait_until(demo, demo->host.now + SYNC_TIMEOUT_MS, guest);
		return no_answer(err);
	}
	if (guest->plan->manner == MANNER_OLD)
		return err_set_outside(err, ERR_AGENT_ABSENT, "",
				       "The command guest-fsfreeze-freeze has not been found");
	if (guest->frozen)
		return err_set_outside(err, ERR_AGENT_FROZEN, "",
				       "Command guest-fsfreeze-freeze has been disabled: the agent is in frozen state");
	return true;
}

/* The host goes on with it, whether we hear of its end or not. */
static bool take(struct demo *demo, struct demo_guest *guest, const struct snapshot_order *order, struct err *err)
{
	const enum vm_state state = guest->state;
	const bool with_memory = !order->disks_only && demo_guest_is_running(guest);
	const unsigned life = guest->life;

	if (with_memory)
		demo_guest_hold(&demo->host, guest, true);
	post_turn(demo);
	wait_until(demo, demo->host.now + (with_memory ? MEMORY_MS : DISKS_MS), guest);
	if (guest->life != life)
		return err_set(err, ERR_UNEXPECTED, _("the host refused: guest unexpectedly quit"));
	if (with_memory)
		demo_guest_hold(&demo->host, guest, false);
	demo_guest_take(&demo->host, guest, order, state);
	return reach_host(demo, err);
}

static bool snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			    struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && may_write(demo, guest, err) && demo_guest_may_take(guest, order, err) &&
	     (!order->quiesce || quiesce(demo, guest, err)) && take(demo, guest, order, err);
	return leave(demo, ok);
}

static bool snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && may_write(demo, guest, err) && demo_guest_revert(&demo->host, guest, key, err);
	post_turn(demo);
	if (ok)
		wait_until(demo, demo->host.now + MEMORY_MS, NULL);
	ok = ok && reach_host(demo, err);
	return leave(demo, ok);
}

static bool snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && may_write(demo, guest, err) && demo_guest_drop(&demo->host, guest, key, err);
	if (ok)
		wait_until(demo, demo->host.now + DISKS_MS, NULL);
	ok = ok && reach_host(demo, err);
	return leave(demo, ok);
}

/* The demo's guests are on a bridge: their addresses are not the host's to give. */
static bool leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		   struct err *err)
{
	struct demo *demo = demo_of(be);
	bool ok;

	(void)slot;
	pthread_mutex_lock(&demo->lock);
	ok = reach_guest(demo, uuid, err) != NULL;
	post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
	if (ok)
		*ret_list = (struct address_list){ 0 };
	return ok;
}

/* --- serial consoles --- */

static bool console_lives(void *data, const struct uuid *uuid, unsigned serial)
{
	struct demo *demo = data;
	const struct demo_guest *guest;
	bool lives;

	pthread_mutex_lock(&demo->lock);
	catch_up(demo);
	guest = demo_host_find(&demo->host, uuid);
	lives = guest && guest->domain_id >= 0 && guest->console_open && guest->console_serial == serial &&
		!demo->stopping && demo_host_is_connected(&demo->host);
	pthread_mutex_unlock(&demo->lock);
	return lives;
}

static void on_console_over(void *data, const struct demo_console *console)
{
	const struct demo_console_place *place = demo_console_place(console);
	struct demo *demo = data;
	struct demo_guest *guest;

	for (size_t i = demo->consoles.count; i-- > 0;)
		if (demo->consoles.at[i] == console)
			VEC_REMOVE(&demo->consoles, i);
	pthread_mutex_lock(&demo->lock);
	guest = demo_host_find(&demo->host, &place->uuid);
	if (guest && guest->console_serial == place->serial)
		guest->console_open = false;
	pthread_mutex_unlock(&demo->lock);
	unref(demo);
}

static void on_console_posted(void *data)
{
	struct demo *demo = demo_console_place(data)->data;

	*VEC_PUSH(&demo->consoles) = data;
	demo_console_start(data);
}

static bool may_sit_down(const struct demo_guest *guest, bool force, struct err *err)
{
	if (guest->domain_id < 0)
		return err_set(err, ERR_NOT_RUNNING, _("the VM is not running; start it first"));
	if (guest->plan->no_console)
		return err_set(err, ERR_UNSUPPORTED,
			       _("this VM has no serial console; add <console type='pty'/> to its configuration, and "
				 "in the guest console=ttyS0 to the kernel's command line"));
	if (guest->console_open && !force)
		return err_set(err, ERR_BUSY,
			       _("somebody is at this console already; `innkeeper console --force` takes it over"));
	return true;
}

/* Lock held. */
static bool sit_down(struct demo *demo, struct demo_guest *guest, int *ret_fd, struct err *err)
{
	struct demo_console_place place = { .loop = demo->loop, .uuid = guest->uuid, .lives = console_lives,
					    .over = on_console_over, .data = demo };
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set_errno(err, errno, _("no socket for the console"));
	guest->console_open = true;
	place.serial = ++guest->console_serial;
	demo->references++;
	loop_post(demo->loop, on_console_posted, demo_console_create(guest, &place, fds[0]));
	*ret_fd = fds[1];
	return true;
}

static bool console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && may_write(demo, guest, err) && may_sit_down(guest, force, err) &&
	     sit_down(demo, guest, ret_fd, err);
	return leave(demo, ok);
}

/* --- the backend's life; UI thread --- */

static bool start(struct backend *be, struct err *err)
{
	struct demo *demo = demo_of(be);

	(void)err;
	pthread_mutex_lock(&demo->lock);
	catch_up(demo);
	demo_host_connect(&demo->host);
	post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
	return true;
}

static bool stop(struct backend *be)
{
	struct demo *demo = demo_of(be);

	pthread_mutex_lock(&demo->lock);
	demo->stopping = true;
	pthread_cond_broadcast(&demo->changed);
	pthread_mutex_unlock(&demo->lock);
	loop_cancel_timer(demo->loop, demo->world_timer);
	loop_cancel_timer(demo->loop, demo->figures_timer);
	while (demo->consoles.count > 0)
		demo_console_end(demo->consoles.at[0]);
	return true;
}

static bool destroy(struct backend *be)
{
	unref(demo_of(be));
	return true;
}

static void refresh(struct backend *be)
{
	struct demo *demo = demo_of(be);

	pthread_mutex_lock(&demo->lock);
	catch_up(demo);
	if (demo->host.state == HOST_LOST)
		demo_host_connect(&demo->host);
	else if (demo_host_is_connected(&demo->host))
		demo->host.news |= NEWS_LIST;
	post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
}

static void watch(struct backend *be, const struct uuid *uuids, size_t count)
{
	/* Nothing here is slow enough to be asked for in an order. */
	(void)be, (void)uuids, (void)count;
}

static const struct backend_impl demo_impl = {
	.name = "demo",
	.is_simulated = true,
	.destroy = destroy,
	.start = start,
	.stop = stop,
	.refresh = refresh,
	.watch = watch,
	.agent_command = agent_command,
	.lifecycle = lifecycle,
	.look = look,
	.leases = leases,
	.console = console,
	.job_percent = job_percent,
	.job_abort = job_abort,
	.snapshot_list = snapshot_list,
	.snapshot_create = snapshot_create,
	.snapshot_revert = snapshot_revert,
	.snapshot_delete = snapshot_delete,
};

static void init_locks(struct demo *demo)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&demo->changed, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&demo->lock, NULL);
}

static struct demo *create(const struct backend_config *config, const struct demo_scenario *scenario,
			   const struct demo_host_plan *plan, uint64_t seed)
{
	struct demo *demo = mem_zalloc(sizeof(*demo));

	demo->backend.impl = &demo_impl;
	demo->scenario = *scenario;
	demo->listener = config->listener;
	demo->loop = config->loop;
	demo->figures_interval_ms = config->one_shot ? 0 : config->figures_interval_ms;
	demo->born_at = clock_ms();
	demo->timer_due = -1;
	demo->references = 1;
	init_locks(demo);
	demo_host_init(&demo->host, plan, seed, clock_wall());
	demo->host.once = config->one_shot;
	return demo;
}

struct backend *demo_backend_create(const struct backend_config *config, struct err *err)
{
	const struct demo_host_plan *plan = NULL;
	struct demo_scenario scenario;
	struct demo *demo = NULL;
	struct demo_uri uri;

	if (!demo_uri_parse(config->uri, &uri, err))
		return NULL;
	if (scenario_load(uri.scenario, uri.host, &scenario, err)) {
		plan = uri.host ? scenario_find_host(&scenario, uri.host) : &scenario.hosts[0];
		if (plan)
			demo = create(config, &scenario, plan, uri.seed ? uri.seed : MAX(scenario.seed, 1));
		else
			err_set(err, ERR_USAGE, _("the demo scenario '%s' has no host '%s'"), uri.scenario, uri.host);
		if (!demo)
			scenario_free(&scenario);
	}
	demo_uri_free(&uri);
	return demo ? &demo->backend : NULL;
}
