/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_uri.h - from what the user typed to the URI that libvirt gets. Pure, but for libvirt_uri_resolve().
 */
#pragma once

#include "base/err.h"

#include <sys/types.h>

/*
 * libvirt would look up an alias or its default URI by itself, but then we could not keep ssh from asking on our
 * terminal. So we read libvirt.conf first; where neither it nor $LIBVIRT_DEFAULT_URI has a URI, libvirt_uri_by_rights()
 * decides. Owned; NULL: let libvirt choose.
 */
char *libvirt_uri_resolve(const char *words);

/*
 * qemu:///system for root and the group libvirt, who may manage the system's machines; libvirt itself would show the
 * latter an empty session. NULL: libvirt's own choice.
 */
const char *libvirt_uri_by_rights(uid_t uid, bool in_group);

/* The value of an alias in the text of a libvirt.conf; owned, NULL: not there. */
char *libvirt_uri_find_alias(const char *conf, const char *alias);
/* uri_default = "..." in the text of a libvirt.conf; owned, NULL: not set. */
char *libvirt_uri_find_default(const char *conf);
/* ssh runs in batch mode (no_tty=1), because its questions would land on our screen. Owned. */
char *libvirt_uri_without_tty(const char *uri);

/* Somebody's password may come into our memory: from the URI, or from an auth.conf that libvirt would read. */
bool libvirt_uri_may_bring_secrets(const char *uri);
