/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/scenario_read.h"
#include "base/vec.h"

/* --- memory --- */

struct demo_store {
	VEC(void *);
};

struct demo_store *scenario_store_create(void)
{
	return mem_zalloc(sizeof(struct demo_store));
}

void *scenario_store_keep(struct demo_store *store, void *block)
{
	*VEC_PUSH(store) = block;
	return block;
}

void scenario_store_free(struct demo_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->count; i++)
		free(store->at[i]);
	VEC_FREE(store);
	free(store);
}

/* --- loading --- */

bool scenario_load(const char *words, const char *only_host, struct demo_scenario *ret_scenario, struct err *err)
{
	if (!words || !*words || strcmp(words, "default") == 0) {
		*ret_scenario = scenario_default;
		return true;
	}
	if (strncmp(words, "fleet:", strlen("fleet:")) == 0)
		return scenario_read_fleet(words, only_host, ret_scenario, err);
	if (!strpbrk(words, "/."))
		return err_set(err, ERR_USAGE,
			       _("unknown demo scenario '%s'; valid: default, fleet:HOSTS,VMS, or a file (written with "
				 "a '/' or a '.')"),
			       words);
	return scenario_read_file(words, ret_scenario, err);
}

void scenario_free(struct demo_scenario *scenario)
{
	scenario_store_free(scenario->store);
	*scenario = (struct demo_scenario){ 0 };
}

const struct demo_host_plan *scenario_find_host(const struct demo_scenario *scenario, const char *name)
{
	for (size_t i = 0; i < scenario->host_count; i++)
		if (strcmp(scenario->hosts[i].name, name) == 0)
			return &scenario->hosts[i];
	return NULL;
}

const struct demo_login *scenario_find_login(const struct demo_vm_plan *vm, const char *user)
{
	for (size_t i = 0; user && i < vm->login_count; i++)
		if (strcmp(vm->logins[i].user, user) == 0)
			return &vm->logins[i];
	return NULL;
}
