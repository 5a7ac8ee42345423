/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/snapshot.h"

#include "base/clock.h"

struct snapshot *snapshot_list_add(struct snapshot_list *list, const char *key)
{
	struct snapshot *snapshot;

	if (list->count == SNAPSHOTS_MAX) {
		list->more++;
		return NULL;
	}
	snapshot = VEC_PUSH(list);
	snapshot->key = mem_strdup(key);
	snapshot->name = text_sanitize_str(key, TEXT_CAP_NAME);
	snapshot->created = -1;
	return snapshot;
}

static void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->key);
	free(snapshot->parent_key);
	text_free(&snapshot->name);
	text_free(&snapshot->description);
}

void snapshot_list_remove(struct snapshot_list *list, size_t at)
{
	snapshot_free(&list->at[at]);
	VEC_REMOVE(list, at);
}

void snapshot_list_free(struct snapshot_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		snapshot_free(&list->at[i]);
	VEC_FREE(list);
	list->more = 0;
}

/* --- the tree --- */

struct tree {
	const struct snapshot_list *from;
	struct snapshot_list to;
	bool placed[SNAPSHOTS_MAX];
};

static int compare_ages(const void *a, const void *b)
{
	const struct snapshot *left = a, *right = b;

	if (left->created != right->created)
		return left->created < right->created ? -1 : 1;
	return strcmp(left->key, right->key);
}

static void place(struct tree *tree, size_t index, int depth)
{
	const struct snapshot *snapshot = &tree->from->at[index];
	struct snapshot *placed = VEC_PUSH(&tree->to);

	*placed = *snapshot;
	placed->depth = depth;
	tree->placed[index] = true;
	for (size_t i = 0; i < tree->from->count; i++) {
		const char *parent = tree->from->at[i].parent_key;

		if (!tree->placed[i] && parent && strcmp(parent, snapshot->key) == 0)
			place(tree, i, depth + 1);
	}
}

void snapshot_list_arrange(struct snapshot_list *list)
{
	struct tree tree = { .from = list, .to = { .more = list->more } };

	if (list->count)
		qsort(list->at, list->count, sizeof(*list->at), compare_ages);
	for (size_t i = 0; i < list->count; i++)
		if (!list->at[i].parent_key || !snapshot_list_find(list, list->at[i].parent_key))
			place(&tree, i, 0);
	for (size_t i = 0; i < list->count; i++)
		if (!tree.placed[i])
			place(&tree, i, 0);
	VEC_FREE(list);
	*list = tree.to;
}

/* --- finding one --- */

const struct snapshot *snapshot_list_find(const struct snapshot_list *list, const char *key)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->at[i].key, key) == 0)
			return &list->at[i];
	return NULL;
}

const struct snapshot *snapshot_list_match(const struct snapshot_list *list, const char *words, struct err *err)
{
	const struct snapshot *found = snapshot_list_find(list, words);
	OWN(text) struct safe_text shown = { 0 };
	size_t alike = 0;

	if (found)
		return found;
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(text_str(list->at[i].name), words) != 0)
			continue;
		found = &list->at[i];
		alike++;
	}
	if (alike == 1)
		return found;
	shown = text_sanitize_str(words, TEXT_CAP_NAME);
	if (alike)
		err_set(err, ERR_USAGE, _("several snapshots match %s; none was selected"), text_str(shown));
	else
		err_set(err, ERR_USAGE, _("no snapshot %s; `innkeeper snapshots` lists them"), text_str(shown));
	return NULL;
}

const char *snapshot_state_name(const struct snapshot *snapshot)
{
	return snapshot->disks_only ? "disk-snapshot" : vm_state_name(snapshot->state);
}

void snapshot_knowledge_free(struct snapshot_knowledge *knowledge)
{
	if (!knowledge)
		return;
	snapshot_list_free(&knowledge->list);
	text_free(&knowledge->trouble);
	free(knowledge);
}

/* --- taking one --- */

bool snapshot_order_check(const struct snapshot_order *order, struct err *err)
{
	if (!*order->name)
		return err_set(err, ERR_USAGE, "%s", _("a snapshot needs a name"));
	if (strlen(order->name) > TEXT_CAP_NAME || strchr(order->name, '/') || order->name[0] == '.')
		return err_set(err, ERR_USAGE, _("a snapshot name must have at most %d bytes, no / and no leading dot"),
			       (int)TEXT_CAP_NAME);
	if (!text_is_safe(order->name) || (order->description && !text_is_safe(order->description)))
		return err_set(err, ERR_USAGE, "%s",
			       _("a snapshot name and description must be one line of printable characters"));
	return true;
}

char *snapshot_name_of_now(void)
{
	const time_t now = clock_wall();
	struct tm tm = { 0 };
	char buf[32] = "";

	localtime_r(&now, &tm);
	strftime(buf, sizeof(buf), "%Y-%m-%d_%H.%M.%S", &tm);
	return mem_strdup(buf);
}
