/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/inventory.h"

#include "base/clock.h"
#include "base/hash.h"

#include <inttypes.h>

enum { BUCKETS_MIN = 64, CANDIDATES_MAX = 8 };

struct entry {
	struct vm *vm;
	struct entry *next; /* in its bucket */
	size_t index;       /* in inventory->vms */
	uint64_t list;      /* the last full list that had it */
};

struct listener {
	inventory_listener_fn *fn;
	void *data;
};

struct inventory {
	struct {
		VEC(struct host *);
	} hosts;
	struct {
		VEC(struct entry *);
	} vms;
	struct {
		VEC(struct listener);
	} listeners;
	struct entry **buckets;
	size_t bucket_count; /* a power of two, never below the number of VMs */
	struct host_tally *tallies;
	bool counted; /* nothing that they count changed since */
	uint64_t lists;
	uint64_t version;
	struct safe_text note; /* the one being told */
};

static void tell(struct inventory *inventory, enum inventory_change change, struct host *host, struct vm *vm)
{
	inventory->counted &= change == INVENTORY_FIGURES || change == INVENTORY_NOTED;
	for (size_t i = 0; i < inventory->listeners.count; i++)
		inventory->listeners.at[i].fn(inventory->listeners.at[i].data, change, host, vm);
}

static void tell_of_vm(struct inventory *inventory, enum inventory_change change, struct vm *vm)
{
	if (change == INVENTORY_ADDED || change == INVENTORY_CHANGED)
		vm->version = ++inventory->version;
	tell(inventory, change, inventory_host(inventory, vm->id.host), vm);
}

/* --- VMs by their id --- */

static size_t bucket_of(const struct inventory *inventory, const struct vm_id *id)
{
	const uint64_t hash = hash_bytes(HASH_BEGIN ^ (uint64_t)id->host, id->uuid.bytes, sizeof(id->uuid.bytes));

	return hash_fold(hash) & (inventory->bucket_count - 1);
}

static struct entry *find_entry(const struct inventory *inventory, const struct vm_id *id)
{
	struct entry *entry = inventory->buckets[bucket_of(inventory, id)];

	while (entry && !vm_id_equal(&entry->vm->id, id))
		entry = entry->next;
	return entry;
}

static void put_in_bucket(struct inventory *inventory, struct entry *entry)
{
	struct entry **bucket = &inventory->buckets[bucket_of(inventory, &entry->vm->id)];

	entry->next = *bucket;
	*bucket = entry;
}

static void make_buckets(struct inventory *inventory, size_t count)
{
	free(inventory->buckets);
	inventory->buckets = mem_zalloc(count * sizeof(*inventory->buckets));
	inventory->bucket_count = count;
	for (size_t i = 0; i < inventory->vms.count; i++)
		put_in_bucket(inventory, inventory->vms.at[i]);
}

static void remove_entry(struct inventory *inventory, struct entry *entry)
{
	struct entry **link = &inventory->buckets[bucket_of(inventory, &entry->vm->id)];
	struct entry *last = inventory->vms.at[inventory->vms.count - 1];

	while (*link != entry)
		link = &(*link)->next;
	*link = entry->next;
	inventory->vms.at[entry->index] = last;
	last->index = entry->index;
	inventory->vms.count--;
	tell_of_vm(inventory, INVENTORY_GONE, entry->vm);
	vm_destroy(entry->vm);
	free(entry);
}

/* --- making and asking --- */

struct inventory *inventory_create(void)
{
	struct inventory *inventory = mem_zalloc(sizeof(*inventory));

	inventory->version = 1;
	make_buckets(inventory, BUCKETS_MIN);
	return inventory;
}

