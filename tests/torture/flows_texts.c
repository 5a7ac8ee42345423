/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/scenario_read.h"
#include "backend/guest/agent_json.h"
#include "backend/libvirt/libvirt_uri.h"
#include "backend/libvirt/xml.h"
#include "base/base64.h"
#include "base/clock.h"
#include "engine/config_internal.h"
#include "engine/filter.h"
#include "engine/keymap.h"
#include "engine/listing.h"
#include "flows.h"
#include "tests/paths.h"
#include "tests/unit/fleet.h"
#include "ui/app/recheck.h"
#include "ui/cli/options.h"
#include "ui/cli/output.h"

#include <fcntl.h>
#include <unistd.h>

/* ---- base and model ---- */

static bool hostile_text(struct err *err)
{
	static const char bytes[] = "\x1b]0;title\a\xff\xfe\xe2\x80\xae"
				    "evil\r\n\t\xf0\x9f\x98\x80";
	struct safe_text strict = text_sanitize(bytes, sizeof(bytes) - 1, TEXT_CAP_LINE);
	struct safe_text ours = text_format("%s and %d more", text_str(strict), 7), copy = text_copy(ours);

	(void)err;
	text_set(&copy, text_sanitize_str("web10", TEXT_CAP_NAME));
	(void)text_compare(copy, ours);
	text_free(&strict);
	text_free(&ours);
	text_free(&copy);
	return true;
}

static bool session_lists(struct err *err)
{
	struct session_list list = { 0 }, copy = { 0 };
	struct safe_text names;

	(void)err;
	for (int i = 0; i < 20; i++)
		VEC_PUSH(&list)->user = text_format("user%d", i);
	session_list_copy(&copy, &list);
	names = session_list_names(&copy, 16);
	text_free(&names);
	session_list_free(&list);
	session_list_free(&copy);
	return true;
}

static bool a_fleet_is_listed(struct err *err)
{
	struct inventory *inventory = fleet_create();
	struct tasklist tasks = { 0 };
	struct listing *listing = listing_create(inventory, &tasks);
	struct attribute_cell cell;
	char name[16];
	bool ok;

	for (int i = 1; i <= 12; i++) {
		snprintf(name, sizeof(name), "web%02d", i);
		fleet_tell(inventory, i % 2, i, name, i % 3 ? VM_STATE_RUNNING : VM_STATE_SHUTOFF);
	}
	listing_set_sort(listing, attribute_get("state"), true);
	ok = listing_set_filter(listing, "state=running web", err);
	for (size_t i = 0; i < listing_count(listing); i++) {
		const struct attribute_row row = listing_row(listing, listing_at(listing, i), clock_ms());

		for (size_t column = 0; column < attribute_count(); column++)
			(void)attribute_words(attribute_at(column), &row, &cell);
	}
	listing_destroy(listing);
	inventory_destroy(inventory);
	return ok;
}

static bool tasks_are_kept(struct err *err)
{
	const struct vm_id id = fleet_id(0, 1);
	struct tasklist tasks = { 0 };
	struct task_report report;

	(void)err;
	for (int i = 0; i < 10; i++) {
		struct task *task = tasklist_add(&tasks, OP_LOGOFF, &id);

		task_report_init(&report);
		task_report_fail(&report, VM_E_TIMED_OUT, "%s", "alice is still there");
		task_apply(&tasks, task, &report);
		task_report_free(&report);
	}
	tasklist_dismiss_complete(&tasks);
	tasklist_free(&tasks);
	return true;
}

/* ---- settings, filter, keys ---- */

static bool read_settings(const char *text, struct err *err)
{
	struct config_complaints complaints = { 0 };
	struct config config = { 0 };
	char *bytes = mem_strdup(text);
	bool ok;

	config_defaults(&config);
	ok = config_take_bytes(&config, "the.conf", bytes, strlen(bytes), &complaints, err);
	config_complaints_free(&complaints);
	config_free(&config);
	free(bytes);
	return ok;
}

static bool parse_filter(const char *words, struct err *err)
{
	struct inventory *inventory = fleet_create();
	struct vm *vm = fleet_tell(inventory, 0, 1, "web01", VM_STATE_RUNNING);
	struct filter *filter;
	bool ok = filter_parse(words, &filter, err);

	if (ok) {
		(void)filter_match(filter, vm, inventory_host(inventory, 0), clock_ms());
		filter_destroy(filter);
	}
	inventory_destroy(inventory);
	return ok;
}

static bool keys_and_columns(struct err *err)
{
	struct columns columns = { 0 };
	struct keymap keymap = { 0 };
	bool ok;

	keymap_init(&keymap);
	ok = keymap_override(&keymap, "logoff", "C-x M-l F5", err) &&
	     columns_parse("name,host,state,users", &columns, err);
	VEC_FREE(&columns);
	keymap_free(&keymap);
	return ok;
}

/* ---- what guests and hosts say ---- */

