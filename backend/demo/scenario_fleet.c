/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scenario `fleet:HOSTS,VMS`: as many machines as one likes, most of them well. */
#include "backend/demo/prng.h"
#include "backend/demo/scenario_read.h"

enum { FLEET_SEED = 11 };

static const struct demo_login one_admin[] = {
	{ .user = "root", .via = VIA_SSH, .from = "10.20.0.7", .since_s = 5400 },
};
static const struct demo_login two_devs[] = {
	{ .user = "lena", .via = VIA_SSH, .from = "10.20.4.31", .since_s = 7200 },
	{ .user = "omar", .via = VIA_SSH, .from = "10.20.4.52", .since_s = 900 },
};
static const struct demo_login desk_user[] = {
	{ .user = "yuki", .via = VIA_DESKTOP, .since_s = 14400 },
};
static const struct demo_login rds_users[] = {
	{ .user = "a.novak", .domain = "CORP", .from = "PC-1142", .since_s = 10800 },
	{ .user = "p.silva", .domain = "CORP", .from = "PC-0937", .since_s = 3600 },
	{ .user = "m.weber", .domain = "CORP", .disconnected = true, .since_s = 86400 },
};
static const struct demo_login stuck_user[] = {
	{ .user = "batch", .via = VIA_SSH, .from = "10.20.9.1", .leaves = LEAVES_LATE, .since_s = 172800 },
};

#define LOGINS(array) .logins = (array), .login_count = ARRAY_SIZE(array)

/* `share` of 1000 machines are like this; together they are 1000. */
struct recipe {
	const char *role;
	enum demo_os_row os;
	int share;
	struct demo_vm_plan plan;
};

/* clang-format off */
static const struct recipe recipes[] = {
	{ "web", OS_DEBIAN12, 190, { .vcpus = 2, .memory_mib = 2048, .load = LOAD_STEADY, .autostart = true } },
	{ "app", OS_UBUNTU2404, 180, { .vcpus = 4, .memory_mib = 8192, .load = LOAD_BUSY, LOGINS(two_devs) } },
	{ "db", OS_DEBIAN13, 120, { .vcpus = 8, .memory_mib = 32768, .load = LOAD_BUSY, LOGINS(one_admin) } },
	{ "ci", OS_DEBIAN12, 110, { .vcpus = 8, .memory_mib = 16384, .load = LOAD_BURSTS } },
	{ "desk", OS_DEBIAN12, 90, { .vcpus = 4, .memory_mib = 8192, LOGINS(desk_user), .greeter = true } },
	{ "rds", OS_WINDOWS2022, 80, { .vcpus = 8, .memory_mib = 24576, .load = LOAD_STEADY, LOGINS(rds_users) } },
	{ "gw", OS_FREEBSD14, 40, { .vcpus = 1, .memory_mib = 512, .autostart = true } },
	{ "sys", OS_DEVUAN5, 40, { .vcpus = 1, .memory_mib = 1024, LOGINS(one_admin) } },
	{ "erp", OS_ALMA9, 40, { .vcpus = 4, .memory_mib = 16384, .load = LOAD_STEADY, LOGINS(one_admin) } },
	{ "job", OS_DEBIAN12, 20, { .vcpus = 2, .memory_mib = 4096, LOGINS(stuck_user) } },
	{ "old", OS_DEBIAN12, 20, { .vcpus = 1, .memory_mib = 512, .behaviour = BEHAVIOUR_NONE } },
	{ "new", OS_DEBIAN13, 15, { .vcpus = 2, .memory_mib = 2048, .behaviour = BEHAVIOUR_DOWN } },
	{ "lab", OS_DEBIAN13, 25, { .vcpus = 2, .memory_mib = 4096, .state = VM_STATE_SHUTOFF } },
	{ "tmp", OS_DEBIAN12, 10, { .vcpus = 2, .memory_mib = 2048, .state = VM_STATE_PAUSED } },
	{ "arc", OS_DEBIAN12, 10, { .vcpus = 2, .memory_mib = 4096, .state = VM_STATE_SAVED } },
	{ "sap", OS_DEBIAN12, 10, { .vcpus = 16, .memory_mib = 65536, .load = LOAD_BUSY, .behaviour = BEHAVIOUR_MUTE } },
};
/* clang-format on */

static void build_guests(struct demo_store *store, struct demo_host_plan *host, int host_number, int count)
{
	struct demo_vm_plan *vms = scenario_store_keep(store, mem_realloc(NULL, (size_t)count, sizeof(*vms)));

	for (int i = 0; i < count; i++) {
		int number = host_number * count + i;
		int64_t ticket = prng_between(prng_draw(FLEET_SEED, (uint64_t)number, 0), 0, 999);
		const struct recipe *recipe = recipes;

		for (; ticket >= recipe->share; recipe++)
			ticket -= recipe->share;
		vms[i] = recipe->plan;
		vms[i].os = &demo_os_rows[recipe->os];
		vms[i].name = scenario_store_keep(store, mem_printf("%s-%04d", recipe->role, number + 1));
	}
	host->vms = vms;
	host->vm_count = (size_t)count;
}

bool scenario_read_fleet(const char *words, const char *only_host, struct demo_scenario *ret_scenario, struct err *err)
{
	struct demo_store *store;
	struct demo_host_plan *hosts;
	int host_count, vm_count, end = -1;

	if (sscanf(words, "fleet:%6d,%6d%n", &host_count, &vm_count, &end) != 2 || end != (int)strlen(words) ||
	    host_count < 1 || host_count > SCENARIO_HOSTS_MAX || vm_count < 0 || vm_count > SCENARIO_VMS_MAX)
		return err_set(err, ERR_USAGE,
			       _("invalid fleet '%s'; expected fleet:HOSTS,VMS with up to %d hosts and %d VMs on each"),
			       words, SCENARIO_HOSTS_MAX, SCENARIO_VMS_MAX);
	store = scenario_store_create();
	hosts = scenario_store_keep(store, mem_zalloc((size_t)host_count * sizeof(*hosts)));
	for (int i = 0; i < host_count; i++) {
		char *name = scenario_store_keep(store, mem_printf("kvm%03d", i + 1));

		hosts[i] = (struct demo_host_plan){ .name = name, .version = "QEMU 8.2.2, libvirt 10.0.0" };
		if (!only_host || strcmp(name, only_host) == 0)
			build_guests(store, &hosts[i], i, vm_count);
	}
	*ret_scenario = (struct demo_scenario){
		.seed = FLEET_SEED, .hosts = hosts, .host_count = (size_t)host_count, .store = store
	};
	return true;
}
