/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/connection.h"

#include "backend/libvirt/libvirt_error.h"
#include "base/clock.h"
#include "base/thread.h"

#include <stdatomic.h>

/* The result of an attempt. */
struct connect_result {
	virConnectPtr conn; /* NULL: err */
	enum host_access access;
	struct err err; /* or why it is only ACCESS_MONITOR */
};

struct connection {
	struct connection_config config; /* constant; has its own URI, and a reference to the queue */
	atomic_int refs;

	/* the owner's */
	virConnectPtr conn;
	enum host_access access;
	struct err why;

	/* shared with the attempts, under lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int threads;
	int64_t started_at;
	bool given_up;
	bool has_result;
	struct connect_result result;
};

struct connection *connection_create(const struct connection_config *config)
{
	struct connection *connection = mem_zalloc(sizeof(*connection));
	pthread_condattr_t monotonic;

	connection->config = *config;
	connection->config.uri = config->uri ? mem_strdup(config->uri) : NULL;
	if (config->queue)
		event_queue_ref(config->queue);
	pthread_mutex_init(&connection->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&connection->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	atomic_init(&connection->refs, 1);
	return connection;
}

static void unref(struct connection *connection)
{
	if (atomic_fetch_sub(&connection->refs, 1) > 1)
		return;
	event_queue_unref(connection->config.queue);
	pthread_cond_destroy(&connection->changed);
	pthread_mutex_destroy(&connection->lock);
	free((char *)connection->config.uri);
	free(connection);
}

void connection_cancel(struct connection *connection)
{
	pthread_mutex_lock(&connection->lock);
	connection->given_up = true;
	pthread_cond_broadcast(&connection->changed);
	pthread_mutex_unlock(&connection->lock);
}

void connection_destroy(struct connection *connection)
{
	if (!connection)
		return;
	connection_cancel(connection);
	connection_close(connection);
	unref(connection);
}

/* --- the attempt's thread --- */

/* libvirt's questions cannot be put to the user here: the terminal belongs to the dashboard. */
static int refuse_to_answer(virConnectCredentialPtr credentials UNUSED, unsigned count UNUSED, void *data)
{
	bool *asked = data;

	*asked = true;
	return -1;
}

static virConnectPtr open_once(const char *uri, unsigned flags, struct err *err)
{
	/* Not VIR_CRED_USERNAME: SASL would ask for it besides the name in auth.conf, and does not need it. */
	static int kinds[] = { VIR_CRED_AUTHNAME, VIR_CRED_PASSPHRASE, VIR_CRED_ECHOPROMPT, VIR_CRED_NOECHOPROMPT };
	bool asked = false;
	virConnectAuth auth = { kinds, ARRAY_SIZE(kinds), refuse_to_answer, &asked };
	virConnectPtr conn = virConnectOpenAuth(uri, &auth, flags);

	if (conn)
		return conn;
	libvirt_err_last_of(&(struct libvirt_failure){ .connecting = true }, NULL, err);
	if (asked)
		err_set(err, ERR_DENIED,
			_("the host asks for a password; use a key with ssh-agent, or put the password into "
			  "~/.config/libvirt/auth.conf (or $XDG_CONFIG_HOME/libvirt/auth.conf)"));
	return NULL;
}

static void *run_attempt(void *data)
{
	struct connection *connection = data;
	const struct connection_config *config = &connection->config;
	struct connect_result result = { 0 };
	struct err err_monitor;
	bool wanted;

	result.access = config->read_only ? ACCESS_READ_ONLY : ACCESS_FULL;
	result.conn = open_once(config->uri, config->read_only ? VIR_CONNECT_RO : 0, &result.err);
	if (!result.conn && result.err.kind == ERR_DENIED && !config->read_only) {
		result.conn = open_once(config->uri, VIR_CONNECT_RO, &err_monitor);
		result.access = ACCESS_MONITOR;
	}
	/* Fails where a driver has no keepalive; most of those have no network to watch. */
	if (result.conn && config->keepalive_interval > 0)
		virConnectSetKeepAlive(result.conn, config->keepalive_interval, (unsigned)config->keepalive_count);
	pthread_mutex_lock(&connection->lock);
	connection->threads--;
	/* The first attempt to succeed counts; a failure only where no other attempt is running. */
	wanted = !connection->given_up && !connection->has_result && (result.conn || connection->threads == 0);
	if (wanted) {
		connection->result = result;
		connection->has_result = true;
		pthread_cond_broadcast(&connection->changed);
	}
	pthread_mutex_unlock(&connection->lock);
	if (wanted && config->queue)
		event_queue_push(config->queue, &(struct host_event){ .kind = EVENT_CONNECTING_ENDED });
	if (!wanted && result.conn)
		virConnectClose(result.conn);
	unref(connection);
	return NULL;
}

/* --- the owner's thread --- */

bool connection_open(struct connection *connection, struct err *err)
{
	bool may, needed;
	pthread_t thread;
	int failure = 0;

	pthread_mutex_lock(&connection->lock);
	needed = !connection->has_result && !connection->given_up &&
		 (connection->threads == 0 || clock_ms() - connection->started_at >= CONNECTION_RETRY_MS);
	may = connection->threads < CONNECTION_THREADS_MAX;
	if (needed && may) {
		connection->started_at = clock_ms();
		connection->threads++;
		atomic_fetch_add(&connection->refs, 1);
		failure = thread_start(&thread, 0, run_attempt, connection);
		if (failure) {
			connection->threads--;
			atomic_fetch_sub(&connection->refs, 1);
		} else {
			pthread_detach(thread);
		}
	}
	pthread_mutex_unlock(&connection->lock);
	if (failure)
		return err_set_errno(err, failure, _("cannot start a thread to connect"));
	if (needed && !may)
		return err_set(err, ERR_UNREACHABLE, _("connection timed out; %d attempts are still waiting"),
			       CONNECTION_THREADS_MAX);
	return true;
}

/* Under lock. */
static enum connection_state take_result(struct connection *connection, struct connect_result *ret)
{
	if (connection->has_result) {
		*ret = connection->result;
		connection->has_result = false;
		return ret->conn ? CONNECTION_OPEN : CONNECTION_IDLE;
	}
	if (!connection->given_up)
		return connection->threads > 0 ? CONNECTION_OPENING : CONNECTION_IDLE;
	err_set(&ret->err, ERR_CANCELLED, _("innkeeper is exiting"));
	return CONNECTION_IDLE;
}

/* Two attempts succeeded: the later one is not needed. */
static void close_surplus(struct connection *connection)
{
	struct connect_result result = { 0 };

	pthread_mutex_lock(&connection->lock);
	take_result(connection, &result);
	pthread_mutex_unlock(&connection->lock);
	if (result.conn)
		virConnectClose(result.conn);
}

enum connection_state connection_wait(struct connection *connection, int64_t wait_ms, struct err *err)
{
	struct timespec until = thread_deadline(CLOCK_MONOTONIC, wait_ms);
	struct connect_result result = { 0 };
	enum connection_state state;

