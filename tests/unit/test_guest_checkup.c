/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_checkup.h"
#include "tests/unit/unit.h"

static struct guest_checkup of_processes(const char *out)
{
	struct guest_checkup checkup = { .zombies = 99 };

	checkup_parse_processes(out, strlen(out), &checkup);
	return checkup;
}

TEST(zombies_are_those_of_the_agent)
{
	const struct guest_checkup checkup = of_processes("    1     0 Ss   12680 systemd\n"
							  "  400     1 Z        0 cron <defunct>\n"
							  "  501   412 Z        0 loginctl <defunct>\n"
							  "  502   412 Zs       0 who <defunct>\n"
							  "  412     1 Ssl   4180 qemu-ga\n"
							  "  503   412 R     4096 ps\n");

	assert_true(checkup.processes_known);
	assert_int_equal(checkup.zombies, 2);
	assert_int_equal(checkup.agent_kib, 4180);
}

TEST(without_the_agent_in_the_list_its_processes_are_unknown)
{
	FOR_EACH(const char *, out, "", "\n\n", "PID TTY\n", "  412 1 S 10 qemu-gadget\n",
		 "  412 1 Z 0 qemu-ga <defunct>\n", "412 1 S\n", "-1 -1 S -1 qemu-ga\n", "ps: unrecognized option: A\n")
		assert_false(of_processes(*out).processes_known);
}

static void the_units_are(const char *out, bool known, const char *words)
{
	struct guest_checkup checkup = { 0 };

	checkup_parse_units(out, strlen(out), &checkup);
	assert_int_equal(checkup.units_known, known);
	assert_string_equal(text_str(checkup.units), words);
	text_free(&checkup.units);
}

TEST(units_that_are_masked_or_failed_are_named)
{
	the_units_are("", false, "");
	the_units_are("Failed to connect to bus\n", false, "");
	the_units_are("Id=dbus.service\nLoadState=loaded\nActiveState=active\n", true, "");
	the_units_are("Id=dbus.socket\nLoadState=masked\nActiveState=inactive\n\n"
		      "Id=dbus.service\nLoadState=loaded\nActiveState=active\n\n"
		      "ActiveState=failed\nLoadState=loaded\nId=systemd-logind.service\n",
		      true, "dbus.socket masked, systemd-logind.service failed");
	the_units_are("Id=a\x1b[2J\nLoadState=masked", true, "a<U+001B>[2J masked");
}

TEST(the_package_is_named_by_the_system)
{
	static const struct {
		const char *os, *words;
	} rows[] = {
		{ "http://debian.org/debian/12", "apt install qemu-guest-agent" },
		{ "http://ubuntu.com/ubuntu/24.04", "apt install" },
		{ "http://almalinux.org/almalinux/9", "dnf install" },
		{ "http://opensuse.org/opensuse/15.6", "zypper install" },
		{ "http://freebsd.org/freebsd/14.0", "pkg install" },
		{ "http://microsoft.com/win/2k22", "virtio-win guest tools" },
		{ "", "qemu-guest-agent (Linux, BSD) or the virtio-win guest tools" },
		{ "http://example.org/x", "qemu-guest-agent (Linux, BSD) or the virtio-win guest tools" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		OWN(text) struct safe_text advice = guest_checkup_install_advice(TEXT_TRUSTED(rows[i].os));

		assert_says(text_str(advice), rows[i].words);
	}
}

RUN_TESTS("guest checkup", NULL, NULL)
