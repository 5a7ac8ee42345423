/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.h - the login name behind a uid, from any thread; "uid 1000" where there is none.
 */
#pragma once

#include "base/base.h"

#include <sys/types.h>

enum { USER_NAME_SIZE = 64 };

void user_name(uid_t uid, char buf[USER_NAME_SIZE]);
