/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated guest as its host sees it: facts and figures. */
#include "backend/demo/demo_host.h"
#include "backend/demo/prng.h"
#include "model/tags.h"

enum { DEFAULT_MEMORY_MIB = 1024 };

static int64_t memory_kib(const struct demo_vm_plan *plan)
{
	return (int64_t)(plan->memory_mib ? plan->memory_mib : DEFAULT_MEMORY_MIB) * 1024;
}

enum agent_channel demo_guest_channel(const struct demo_guest *guest)
{
	if (guest->plan->behaviour == BEHAVIOUR_DENIED)
		return CHANNEL_DENIED;
	if (!guest->channel_read)
		return CHANNEL_UNKNOWN;
	if (guest->domain_id >= 0 ? !guest->live_channel : !guest->defined_channel)
		return CHANNEL_ABSENT;
	return guest->agent ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED;
}

/* --- figures --- */

/* What a load looks like: shares of the machine, and bytes a second at full swing. */
struct load_profile {
	double cpu_base, cpu_swing, memory_base, memory_swing;
	double disk_bps, net_bps;
	double burst; /* below this share of the time it rests */
};

static const struct load_profile load_profiles[LOAD_COUNT] = {
	[LOAD_QUIET] = { 0.3, 3, 0.32, 0.08, 60e3, 12e3, 0 },
	[LOAD_STEADY] = { 8, 22, 0.52, 0.12, 1.5e6, 900e3, 0 },
	[LOAD_BUSY] = { 38, 45, 0.74, 0.14, 18e6, 7e6, 0 },
	[LOAD_BURSTS] = { 3, 92, 0.40, 0.35, 70e6, 12e6, 0.62 },
};

enum figure { CPU, MEMORY, DISK_READ, DISK_WRITE, NET_RX, NET_TX };

/* Slow tides with quick ripples on them, 0 ... 1. */
static double noise(const struct demo_host *host, const struct demo_guest *guest, enum figure figure)
{
	uint64_t seed = prng_draw(guest->seed, (uint64_t)figure, 7);
	int64_t at = host->now + prng_between(seed, 0, 600000);

	return 0.7 * prng_wander(seed, at, 47000) + 0.3 * prng_wander(seed + 1, at, 5000);
}

static int64_t memory_now(const struct demo_host *host, const struct demo_guest *guest)
{
	const struct load_profile *profile = &load_profiles[guest->plan->load];
	double share = profile->memory_base + profile->memory_swing * noise(host, guest, MEMORY);

	return (int64_t)(share * (double)memory_kib(guest->plan));
}

static double level_now(const struct demo_host *host, const struct demo_guest *guest)
{
	const double burst = load_profiles[guest->plan->load].burst;
	const double level = noise(host, guest, CPU);

	if (burst <= 0)
		return level;
	return prng_wander(guest->seed, host->now, 23000) < burst ? level * 0.06 : 0.55 + 0.45 * level;
}

void demo_guest_figures(const struct demo_host *host, const struct demo_guest *guest, struct vm_figures *ret_figures)
{
	const struct load_profile *profile = &load_profiles[guest->plan->load];
	const double level = level_now(host, guest);

	*ret_figures = (struct vm_figures){
		.uuid = guest->uuid,
		.cpu_percent = profile->cpu_base + profile->cpu_swing * level,
		.memory_kib = memory_now(host, guest),
		.disk_read_bps = (int64_t)(profile->disk_bps * level * noise(host, guest, DISK_READ)),
		.disk_write_bps = (int64_t)(profile->disk_bps * level * noise(host, guest, DISK_WRITE) / 2),
		.net_rx_bps = (int64_t)(profile->net_bps * level * noise(host, guest, NET_RX)),
		.net_tx_bps = (int64_t)(profile->net_bps * level * noise(host, guest, NET_TX)),
	};
}

/*
 * A machine that is big enough for what runs on it: two virtual CPUs on each of its own, memory in steps of 32 GiB. In
 * a fleet every Nth guest stands for N: the simulation is on the screen's thread.
 */
