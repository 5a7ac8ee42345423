/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xml.h - what only the XML of a domain or of a snapshot says. Pure; any thread.
 *
 * libxml2 reads it, which fetches nothing and prints nothing here. A document with a DOCTYPE is refused before its
 * entities are read, and so is one with more than XML_DEPTH_MAX levels, or that is not well-formed.
 */
#pragma once

#include "model/snapshot.h"
#include "model/vm_info.h"

enum { XML_DEPTH_MAX = 64, XML_SIZE_MAX = 8 * 1024 * 1024 };

/*
 * What the XML says of a domain goes into facts: its channel (never CHANNEL_UNKNOWN), texts, vCPUs, memory, disks and
 * network cards. False: no XML of a domain; facts are untouched.
 */
bool xml_read_domain(const char *xml, size_t len, struct vm_info *info);
/* Description, time, state and parent of a <domainsnapshot>. False: it is none; snapshot is untouched. */
bool xml_read_snapshot(const char *xml, size_t len, struct snapshot *snapshot);

/* For a text between tags or in quotes. Every safe text is allowed in XML. Owned. */
char *xml_escape(const char *text);