void inventory_destroy(struct inventory *inventory)
{
	if (!inventory)
		return;
	for (size_t i = 0; i < inventory->vms.count; i++) {
		vm_destroy(inventory->vms.at[i]->vm);
		free(inventory->vms.at[i]);
	}
	for (size_t i = 0; i < inventory->hosts.count; i++) {
		struct host *host = inventory->hosts.at[i];

		free(host->name);
		free(host->uri);
		text_free(&host->trouble);
		text_free(&host->version);
		free(host);
	}
	VEC_FREE(&inventory->vms);
	VEC_FREE(&inventory->hosts);
	VEC_FREE(&inventory->listeners);
	free(inventory->buckets);
	free(inventory->tallies);
	free(inventory);
}

void inventory_listen(struct inventory *inventory, inventory_listener_fn *listener, void *data)
{
	*VEC_PUSH(&inventory->listeners) = (struct listener){ listener, data };
}

void inventory_unlisten(struct inventory *inventory, inventory_listener_fn *listener, void *data)
{
	for (size_t i = inventory->listeners.count; i-- > 0;)
		if (inventory->listeners.at[i].fn == listener && inventory->listeners.at[i].data == data)
			VEC_REMOVE(&inventory->listeners, i);
}

size_t inventory_host_count(const struct inventory *inventory)
{
	return inventory->hosts.count;
}

struct host *inventory_host(const struct inventory *inventory, int index)
{
	return inventory->hosts.at[index];
}

size_t inventory_vm_count(const struct inventory *inventory)
{
	return inventory->vms.count;
}

struct vm *inventory_vm_at(const struct inventory *inventory, size_t index)
{
	return inventory->vms.at[index]->vm;
}

struct vm *inventory_find(const struct inventory *inventory, const struct vm_id *id)
{
	struct entry *entry = find_entry(inventory, id);

	return entry ? entry->vm : NULL;
}

uint64_t inventory_version(const struct inventory *inventory)
{
	return inventory->version;
}

/* --- hosts --- */

struct host *inventory_add_host(struct inventory *inventory, const char *name, const char *uri)
{
	OWN(text) struct safe_text safe = text_sanitize_str(name, TEXT_CAP_HOST);
	struct host *host = mem_zalloc(sizeof(*host));
	char *base = mem_strdup(text_str(safe));

	/* Safe, without '/' (HOST/NAME names a VM), and nobody else's. */
	for (char *slash = base; (slash = strchr(slash, '/'));)
		*slash = '-';
	host->name = mem_strdup(base);
	for (int number = 2;; number++) {
		size_t i = 0;

		while (i < inventory->hosts.count && strcmp(inventory->hosts.at[i]->name, host->name) != 0)
			i++;
		if (i == inventory->hosts.count)
			break;
		free(host->name);
		host->name = mem_printf("%s-%d", base, number);
	}
	free(base);
	host->index = (int)inventory->hosts.count;
	host->uri = host_uri_for_record(uri);
	host->state_since = clock_ms();
	host->figures = HOST_FIGURES_UNKNOWN;
	*VEC_PUSH(&inventory->hosts) = host;
	inventory->counted = false;
	return host;
}

/* Over a connection that only looks, no guest can be asked: who is on in one that runs is denied, not unknown. */
static void settle_users(const struct host *host, struct vm *vm)
{
	bool only_looks = host->access == ACCESS_READ_ONLY || host->access == ACCESS_MONITOR;

	if (vm->users_state != USERS_KNOWN)
		vm->users_state = only_looks && vm_state_is_active(vm->info.state) ? USERS_DENIED : USERS_UNKNOWN;
}

void inventory_apply_host(struct inventory *inventory, int index, enum host_state state, enum host_access access,
			  int64_t retry_at, struct safe_text trouble)
{
	struct host *host = inventory_host(inventory, index);

	if (host->state != state)
		host->state_since = clock_ms();
	host->state = state;
	host->access = access;
	if (!host_is_usable(host))
		host->figures = HOST_FIGURES_UNKNOWN;
	for (size_t i = 0; i < inventory->vms.count; i++) {
		if (inventory->vms.at[i]->vm->id.host == index)
			settle_users(host, inventory->vms.at[i]->vm);
	}
	host->retry_at = retry_at;
	text_set(&host->trouble, trouble);
	tell(inventory, INVENTORY_HOST, host, NULL);
}

