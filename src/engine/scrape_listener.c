/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/scrape_listener.h"

#include "base/vec.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { REQUEST_MAX = 8192 };

struct scrape {
	struct scrape_listener *listener;
	int fd, timer;
	char request[REQUEST_MAX + 1];
	size_t request_len;
	char *answer; /* NULL: it has not asked yet */
	size_t len, sent;
};

struct scrape_listener {
	struct loop *loop;
	int fd;
	char *path, *address;
	scrape_page_fn *page;
	void *data;
	struct {
		VEC(struct scrape *);
	} scrapes;
};

static void on_scraper(void *data, int fd, short revents);
static void on_connection(void *data, int fd, short revents);

static void end_scrape(void *data)
{
	struct scrape *scrape = data;
	struct scrape_listener *listener = scrape->listener;
	size_t at = 0;

	while (listener->scrapes.at[at] != scrape)
		at++;
	VEC_REMOVE(&listener->scrapes, at);
	loop_watch(listener->loop, scrape->fd, 0, NULL, NULL);
	loop_cancel_timer(listener->loop, scrape->timer);
	close(scrape->fd);
	free(scrape->answer);
	free(scrape);
	loop_watch(listener->loop, listener->fd, POLLIN, on_connection, listener);
}

/* --- what is asked, and the answer --- */

/* A header line of that name, and somewhere in it the words. */
static bool header_has(const char *request, const char *name, const char *words)
{
	for (const char *line = strstr(request, "\r\n"); line; line = strstr(line, "\r\n")) {
		const size_t len = strcspn(line += 2, "\r\n");
		const char *found = strcasestr(line, words);

		if (strncasecmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':' && found &&
		    found < line + len)
			return true;
	}
	return false;
}

static void answer(struct scrape *scrape)
{
	const char *request = scrape->request, *path = strchr(request, ' ');
	const bool gets = strncmp(request, "GET ", 4) == 0;
	const bool is_known = gets && (strncmp(path, " /metrics ", 10) == 0 || strncmp(path, " /metrics?", 10) == 0);
	const bool is_openmetrics = header_has(request, "accept", "application/openmetrics-text");
	const char *status = is_known ? "200 OK" : gets ? "404 Not Found" : "405 Method Not Allowed";
	size_t len = 0;
	OWN(bytes)
	char *page = is_known ? scrape->listener->page(scrape->listener->data, is_openmetrics, &len)
			      : mem_printf("%s\nGET /metrics\n", status);
	FILE *stream = mem_stream(&scrape->answer, &scrape->len);

	len = is_known ? len : strlen(page);
	fprintf(stream,
		"HTTP/1.1 %s\r\nContent-Type: %s; charset=utf-8\r\nContent-Length: %zu\r\n%sConnection: close\r\n\r\n",
		status,
		!is_known        ? "text/plain"
		: is_openmetrics ? "application/openmetrics-text; version=1.0.0"
				 : "text/plain; version=0.0.4",
		len, gets ? "" : "Allow: GET\r\n");
	fwrite(page, 1, len, stream);
	fclose(stream);
	loop_watch(scrape->listener->loop, scrape->fd, POLLOUT, on_scraper, scrape);
}

static void on_scraper(void *data, int fd, short revents UNUSED)
{
	struct scrape *scrape = data;
	ssize_t n;

	if (scrape->answer)
		n = send(fd, scrape->answer + scrape->sent, scrape->len - scrape->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
	else
		n = recv(fd, scrape->request + scrape->request_len, REQUEST_MAX - scrape->request_len, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && scrape->answer)
		scrape->sent += (size_t)n;
	else if (n > 0)
		scrape->request_len += (size_t)n;
	if (n > 0 && !scrape->answer && strstr(scrape->request, "\r\n\r\n"))
		answer(scrape);
	else if (n <= 0 || (scrape->answer ? scrape->sent == scrape->len : scrape->request_len == REQUEST_MAX))
		end_scrape(scrape);
}

static void on_connection(void *data, int fd, short revents UNUSED)
{
	struct scrape_listener *listener = data;
	const int one = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct scrape *scrape;

	if (one < 0)
		return;
	scrape = mem_zalloc(sizeof(*scrape));
	scrape->listener = listener;
	scrape->fd = one;
	scrape->timer = loop_after(listener->loop, SCRAPE_LIMIT_MS, end_scrape, scrape);
	*VEC_PUSH(&listener->scrapes) = scrape;
	loop_watch(listener->loop, one, POLLIN, on_scraper, scrape);
	/* The others wait in the kernel's queue. */
	if (listener->scrapes.count >= SCRAPES_AT_ONCE)
		loop_watch(listener->loop, fd, 0, NULL, NULL);
}

/* --- the address --- */

static bool is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
	return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* "127.0.0.1:9177", "[::1]:9177". False: it is none. */
static bool read_address(const char *where, struct sockaddr_storage *ret, socklen_t *ret_len)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM };
	const char *colon = strrchr(where, ':');
	const bool is_bracketed = colon && *where == '[' && colon[-1] == ']';
	OWN(bytes)
	char *host = mem_strndup(where + is_bracketed, colon ? (size_t)(colon - where) - 2 * is_bracketed : 0);
	struct addrinfo *found;
	bool ok;

	if (!colon || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 5 ||
	    strtol(colon + 1, NULL, 10) > UINT16_MAX || getaddrinfo(host, colon + 1, &hints, &found) != 0)
		return false;
	ok = is_loopback(found->ai_addr);
	memcpy(ret, found->ai_addr, found->ai_addrlen);
	*ret_len = found->ai_addrlen;
	freeaddrinfo(found);
	return ok;
}

