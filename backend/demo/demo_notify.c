/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_notify.h"

static enum host_access access_of(const struct demo_host *host, bool read_only)
{
	if (!demo_host_is_connected(host))
		return ACCESS_UNKNOWN;
	if (read_only)
		return ACCESS_READ_ONLY;
	return host->plan->monitor_only ? ACCESS_MONITOR : ACCESS_FULL;
}

static const char *trouble_of(const struct demo_host *host, enum host_access access)
{
	if (access == ACCESS_MONITOR)
		return N_("only a read-only connection was granted; ask for the right to manage this host");
	return host->trouble;
}

static void take_list(const struct demo_host *host, struct demo_notify *notify)
{
	notify->list = mem_zalloc((host->guest_count + 1) * sizeof(*notify->list));
	for (size_t i = 0; i < host->guest_count; i++)
		if (!host->guests[i].undefined)
			demo_guest_facts(host, &host->guests[i], &notify->list[notify->list_count++]);
}

static void take_guests(struct demo_host *host, struct demo_notify *notify)
{
	for (size_t i = 0; i < host->guest_count; i++) {
		struct demo_guest *guest = &host->guests[i];
		struct demo_guest_telling *one;

		if (!guest->news)
			continue;
		one = VEC_PUSH(&notify->guests);
		one->news = guest->news;
		one->channel = demo_guest_channel(guest);
		demo_guest_facts(host, guest, &one->info);
		/* Events of libvirt do not tell about the channel either: it has events of its own. */
		one->info.channel = CHANNEL_UNKNOWN;
		guest->news = 0;
	}
}

void demo_notify_take(struct demo_host *host, int64_t born_at, bool read_only, struct demo_notify *ret_telling)
{
	enum host_access access = access_of(host, read_only);

	*ret_telling = (struct demo_notify){
		.news = host->news & NEWS_HOST_STATE,
		.state = host->state,
		.access = access,
		.retry_at = host->retry_at ? host->retry_at + born_at : 0,
		.trouble = trouble_of(host, access),
		.version = host->plan->version ? host->plan->version : "QEMU 8.2.2, libvirt 10.0.0",
	};
	host->news &= ~(unsigned)NEWS_HOST_STATE;
	if (!demo_host_is_connected(host) || demo_host_is_hung(host))
		return;
	ret_telling->news |= host->news;
	if (host->news & NEWS_LIST)
		take_list(host, ret_telling);
	if (host->news & NEWS_GUESTS)
		take_guests(host, ret_telling);
	for (size_t i = 0; i < host->notes.count; i++)
		*VEC_PUSH(&ret_telling->notes) = host->notes.at[i];
	host->notes.count = 0;
	host->news = 0;
}

static void deliver_guest(struct demo_guest_telling *guest, const struct backend_listener *listener)
{
	const struct uuid uuid = guest->info.uuid;

	if (guest->news & NEWS_STOPPED && !vm_state_has_process(guest->info.state))
		listener->stopped(listener->data, &uuid, guest->info.state);
	if (guest->news & NEWS_GONE) {
		vm_info_free(&guest->info);
		listener->gone(listener->data, &uuid);
		return;
	}
	if (guest->news & (NEWS_BOOTED | NEWS_RESTORED))
		listener->started(listener->data, &uuid, guest->news & NEWS_BOOTED);
	if (guest->news & NEWS_REBOOTED)
		listener->rebooted(listener->data, &uuid);
	if (guest->news & NEWS_INFO)
		listener->info(listener->data, &guest->info);
	else
		vm_info_free(&guest->info);
	if (guest->news & NEWS_DROPPED && guest->channel == CHANNEL_CONNECTED)
		listener->channel(listener->data, &uuid, CHANNEL_DISCONNECTED);
	if (guest->news & NEWS_CHANNEL)
		listener->channel(listener->data, &uuid, guest->channel);
}

void demo_notify_deliver(struct demo_notify *notify, const struct backend_listener *listener)
{
	if (notify->news & NEWS_HOST_STATE)
		listener->host_state(listener->data, notify->state, notify->access, notify->retry_at,
				     text_format("%s", notify->trouble ? _(notify->trouble) : ""));
	if (notify->news & NEWS_LIST) {
		listener->host_about(listener->data, (struct safe_text){ NULL },
				     text_sanitize_str(notify->version, TEXT_CAP_NAME));
		listener->list(listener->data, notify->list, notify->list_count);
	}
	for (size_t i = 0; i < notify->guests.count; i++)
		deliver_guest(&notify->guests.at[i], listener);
	for (size_t i = 0; i < notify->notes.count; i++)
		listener->note(listener->data, notify->notes.at[i].about_guest ? &notify->notes.at[i].uuid : NULL,
			       notify->notes.at[i].text);
	free(notify->list);
	VEC_FREE(&notify->guests);
	VEC_FREE(&notify->notes);
}
