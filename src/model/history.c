/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/history.h"

void history_add(struct history *history, struct history_sample sample)
{
	history->at[history->next] = sample;
	history->next = (history->next + 1) % HISTORY_MAX;
	history->count = MIN(history->count + 1, (size_t)HISTORY_MAX);
}

const struct history_sample *history_at(const struct history *history, size_t index)
{
	if (!history || index >= history->count)
		return NULL;
	return &history->at[(history->next + HISTORY_MAX - history->count + index) % HISTORY_MAX];
}

int64_t history_seconds(const struct history *history)
{
	if (!history || history->count == 0)
		return 0;
	return (history_at(history, history->count - 1)->at - history_at(history, 0)->at) / 1000;
}

double history_cpu(const struct history_sample *sample)
{
	return sample->cpu_percent;
}

double history_memory(const struct history_sample *sample)
{
	return (double)sample->memory_kib;
}
