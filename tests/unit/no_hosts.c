/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/backend_impl.h"

/* The door to real hypervisors stays shut in these tests. */
struct backend *libvirt_backend_create(const struct backend_config *config, struct err *err)
{
	(void)config;
	err_set(err, ERR_UNSUPPORTED, "no libvirt here");
	return NULL;
}

struct backend *demo_backend_create(const struct backend_config *config, struct err *err)
{
	return libvirt_backend_create(config, err);
}
