/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scrape_listener.h - one page for whoever scrapes it: GET /metrics, HTTP/1.1, a request a connection.
 *
 * It listens on loopback or on a unix socket alone, and never blocks: a scraper that is slow to ask or to read is
 * dropped after SCRAPE_LIMIT_MS, and a few at a time are served. UI thread.
 * Formats: Prometheus' text format 0.0.4, and OpenMetrics 1.0 for those who accept it (RFC 9110 12.5.1).
 */
#pragma once

#include "engine/loop.h"

enum { SCRAPE_LIMIT_MS = 5 * 1000, SCRAPES_AT_ONCE = 16 };

/* What one gets, when it asks; owned by the listener. */
typedef char *scrape_page_fn(void *data, bool is_openmetrics, size_t *ret_len);

struct scrape_listener;

/*
 * where: unix:PATH, 127.0.0.1:PORT, [::1]:PORT. A path that exists is left alone. NULL: err is ERR_USAGE where that is
 * no such address, else ERR_SYSTEM.
 */
struct scrape_listener *scrape_listen(struct loop *loop, const char *where, scrape_page_fn *page, void *data,
				      struct err *err);
const char *scrape_address(const struct scrape_listener *listener); /* with the port that it got; safe text; view */
void scrape_close(struct scrape_listener *listener);                /* removes its path; NULL: nothing */
