/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/xml.h"
#include "tests/unit/unit.h"

#define CHANNEL(attributes) "<channel type='unix'><source mode='bind' path='/x'/><target " attributes "/></channel>"
#define AGENTS_TARGET       "type='virtio' name='org.qemu.guest_agent.0'"

static char *document(const char *devices, const char *rest)
{
	return mem_printf("<domain type='qemu' id='3'>\n  <name>web01</name>\n%s<devices>%s</devices>\n</domain>\n",
			  rest, devices);
}

static struct vm_info read_document(const char *devices, const char *rest)
{
	char *xml = keep(document(devices, rest));
	struct vm_info info = { 0 };

	assert_true(xml_read_domain(xml, strlen(xml), &info));
	return info;
}

static void the_channel_is(const char *devices, enum agent_channel channel)
{
	struct vm_info info = read_document(devices, "");

	assert_int_equal(info.channel, channel);
	text_free(&info.title);
}

static void is_refused(const char *xml)
{
	struct vm_info info = { 0 };

	if (xml_read_domain(xml, strlen(xml), &info))
		fail_msg("read: %s", xml);
}

static void the_title_is(const char *rest, const char *title)
{
	struct vm_info info = read_document("", rest);

	assert_string_equal(text_str(info.title), title);
	text_free(&info.title);
}

TEST(the_channel_tells_where_the_agent_stands)
{
	the_channel_is("", CHANNEL_ABSENT);
	the_channel_is(CHANNEL(AGENTS_TARGET), CHANNEL_DISCONNECTED);
	the_channel_is(CHANNEL(AGENTS_TARGET " state='disconnected'"), CHANNEL_DISCONNECTED);
	the_channel_is(CHANNEL(AGENTS_TARGET " state='connected'"), CHANNEL_CONNECTED);
	the_channel_is(CHANNEL("state=\"connected\" name=\"org.qemu.guest_agent.0\" type=\"virtio\""),
		       CHANNEL_CONNECTED);
}

TEST(other_channels_are_not_the_agents)
{
	the_channel_is(CHANNEL("type='virtio' name='com.redhat.spice.0' state='connected'"), CHANNEL_ABSENT);
	the_channel_is(CHANNEL("type='guestfwd' name='org.qemu.guest_agent.0' state='connected'"), CHANNEL_ABSENT);
	the_channel_is(CHANNEL("type='virtio' name='org.qemu.guest_agent.01' state='connected'"), CHANNEL_ABSENT);
	the_channel_is("<console><target " AGENTS_TARGET " state='connected'/></console>", CHANNEL_ABSENT);
	the_channel_is(CHANNEL("type='virtio' name='com.redhat.spice.0' state='connected'") CHANNEL(AGENTS_TARGET),
		       CHANNEL_DISCONNECTED);
}

TEST(a_channel_in_a_comment_or_in_metadata_is_none)
{
	struct vm_info info = { 0 };

	the_channel_is("<!-- " CHANNEL(AGENTS_TARGET " state='connected'") " -->", CHANNEL_ABSENT);
	info = read_document("", "<metadata><x:devices xmlns:x='u'>" CHANNEL(
					 AGENTS_TARGET) "</x:devices>"
							"<domain><devices>" CHANNEL(
								AGENTS_TARGET
								" state='connected'") "</devices></domain></metadata>");
	assert_int_equal(info.channel, CHANNEL_ABSENT);
}

TEST(disks_and_cards_are_listed_in_their_order)
{
	OWN(vm_info)
	struct vm_info info = read_document(
		"<disk type='file' device='disk'><driver name='qemu'/><source file='/images/a b.qcow2'/>"
		"<target dev='vda' bus='virtio'/></disk>"
		"<interface type='network'><mac address='52:54:00:AB:cd:ef'/><source network='lan'/>"
		"<target dev='vnet3'/><model type='virtio'/></interface>"
		"<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>"
		"<disk type='network' device='disk'><source protocol='rbd' name='pool/b\xc2\x85'/>"
		"<target dev='vdb' bus='virtio'/></disk>"
		"<interface type='bridge'><mac address='nonsense'/><source bridge='br0'/></interface>"
		"<disk type='volume'><source pool='p' volume='v'/><target dev='vdc' bus='scsi'/></disk>" CHANNEL(
			AGENTS_TARGET " state='connected'"),
		"");
	static const struct {
		const char *name, *model, *source, *mac;
	} expected[] = {
		{ "vda", "virtio", "/images/a b.qcow2", "" },
		{ "vnet3", "virtio", "network lan", "52:54:00:ab:cd:ef" },
		{ "sda", "sata cdrom", "", "" },
		{ "vdb", "virtio", "rbd pool/b<U+0085>", "" },
		{ "", "", "bridge br0", "" },
		{ "vdc", "scsi", "v", "" },
	};
	assert_int_equal(info.channel, CHANNEL_CONNECTED);
	assert_int_equal(info.devices.count, ARRAY_SIZE(expected));
	for (size_t i = 0; i < info.devices.count; i++) {
		const struct device *device = &info.devices.at[i];

		assert_string_equal(text_str(device->name), expected[i].name);
		assert_string_equal(text_str(device->model), expected[i].model);
		assert_string_equal(text_str(device->source), expected[i].source);
		assert_string_equal(device->mac, expected[i].mac);
	}
}

