/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/dial.h"

#include "backend/libvirt/libvirt_error.h"
#include "base/clock.h"
#include "base/thread.h"

#include <stdlib.h>

/* What an attempt brings. */
struct dial_result {
	virConnectPtr conn; /* NULL: err */
	enum host_access access;
	struct err err; /* or why it is only ACCESS_MONITOR */
};

struct dial {
	/* constant */
	char *uri;
	bool read_only;
	int keepalive_interval, keepalive_count;
	struct door *door;

	/* the owner's */
	virConnectPtr conn;
	enum host_access access;
	struct err why;

	/* shared with the attempts, under lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int refs;
	int threads;
	int64_t started_at;
	bool given_up;
	bool has_result;
	struct dial_result result;
};

struct dial *dial_create(const struct dial_config *config)
{
	struct dial *dial = mem_zalloc(sizeof(*dial));
	pthread_condattr_t monotonic;

	dial->uri = config->uri ? mem_strdup(config->uri) : NULL;
	dial->read_only = config->read_only;
	dial->keepalive_interval = config->keepalive_interval;
	dial->keepalive_count = config->keepalive_count;
	dial->door = config->door ? door_ref(config->door) : NULL;
	pthread_mutex_init(&dial->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&dial->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	dial->refs = 1;
	return dial;
}

static void unref(struct dial *dial)
{
	bool last;

	pthread_mutex_lock(&dial->lock);
	last = --dial->refs == 0;
	pthread_mutex_unlock(&dial->lock);
	if (!last)
		return;
	door_unref(dial->door);
	pthread_cond_destroy(&dial->changed);
	pthread_mutex_destroy(&dial->lock);
	free(dial->uri);
	free(dial);
}

void dial_give_up(struct dial *dial)
{
	pthread_mutex_lock(&dial->lock);
	dial->given_up = true;
	pthread_cond_broadcast(&dial->changed);
	pthread_mutex_unlock(&dial->lock);
}

void dial_destroy(struct dial *dial)
{
	if (!dial)
		return;
	dial_give_up(dial);
	dial_hang_up(dial);
	unref(dial);
}

/* --- the attempt's thread --- */

struct questions {
	bool asked;
};

/* Whatever libvirt asks would have to be asked on a screen that is not ours to write on. */
static int refuse_to_answer(virConnectCredentialPtr credentials, unsigned count, void *data)
{
	struct questions *questions = data;

	(void)credentials;
	(void)count;
	questions->asked = true;
	return -1;
}

static virConnectPtr open_once(const char *uri, unsigned flags, struct err *err)
{
	/* Not VIR_CRED_USERNAME: SASL would want it beside the name that auth.conf holds, and is content without. */
	static int kinds[] = { VIR_CRED_AUTHNAME, VIR_CRED_PASSPHRASE, VIR_CRED_ECHOPROMPT, VIR_CRED_NOECHOPROMPT };
	struct questions questions = { 0 };
	virConnectAuth auth = { kinds, ARRAY_SIZE(kinds), refuse_to_answer, &questions };
	virConnectPtr conn = virConnectOpenAuth(uri, &auth, flags);

	if (conn)
		return conn;
	libvirt_err_last_of(&(struct libvirt_failure){ .connecting = true }, NULL, err);
	if (questions.asked)
		err_set(err, ERR_DENIED,
			_("the host asks for a password; use a key with ssh-agent, or let libvirt find the password in "
			  "~/.config/libvirt/auth.conf (or $XDG_CONFIG_HOME/libvirt/auth.conf)"));
	return NULL;
}

static void attempt(const struct dial *dial, struct dial_result *ret)
{
	struct err err_monitor;

	ret->access = dial->read_only ? ACCESS_READ_ONLY : ACCESS_FULL;
	ret->conn = open_once(dial->uri, dial->read_only ? VIR_CONNECT_RO : 0, &ret->err);
	if (!ret->conn && ret->err.kind == ERR_DENIED && !dial->read_only) {
		ret->conn = open_once(dial->uri, VIR_CONNECT_RO, &err_monitor);
		ret->access = ACCESS_MONITOR;
	}
	/* Some drivers have no such thing: then nothing watches the line, and none is needed for most of them. */
	if (ret->conn && dial->keepalive_interval > 0)
		virConnectSetKeepAlive(ret->conn, dial->keepalive_interval, (unsigned)dial->keepalive_count);
}

static void *run_attempt(void *data)
{
	struct dial *dial = data;
	struct dial_result result = { 0 };
	bool wanted;

	attempt(dial, &result);
	pthread_mutex_lock(&dial->lock);
	dial->threads--;
	/* A failure counts when it is the last hope; a connection when it is the first. */
	wanted = !dial->given_up && !dial->has_result && (result.conn || dial->threads == 0);
	if (wanted) {
		dial->result = result;
		dial->has_result = true;
		pthread_cond_broadcast(&dial->changed);
	}
	pthread_mutex_unlock(&dial->lock);
	if (wanted && dial->door)
		door_put(dial->door, &(struct door_note){ .subject = DOOR_DIALLED });
	if (!wanted && result.conn)
		virConnectClose(result.conn);
	unref(dial);
	return NULL;
}

/* --- the owner's thread --- */

bool dial_start(struct dial *dial, struct err *err)
{
	bool may, needed;
	pthread_t thread;
	int failure = 0;

	pthread_mutex_lock(&dial->lock);
	needed = !dial->has_result && !dial->given_up &&
		 (dial->threads == 0 || clock_ms() - dial->started_at >= DIAL_AGAIN_MS);
	may = dial->threads < DIAL_THREADS_MAX;
	if (needed && may) {
		dial->started_at = clock_ms();
		dial->threads++;
		dial->refs++;
		failure = thread_start(&thread, 0, run_attempt, dial);
		if (failure) {
			dial->threads--;
			dial->refs--;
		} else {
			pthread_detach(thread);
		}
	}
	pthread_mutex_unlock(&dial->lock);
	if (failure)
		return err_set_errno(err, failure, _("cannot start a thread to connect"));
	if (needed && !may)
		return err_set(err, ERR_UNREACHABLE, _("no answer to connect; %d attempts still wait for one"),
			       DIAL_THREADS_MAX);
	return true;
}

static struct timespec deadline_in(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += (ms % 1000) * 1000000;
	at.tv_sec += ms / 1000 + at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	return at;
}

/* Under lock. */
static enum dial_state take_result(struct dial *dial, struct dial_result *ret)
{
	if (dial->has_result) {
		*ret = dial->result;
		dial->has_result = false;
		return ret->conn ? DIAL_OPEN : DIAL_IDLE;
	}
	if (!dial->given_up)
		return dial->threads > 0 ? DIAL_TRYING : DIAL_IDLE;
	err_set(&ret->err, ERR_CANCELLED, _("innkeeper is leaving"));
	return DIAL_IDLE;
}

/* A second attempt won, and now the first one came back, too. */
static void close_surplus(struct dial *dial)
{
	struct dial_result result = { 0 };

	pthread_mutex_lock(&dial->lock);
	take_result(dial, &result);
	pthread_mutex_unlock(&dial->lock);
	if (result.conn)
		virConnectClose(result.conn);
}

enum dial_state dial_look(struct dial *dial, int64_t wait_ms, struct err *err)
{
	struct timespec until = deadline_in(wait_ms);
	struct dial_result result = { 0 };
	enum dial_state state;

