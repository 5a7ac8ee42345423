/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_uri.h"
#include "tests/unit/unit.h"

#include <unistd.h>

static const char conf[] = "# uri_aliases = [ \"old=qemu+ssh://old/system\" ]\n"
			   "uri_aliases = [\n"
			   "  \"hail=qemu+ssh://root@hail.example.net/system\",  # the big one\n"
			   "  'sleet=qemu+tls://sleet/system', \"hail-2=qemu:///session\"\n"
			   "]\n"
			   "  uri_default = \"qemu:///system\"\n";

static void becomes(const char *uri, const char *expected)
{
	char *got = keep(libvirt_uri_without_tty(uri));

	assert_string_equal(got, expected);
}

static void alias_is(const char *text, const char *alias, const char *expected)
{
	char *got = keep(libvirt_uri_find_alias(text, alias));

	if (!expected)
		assert_null(got);
	else
		assert_string_equal(got, expected);
}

TEST(ssh_is_kept_from_asking_on_our_screen)
{
	becomes("qemu+ssh://a/system", "qemu+ssh://a/system?no_tty=1");
	becomes("qemu+ssh://a/system?socket=/x", "qemu+ssh://a/system?socket=/x&no_tty=1");
	becomes("qemu+ssh://a/system?", "qemu+ssh://a/system?no_tty=1");
}

TEST(who_decided_it_himself_is_left_alone)
{
	becomes("qemu+ssh://a/system?no_tty=0", "qemu+ssh://a/system?no_tty=0");
	becomes("qemu:///system", "qemu:///system");
	becomes("qemu+tls://a/system", "qemu+tls://a/system");
	becomes("qemu+unix:///system?socket=/a+ssh:", "qemu+unix:///system?socket=/a+ssh:");
	becomes("test:///default", "test:///default");
}

TEST(aliases_are_read_as_libvirt_reads_them)
{
	alias_is(conf, "hail", "qemu+ssh://root@hail.example.net/system");
	alias_is(conf, "sleet", "qemu+tls://sleet/system");
	alias_is(conf, "hail-2", "qemu:///session");
	alias_is(conf, "old", NULL);
	alias_is(conf, "hai", NULL);
	alias_is("", "hail", NULL);
	alias_is("uri_aliases = [ \"hail=qemu:///x", "hail", NULL);
	alias_is("uri_aliases = \"hail=qemu:///x\"", "hail", NULL);
}

TEST(the_default_is_found)
{
	char *got = keep(libvirt_uri_find_default(conf));

	assert_string_equal(got, "qemu:///system");
	assert_null(libvirt_uri_find_default("#uri_default = \"x\"\n"));
	assert_null(libvirt_uri_find_default("uri_default = \"\"\n"));
}

TEST(who_may_manage_the_systems_machines_sees_those)
{
	assert_string_equal(libvirt_uri_by_rights(0, false), "qemu:///system");
	assert_string_equal(libvirt_uri_by_rights(1000, true), "qemu:///system");
	assert_null(libvirt_uri_by_rights(1000, false));
}

TEST(what_somebody_chose_beats_what_he_may)
{
	char *got;

	setenv("LIBVIRT_DEFAULT_URI", "test:///default", 1);
	got = libvirt_uri_resolve("");
	assert_string_equal(got, "test:///default");
	free(got);
	got = libvirt_uri_resolve("qemu:///session");
	assert_string_equal(got, "qemu:///session");
	free(got);
	unsetenv("LIBVIRT_DEFAULT_URI");
}

TEST(where_a_password_may_come_from_is_known)
{
	unsetenv("LIBVIRT_AUTH_FILE");
	setenv("HOME", "/nonexistent", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	assert_true(libvirt_uri_may_bring_secrets("test://somebody:secret@/default"));
	if (access("/etc/libvirt/auth.conf", R_OK) != 0)
		assert_false(libvirt_uri_may_bring_secrets("test://somebody@/default"));
	setenv("LIBVIRT_AUTH_FILE", "/somewhere/auth.conf", 1);
	assert_true(libvirt_uri_may_bring_secrets("test://somebody@/default"));
	unsetenv("LIBVIRT_AUTH_FILE");
}

RUN_TESTS("libvirt_uri", NULL, NULL)