const struct host_tally *inventory_tally(struct inventory *inventory)
{
	if (inventory->counted)
		return inventory->tallies;
	free(inventory->tallies);
	inventory->tallies = mem_zalloc((inventory->hosts.count + 1) * sizeof(*inventory->tallies));
	inventory->counted = true;
	for (size_t i = 0; i < inventory->vms.count; i++) {
		const struct vm *vm = inventory->vms.at[i]->vm;
		struct host_tally *tally = &inventory->tallies[vm->id.host];
		const bool runs = vm_state_is_active(vm->info.state);

		tally->vms++;
		tally->running += runs;
		tally->off += !vm_state_has_process(vm->info.state);
		tally->logins_disabled += vm->logins_disabled;
		if (vm->users_state == USERS_KNOWN)
			tally->users += session_list_people(&vm->sessions) + vm->sessions.more;
		else
			tally->users_unknown += runs;
	}
	return inventory->tallies;
}

/* --- what events do to VMs --- */

static struct entry *apply_facts(struct inventory *inventory, int host, struct vm_info *info)
{
	struct vm_id id = { host, info->uuid };
	struct entry *entry = find_entry(inventory, &id);
	bool is_new = !entry, changed;

	if (is_new) {
		if (inventory->vms.count == inventory->bucket_count)
			make_buckets(inventory, inventory->bucket_count * 2);
		entry = mem_zalloc(sizeof(*entry));
		entry->vm = vm_create(id);
		entry->index = inventory->vms.count;
		*VEC_PUSH(&inventory->vms) = entry;
		put_in_bucket(inventory, entry);
	}
	changed = vm_apply_facts(entry->vm, info);
	settle_users(inventory_host(inventory, host), entry->vm);
	if (changed || is_new)
		tell_of_vm(inventory, is_new ? INVENTORY_ADDED : INVENTORY_CHANGED, entry->vm);
	return entry;
}

void inventory_apply_facts(struct inventory *inventory, int host, struct vm_info *info)
{
	apply_facts(inventory, host, info);
}

void inventory_apply_list(struct inventory *inventory, int index, struct vm_info *info, size_t count)
{
	struct host *host = inventory_host(inventory, index);
	bool first = !host->listed;

	inventory->lists++;
	for (size_t i = 0; i < count; i++)
		apply_facts(inventory, index, &info[i])->list = inventory->lists;
	for (size_t i = inventory->vms.count; i-- > 0;) {
		struct entry *entry = inventory->vms.at[i];

		if (entry->vm->id.host == index && entry->list != inventory->lists)
			remove_entry(inventory, entry);
	}
	host->listed = true;
	if (first)
		tell(inventory, INVENTORY_HOST, host, NULL);
}

void inventory_apply_gone(struct inventory *inventory, int host, const struct uuid *uuid)
{
	struct entry *entry = find_entry(inventory, &(struct vm_id){ host, *uuid });

	if (entry)
		remove_entry(inventory, entry);
}

void inventory_apply_channel(struct inventory *inventory, int host, const struct uuid *uuid, enum agent_channel channel)
{
	struct vm *vm = inventory_find(inventory, &(struct vm_id){ host, *uuid });

	if (!vm || !vm_apply_channel(vm, channel))
		return;
	settle_users(inventory_host(inventory, host), vm);
	tell_of_vm(inventory, INVENTORY_CHANGED, vm);
}

void inventory_apply_figures(struct inventory *inventory, int host, const struct vm_figures *figures, size_t count)
{
	int64_t now = clock_ms();

	for (size_t i = 0; i < count; i++) {
		struct vm *vm = inventory_find(inventory, &(struct vm_id){ host, figures[i].uuid });

		if (vm && vm_apply_figures(vm, &figures[i], now))
			tell_of_vm(inventory, INVENTORY_FIGURES, vm);
	}
}

