/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outbox.h - bytes on their way to a terminal that takes them when it likes.
 */
#ifndef INNKEEPER_OUTBOX_H
#define INNKEEPER_OUTBOX_H

#include "base/vec.h"
#include "engine/tty.h"

struct outbox {
	VEC(char);
	size_t sent;
};

void outbox_add(struct outbox *outbox, const char *bytes, size_t len);
void outbox_add_str(struct outbox *outbox, const char *s);
void outbox_add_file(struct outbox *outbox, int fd); /* all that is in it; it is empty afterwards */
/* As much as the terminal takes now. One that is gone takes it all: reading tells. */
void outbox_send(struct outbox *outbox, const struct tty *tty);
bool outbox_is_empty(const struct outbox *outbox);
void outbox_forget(struct outbox *outbox); /* what waits */
void outbox_free(struct outbox *outbox);

#endif
