/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/door.h"

#include "base/vec.h"

#include <pthread.h>

struct door {
	pthread_mutex_t lock;
	int refs;
	struct loop *loop; /* NULL: closed */
	door_answer_fn *answer;
	void *data;
	struct door_notes {
		VEC(struct door_note);
	} notes;
};

struct door *door_create(struct loop *loop, door_answer_fn *answer, void *data)
{
	struct door *door = mem_zalloc(sizeof(*door));

	pthread_mutex_init(&door->lock, NULL);
	door->refs = 1;
	door->loop = loop;
	door->answer = answer;
	door->data = data;
	return door;
}

struct door *door_ref(struct door *door)
{
	pthread_mutex_lock(&door->lock);
	door->refs++;
	pthread_mutex_unlock(&door->lock);
	return door;
}

void door_unref(struct door *door)
{
	bool last;

	if (!door)
		return;
	pthread_mutex_lock(&door->lock);
	last = --door->refs == 0;
	pthread_mutex_unlock(&door->lock);
	if (!last)
		return;
	VEC_FREE(&door->notes);
	pthread_mutex_destroy(&door->lock);
	free(door);
}

void door_close(struct door *door)
{
	pthread_mutex_lock(&door->lock);
	door->loop = NULL;
	pthread_mutex_unlock(&door->lock);
}

static void answer_door(void *data)
{
	struct door *door = data;
	struct door_notes notes;
	bool open;

	pthread_mutex_lock(&door->lock);
	notes = door->notes;
	door->notes = (struct door_notes){ 0 };
	open = door->loop != NULL;
	pthread_mutex_unlock(&door->lock);
	if (open)
		door->answer(door->data, notes.at, notes.count);
	VEC_FREE(&notes);
	door_unref(door);
}

void door_put(struct door *door, const struct door_note *note)
{
	pthread_mutex_lock(&door->lock);
	if (door->loop && door->notes.count <= DOOR_NOTES_MAX) {
		*VEC_PUSH(&door->notes) = *note;
		if (door->notes.count > DOOR_NOTES_MAX)
			door->notes.at[door->notes.count - 1].subject = DOOR_OVERFLOW;
		if (door->notes.count == 1) {
			door->refs++;
			loop_post(door->loop, answer_door, door);
		}
	}
	pthread_mutex_unlock(&door->lock);
}
