/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor.c - the least that any client can do: connect, list, one bulk call for the states. What the
 * dashboard costs is measured against this.
 *
 *	floor URI     prints "connect_and_list_ms N", "domains N", "refresh_ms N" (median of 20), "peak_kib N"
 */
#include <libvirt/libvirt.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { ROUNDS = 20 };

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int list(virConnectPtr conn)
{
	virDomainPtr *domains;
	int count = virConnectListAllDomains(conn, &domains, 0);

	for (int i = 0; i < count; i++)
		virDomainFree(domains[i]);
	if (count >= 0)
		free(domains);
	return count;
}

static void refresh(virConnectPtr conn)
{
	virDomainStatsRecordPtr *records = NULL;

	if (virConnectGetAllDomainStats(conn, VIR_DOMAIN_STATS_STATE, &records, 0) >= 0)
		virDomainStatsRecordListFree(records);
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const double began = now_ms();
	virConnectPtr conn = argc == 2 ? virConnectOpen(argv[1]) : NULL;
	double took[ROUNDS];
	struct rusage usage;
	int count;

	if (!conn)
		return 1;
	count = list(conn);
	printf("connect_and_list_ms %.2f\ndomains %d\n", now_ms() - began, count);
	for (int i = 0; i < ROUNDS; i++) {
		const double round = now_ms();

		refresh(conn);
		took[i] = now_ms() - round;
	}
	qsort(took, ROUNDS, sizeof(*took), by_size);
	getrusage(RUSAGE_SELF, &usage);
	printf("refresh_ms %.2f\npeak_kib %ld\n", took[ROUNDS / 2], usage.ru_maxrss);
	virConnectClose(conn);
	return 0;
}
