/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor.c - the least that any client can do: connect, list, one bulk call for the states. What the
 * dashboard costs is measured against this.
 *
 *	floor URI [ROWS]     prints "connect_and_list_ms N", "domains N", "refresh_ms N" (median of 20),
 *	                     "refresh_cpu_ms N" (the mean, of this process), "peak_kib N";
 *	                     each refresh asks for the figures of ROWS domains, too
 *	floor URI list       ends after the list, for who takes the time of the whole program
 */
#include <libvirt/libvirt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { ROUNDS = 20 };

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void refresh(virConnectPtr conn, virDomainPtr *shown, int rows)
{
	virDomainStatsRecordPtr *records = NULL;
	virDomainInfo info;

	if (virConnectGetAllDomainStats(conn, VIR_DOMAIN_STATS_STATE, &records, 0) >= 0)
		virDomainStatsRecordListFree(records);
	for (int i = 0; i < rows; i++)
		virDomainGetInfo(shown[i], &info);
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const double began = now_ms();
	virConnectPtr conn = argc >= 2 ? virConnectOpen(argv[1]) : NULL;
	int rows = argc >= 3 ? (int)strtol(argv[2], NULL, 10) : 0, count;
	double took[ROUNDS], cpu;
	virDomainPtr *domains = NULL;
	struct rusage usage;

	if (!conn)
		return 1;
	count = virConnectListAllDomains(conn, &domains, 0);
	if (rows > count)
		rows = count;
	printf("connect_and_list_ms %.2f\ndomains %d\n", now_ms() - began, count);
	if (argc >= 3 && !strcmp(argv[2], "list"))
		return 0;
	cpu = cpu_ms();
	for (int i = 0; i < ROUNDS; i++) {
		const double round = now_ms();

		refresh(conn, domains, rows);
		took[i] = now_ms() - round;
	}
	cpu = cpu_ms() - cpu;
	qsort(took, ROUNDS, sizeof(*took), by_size);
	getrusage(RUSAGE_SELF, &usage);
	printf("refresh_ms %.2f\nrefresh_cpu_ms %.2f\npeak_kib %ld\n", took[ROUNDS / 2], cpu / ROUNDS, usage.ru_maxrss);
	for (int i = 0; i < count; i++)
		virDomainFree(domains[i]);
	free(domains);
	virConnectClose(conn);
	return 0;
}
