/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_events.h"
#include "tests/unit/unit.h"

#include <libvirt/libvirt.h>

static void is_said_as(const char *expected, enum host_event_kind kind, int type, int detail)
{
	const struct host_event event = { .kind = kind, .type = type, .detail = detail };
	OWN(text) struct safe_text words = libvirt_event_words(&event);

	assert_string_equal(text_str(words), expected);
}

TEST(what_becomes_of_a_domain_is_said_in_words)
{
	is_said_as("started", EVENT_LIFECYCLE, VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_BOOTED);
	is_said_as("arrived by migration", EVENT_LIFECYCLE, VIR_DOMAIN_EVENT_STARTED,
		   VIR_DOMAIN_EVENT_STARTED_MIGRATED);
	is_said_as("configuration changed", EVENT_LIFECYCLE, VIR_DOMAIN_EVENT_DEFINED,
		   VIR_DOMAIN_EVENT_DEFINED_UPDATED);
	is_said_as("shut off: crashed", EVENT_LIFECYCLE, VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_CRASHED);
}

TEST(a_full_disk_is_not_any_failing_disk)
{
	is_said_as("its host's disk is full: no space left for its writes", EVENT_DISK_ERROR,
		   VIR_DOMAIN_EVENT_IO_ERROR_PAUSE, true);
	is_said_as("disk error on its host", EVENT_DISK_ERROR, VIR_DOMAIN_EVENT_IO_ERROR_REPORT, false);
}

TEST(what_a_later_libvirt_invents_is_passed_over)
{
	is_said_as("", EVENT_LIFECYCLE, 9999, 0);
	is_said_as("", EVENT_LIFECYCLE, -1, 0);
	is_said_as("", EVENT_AGENT, 9999, 0);
}

RUN_TESTS("libvirt_events", NULL, NULL)