void demo_host_figures(const struct demo_host *host, struct host_figures *ret_figures)
{
	enum { GUESTS_ASKED = 64 };
	const int64_t step_kib = 32 * 1024 * 1024, own_kib = 2 * 1024 * 1024;
	const size_t stands_for = host->guest_count / GUESTS_ASKED + 1;
	int64_t planned_kib = own_kib, used_kib = own_kib;
	double busy = 0.3, cpus = 4;

	for (size_t i = 0; i < host->guest_count; i += stands_for) {
		const struct demo_guest *guest = &host->guests[i];
		const struct load_profile *profile = &load_profiles[guest->plan->load];
		const double vcpus = MAX(guest->plan->vcpus, 1) * (double)stands_for;

		planned_kib += memory_kib(guest->plan) * (int64_t)stands_for;
		cpus += vcpus / 2;
		if (!demo_guest_is_running(guest))
			continue;
		used_kib += memory_now(host, guest) * (int64_t)stands_for;
		busy += (profile->cpu_base + profile->cpu_swing * level_now(host, guest)) / 100 * vcpus;
	}
	*ret_figures = (struct host_figures){
		.cpu_percent = MIN(busy / cpus * 100, 100),
		.memory_kib = (planned_kib / step_kib + 1) * step_kib,
		.memory_used_kib = used_kib,
	};
}

/* --- facts --- */

void demo_guest_mac(const struct demo_guest *guest, char ret_mac[MAC_SIZE])
{
	const unsigned char *bytes = guest->uuid.bytes;

	snprintf(ret_mac, MAC_SIZE, "52:54:00:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2]);
}

static struct device *add_device(struct device_list *list, const char *model, const char *name)
{
	struct device *device = device_list_add(list);

	device->name = text_format("%s", name);
	device->model = text_format("%s", model);
	return device;
}

/* A disk, for the data of those with much memory a second one, a CD drive in Windows, and a card on the one network. */
static void list_devices(const struct demo_guest *guest, struct device_list *list)
{
	OWN(text) struct safe_text name = text_sanitize_str(guest->plan->name, TEXT_CAP_NAME);
	OWN(bytes) char *card = mem_printf("vnet%d", guest->index);
	struct device *device = add_device(list, "virtio", "vda");

	device->source = text_format("/var/lib/libvirt/images/%s.qcow2", text_str(name));
	if (memory_kib(guest->plan) > 16 * 1024 * 1024)
		add_device(list, "virtio", "vdb")->source = text_format("/dev/vg0/%s-data", text_str(name));
	if (guest->os->family == FAMILY_WINDOWS)
		add_device(list, "sata cdrom", "sda");
	device = add_device(list, "virtio", demo_guest_is_running(guest) ? card : "");
	device->is_nic = true;
	device->source = text_format("network default");
	demo_guest_mac(guest, device->mac);
}

void demo_guest_facts(const struct demo_host *host, const struct demo_guest *guest, struct vm_info *ret_facts)
{
	const struct demo_vm_plan *plan = guest->plan;
	const bool denied = plan->behaviour == BEHAVIOUR_DENIED;
	const char *tags = plan->tags && !denied ? plan->tags : "";

	*ret_facts = (struct vm_info){
		.uuid = guest->uuid,
		.name = text_sanitize_str(plan->name, TEXT_CAP_NAME),
		.title = text_sanitize_str(denied ? NULL : plan->title, TEXT_CAP_NAME),
		.tags = tags_from_outside(tags, strlen(tags)),
		.os_declared = text_sanitize_str(denied ? NULL : plan->osinfo, TEXT_CAP_LINE),
		.domain_id = guest->domain_id,
		.state = guest->state,
		.off_unexplained = guest->state == VM_STATE_SHUTOFF && guest->boot_generation == 1,
		.channel = demo_guest_channel(guest),
		.autostart = guest->autostart,
		.persistent = !plan->transient,
		.vcpus = MAX(plan->vcpus, 1),
		.memory_kib = demo_guest_is_running(guest) ? memory_now(host, guest) : memory_kib(plan),
		.max_memory_kib = memory_kib(plan),
	};
	if (!denied && ret_facts->channel != CHANNEL_UNKNOWN)
		list_devices(guest, &ret_facts->devices);
}
