/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_os.h"

/* A guest of which nothing is known. */
const struct guest_os guest_os_unknown = {
	.logoff_timeout_s = 150,
	.list_old_ms = 5000,
	.compare_users = strcmp,
	.no_lock = N_("sessions cannot be locked from outside without logind"),
};
