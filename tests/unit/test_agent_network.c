/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_network.h"
#include "fake_guest.h"
#include "unit.h"

static struct address_list list;
static struct err err;

FIXTURE(nothing_known)
{
	list = (struct address_list){ 0 };
	err = (struct err){ 0 };
}

FIXTURE(forgotten)
{
	address_list_free(&list);
}

static void is_taken_as(const char *text, const char *expected)
{
	struct address address;

	if (!address_read(text, strlen(text), &address))
		fail_msg("%s was refused", text);
	assert_string_equal(address.text, expected);
	assert_int_equal(address.is_v6, strchr(expected, ':') != NULL);
}

static void is_refused(const char *text)
{
	struct address address;

	if (address_read(text, strlen(text), &address))
		fail_msg("%s was taken as %s", text, address.text);
}

static void the_guest_tells(const char *interfaces)
{
	char *reply = keep(mem_printf("{\"return\": %s}", interfaces));

	if (!agent_parse_addresses(reply, strlen(reply), &list, &err))
		fail_msg("%s", text_str(err_text(&err)));
}

static void the_list_is(const char *expected)
{
	char *told = mem_strdup("");

	for (size_t i = 0; i < list.count; i++) {
		char *longer = mem_printf("%s%s%s", told, i ? " " : "", list.at[i].text);

		free(told);
		told = longer;
	}
	assert_string_equal(told, expected);
	free(told);
}

#define CARD(name, ...) "{\"name\": \"" name "\", \"ip-addresses\": [" __VA_ARGS__ "]}"
#define IP(text)        "{\"ip-address-type\": \"any\", \"ip-address\": \"" text "\", \"prefix\": 24}"

TEST(an_address_is_kept_as_the_library_writes_it)
{
	is_taken_as("10.4.1.21", "10.4.1.21");
	is_taken_as("2001:DB8:0:0:0:0:0:1", "2001:db8::1");
	is_taken_as("fd00::5054:ff:fe12:3456", "fd00::5054:ff:fe12:3456");
}

TEST(what_cannot_be_reached_from_elsewhere_is_no_address)
{
	FOR_EACH(const char *, one, "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "169.254.3.4", "224.0.0.1",
		 "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "febf::1", "ff02::1", "::ffff:10.0.0.1",
		 "::ffff:127.0.0.1", "::127.0.0.1")
		is_refused(*one);
}

TEST(what_only_looks_like_an_address_is_none)
{
	FOR_EACH(const char *, one, "", " 10.0.0.1", "10.0.0.1 ", "10.0.0.1\n", "10.0.0.1/24", "010.0.0.1",
		 "0x0a.0.0.1", "10.1", "167772161", "10.0.0.1%eth0", "fe80::1%eth0", "2001:db8::1%eth0",
		 "[2001:db8::1]", "-oProxyCommand=reboot", "$(reboot)", "10.0.0.1;reboot", "\033[31m10.0.0.1",
		 "web01.example", "2001:db8:0:0:0:0:0:0:1", "10.0.0.1\xe2\x80\xae")
		is_refused(*one);
}

TEST(an_address_of_four_kilobytes_or_with_a_hole_is_none)
{
	char *long_one = keep(mem_zalloc(4097));
	struct address address;

	memset(long_one, '1', 4096);
	is_refused(long_one);
	assert_false(address_read("10.0.0.1\0-l root", 16, &address));
}

TEST(the_card_comes_before_what_the_guest_made_for_itself)
{
	the_guest_tells("[" CARD("lo", IP("127.0.0.1") "," IP("::1")) "," CARD("docker0", IP("172.17.0.1")) "," CARD(
		"enp1s0", IP("fe80::1") "," IP("2001:db8::7") "," IP("10.4.1.21")) "]");
	the_list_is("10.4.1.21 2001:db8::7 172.17.0.1");
	assert_true(list.at[2].is_inner);
	assert_int_equal(list.more, 0);
}

