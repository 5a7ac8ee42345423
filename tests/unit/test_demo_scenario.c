/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios: the built-in ones, and what files may say. */
#include "backend/demo/demo.h"
#include "backend/demo/scenario_read.h"
#include "tests/paths.h"
#include "unit.h"

static struct demo_scenario scenario;
static struct demo_addresses hosts;

FIXTURE(tidy)
{
	scenario_free(&scenario);
	demo_addresses_free(&hosts);
}

static void reads(const char *text)
{
	struct err err = { 0 };

	scenario_free(&scenario);
	if (!scenario_read_text("x.conf", text, strlen(text), &scenario, &err))
		fail_msg("%s", text_str(err_text(&err)));
}

static void complains(const char *text, const char *words)
{
	struct err err = { 0 };

	if (scenario_read_text("x.conf", text, strlen(text), &scenario, &err))
		fail_msg("no complaint about: %s", text);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_says(text_str(err_text(&err)), words);
}

#define VM(inside)  "hosts = ( { name = \"h\"; vms = ( { " inside " } ); } );"
#define TWO(inside) "\nhosts = (\n { " inside "\n } );"

/* --- built in --- */

static void has_host(size_t index, const char *name, const char *uri, bool production)
{
	assert_string_equal(hosts.at[index].name, name);
	assert_string_equal(hosts.at[index].uri, uri);
	assert_int_equal(hosts.at[index].production, production);
}

TEST(without_a_name_it_is_the_default)
{
	FOR_EACH(const char *, word, NULL, "", "default", "demo:", "demo://", "demo:///", "demo:///default") {
		assert_true(demo_scenario_hosts(*word, &hosts, NULL));
		assert_int_equal(hosts.count, 3);
		assert_string_equal(hosts.at[0].name, "ams1");
		demo_addresses_free(&hosts);
	}
}

TEST(a_scenario_becomes_one_uri_a_host)
{
	assert_true(demo_scenario_hosts("default", &hosts, NULL));
	has_host(0, "ams1", "demo:///default?host=ams1", false);
	has_host(1, "ams2", "demo:///default?host=ams2", true);
	demo_addresses_free(&hosts);
	assert_true(demo_scenario_hosts("demo:///fleet:2,5?seed=9", &hosts, NULL));
	has_host(1, "kvm002", "demo:///fleet:2,5?host=kvm002&seed=9", false);
}

TEST(a_uri_that_names_a_host_is_that_host_alone)
{
	struct err err = { 0 };

	assert_true(demo_scenario_hosts("demo:///default?host=lab", &hosts, NULL));
	assert_int_equal(hosts.count, 1);
	has_host(0, "lab", "demo:///default?host=lab", false);
	assert_false(demo_scenario_hosts("demo:///default?host=nowhere", &hosts, &err));
	assert_non_null(strstr(err.buf, "no host 'nowhere'"));
}

TEST(unknown_words_are_explained)
{
	struct err err = { 0 };

	assert_false(demo_scenario_hosts("defualt", &hosts, &err));
	assert_non_null(strstr(err.buf, "'; valid: default, fleet:HOSTS,VMS, or a file (written with a '/' or a '.'"));
	assert_false(demo_scenario_hosts("demo:///default?colour=red", &hosts, &err));
	assert_false(demo_scenario_hosts("demo:///default?seed=red", &hosts, &err));
	assert_false(demo_scenario_hosts("demo:///default?seed=99999999999999999999999", &hosts, &err));
	assert_err(ERR_SYSTEM, demo_scenario_hosts("/no/such/file.conf", &hosts, &err));
	assert_false(demo_scenario_hosts("/dev/zero", &hosts, &err));
	assert_non_null(strstr(err.buf, "not a regular file"));
}

TEST(a_fleet_has_as_many_as_it_says_and_only_the_wanted_host_is_built)
{
	assert_true(scenario_load("fleet:100,100", "kvm007", &scenario, NULL));
	assert_int_equal(scenario.host_count, 100);
	assert_int_equal(scenario.hosts[6].vm_count, 100);
	assert_int_equal(scenario.hosts[7].vm_count, 0);
	assert_non_null(strstr(scenario.hosts[6].vms[0].name, "-0601"));
	assert_int_equal(scenario_find_host(&scenario, "kvm007")->vm_count, 100);
}

TEST(a_fleet_out_of_bounds_is_refused)
{
	FOR_EACH(const char *, word, "fleet:", "fleet:1", "fleet:0,1", "fleet:1,-1", "fleet:1001,1", "fleet:1,16385",
		 "fleet:1,1,1", "fleet:1,1x", "fleet:99999999999,1")
		assert_false(scenario_load(*word, NULL, &scenario, NULL));
}

TEST(every_name_of_the_default_is_there_once)
{
	for (size_t i = 0; i < scenario_default.host_count; i++) {
		const struct demo_host_plan *host = &scenario_default.hosts[i];

		for (size_t j = 0; j < host->vm_count; j++)
			for (size_t k = 0; k < j; k++)
				assert_string_not_equal(host->vms[j].name, host->vms[k].name);
	}
}

/* --- files --- */

TEST(a_file_says_only_what_is_special)
{
	const struct demo_vm_plan *vm;

	reads(VM("name = \"a\";"));
	vm = &scenario.hosts[0].vms[0];
	assert_string_equal(vm->name, "a");
	assert_null(vm->os);
	assert_int_equal(vm->behaviour, BEHAVIOUR_UP);
	assert_int_equal(vm->state, VM_STATE_UNKNOWN);
}

