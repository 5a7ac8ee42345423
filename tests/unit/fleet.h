/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fleet.h - a small fleet to test with: hosts "a" and "b", VMs by number and name.
 */
#pragma once

#include "base/clock.h"
#include "model/inventory.h"

static inline struct uuid fleet_uuid(int number)
{
	return (struct uuid){ .bytes = { (unsigned char)number, (unsigned char)(number >> 8), 0xee } };
}

static inline struct inventory *fleet_create(void)
{
	struct inventory *inventory;

	clock_stop_at(100000, 0);
	inventory = inventory_create();
	inventory_add_host(inventory, "a", "qemu+ssh://a/system");
	inventory_add_host(inventory, "b", "qemu+ssh://b/system");
	return inventory;
}

static inline struct vm_id fleet_id(int host, int number)
{
	return (struct vm_id){ host, fleet_uuid(number) };
}

static inline struct vm *fleet_vm(const struct inventory *inventory, int host, int number)
{
	struct vm_id id = fleet_id(host, number);

	return inventory_find(inventory, &id);
}

static inline struct vm *fleet_tell(struct inventory *inventory, int host, int number, const char *name,
				    enum vm_state state)
{
	struct vm_info info = {
		.uuid = fleet_uuid(number),
		.name = text_sanitize_str(name, TEXT_CAP_NAME),
		.domain_id = state == VM_STATE_RUNNING ? number : -1,
		.state = state,
		.channel = CHANNEL_CONNECTED,
		.autostart = -1,
		.persistent = 1,
		.vcpus = 2,
		.memory_kib = 1024 * 1024,
		.max_memory_kib = -1,
	};

	inventory_apply_facts(inventory, host, &info);
	return fleet_vm(inventory, host, number);
}

static inline void fleet_cpu(struct inventory *inventory, int host, int number, double percent)
{
	/* clang-format off */
	struct vm_figures figures = {
		.uuid = fleet_uuid(number), .cpu_percent = percent, .memory_kib = -1, .disk_read_bps = -1,
		.disk_write_bps = -1, .net_rx_bps = -1, .net_tx_bps = -1,
	};
	/* clang-format on */

	inventory_apply_figures(inventory, host, &figures, 1);
}

static inline void fleet_log_on(struct vm *vm, const char *user)
{
	struct session *session = VEC_PUSH(&vm->sessions);

	session->user = text_sanitize_str(user, TEXT_CAP_USER);
	vm->users_state = USERS_KNOWN;
	vm->sessions.proven = true;
}
