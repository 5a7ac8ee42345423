/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_filter.c - the filter language, tried on a VM of which little is known. The input is the filter. */
#include "engine/filter.h"
#include "fuzz.h"

static char name[] = "alpha";

static void try_on_a_vm(const struct filter *filter)
{
	struct vm *vm = vm_create((struct vm_id){ 0 });
	struct host host = { .name = name, .uri = name };
	bool matched;

	vm->info.name = text_format("web01");
	vm->info.title = text_format("Shop front 7\"x");
	vm->hostname = text_format("web01.example.com");
	vm->info.state = VM_STATE_RUNNING;
	matched = filter_match(filter, vm, &host, 0);
	filter_prepare(filter, vm, &host);
	FUZZ_CHECK(filter_match(filter, vm, &host, 0) == matched);
	(void)filter_uses(filter, SOURCE_STATS);
	(void)filter_uses(filter, SOURCE_GUEST);
	vm_destroy(vm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words = mem_strndup((const char *)data, size);
	struct filter *filter = NULL;
	struct err err = { 0 };

	if (filter_parse(words, &filter, &err))
		try_on_a_vm(filter);
	else
		FUZZ_CHECK(*err.buf && text_is_safe(err.buf));
	filter_destroy(filter);
	free(words);
	return 0;
}