#define READS(name, type, parse, free_it) \
	static bool name(const char *reply, struct err *err) \
	{ \
		type value = { 0 }; \
		const bool ok = parse(reply, strlen(reply), &value, err); \
		free_it(&value); \
		return ok; \
	}

READS(read_abilities, struct agent_capabilities, agent_parse_info, agent_abilities_free)
READS(read_os, struct agent_os, agent_parse_os, agent_os_free)
READS(read_users, struct agent_users, agent_parse_users, agent_users_free)
READS(read_output, struct agent_output, agent_parse_output, agent_output_free)

static bool read_pid(const char *reply, struct err *err)
{
	int64_t pid;

	return agent_parse_pid(reply, strlen(reply), &pid, err);
}

static bool agent_is_asked(struct err *err)
{
	static const char *const args[] = { "terminate-session", "4", NULL };
	const struct agent_program program = { .path = "loginctl", .args = args, .input = "text\n", .capture = true };
	char *command = agent_exec_command(&program), *status = agent_status_command(4711);

	(void)err;
	free(command);
	free(status);
	return true;
}

static bool base64_there_and_back(struct err *err)
{
	char *text = base64_encode("some bytes", 10), *bytes = NULL;
	size_t len;
	bool cut;

	(void)err;
	if (base64_decode(text, strlen(text), 64, &bytes, &len, &cut))
		free(bytes);
	free(text);
	return true;
}

static bool a_domains_xml(struct err *err)
{
	static const char xml[] =
		"<domain type='kvm'><name>web01</name><title>The web &amp; more</title><vcpu current='2'>4</vcpu>"
		"<memory unit='KiB'>1048576</memory><devices><channel type='unix'><target type='virtio' "
		"name='org.qemu.guest_agent.0' state='connected'/></channel>"
		"<disk><source file='/a'/><target dev='vda' bus='virtio'/></disk></devices></domain>";
	struct vm_info info = { 0 };

	(void)err;
	if (xml_read_domain(xml, sizeof(xml) - 1, &info))
		vm_info_free(&info);
	return true;
}

static bool libvirts_aliases(struct err *err)
{
	static const char conf[] =
		"uri_default = \"qemu:///system\"\nuri_aliases = [\n \"farm=qemu+ssh://root@farm/system\",\n]\n";
	char *alias = libvirt_uri_find_alias(conf, "farm"), *standard = libvirt_uri_find_default(conf);
	char *quiet = libvirt_uri_without_tty("qemu+ssh://farm/system");

	(void)err;
	free(alias);
	free(standard);
	free(quiet);
	return true;
}

/* ---- scenarios ---- */

static bool load_scenario(const char *words, struct err *err)
{
	struct demo_scenario scenario;

	if (!scenario_load(words, NULL, &scenario, err))
		return false;
	scenario_free(&scenario);
	return true;
}

static bool a_broken_scenario(struct err *err)
{
	static const char text[] = "hosts = ( { name = \"a\"; vms = ( { name = \"b\"; stat = 3; } ); } );";
	struct demo_scenario scenario;

	if (!scenario_read_text("broken", text, sizeof(text) - 1, &scenario, err))
		return false;
	scenario_free(&scenario);
	return true;
}

/* ---- the command line and what it prints ---- */

static bool parse_options(char **argv, struct err *err)
{
	struct options options;
	int argc = 0;
	bool ok;

	while (argv[argc])
		argc++;
	ok = options_parse(&options, argc, argv, err);
	options_free(&options);
	return ok;
}

static bool a_command_line(struct err *err)
{
	return parse_options((char *[]){ (char *)"innkeeper", (char *)"-c", (char *)"qemu:///system", (char *)"logoff",
					 (char *)"web01", (char *)"web02", (char *)"--user", (char *)"alice",
					 (char *)"--grace", (char *)"60", (char *)"--message", (char *)"Patches",
					 NULL },
			     err);
}

static bool a_wrong_command_line(struct err *err)
{
	return parse_options((char *[]){ (char *)"innkeeper", (char *)"logof", (char *)"--graze=60", NULL }, err);
}

static bool help(struct err *err)
{
	char *bytes = NULL;
	size_t len;
	FILE *stream = open_memstream(&bytes, &len);

	(void)err;
	if (!stream)
		return true;
	options_print_help(stream, COMMAND_LOGOFF);
	fclose(stream);
	free(bytes);
	return true;
}

static bool print_rows(enum output_format format, struct err *err)
{
	static const struct output_column columns[] = { { "name", "NAME", OUTPUT_IS_TEXT },
							{ "users", "USERS", OUTPUT_IS_NUMBER } };
	struct output_sink sink = { .fd = open("/dev/null", O_WRONLY | O_CLOEXEC) };
	struct output output;
	bool ok = false;

	output_init(&output, columns, ARRAY_SIZE(columns));
	for (int i = 0; i < 30; i++) {
		output_row(&output);
		output_put_text(&output, 0, TEXT_TRUSTED("web, \"01\""));
		output_put_number(&output, 1, i - 1);
	}
	if (sink.fd < 0)
		err_set(err, ERR_SYSTEM, "no descriptor");
	else
		ok = output_sort(&output, "-users", err) && output_write(&output, format, &sink, err);
	output_finish(&output);
	if (sink.fd >= 0)
		close(sink.fd);
	return ok;
}

