/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_xml.c - the XML of a domain, which whoever defined it filled with what he liked. */
#include "fuzz.h"

#include "backend/libvirt/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct xml_facts facts;

	if (!xml_read_domain((const char *)data, size, &facts))
		return 0;
	FUZZ_CHECK(facts.channel != CHANNEL_UNKNOWN);
	FUZZ_CHECK(text_is_safe(text_str(facts.title)));
	FUZZ_CHECK(text_is_safe(text_str(facts.tags)));
	FUZZ_CHECK(facts.vcpus >= -1 && facts.memory_kib >= -1 && facts.max_memory_kib >= -1);
	text_free(&facts.title);
	text_free(&facts.tags);
	return 0;
}