void inventory_apply_rebooted(struct inventory *inventory, int host, const struct uuid *uuid)
{
	struct vm *vm = inventory_find(inventory, &(struct vm_id){ host, *uuid });

	if (!vm)
		return;
	vm_forget_guest(vm);
	vm_note_booted(vm, clock_ms());
	tell_of_vm(inventory, INVENTORY_REBOOTED, vm);
	tell_of_vm(inventory, INVENTORY_CHANGED, vm);
}

void inventory_apply_note(struct inventory *inventory, int host, const struct uuid *uuid, struct safe_text text)
{
	struct vm *vm = uuid ? inventory_find(inventory, &(struct vm_id){ host, *uuid }) : NULL;

	text_set(&inventory->note, text);
	tell(inventory, INVENTORY_NOTED, inventory_host(inventory, host), vm);
	text_free(&inventory->note);
}

struct safe_text inventory_note(const struct inventory *inventory)
{
	return inventory->note;
}

void inventory_touch(struct inventory *inventory, struct vm *vm)
{
	tell_of_vm(inventory, INVENTORY_CHANGED, vm);
}

/* --- which VM a person means --- */

struct matches {
	VEC(struct vm *);
};

/* host: NULL: any. */
static void collect(const struct inventory *inventory, const char *host, const char *name, struct matches *matches)
{
	OWN(text)
	struct safe_text safe = text_sanitize_str(name, TEXT_CAP_NAME); /* what the name looks like on our screens */
	struct uuid uuid;
	const bool is_uuid = uuid_parse(name, &uuid);

	for (size_t i = 0; i < inventory->vms.count; i++) {
		struct vm *vm = inventory->vms.at[i]->vm;

		if (host && strcmp(host, inventory_host(inventory, vm->id.host)->name) != 0)
			continue;
		if ((is_uuid && uuid_equal(&uuid, &vm->id.uuid)) || strcmp(text_str(vm->info.name), name) == 0 ||
		    text_equal(vm->info.name, safe))
			*VEC_PUSH(matches) = vm;
	}
}

static int by_host(const void *a, const void *b)
{
	const struct vm *const *left = a, *const *right = b;

	return (*left)->id.host - (*right)->id.host;
}

/* None, or several. */
static void set_no_match(const struct inventory *inventory, struct err *err, const char *words, struct matches *matches)
{
	OWN(text) struct safe_text name = text_sanitize_str(words, TEXT_CAP_NAME), list = { NULL };
	size_t shown = MIN(matches->count, CANDIDATES_MAX);

	if (matches->count > 0)
		qsort(matches->at, matches->count, sizeof(matches->at[0]), by_host);
	for (size_t i = 0; i < shown; i++)
		text_append(&list, ", ", "%s/%s", inventory_host(inventory, matches->at[i]->id.host)->name,
			    text_str(matches->at[i]->info.name));
	if (matches->count > shown)
		text_set(&list, text_format(_("%s and %zu more"), text_str(list), matches->count - shown));
	if (matches->count > 0)
		err_set(err, ERR_USAGE, _("\"%s\" matches %zu VMs: %s; use one of these names"), text_str(name),
			matches->count, text_str(list));
	else
		err_set(err, ERR_NO_DOMAIN, _("no VM named \"%s\"; `innkeeper list` shows all VMs"), text_str(name));
}

bool inventory_resolve(const struct inventory *inventory, const char *words, struct vm **ret_vm, struct err *err)
{
	const char *slash = strchr(words, '/');
	OWN(vec) struct matches matches = { 0 };
	bool found;
	char *host;

	collect(inventory, NULL, words, &matches);
	if (matches.count == 0 && slash) {
		host = mem_strndup(words, (size_t)(slash - words));
		collect(inventory, host, slash + 1, &matches);
		free(host);
	}
	found = matches.count == 1;
	if (found)
		*ret_vm = matches.at[0];
	else
		set_no_match(inventory, err, words, &matches);
	return found;
}