static bool open_socket(struct scrape_listener *listener, const char *where, struct err *err)
{
	static const char unix_socket[] = "unix:";
	const bool is_unix = strncmp(where, unix_socket, strlen(unix_socket)) == 0;
	OWN(text) struct safe_text words = text_sanitize_str(where, TEXT_CAP_LINE);
	const char *path = where + strlen(unix_socket);
	struct sockaddr_storage address = { .ss_family = AF_UNIX };
	socklen_t len = sizeof(struct sockaddr_un);
	const int yes = 1;

	if (is_unix ? !*path || strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path)
		    : !read_address(where, &address, &len))
		return err_set(err, ERR_USAGE,
			       _("--listen: must be unix:PATH or a loopback address, like 127.0.0.1:9177, not \"%s\""),
			       text_str(words));
	if (is_unix)
		memcpy(((struct sockaddr_un *)(void *)&address)->sun_path, path, strlen(path) + 1);
	listener->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (listener->fd >= 0 && !is_unix)
		setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (listener->fd < 0 || bind(listener->fd, (struct sockaddr *)&address, len) < 0)
		return is_unix && errno == EADDRINUSE
			       ? err_set(err, ERR_SYSTEM, _("%s exists; remove it if no other innkeeper listens there"),
					 text_str(words))
			       : err_set_errno(err, errno, _("cannot listen on %s"), text_str(words));
	listener->path = is_unix ? mem_strdup(path) : NULL;
	if (listen(listener->fd, SOMAXCONN) < 0)
		return err_set_errno(err, errno, _("cannot listen on %s"), text_str(words));
	if (!is_unix && getsockname(listener->fd, (struct sockaddr *)&address, &len) == 0) {
		const in_port_t port = address.ss_family == AF_INET6
					       ? ((struct sockaddr_in6 *)(void *)&address)->sin6_port
					       : ((struct sockaddr_in *)(void *)&address)->sin_port;

		listener->address = mem_printf("%.*s:%d", (int)(strrchr(where, ':') - where), where, ntohs(port));
	} else {
		listener->address = mem_strdup(text_str(words));
	}
	return true;
}

struct scrape_listener *scrape_listen(struct loop *loop, const char *where, scrape_page_fn *page, void *data,
				      struct err *err)
{
	struct scrape_listener *listener = mem_zalloc(sizeof(*listener));

	*listener = (struct scrape_listener){ .loop = loop, .fd = -1, .page = page, .data = data };
	if (!open_socket(listener, where, err)) {
		scrape_close(listener);
		return NULL;
	}
	loop_watch(loop, listener->fd, POLLIN, on_connection, listener);
	return listener;
}

const char *scrape_address(const struct scrape_listener *listener)
{
	return listener->address;
}

void scrape_close(struct scrape_listener *listener)
{
	if (!listener)
		return;
	while (listener->scrapes.count)
		end_scrape(listener->scrapes.at[0]);
	if (listener->fd >= 0) {
		loop_watch(listener->loop, listener->fd, 0, NULL, NULL);
		close(listener->fd);
	}
	if (listener->path)
		unlink(listener->path);
	VEC_FREE(&listener->scrapes);
	free(listener->path);
	free(listener->address);
	free(listener);
}