TEST(more_disks_than_are_kept_are_counted)
{
	char all[(DEVICE_LIST_MAX + 2) * sizeof("<disk/>")] = "";
	OWN(vm_info) struct vm_info info;
	for (size_t i = 0; i < DEVICE_LIST_MAX + 2; i++)
		memcpy(all + i * strlen("<disk/>"), "<disk/>", sizeof("<disk/>"));
	info = read_document(all, "");
	assert_int_equal(info.devices.count, DEVICE_LIST_MAX);
	assert_int_equal(info.devices.more, 2);
}

TEST(sizes_are_read_in_kib_and_in_use)
{
	struct vm_info info = { 0 };

	info = read_document("", "<memory unit='KiB'>8388608</memory><currentMemory unit='KiB'>4194304</currentMemory>"
				 "<vcpu placement='static' current='2'>4</vcpu>");
	assert_int_equal(info.max_memory_kib, 8388608);
	assert_int_equal(info.memory_kib, 4194304);
	assert_int_equal(info.vcpus, 2);
	info = read_document("", "<vcpu>4</vcpu>");
	assert_int_equal(info.vcpus, 4);
}

TEST(what_is_not_told_or_no_number_stays_unknown)
{
	struct vm_info info = { 0 };

	info = read_document("", "<memory unit='parsecs'>3</memory><currentMemory unit='KiB'>-5</currentMemory>"
				 "<vcpu>99999999999999999999</vcpu>");
	assert_int_equal(info.max_memory_kib, -1);
	assert_int_equal(info.memory_kib, -1);
	assert_int_equal(info.vcpus, -1);
	info = read_document("", "<vcpu/><memory unit='KiB'></memory>");
	assert_int_equal(info.vcpus, -1);
	assert_int_equal(info.max_memory_kib, -1);
}

TEST(titles_come_through_the_strict_sanitizer)
{
	the_title_is("", "");
	the_title_is("<title>Front &amp; back &lt;1&gt;</title>", "Front & back <1>");
	the_title_is("<title>a&#8238;b</title>", "a<U+202E>b");
	the_title_is("<title>a&#x9b;31mb</title>", "a<U+009B>31mb");
	the_title_is("<title>\xc3\xa9t\xc3\xa9</title>", "\xc3\xa9t\xc3\xa9");
	the_title_is("<title><![CDATA[<b>&amp;]]> and more</title>", "<b>&amp; and more");
	the_title_is("<metadata><title>not this</title></metadata>", "");
}

TEST(a_title_that_is_no_utf8_is_read_as_latin1)
{
	the_title_is("<title>\xe9t\xe9</title>", "\xc3\xa9t\xc3\xa9");
	the_title_is("<title>a\x9b\xff</title>", "a<U+009B>\xc3\xbf");
}

static void the_tags_are(const char *metadata, const char *tags)
{
	char *rest = keep(mem_printf("<metadata>%s</metadata>", metadata));
	struct vm_info info = read_document("", rest);

	assert_string_equal(text_str(info.tags), tags);
	text_free(&info.title);
	text_free(&info.tags);
}

TEST(tags_are_read_from_our_namespace_whatever_its_prefix)
{
	the_tags_are("", "");
	the_tags_are("<innkeeper:tags xmlns:innkeeper=\"urn:innkeeper\">web prod</innkeeper:tags>", "web prod");
	the_tags_are("<a:other xmlns:a='urn:other'>x</a:other><i:tags xmlns:i='urn:innkeeper'>web</i:tags>", "web");
	the_tags_are("<tags xmlns='urn:innkeeper'>web</tags>", "web");
	the_tags_are("<i:tags a='b' xmlns:i='urn:innkeeper'/>", "");
	the_tags_are("<innkeeper:tags xmlns:innkeeper='urn:innkeeper:other'>web</innkeeper:tags>", "");
	the_tags_are("<innkeeper:tags>web</innkeeper:tags>", "");
	the_tags_are("<i:tags xmlns:innkeeper='urn:innkeeper'>web</i:tags>", "");
	the_tags_are("<x:y xmlns:x='u'><i:tags xmlns:i='urn:innkeeper'>web</i:tags></x:y>", "");
}

static void the_os_is(const char *metadata, const char *os)
{
	char *rest = keep(mem_printf("<metadata>%s</metadata>", metadata));
	OWN(vm_info) struct vm_info info = read_document("", rest);

	assert_string_equal(text_str(info.os_declared), os);
}

TEST(what_was_installed_is_read_from_libosinfos_namespace)
{
#define OSINFO "xmlns:l='http://libosinfo.org/xmlns/libvirt/domain/1.0'"
	the_os_is("", "");
	the_os_is("<l:libosinfo " OSINFO "><l:os id='http://debian.org/debian/12'/></l:libosinfo>",
		  "http://debian.org/debian/12");
	the_os_is("<l:libosinfo " OSINFO "><l:os/></l:libosinfo>", "");
	the_os_is("<l:libosinfo xmlns:l='urn:other'><l:os id='http://debian.org/debian/12'/></l:libosinfo>", "");
	the_os_is("<libosinfo><os id='http://debian.org/debian/12'/></libosinfo>", "");
}

