/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/event_queue.h"

#include "base/vec.h"

#include <pthread.h>

struct event_queue {
	pthread_mutex_t lock;
	int refs;
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
	queue->refs = 1;
	queue->loop = loop;
	queue->handle = handle;
	queue->data = data;
	return queue;
}

struct event_queue *event_queue_ref(struct event_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->refs++;
	pthread_mutex_unlock(&queue->lock);
	return queue;
}

void event_queue_unref(struct event_queue *queue)
{
	bool last;

	if (!queue)
		return;
	pthread_mutex_lock(&queue->lock);
	last = --queue->refs == 0;
	pthread_mutex_unlock(&queue->lock);
	if (!last)
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
	struct host_events events;
	bool open;

	pthread_mutex_lock(&queue->lock);
	events = queue->events;
	queue->events = (struct host_events){ 0 };
	open = queue->loop != NULL;
	pthread_mutex_unlock(&queue->lock);
	if (open)
		queue->handle(queue->data, events.at, events.count);
	VEC_FREE(&events);
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
			queue->refs++;
			loop_post(queue->loop, deliver, queue);
		}
	}
	pthread_mutex_unlock(&queue->lock);
}
