/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault_injection.h - what broken and hostile agents say instead of a right answer.
 */
#pragma once

#include "backend/demo/demo_guest.h"

#include <jansson.h>

/* Makes of a right reply what a broken or hostile agent says; one that is well just says it. Owned; takes the reply
 * over. */
char *demo_inject_fault(const struct demo_guest *guest, const char *execute, json_t *reply);