TEST(every_key_arrives_where_it_belongs)
{
	const struct demo_host_plan *host;
	const struct demo_vm_plan *vm;

	reads("seed = 5; # a comment with an @ in it\n"
	      "hosts = ( { name = \"h-1\"; version = \"V\"; production = true; latency_ms = 7; connect_ms = 9;\n"
	      "  events = ( { what = \"hang\"; at = 1.5; for = 20; every = 60; } );\n"
	      "  vms = ( { name = \"a@b /* no comment */\"; os = \"alma9\"; state = \"saved\"; agent = \"mute\";\n"
	      "    load = \"bursts\"; vcpus = 3; memory_mib = 4; misses_percent = 6; transient = true;\n"
	      "    uuid = \"00000000-0000-4000-8000-000000000001\";\n"
	      "    logins = ( { user = \"u\"; from = \"f\"; via = \"desktop\"; leaves = \"never\"; since = 60; } );\n"
	      "    events = ( { what = \"logon\"; at = 2; user = \"u\"; } ); } ); } );");
	host = scenario_find_host(&scenario, "h-1");
	vm = &host->vms[0];
	assert_int_equal(scenario.seed, 5);
	assert_true(host->production);
	assert_int_equal(host->events[0].what, EVENT_HANG);
	assert_true(host->events[0].at_s == 1.5 && host->events[0].for_s == 20);
	assert_string_equal(vm->name, "a@b /* no comment */");
	assert_ptr_equal(vm->os, &demo_os_rows[OS_ALMA9]);
	assert_int_equal(vm->state, VM_STATE_SAVED);
	assert_int_equal(vm->behaviour, BEHAVIOUR_MUTE);
	assert_int_equal(vm->logins[0].via, VIA_DESKTOP);
	assert_int_equal(vm->logins[0].leaves, LEAVES_NEVER);
	assert_string_equal(vm->events[0].user, "u");
}

TEST(complaints_name_the_line)
{
	complains(TWO("name = \"h\"; colour = 3;"), "x.conf:3: a host: unknown key 'colour'");
	complains(TWO("name = \"h\"; production = 1;"), "x.conf:3: 'production' must be true or false");
	complains(TWO("name = 3;"), "x.conf:3: 'name' must be a text in double quotes");
	complains(TWO("version = \"x\";"), "a host needs 'name'");
	complains(TWO("name = \"h\"; vms = [ 1 ];"), "x.conf:3: 'vms' must be a list");
	complains(TWO("name = \"h\"; vms = ( 1 );"), "a VM must be a group");
	complains(VM("name = \"a\"; vcpus = 0;"), "'vcpus' must be 1 to 1024");
	complains(VM("name = \"a\"; vcpus = 99999999999L;"), "'vcpus' must be 1 to 1024");
	complains(VM("name = \"a\"; agent = \"upp\";"), "'agent' must be one of: up, none, down");
	complains(VM("name = \"a\"; os = \"beos\";"), "'os' must be one of: debian12");
	complains("hosts = (", "x.conf:1: syntax error");
	complains("hosts = ( ); hosts = ( );", "x.conf:1: duplicate setting");
}

TEST(what_keys_mean_together_is_checked)
{
	complains("", "needs 'hosts'");
	complains("hosts = ( );", "no host");
	complains("hosts = ( { name = \"a/b\"; } );", "letters, digits");
	complains("hosts = ( { name = \"a\"; }, { name = \"a\"; } );", "two hosts");
	complains(VM("name = \"a\"; }, { name = \"a\";"), "another VM of h has this name or UUID");
	complains(VM("name = \"a\"; uuid = \"12\";"), "'12' is not a UUID");
	complains(VM("name = \"a\"; events = ( { what = \"hang\"; at = 1; } );"), "' is an event of hosts, not of VMs");
	complains(VM("name = \"a\"; events = ( { what = \"logon\"; at = 1; } );"), "needs 'user'");
	complains(VM("name = \"a\"; events = ( { what = \"crash\"; at = 1; every = 0.01; } );"), "at least 0.1 s");
	complains("hosts = ( { name = \"h\"; events = ( { what = \"crash\"; at = 1; } ); } );",
		  "' is an event of VMs, not of hosts");
}

TEST(what_could_harm_is_refused_before_it_is_read)
{
	char *deep = keep(mem_zalloc(100001)), *big = keep(mem_zalloc(SCENARIO_FILE_MAX + 2));

	memset(deep, '(', 100000);
	memset(big, ' ', SCENARIO_FILE_MAX + 1);
	complains(deep, "more than 16 deep");
	complains(big, "must not be larger than 256 KiB");
	complains("@include \"/etc/passwd\"\n", "x.conf:1: @include is not allowed in a scenario");
	complains("seed = 1;\n  @include \"x.conf\"\n", "x.conf:2:");
	assert_false(scenario_read_text("x.conf", "seed = 1;\0@include", 18, &scenario, NULL));
}

TEST(the_files_beside_the_tests_are_valid)
{
	FOR_EACH(const char *, file, SCENARIOS "/agents.conf", SCENARIOS "/failures.conf", SCENARIOS "/hosts.conf",
		 SCENARIOS "/sessions.conf", SCENARIOS "/silence.conf") {
		struct err err = { 0 };

		if (!demo_scenario_hosts(*file, &hosts, &err))
			fail_msg("%s", text_str(err_text(&err)));
		demo_addresses_free(&hosts);
	}
}

RUN_TESTS_EACH("demo scenario", NULL, NULL, NULL, tidy)
