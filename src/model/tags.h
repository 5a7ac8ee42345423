/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tags.h - the words that somebody hung on a VM: one safe text, the words apart by one blank each.
 *
 * They stand in the domain's <metadata> under a namespace of ours; libvirt keeps them, virsh writes them:
 *
 *	virsh metadata VM --uri urn:innkeeper --key innkeeper --live --config --set '<tags>web prod</tags>'
 *
 * The first one is what VMs are grouped by. Pure.
 */
#pragma once

#include "base/text.h"

#define TAGS_NAMESPACE "urn:innkeeper"

enum { TAGS_CAP = 255 };

/* Owned. Blanks of any kind and commas stand between tags; empty where there is none. */
struct safe_text tags_from_outside(const char *bytes, size_t len);
/* The next one; NULL: no more. at: text_str() of the tags, moved on. ret_len: its bytes. */
const char *tags_next(const char **at, size_t *ret_len);
