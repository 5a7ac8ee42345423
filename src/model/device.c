/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/device.h"

struct device *device_list_add(struct device_list *list)
{
	if (list->count < DEVICE_LIST_MAX)
		return VEC_PUSH(list);
	list->more++;
	return NULL;
}

void device_list_free(struct device_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		text_free(&list->at[i].name);
		text_free(&list->at[i].model);
		text_free(&list->at[i].source);
	}
	VEC_FREE(list);
	list->more = 0;
}

bool device_list_take(struct device_list *list, struct device_list *from)
{
	bool differs = list->count != from->count || list->more != from->more;

	for (size_t i = 0; !differs && i < list->count; i++) {
		const struct device *a = &list->at[i], *b = &from->at[i];

		differs = a->is_nic != b->is_nic || strcmp(a->mac, b->mac) != 0 || !text_equal(a->name, b->name) ||
			  !text_equal(a->model, b->model) || !text_equal(a->source, b->source);
	}
	device_list_free(list);
	*list = *from;
	*from = (struct device_list){ 0 };
	return differs;
}