TEST(a_prefix_may_be_declared_around_the_tags)
{
	static const char xml[] = "<domain xmlns:i='urn:innkeeper'><metadata><i:tags>web</i:tags></metadata></domain>";
	struct vm_info info = { 0 };

	assert_true(xml_read_domain(xml, sizeof(xml) - 1, &info));
	assert_string_equal(text_str(info.tags), "web");
	text_free(&info.tags);
}

TEST(tags_are_words_one_blank_apart)
{
	the_tags_are("<i:tags xmlns:i='urn:innkeeper'>\n  web,prod ,\t&amp;co&#8238; \n</i:tags>",
		     "web prod &co<U+202E>");
	the_tags_are("<i:tags xmlns:i='urn:innkeeper'> , \n</i:tags>", "");
}

TEST(what_is_no_xml_of_a_domain_is_refused)
{
	static const char *const refused[] = {
		"",
		" ",
		"web01",
		"<network/>",
		"<domain",
		"<domain>",
		"<domain></domain",
		"<domain></domains>",
		"<domain></domain><domain></domain>",
		"junk<domain></domain>",
		"<domain></domain>junk",
		"<!DOCTYPE domain><domain></domain>",
		"<!DOCTYPE domain [<!ENTITY x 'y'>]><domain></domain>",
		"<!DOCTYPE domain [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]><domain a='&z;'></domain>",
		"<!DOCTYPE domain SYSTEM 'file:///dev/zero'><domain></domain>",
		"<!DOCTYPE domain [<!ENTITY x SYSTEM 'file:///dev/zero'>]><domain>&x;</domain>",
		"<x:domain xmlns:x='u'></x:domain>",
		"<domain>&nonsense;</domain>",
		"<domain>a & b</domain>",
		"<domain>&#;</domain>",
		"<domain>&#xZZ;</domain>",
		"<domain>&#xD800;</domain>",
		"<domain>&#x1b;[31m</domain>",
		"<domain>\x1b[31m</domain>",
		"<domain><a></domain></a>",
		"<domain a></domain>",
		"<domain a=></domain>",
		"<domain a='></domain>",
		"<domain a='<'></domain>",
		"<domain a='1'b='2'></domain>",
		"<domain><!-- </domain>",
		"<domain><![CDATA[ </domain>",
		"<domain><? </domain>",
		"<domain><></></domain>",
		"<domain>< a/></domain>",
		"</domain>",
	};

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		is_refused(refused[i]);
}

TEST(what_libvirt_may_put_around_it_is_fine)
{
	const char *xml =
		"<?xml version='1.0' encoding='UTF-16'?>\n<!-- hello -->\n<domain type = \"kvm\" >"
		"\r\n\t<name>x</name ><description><![CDATA[ </domain> ]]></description></domain>\n<!-- bye -->\n";
	struct vm_info info = { 0 };

	assert_true(xml_read_domain(xml, strlen(xml), &info));
}

static char *nested(size_t levels)
{
	char *xml = mem_zalloc(32 + levels * 7);
	char *at = stpcpy(xml, "<domain>");

	for (size_t i = 0; i < levels; i++)
		at = stpcpy(at, "<a>");
	for (size_t i = 0; i < levels; i++)
		at = stpcpy(at, "</a>");
	stpcpy(at, "</domain>");
	return xml;
}

TEST(nesting_has_an_end)
{
	struct vm_info info = { 0 };
	char *deep = keep(nested(XML_DEPTH_MAX - 1)), *too_deep = keep(nested(XML_DEPTH_MAX)),
	     *absurd = keep(nested(300000));

	assert_true(xml_read_domain(deep, strlen(deep), &info));
	is_refused(too_deep);
	is_refused(absurd);
}

TEST(a_document_cut_anywhere_is_refused)
{
	char *xml = keep(document(CHANNEL(AGENTS_TARGET " state='connected'"),
				  "<title>a &amp; b</title><vcpu current='2'>4</vcpu>"));
	size_t whole = strlen(xml) - 1; /* without the last newline */

	for (size_t len = 0; len < whole; len++) {
		char *cut = keep(mem_strndup(xml, len));
		struct vm_info info = { 0 };

		if (xml_read_domain(cut, len, &info))
			fail_msg("read when cut to %zu of %zu", len, whole);
	}
}

TEST(a_huge_document_is_refused_unread)
{
	char *xml = keep(mem_zalloc(XML_SIZE_MAX + 64));
	struct vm_info info = { 0 };

	memset(xml, ' ', XML_SIZE_MAX + 1);
	memcpy(xml, "<domain></domain>", 17);
	assert_false(xml_read_domain(xml, XML_SIZE_MAX + 1, &info));
	assert_true(xml_read_domain(xml, XML_SIZE_MAX, &info));
}

RUN_TESTS("libvirt_xml", NULL, NULL)
