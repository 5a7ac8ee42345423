/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_xml_reader.h - reads the XML of domains in the background, one call each.
 *
 * Where the agent is, title and size: only the XML says. It is read once for each running domain, the rows on screen
 * at once, the others in backend_background_share() of the time; from then on events tell of changes. Reads what
 * domain_row.xml_wanted marks, reports to libvirt_host.h. UI thread.
 */
#pragma once

#include "backend/libvirt/libvirt_host.h"

struct domain_xml_reader;

struct domain_xml_reader *domain_xml_reader_create(struct libvirt_host *host);
void domain_xml_reader_wake(struct domain_xml_reader *reader); /* there may be XML to read */
/* After its thread ended. */
void domain_xml_reader_destroy(struct domain_xml_reader *reader);
