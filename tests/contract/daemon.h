/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - a libvirtd of the test's own: unprivileged, in its own folders, with libvirt's test driver.
 * It cannot meet another one, and is stopped, continued and killed by its recorded pid.
 */
#pragma once

#include "base/base.h"

struct daemon;

/* NULL: it cannot be had here; *ret_reason says why. */
struct daemon *daemon_create(const char **ret_reason);
void daemon_destroy(struct daemon *daemon); /* ends it, removes its folders */

/* Before it starts: both its sockets want SASL, and know one user. False: *ret_reason says what is missing here. */
bool daemon_want_password(struct daemon *daemon, const char *user, const char *password, const char **ret_reason);

/* Before it starts: it speaks German. False: *ret_reason says what is missing here. */
bool daemon_speak_german(struct daemon *daemon, const char **ret_reason);

bool daemon_start(struct daemon *daemon); /* and waits until it listens */
void daemon_stop(struct daemon *daemon);  /* SIGSTOP: it stands still */
void daemon_continue(struct daemon *daemon);
void daemon_kill(struct daemon *daemon); /* SIGKILL, and gathers it */

const char *daemon_socket(const struct daemon *daemon);
const char *daemon_uri(const struct daemon *daemon); /* test:///default inside it; read-write */
/* A fleet of `count` domains in it, each third of them running, paused, shut off. View. */
const char *daemon_fleet_uri(struct daemon *daemon, int count);
