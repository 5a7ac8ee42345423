/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay.c - what stands for ssh and the nc behind it: carries bytes between its standard streams and a
 * unix socket until either side ends, or somebody ends or stops it.
 *
 *	relay SOCKET PIDS     adds its process id to the file PIDS
 */
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* False: that side ended. */
static int carry(int from, int to)
{
	char bytes[65536];
	ssize_t n = read(from, bytes, sizeof(bytes)), sent;

	for (ssize_t at = 0; at < n; at += sent) {
		sent = write(to, bytes + at, (size_t)(n - at));
		if (sent <= 0)
			return 0;
	}
	return n > 0;
}

static int note_pid(const char *path)
{
	FILE *file = fopen(path, "a");

	if (!file)
		return 0;
	fprintf(file, "%ld\n", (long)getpid());
	return fclose(file) == 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd ends[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = fd, .events = POLLIN } };

	if (argc != 3 || !note_pid(argv[2]) ||
	    snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1]) >= (int)sizeof(address.sun_path) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return 255;
	while (poll(ends, 2, -1) > 0) {
		if (ends[0].revents && !carry(STDIN_FILENO, fd))
			return 0;
		if (ends[1].revents && !carry(fd, STDOUT_FILENO))
			return 0;
	}
	return 255;
}
