/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/backend_impl.h"
#include "base/clock.h"

enum {
	STUCK_AFTER_MS = 400,
	PATIENCE_MS = 400,
	PATIENCE_BACK_MS = 5000,
};

bool backend_is_simulated(const struct backend *be)
{
	return be->impl->is_simulated;
}

bool backend_is_private(const struct backend *be)
{
	return be->impl->is_simulated || strncmp(be->config.uri, "test:///", strlen("test:///")) == 0;
}

bool backend_start(struct backend *be, struct err *err)
{
	return be->impl->start(be, err);
}

/* Sixteen hosts that hang shall not cost sixteen times as much: each halves what the next is given. */
static struct {
	int64_t ms, lost_at;
} patience = { .ms = PATIENCE_MS };

int64_t backend_shutdown_budget(void)
{
	if (clock_ms() - patience.lost_at > PATIENCE_BACK_MS)
		patience.ms = PATIENCE_MS;
	return patience.ms;
}

bool backend_lose_patience(void)
{
	patience.ms /= 2;
	patience.lost_at = clock_ms();
	return false;
}

/* A thread that is stuck already will not end while we wait. */
bool backend_stop_worker(struct worker **worker)
{
	bool stuck = *worker && worker_stuck_for(*worker) > STUCK_AFTER_MS;
	bool stopped = !*worker || worker_destroy(*worker, stuck ? 0 : backend_shutdown_budget());

	*worker = NULL;
	return stopped || stuck ? stopped : backend_lose_patience();
}

bool backend_destroy(struct backend *be)
{
	char *uri, *name;
	bool stopped, idle;

	if (!be)
		return true;
	stopped = be->impl->stop(be);
	idle = backend_stop_worker(&be->agents);
	uri = (char *)be->config.uri;
	name = (char *)be->config.name;
	if (!stopped || !idle || !be->impl->destroy(be))
		return false;
	free(uri);
	free(name);
	return true;
}

void backend_refresh(struct backend *be)
{
	be->impl->refresh(be);
}

void backend_watch(struct backend *be, const struct uuid *uuids, size_t count)
{
	be->impl->watch(be, uuids, count);
}

void backend_set_figures_interval(struct backend *be, int ms)
{
	__atomic_store_n(&be->config.figures_interval_ms, ms, __ATOMIC_RELAXED);
}

int backend_figures_interval(const struct backend *be)
{
	return __atomic_load_n(&be->config.figures_interval_ms, __ATOMIC_RELAXED);
}

void backend_set_background_share(struct backend *be, int percent)
{
	__atomic_store_n(&be->config.background_share, MAX(percent, 1), __ATOMIC_RELAXED);
}

int backend_background_share(const struct backend *be)
{
	return __atomic_load_n(&be->config.background_share, __ATOMIC_RELAXED);
}

/* --- the gate --- */

static bool check_access(const struct backend *be, bool acts, struct err *err)
{
	if (be->config.read_only)
		return err_set(err, ERR_DENIED,
			       _("%s: not permitted in a read-only session; start innkeeper without --readonly"),
			       be->config.name);
	if (be->config.locked && acts)
		return err_set(err, ERR_DENIED, _("%s: read-only (--lock): restart without --lock to make changes"),
			       be->config.name);
	return true;
}

const int64_t backend_call_ms[BACKEND_CALL_BUCKETS] = { 10, 50, 100, 500, 1000, 5000, 10000, 30000, INT64_MAX };

static void note_call(struct backend *be, enum err_kind kind, int64_t ms)
{
	const size_t result = kind == ERR_NONE                                        ? 0
			      : kind >= ERR_AGENT_REFUSED && kind <= ERR_AGENT_BROKEN ? 1
			      : kind == ERR_NO_ANSWER || kind == ERR_NOT_SENT         ? 2
										      : 3;
	size_t bucket = 0;

	while (ms > backend_call_ms[bucket])
		bucket++;
	__atomic_fetch_add(&be->calls.counts[result][bucket], 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&be->calls.sum_ms[result], (uint64_t)ms, __ATOMIC_RELAXED);
}

void backend_count_calls(const struct backend *be, struct backend_calls *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(ret->sum_ms); i++) {
		ret->sum_ms[i] = __atomic_load_n(&be->calls.sum_ms[i], __ATOMIC_RELAXED);
		for (size_t k = 0; k < BACKEND_CALL_BUCKETS; k++)
			ret->counts[i][k] = __atomic_load_n(&be->calls.counts[i][k], __ATOMIC_RELAXED);
	}
}

bool backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
			   const char *command, int timeout_ms, char **ret_reply, struct err *err)
{
	const int64_t began_at = clock_ms();
	struct err why = { 0 };
	bool ok;

	if (!check_access(be, intent != BACKEND_LOOKS, err))
		return false;
	ok = be->impl->agent_command(be, slot, uuid, command, timeout_ms, ret_reply, &why);
	note_call(be, why.kind, clock_ms() - began_at);
	if (!ok && err)
		*err = why;
	return ok;
}

bool backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		       struct err *err)
{
	return check_access(be, true, err) && be->impl->lifecycle(be, slot, uuid, operation, use_agent, err);
}

bool backend_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err)
{
	return be->impl->look(be, slot, uuid, ret_facts, err);
}

bool backend_examine(struct backend *be, int slot, const struct uuid *uuid, struct backend_examination *ret,
		     struct err *err)
{
	return be->impl->examine(be, slot, uuid, ret, err);
}

/* --- what the host is at --- */

bool backend_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err)
{
	return be->impl->job_percent(be, slot, uuid, ret_percent, err);
}

bool backend_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	return check_access(be, true, err) && be->impl->job_abort(be, slot, uuid, err);
}

/* --- snapshots --- */

bool backend_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			   struct err *err)
{
	return be->impl->snapshot_list(be, slot, uuid, ret, err);
}

bool backend_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err)
{
	return check_access(be, true, err) && snapshot_order_check(order, err) &&
	       be->impl->snapshot_create(be, slot, uuid, order, err);
}

bool backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	return check_access(be, true, err) && be->impl->snapshot_revert(be, slot, uuid, key, err);
}

bool backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	return check_access(be, true, err) && be->impl->snapshot_delete(be, slot, uuid, key, err);
}

bool backend_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err)
{
	return check_access(be, true, err) && be->impl->console(be, slot, uuid, force, ret_fd, err);
}

bool backend_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		    struct err *err)
{
	return be->impl->leases(be, slot, uuid, ret_list, err);
}