TEST(an_address_that_is_told_twice_stands_once)
{
	the_guest_tells("[" CARD("a", IP("10.0.0.2")) "," CARD("b", IP("10.0.0.2") "," IP("10.0.0.3")) "]");
	the_list_is("10.0.0.2 10.0.0.3");
}

TEST(of_ten_thousand_cards_a_few_are_kept_and_the_best_is_found)
{
	char *interfaces;
	size_t len;
	FILE *to = mem_stream(&interfaces, &len);

	fputs("[", to);
	for (int i = 0; i < 1000; i++)
		fprintf(to, CARD("veth%d", IP("172.20.%d.%d")) ",", i, i / 200, i % 200 + 1);
	for (int i = 0; i < 10000; i++)
		fprintf(to, "%s" CARD("e%d", IP("10.%d.%d.1")), i ? "," : "", i, i / 200, i % 200);
	fputs("]", to);
	fclose(to);
	the_guest_tells(interfaces);
	free(interfaces);
	assert_int_equal(list.count, ADDRESS_LIST_MAX);
	assert_string_equal(list.at[0].text, "10.0.0.1");
	assert_true(list.more > 0);
}

TEST(what_is_no_list_of_cards_gives_no_address)
{
	the_guest_tells(
		"[7, null, [], {}, {\"name\": 3}, {\"name\": \"e\", \"ip-addresses\": null},"
		"{\"name\": \"e\", \"ip-addresses\": {\"ip-address\": \"10.0.0.1\"}},"
		"{\"name\": \"e\", \"ip-addresses\": [7, {}, {\"ip-address\": 167772161}, {\"ip-address\": null}]}]");
	assert_int_equal(list.count, 0);
	assert_err(ERR_AGENT_BROKEN, agent_parse_addresses("{\"return\": {}}", 14, &list, &err));
}

TEST(a_card_without_a_name_counts)
{
	the_guest_tells("[{\"ip-addresses\": [" IP("10.0.0.9") "]}]");
	the_list_is("10.0.0.9");
}

TEST(cards_are_told_by_names_that_are_safe)
{
	struct safe_text words;

	words = address_list_tell(&list);
	assert_string_equal(text_str(words), "none");
	text_free(&words);
	the_guest_tells("[" CARD("e\\u001b[2J\\u202e", IP("10.0.0.1")) "," CARD("", IP("10.0.0.2")) "," CARD(
		"a name that is much longer than any kernel lets it be", IP("10.0.0.3")) "]");
	words = address_list_tell(&list);
	assert_string_equal(text_str(words),
			    "10.0.0.1 (e<U+001B>[2J<U+202E>), 10.0.0.2, 10.0.0.3 (a name that is much long…)");
	text_free(&words);
	words = address_list_words(&list);
	assert_string_equal(text_str(words), "10.0.0.1 10.0.0.2 10.0.0.3");
	text_free(&words);
}

TEST(a_card_of_nothing_but_escapes_fits)
{
	struct address address = { 0 };
	char name[64];

	memset(name, 0xff, sizeof(name));
	address_set_interface(&address, name, sizeof(name));
	assert_non_null(strstr(address.interface, "…"));
	memset(name, 1, sizeof(name));
	address_set_interface(&address, name, sizeof(name));
	assert_non_null(strstr(address.interface, "…"));
}

TEST(asking_is_one_call_that_only_looks)
{
	struct fake_guest guest;
	struct agent_target line = { .backend = &guest.backend };
	struct fake_fault *fault;

	fake_guest_init(&guest, FAKE_LOGIND);
	guest.backend.config.locked = true;
	fault = fake_fault(&guest, "guest-network-get-interfaces", 0, ERR_NONE, NULL);
	fault->reply = "{\"return\": [" CARD("e", IP("10.0.0.1")) "]}";
	assert_true(agent_addresses(&line, &list, &err));
	the_list_is("10.0.0.1");
	assert_int_equal(fake_count(&guest, "guest-network-get-interfaces"), 1);
	fake_guest_free(&guest);
}

RUN_TESTS_EACH("agent_network", NULL, NULL, nothing_known, forgotten)
