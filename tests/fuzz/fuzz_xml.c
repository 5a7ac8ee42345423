/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_xml.c - the XML of a domain and of a snapshot, which whoever made them filled with what he liked. */
#include "backend/libvirt/xml.h"
#include "fuzz.h"

static void read_snapshot(const char *xml, size_t size)
{
	struct snapshot snapshot = { .created = -1 };

	if (!xml_read_snapshot(xml, size, &snapshot))
		return;
	FUZZ_CHECK(text_is_safe(text_str(snapshot.description)));
	FUZZ_CHECK(snapshot.created >= -1);
	text_free(&snapshot.description);
	free(snapshot.parent_key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vm_info info = { 0 };

	read_snapshot((const char *)data, size);
	if (!xml_read_domain((const char *)data, size, &info))
		return 0;
	FUZZ_CHECK(info.channel != CHANNEL_UNKNOWN);
	FUZZ_CHECK(text_is_safe(text_str(info.title)));
	FUZZ_CHECK(text_is_safe(text_str(info.tags)));
	FUZZ_CHECK(info.vcpus >= -1 && info.memory_kib >= -1 && info.max_memory_kib >= -1);
	for (size_t i = 0; i < info.devices.count; i++) {
		const struct device *device = &info.devices.at[i];

		FUZZ_CHECK(text_is_safe(text_str(device->name)) && text_is_safe(text_str(device->model)));
		FUZZ_CHECK(text_is_safe(text_str(device->source)) && text_is_safe(device->mac));
	}
	vm_info_free(&info);
	return 0;
}