	if (dial->conn) {
		close_surplus(dial);
		return DIAL_OPEN;
	}
	pthread_mutex_lock(&dial->lock);
	while (wait_ms > 0 && !dial->has_result && !dial->given_up && dial->threads > 0) {
		if (pthread_cond_timedwait(&dial->changed, &dial->lock, &until) != 0)
			break;
	}
	state = take_result(dial, &result);
	pthread_mutex_unlock(&dial->lock);
	dial->conn = result.conn;
	dial->access = result.conn ? result.access : ACCESS_UNKNOWN;
	dial->why = result.err;
	if (state != DIAL_OPEN && err)
		*err = result.err;
	return state;
}

virConnectPtr dial_need(struct dial *dial, int64_t wait_ms, struct err *err)
{
	if (dial_is_broken(dial))
		dial_hang_up(dial);
	if (!dial->conn && !dial_start(dial, err))
		return NULL;
	if (dial_look(dial, wait_ms, err) == DIAL_TRYING)
		err_set(err, ERR_UNREACHABLE, _("no answer to connect"));
	return dial->conn;
}

virConnectPtr dial_connection(const struct dial *dial)
{
	return dial->conn;
}

enum host_access dial_access(const struct dial *dial, struct safe_text *ret_why)
{
	*ret_why = dial->access == ACCESS_MONITOR ? err_text(&dial->why) : TEXT_OURS(NULL);
	return dial->access;
}

bool dial_is_broken(const struct dial *dial)
{
	return dial->conn && virConnectIsAlive(dial->conn) == 0;
}

void dial_hang_up(struct dial *dial)
{
	if (dial->conn)
		virConnectClose(dial->conn);
	dial->conn = NULL;
	dial->access = ACCESS_UNKNOWN;
	if (dial->given_up)
		close_surplus(dial);
}