#define ROWS_AS(name, format) \
	static bool name(struct err *err) \
	{ \
		return print_rows(format, err); \
	}

ROWS_AS(rows_as_a_table, OUTPUT_TEXT)
ROWS_AS(rows_as_json, OUTPUT_JSON)
ROWS_AS(rows_as_csv, OUTPUT_CSV)

static bool an_interrupted_task_is_rechecked(struct err *err)
{
	static const char bytes[] =
		"innkeeper-task 1\nverb logoff\nvm web01\nplanned 2026-01-01T12:00:00Z -\n"
		"session 4 alice\nsession 6 bob\nsending 2026-01-01T12:00:01Z end session 4 of alice\n";
	struct vm *vm = vm_create((struct vm_id){ .host = 0 });
	struct journal_entry entry;

	(void)err;
	vm->users_state = USERS_KNOWN;
	if (journal_parse(bytes, sizeof(bytes) - 1, &entry)) {
		struct recheck recheck = recheck_entry(&entry, vm, NULL);

		text_free(&recheck.words);
	}
	journal_entry_free(&entry);
	vm_destroy(vm);
	return true;
}

const struct flow flows_of_texts[] = {
	{ "good_settings", .run_on = read_settings,
	  .words = "delay = 5;\nfilter = \"state=running\";\nmouse = true;\n"
		   "hosts = ( { name = \"alpha\"; uri = \"qemu:///system\"; } );\nkeys = { logoff = \"L\"; };\n" },
	{ "odd_settings", .run_on = read_settings,
	  .words = "delai = 5;\ndelay = \"x\";\ngrace = 99999999;\nkeys = { nothing = \"L\"; };\n" },
	{ "broken_settings", .run_on = read_settings, .words = "delay = 5;\nfilter = \"state=running\nmouse" },
	{ "a_filter", .run_on = parse_filter, .words = "state=running host=a name~^web[0-9]+$ users>0" },
	{ "a_wrong_filter", .run_on = parse_filter, .words = "state=runing name~(((" },
	{ "a_scenario_of_sessions", .run_on = load_scenario, .words = SCENARIOS "/sessions.conf" },
	{ "a_scenario_of_agents", .run_on = load_scenario, .words = SCENARIOS "/agents.conf" },
	{ "a_scenario_of_hosts", .run_on = load_scenario, .words = SCENARIOS "/hosts.conf" },
	{ "a_scenario_of_silence", .run_on = load_scenario, .words = SCENARIOS "/silence.conf" },
	{ "a_scenario_that_is_not_there", .run_on = load_scenario, .words = "/nowhere/at.conf" },
	{ "a_fleet_to_measure", .run_on = load_scenario, .words = "fleet" },
	{ "agent_says_what_it_can", .run_on = read_abilities,
	  .words = "{\"return\":{\"version\":\"9.0\",\"supported_commands\":[{\"name\":\"guest-exec\",\"enabled\":"
		   "true,\"success-response\":true},"
		   "{\"name\":\"guest-exec-status\",\"enabled\":true}]}}" },
	{ "agent_says_its_system", .run_on = read_os,
	  .words = "{\"return\":{\"id\":\"debian\",\"name\":\"Debian\",\"pretty-name\":\"Debian 12\","
		   "\"version\":\"12\",\"version-id\":\"12\",\"kernel-release\":\"6.1\",\"machine\":\"x86_64\"}}" },
	{ "agent_says_who_is_on", .run_on = read_users,
	  .words = "{\"return\":[{\"user\":\"alice\",\"login-time\":1.5e9},{\"user\":\"bob\",\"domain\":\"D\","
		   "\"login-time\":1.5e9}]}" },
	{ "agent_says_what_came_of_it", .run_on = read_output,
	  .words = "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"aGVsbG8K\",\"err-data\":\"bm8K\"}}" },
	{ "agent_refuses", .run_on = read_pid,
	  .words =
		  "{\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"The command guest-exec has been disabled\"}}" },
	{ "agent_says_nonsense", .run_on = read_pid, .words = "{\"return\":{\"pid\":[[[\"\\ud800\"]]]" },
	/* clang-format off */
	FLOW(hostile_text), FLOW(session_lists), FLOW(a_fleet_is_listed), FLOW(tasks_are_kept), FLOW(keys_and_columns),
	FLOW(agent_is_asked), FLOW(base64_there_and_back), FLOW(a_domains_xml), FLOW(libvirts_aliases),
	FLOW(a_broken_scenario), FLOW(a_command_line), FLOW(a_wrong_command_line), FLOW(help), FLOW(rows_as_a_table),
	FLOW(rows_as_json), FLOW(rows_as_csv), FLOW(an_interrupted_task_is_rechecked), FLOWS_END,
	/* clang-format on */
};