	if (connection->conn) {
		close_surplus(connection);
		return CONNECTION_OPEN;
	}
	pthread_mutex_lock(&connection->lock);
	while (wait_ms > 0 && !connection->has_result && !connection->given_up && connection->threads > 0) {
		if (pthread_cond_timedwait(&connection->changed, &connection->lock, &until) != 0)
			break;
	}
	state = take_result(connection, &result);
	pthread_mutex_unlock(&connection->lock);
	connection->conn = result.conn;
	connection->access = result.conn ? result.access : ACCESS_UNKNOWN;
	connection->why = result.err;
	if (state != CONNECTION_OPEN && err)
		*err = result.err;
	return state;
}

virConnectPtr connection_acquire(struct connection *connection, int64_t wait_ms, struct err *err)
{
	if (connection_is_broken(connection))
		connection_close(connection);
	if (!connection->conn && !connection_open(connection, err))
		return NULL;
	if (connection_wait(connection, wait_ms, err) == CONNECTION_OPENING)
		err_set(err, ERR_UNREACHABLE, _("connection timed out"));
	return connection->conn;
}

virConnectPtr connection_handle(const struct connection *connection)
{
	return connection->conn;
}

enum host_access connection_access(const struct connection *connection, struct safe_text *ret_why)
{
	*ret_why = connection->access == ACCESS_MONITOR ? err_text(&connection->why) : TEXT_TRUSTED(NULL);
	return connection->access;
}

bool connection_is_broken(const struct connection *connection)
{
	return connection->conn && virConnectIsAlive(connection->conn) == 0;
}

void connection_close(struct connection *connection)
{
	if (connection->conn)
		virConnectClose(connection->conn);
	connection->conn = NULL;
	connection->access = ACCESS_UNKNOWN;
	if (connection->given_up)
		close_surplus(connection);
}
