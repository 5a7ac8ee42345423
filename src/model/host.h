/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - one libvirt connection as a person sees it. A value owned by the UI thread.
 *
 *	CONNECTING -> LIVE -> STALE(age) -> LOST(next try) -> CONNECTING ...      for ever
 */
#pragma once

#include "base/err.h"

enum host_state {
	HOST_CONNECTING,
	HOST_LIVE,
	HOST_STALE, /* connected, but the last answer is older than it should be */
	HOST_LOST,
};

/* What we may do there. */
enum host_access {
	ACCESS_UNKNOWN, /* not connected yet */
	ACCESS_FULL,
	ACCESS_READ_ONLY, /* asked for with -r */
	ACCESS_MONITOR,   /* wanted full, the host allowed only a read-only connection */
};

/* How busy it is; negative: unknown. */
struct host_figures {
	double cpu_percent;
	int64_t memory_kib, memory_used_kib; /* used: what neither is free nor only caches files */
};

#define HOST_FIGURES_UNKNOWN ((struct host_figures){ -1, -1, -1 })

struct host {
	int index;       /* in the inventory; never changes */
	char *name;      /* configured, or the URI's, or the connected host's own; safe, unique, no '/' */
	char *uri;       /* safe text; without the password */
	bool production; /* configuration: typed confirmation */
	enum host_state state;
	enum host_access access;
	bool listed;              /* a full list was received at least once */
	int64_t state_since;      /* clock_ms() */
	int64_t answered_at;      /* clock_ms() of the last answer, 0 never */
	int64_t retry_at;         /* LOST: clock_ms() of the next try */
	struct safe_text trouble; /* why it is lost, or why it is only monitored; empty: nothing */
	struct host_figures figures;
	struct safe_text version; /* "QEMU 7.2.22, libvirt 9.0.0"; empty unknown */
};

const char *host_state_name(enum host_state state); /* "live", "stale", "lost", "connecting" */
/* "live", "stale 12 s", "lost, next try in 8 s", "connecting"; owned. */
struct safe_text host_state_words(const struct host *host, int64_t now);
int64_t host_stale_seconds(const struct host *host, int64_t now); /* since it answered; 0 while live; -1 never */
bool host_is_usable(const struct host *host);                     /* live or stale: calls can be sent */
bool host_allows_writes(const struct host *host);

/* "qemu+ssh://root@web1:22/system" -> "web1"; owned; NULL where the URI has no host. Not safe text. */
char *host_name_of_uri(const char *uri);
/* A password has no place on a screen; the user's name says as whom we act. Owned; not safe text. */
char *host_uri_without_password(const char *uri);
/* The same as safe text, as it may stand in journal and audit. Owned. */
char *host_uri_for_record(const char *uri);
/* "?command=...": libvirt would start that program here. */
bool host_uri_starts_program(const char *uri);
