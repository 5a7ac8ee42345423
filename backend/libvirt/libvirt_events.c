/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_events.h"

#include "backend/libvirt/libvirt_error.h"
#include "base/clock.h"
#include "base/thread.h"
#include "base/vec.h"

#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { PAUSE_AFTER_FAILURE_MS = 200 };

/* --- the queue --- */

struct event_queue {
	pthread_mutex_t lock;
	atomic_int refs;
	struct loop *loop; /* NULL: closed */
	event_handler_fn *handle;
	void *data;
	struct host_events {
		VEC(struct host_event);
	} events;
};

struct event_queue *event_queue_create(struct loop *loop, event_handler_fn *handle, void *data)
{
	struct event_queue *queue = mem_zalloc(sizeof(*queue));

	pthread_mutex_init(&queue->lock, NULL);
	atomic_init(&queue->refs, 1);
	queue->loop = loop;
	queue->handle = handle;
	queue->data = data;
	return queue;
}

struct event_queue *event_queue_ref(struct event_queue *queue)
{
	atomic_fetch_add(&queue->refs, 1);
	return queue;
}

void event_queue_unref(struct event_queue *queue)
{
	if (!queue || atomic_fetch_sub(&queue->refs, 1) > 1)
		return;
	VEC_FREE(&queue->events);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void event_queue_close(struct event_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->loop = NULL;
	pthread_mutex_unlock(&queue->lock);
}

static void deliver(void *data)
{
	struct event_queue *queue = data;
	OWN(vec) struct host_events events = { 0 };
	bool open;

	pthread_mutex_lock(&queue->lock);
	events = queue->events;
	queue->events = (struct host_events){ 0 };
	open = queue->loop != NULL;
	pthread_mutex_unlock(&queue->lock);
	if (open)
		queue->handle(queue->data, events.at, events.count);
	event_queue_unref(queue);
}

void event_queue_push(struct event_queue *queue, const struct host_event *event)
{
	pthread_mutex_lock(&queue->lock);
	if (queue->loop && queue->events.count <= EVENT_QUEUE_MAX) {
		*VEC_PUSH(&queue->events) = *event;
		if (queue->events.count > EVENT_QUEUE_MAX)
			queue->events.at[queue->events.count - 1].kind = EVENT_OVERFLOW;
		if (queue->events.count == 1) {
			loop_post(queue->loop, deliver, event_queue_ref(queue));
		}
	}
	pthread_mutex_unlock(&queue->lock);
}

/* --- the process --- */

static void say_nothing(void *data UNUSED, virErrorPtr error UNUSED)
{
}

void libvirt_process_quieten(void)
{
	static bool done;

	if (done) /* threads of other hosts read the environment by now */
		return;
	done = true;
	/* The library's warnings go to stderr, unless the user named another place for them. */
	if (!getenv("LIBVIRT_LOG_OUTPUTS"))
		setenv("LIBVIRT_DEBUG", "4", 1);
	virSetErrorFunc(NULL, say_nothing);
}

void libvirt_process_refuse_dumps(void)
{
	const struct rlimit none = { 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

static void *run_event_loop(void *data UNUSED)
{
	for (;;) {
		if (virEventRunDefaultImpl() < 0)
			clock_sleep(PAUSE_AFTER_FAILURE_MS);
	}
	return NULL;
}

static pthread_once_t started = PTHREAD_ONCE_INIT;
static struct err start_failure;

static void start_once(void)
{
	pthread_t thread;
	int failure;

	if (virInitialize() < 0 || virEventRegisterDefaultImpl() < 0) {
		libvirt_err_last(NULL, &start_failure);
		return;
	}
	failure = thread_start(&thread, 0, run_event_loop, NULL);
	if (failure)
		err_set_errno(&start_failure, failure, _("cannot start the thread for libvirt's events"));
	else
		pthread_detach(thread);
}

bool libvirt_process_start(struct err *err)
{
	pthread_once(&started, start_once);
	if (start_failure.kind != ERR_NONE && err)
		*err = start_failure;
	return start_failure.kind == ERR_NONE;
}

/* --- callbacks: the event loop's thread --- */

static void put(struct event_queue *queue, virDomainPtr dom, struct host_event event)
{
	if (!dom || virDomainGetUUID(dom, event.uuid.bytes) == 0)
		event_queue_push(queue, &event);
}

static int on_lifecycle(virConnectPtr conn UNUSED, virDomainPtr dom, int event, int detail, void *queue)
{
	put(queue, dom, (struct host_event){ .kind = EVENT_LIFECYCLE, .type = event, .detail = detail });
	return 0;
}

static void on_agent(virConnectPtr conn UNUSED, virDomainPtr dom, int state, int reason, void *queue)
{
	put(queue, dom, (struct host_event){ .kind = EVENT_AGENT, .type = state, .detail = reason });
}

static void on_reboot(virConnectPtr conn UNUSED, virDomainPtr dom, void *queue)
{
	put(queue, dom, (struct host_event){ .kind = EVENT_REBOOT });
}

static void on_control_error(virConnectPtr conn UNUSED, virDomainPtr dom, void *queue)
{
	put(queue, dom, (struct host_event){ .kind = EVENT_CONTROL_ERROR });
}

static void on_disk(virConnectPtr conn UNUSED, virDomainPtr dom, const char *path UNUSED, const char *alias UNUSED,
		    int action, const char *reason, void *queue)
{
	/* "enospc": libvirt documents this value, for programs. */
	put(queue, dom,
	    (struct host_event){
		    .kind = EVENT_DISK_ERROR, .type = action, .detail = reason && !strcmp(reason, "enospc") });
}

static void on_pm_wakeup(virConnectPtr conn UNUSED, virDomainPtr dom, int reason UNUSED, void *queue)
{
	put(queue, dom, (struct host_event){ .kind = EVENT_POWER, .type = VIR_DOMAIN_EVENT_ID_PMWAKEUP });
}

static void on_pm_suspend(virConnectPtr conn UNUSED, virDomainPtr dom, int reason UNUSED, void *queue)
{
	put(queue, dom, (struct host_event){ .kind = EVENT_POWER, .type = VIR_DOMAIN_EVENT_ID_PMSUSPEND });
}

static void on_metadata(virConnectPtr conn UNUSED, virDomainPtr dom, int type, const char *uri UNUSED, void *queue)
{
	put(queue, dom, (struct host_event){ .kind = EVENT_METADATA, .type = type });
}

static void on_close(virConnectPtr conn UNUSED, int reason, void *queue)
{
	put(queue, NULL, (struct host_event){ .kind = EVENT_CLOSED, .type = reason });
}

static void forget_queue(void *queue)
{
	event_queue_unref(queue);
}

/* --- registration --- */

typedef void any_fn(void);

static const struct {
	int id;
	any_fn *callback;
} kinds[EVENT_KINDS] = {
	{ VIR_DOMAIN_EVENT_ID_LIFECYCLE, (any_fn *)on_lifecycle },
	{ VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, (any_fn *)on_agent },
	{ VIR_DOMAIN_EVENT_ID_REBOOT, (any_fn *)on_reboot },
	{ VIR_DOMAIN_EVENT_ID_CONTROL_ERROR, (any_fn *)on_control_error },
	{ VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, (any_fn *)on_disk },
	{ VIR_DOMAIN_EVENT_ID_PMWAKEUP, (any_fn *)on_pm_wakeup },
	{ VIR_DOMAIN_EVENT_ID_PMSUSPEND, (any_fn *)on_pm_suspend },
	{ VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK, (any_fn *)on_pm_suspend },
	{ VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, (any_fn *)on_metadata },
};

bool libvirt_events_register(virConnectPtr conn, struct event_queue *queue, struct event_registrations *ret)
{
	for (size_t i = 0; i < EVENT_KINDS; i++) {
		virConnectDomainEventGenericCallback callback = (virConnectDomainEventGenericCallback)kinds[i].callback;

		ret->ids[i] = virConnectDomainEventRegisterAny(conn, NULL, kinds[i].id, callback,
							       event_queue_ref(queue), forget_queue);
		if (ret->ids[i] < 0)
			event_queue_unref(queue);
	}
	/* Drivers that never close accept the callback, forget it, and never free its data: so we free it. */
	ret->close_queue = event_queue_ref(queue);
	if (virConnectRegisterCloseCallback(conn, on_close, queue, NULL) < 0) {
		event_queue_unref(ret->close_queue);
		ret->close_queue = NULL;
	}
	return ret->ids[0] >= 0;
}

void libvirt_events_deregister(virConnectPtr conn, struct event_registrations *registrations)
{
	for (size_t i = 0; i < EVENT_KINDS; i++) {
		if (registrations->ids[i] >= 0)
			virConnectDomainEventDeregisterAny(conn, registrations->ids[i]);
		registrations->ids[i] = -1;
	}
	if (registrations->close_queue)
		virConnectUnregisterCloseCallback(conn, on_close);
	event_queue_unref(registrations->close_queue);
	registrations->close_queue = NULL;
}

/* --- words --- */

/* The last row that fits: where the detail says more than the event. */
static const struct {
	int event, detail; /* -1: any */
	const char *words;
} lifecycle_words[] = {
	{ VIR_DOMAIN_EVENT_DEFINED, -1, N_("configuration changed") },
	{ VIR_DOMAIN_EVENT_UNDEFINED, -1, N_("undefined") },
	{ VIR_DOMAIN_EVENT_STARTED, -1, N_("started") },
	{ VIR_DOMAIN_EVENT_SUSPENDED, -1, N_("paused") },
	{ VIR_DOMAIN_EVENT_RESUMED, -1, N_("resumed") },
	{ VIR_DOMAIN_EVENT_STOPPED, -1, N_("shut off") },
	{ VIR_DOMAIN_EVENT_SHUTDOWN, -1, N_("shutting down") },
	{ VIR_DOMAIN_EVENT_PMSUSPENDED, -1, N_("suspended by its guest") },
	{ VIR_DOMAIN_EVENT_CRASHED, -1, N_("crashed") },
	{ VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_MIGRATED, N_("arrived by migration") },
	{ VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_RESTORED, N_("started from its saved state") },
	{ VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_IOERROR, N_("paused: disk error") },
	{ VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_WATCHDOG, N_("paused by its watchdog") },
	{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, N_("shut off: destroyed") },
	{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_CRASHED, N_("shut off: crashed") },
	{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_MIGRATED, N_("left by migration") },
	{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SAVED, N_("shut off: saved") },
	{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FAILED, N_("shut off: the hypervisor failed") },
	{ VIR_DOMAIN_EVENT_DEFINED, VIR_DOMAIN_EVENT_DEFINED_ADDED, N_("defined") },
	{ VIR_DOMAIN_EVENT_DEFINED, VIR_DOMAIN_EVENT_DEFINED_RENAMED, N_("renamed") },
	{ VIR_DOMAIN_EVENT_UNDEFINED, VIR_DOMAIN_EVENT_UNDEFINED_RENAMED, NULL },
};

struct safe_text libvirt_event_words(const struct host_event *event)
{
	const char *words = NULL;

	switch (event->kind) {
	case EVENT_LIFECYCLE:
		for (size_t i = 0; i < ARRAY_SIZE(lifecycle_words); i++) {
			const int detail = lifecycle_words[i].detail;

			if (lifecycle_words[i].event == event->type && (detail == -1 || detail == event->detail))
				words = lifecycle_words[i].words;
		}
		break;
	case EVENT_AGENT:
		if (event->type == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED)
			words = N_("the guest agent connected");
		else if (event->type == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_DISCONNECTED)
			words = N_("the guest agent is not connected");
		break;
	case EVENT_CONTROL_ERROR:
		words = N_("libvirt lost its connection to the hypervisor process");
		break;
	case EVENT_DISK_ERROR:
		words = event->detail ? N_("its host's disk is full: no space left for its writes")
				      : N_("disk error on its host");
		break;
	case EVENT_POWER:
		words = event->type == VIR_DOMAIN_EVENT_ID_PMWAKEUP ? N_("woke up") : N_("suspended by its guest");
		break;
	case EVENT_OVERFLOW:
		words = N_("too many events; everything is listed again");
		break;
	default:
		break;
	}
	return text_format("%s", words ? _(words) : "");
}
