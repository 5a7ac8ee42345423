/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/user.h"

#include <pwd.h>

void user_name(uid_t uid, char buf[USER_NAME_SIZE])
{
	struct passwd entry, *found = NULL;
	char strings[4096];

	if (getpwuid_r(uid, &entry, strings, sizeof(strings), &found) == 0 && found)
		snprintf(buf, USER_NAME_SIZE, "%s", found->pw_name);
	else
		snprintf(buf, USER_NAME_SIZE, "uid %lu", (unsigned long)uid);
}
