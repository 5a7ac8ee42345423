/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/counters.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEVICES_MAX = 64 };

int64_t counters_rate(int64_t before, int64_t now, int64_t ms)
{
	if (before < 0 || now < before || ms <= 0)
		return -1;
	return (int64_t)((double)(now - before) * 1000.0 / (double)ms);
}

double counters_cpu_percent(const struct counters *before, const struct counters *now, int vcpus)
{
	int64_t ms = now->at - before->at;
	double percent;

	if (before->cpu_ns < 0 || now->cpu_ns < before->cpu_ns || ms <= 0 || vcpus <= 0)
		return -1;
	percent = (double)(now->cpu_ns - before->cpu_ns) / ((double)ms * 10000.0 * vcpus);
	return MIN(percent, 100.0);
}

int64_t counters_param(const virDomainStatsRecord *record, const char *name)
{
	unsigned long long value;

	if (virTypedParamsGetULLong(record->params, record->nparams, name, &value) != 1 || value > INT64_MAX)
		return -1;
	return (int64_t)value;
}

/* Over "net.0.rx.bytes", "net.1.rx.bytes" ...; -1: the group is not in it. */
static int64_t sum_of(const virDomainStatsRecord *record, const char *group, const char *field)
{
	char name[VIR_TYPED_PARAM_FIELD_LENGTH];
	unsigned count = 0;
	int64_t sum = 0;

	snprintf(name, sizeof(name), "%s.count", group);
	if (virTypedParamsGetUInt(record->params, record->nparams, name, &count) != 1)
		return -1;
	for (unsigned i = 0; i < MIN(count, (unsigned)DEVICES_MAX); i++) {
		int64_t one;

		snprintf(name, sizeof(name), "%s.%u.%s", group, i, field);
		one = counters_param(record, name);
		if (one > 0 && one < INT64_MAX / DEVICES_MAX)
			sum += one;
	}
	return sum;
}

struct counters counters_of(const virDomainStatsRecord *record)
{
	return (struct counters){
		.at = clock_ms(),
		.cpu_ns = counters_param(record, "cpu.time"),
		.net_rx = sum_of(record, "net", "rx.bytes"),
		.net_tx = sum_of(record, "net", "tx.bytes"),
		.disk_read = sum_of(record, "block", "rd.bytes"),
		.disk_write = sum_of(record, "block", "wr.bytes"),
	};
}
