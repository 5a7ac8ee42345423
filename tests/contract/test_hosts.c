/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_hosts.c - what happens to a host when its daemon stands still, goes, comes back or talks nonsense.
 * With a real libvirtd, and real time: short time-outs here, the same code as with the long ones.
 */
#include "base/clock.h"
#include "tests/contract/daemon.h"
#include "tests/contract/witness.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SOON_MS = 5000,    /* recovery, and whatever else a person waits for */
	AT_ONCE_MS = 2000, /* on a loaded machine */
	BOOT_MS = 20000,
	QUIT_MAX_MS = 1000,
	RESTARTS = 100, /* or as many as fit the time; INNKEEPER_RESTARTS says how many, whatever it takes */
	RESTARTS_MS = 20000,
	RESTARTS_MIN = 3,
	HUNG_HOSTS = 15,
	MANY_MS = 90000,
	TOO_MANY = 16390, /* libvirt's answers hold 16,384 domains */
};

static struct daemon *daemon_;
static const char *missing; /* why there is no daemon */

FIXTURE(open_daemon)
{
	daemon_ = daemon_create(&missing);
	if (daemon_ && !daemon_start(daemon_)) {
		missing = "libvirtd does not start here";
		daemon_destroy(daemon_);
		daemon_ = NULL;
	}
}

FIXTURE(close_daemon)
{
	daemon_destroy(daemon_);
}

/* Each test finds the daemon well, whatever the one before did to it. */
static int heal_daemon(void **state)
{
	if (!daemon_)
		return 0;
	daemon_kill(daemon_);
	return daemon_start(daemon_) ? 0 : -1;
}

static void need_daemon(void)
{
	if (daemon_)
		return;
	print_message("skipped: %s\n", missing);
	skip();
}

static struct witness *connect_impatiently(int timeout_ms)
{
	need_daemon();
	return witness_start(&(struct witness_config){
		.uri = daemon_uri(daemon_),
		.connect_timeout_ms = timeout_ms,
		.keepalive_interval = 1,
		.keepalive_count = 2,
	});
}

static struct witness *connect_and_list(void)
{
	struct witness *witness = connect_impatiently(0);

	assert_true(witness_until(witness, witness_is_listed, BOOT_MS));
	return witness;
}

static void leave(struct witness *witness)
{
	int64_t took = witness_finish(witness);

	assert_in_range(took, 0, QUIT_MAX_MS);
}

static void trouble_says(struct witness *witness, const char *words)
{
	if (!strstr(text_str(witness->host->trouble), words))
		fail_msg("\"%s\" does not say \"%s\"", text_str(witness->host->trouble), words);
}

/* --- a daemon that stands still --- */

TEST(a_connect_without_an_answer_is_lost_and_says_so)
{
	struct witness *witness;

	need_daemon();
	daemon_stop(daemon_);
	witness = connect_impatiently(1000);
	assert_true(witness_until(witness, witness_is_lost, AT_ONCE_MS));
	trouble_says(witness, "connection timed out");
	/* One attempt under way is enough: the next is a minute off. */
	assert_in_range(witness->host->retry_at - clock_ms(), 50000, 60000);
	daemon_continue(daemon_);
	assert_true(witness_until(witness, witness_is_listed, SOON_MS));
	leave(witness);
}

TEST(a_daemon_that_stops_makes_its_host_stale_then_lost)
{
	struct witness *witness = connect_and_list();

	daemon_stop(daemon_);
	/* Keepalive is quicker here than staleness would be, so only its own order is looked at. */
	assert_true(witness_until(witness, witness_is_lost, 10000));
	trouble_says(witness, "stopped answering");
	daemon_continue(daemon_);
	assert_true(witness_until(witness, witness_is_live, SOON_MS));
	leave(witness);
}

TEST(a_host_without_keepalive_is_stale_and_live_again)
{
	struct witness *witness;
	int64_t since;

	need_daemon();
	witness = witness_start(&(struct witness_config){ .uri = daemon_uri(daemon_), .keepalive_interval = -1 });
	assert_true(witness_until(witness, witness_is_listed, BOOT_MS));
	daemon_stop(daemon_);
	since = clock_ms();
	assert_true(witness_until(witness, witness_is_stale, 10000));
	assert_in_range(clock_ms() - since, 3000, 10000);
	daemon_continue(daemon_);
	assert_true(witness_until(witness, witness_is_live, SOON_MS));
	leave(witness);
}

TEST(calls_to_a_stopped_daemon_fail_and_say_that_they_may_have_been_carried_out)
{
	struct witness *witness = connect_and_list();
	struct vm *vm = inventory_vm_at(witness->inventory, 0);
	struct vm_info info;
	struct err err;

	assert_true(witness_look(witness, &vm->info.uuid, &info, &err)); /* opens the slots' connections */
	vm_info_free(&info);
	daemon_stop(daemon_);
	assert_err(ERR_LOST, witness_verb(witness, &vm->info.uuid, OP_SUSPEND, &err));
	assert_true(witness_until(witness, witness_is_lost, SOON_MS));
	assert_err(ERR_UNREACHABLE, witness_verb(witness, &vm->info.uuid, OP_RESUME, &err));
	daemon_continue(daemon_);
	assert_true(witness_until(witness, witness_is_live, SOON_MS));
	witness_verb(witness, &vm->info.uuid, OP_RESUME, &err); /* it may, or may not, have been paused */
	leave(witness);
}

/* --- a daemon that goes --- */

TEST(a_killed_daemon_is_lost_at_once_and_found_again)
{
	struct witness *witness = connect_and_list();

	daemon_kill(daemon_);
	assert_true(witness_until(witness, witness_is_lost, AT_ONCE_MS));
	assert_in_range(witness->host->retry_at - clock_ms(), 0, 1300);
	assert_true(daemon_start(daemon_));
	witness->lists = 0;
	assert_true(witness_until(witness, witness_is_listed, 10000));
	leave(witness);
}

TEST(no_daemon_at_all_is_lost_and_tried_again_ever_more_slowly)
{
	struct witness *witness = connect_and_list();
	int64_t first, later;

	daemon_kill(daemon_);
	assert_true(witness_until(witness, witness_is_lost, AT_ONCE_MS));
	first = witness->host->retry_at - clock_ms();
	witness_turn_for(witness, 4000);
	assert_true(witness_until(witness, witness_is_lost, AT_ONCE_MS));
	later = witness->host->retry_at - witness->host->state_since;
	assert_in_range(first, 0, 1300);
	assert_in_range(later, 1500, 6000);
	backend_refresh(witness->backend); /* a key press: now */
	witness_turn_for(witness, 300);
	assert_in_range(witness->host->retry_at - clock_ms(), 0, 1300);
	leave(witness);
}

static size_t open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

TEST(many_restarts_leave_nothing_behind)
{
	struct witness *witness = connect_and_list();
	size_t rows = inventory_vm_count(witness->inventory), descriptors = 0;
	const char *wanted = getenv("INNKEEPER_RESTARTS");
	long restarts = wanted ? strtol(wanted, NULL, 10) : RESTARTS;
	int64_t until = clock_ms() + RESTARTS_MS;

	for (int i = 0; i < restarts && (wanted || i < RESTARTS_MIN || clock_ms() < until); i++) {
		daemon_kill(daemon_);
		assert_true(witness_until(witness, witness_is_lost, SOON_MS));
		assert_true(daemon_start(daemon_));
		backend_refresh(witness->backend);
		assert_true(witness_until(witness, witness_is_live, 10000));
		witness_turn_for(witness, 200);
		if (i == 1)
			descriptors = open_descriptors();
	}
	assert_true(open_descriptors() <= descriptors + 1);
	assert_int_equal(inventory_vm_count(witness->inventory), rows);
	leave(witness);
}

TEST(a_command_line_does_not_wait_for_a_host_that_went)
{
	struct witness *witness;

	need_daemon();
	witness = witness_start(&(struct witness_config){ .uri = daemon_uri(daemon_), .one_shot = true });
	assert_true(witness_until(witness, witness_is_listed, BOOT_MS));
	daemon_kill(daemon_);
	assert_true(witness_until(witness, witness_is_lost, AT_ONCE_MS));
	assert_int_equal(witness->host->retry_at, 0);
	assert_true(daemon_start(daemon_));
	witness_turn_for(witness, 2500);
	assert_true(witness_is_lost(witness));
	leave(witness);
}

/* --- many hosts --- */

TEST(hung_hosts_hold_up_neither_the_others_nor_the_end)
{
	struct witness *hung[HUNG_HOSTS], *healthy;
	struct daemon *other;
	const char *reason;
	int64_t begun, longest = 0;

	need_daemon();
	other = daemon_create(&reason);
	assert_non_null(other);
	assert_true(daemon_start(other));
	daemon_stop(daemon_);
	for (int i = 0; i < HUNG_HOSTS; i++)
		hung[i] = connect_impatiently(1000);
	healthy = witness_start(&(struct witness_config){ .uri = daemon_uri(other) });
	assert_true(witness_until(healthy, witness_is_listed, SOON_MS));
	for (int i = 0; i < HUNG_HOSTS; i++) {
		begun = clock_ms();
		loop_turn(hung[i]->loop, 0);
		longest = MAX(longest, clock_ms() - begun);
	}
	assert_in_range(longest, 0, 250);
	begun = clock_ms();
	for (int i = 0; i < HUNG_HOSTS; i++)
		witness_finish(hung[i]);
	witness_finish(healthy);
	assert_in_range(clock_ms() - begun, 0, 1000);
	daemon_continue(daemon_);
	daemon_destroy(other);
}

/* --- more than libvirt puts into one answer --- */

/* The daemon takes its time to read them. */
static struct witness *connect_to_many(const char *uri)
{
	const struct witness_config config = { .uri = uri, .connect_timeout_ms = MANY_MS, .keepalive_interval = -1 };

	return witness_start(&config);
}

TEST(more_than_fit_into_an_answer_are_listed_state_by_state)
{
	struct witness *witness;

	need_daemon();
	witness = connect_to_many(daemon_fleet_uri(daemon_, TOO_MANY));
	assert_true(witness_until(witness, witness_is_listed, MANY_MS));
	assert_int_equal(inventory_vm_count(witness->inventory), TOO_MANY);
	leave(witness);
}

/* --- what only a VM's XML tells --- */

enum { SOME = 600, ACTIVE = 400 };

static size_t count_read(const struct witness *witness)
{
	size_t count = 0;

	for (size_t i = 0; i < inventory_vm_count(witness->inventory); i++)
		count += vm_xml_is_known(inventory_vm_at(witness->inventory, i));
	return count;
}

static bool last_is_read(struct witness *witness)
{
	struct uuid uuid;

	return uuid_parse("00000000-0000-4000-8000-000000000255", &uuid) && vm_xml_is_known(witness_vm(witness, &uuid));
}

static bool all_are_read(struct witness *witness)
{
	return count_read(witness) == ACTIVE;
}

TEST(a_vm_on_screen_is_read_at_once_and_the_others_in_a_share_of_the_time)
{
	struct witness *witness;
	struct uuid last;

	need_daemon();
	witness = witness_start(&(struct witness_config){
		.uri = daemon_fleet_uri(daemon_, SOME), .connect_timeout_ms = MANY_MS, .background_share = 1 });
	assert_true(witness_until(witness, witness_is_listed, MANY_MS));
	assert_true(uuid_parse("00000000-0000-4000-8000-000000000255", &last));
	backend_watch(witness->backend, &last, 1);
	assert_true(witness_until(witness, last_is_read, MANY_MS));
	assert_in_range(count_read(witness), 1, ACTIVE / 2);
	backend_set_background_share(witness->backend, 100);
	assert_true(witness_until(witness, all_are_read, MANY_MS));
	leave(witness);
}

static bool cannot_be_listed(struct witness *witness)
{
	return strstr(text_str(witness->host->trouble), "cannot list") != NULL;
}

TEST(where_even_that_does_not_fit_it_says_so)
{
	char *path = keep(mem_printf("/tmp/innkeeper-many-%d.xml", (int)getpid())), *uri;
	FILE *file = fopen(path, "w");
	struct witness *witness;

	assert_non_null(file);
	fputs("<node>", file);
	for (int i = 0; i < TOO_MANY; i++)
		fprintf(file,
			"<domain type='test'><name>vm%d</name><memory>1024</memory>"
			"<os><type>hvm</type></os></domain>\n",
			i);
	fputs("</node>", file);
	fclose(file);
	chmod(path, 0644);
	need_daemon();
	uri = keep(mem_printf("test+unix://%s?socket=%s", path, daemon_socket(daemon_)));
	witness = connect_to_many(uri);
	assert_true(witness_until(witness, cannot_be_listed, MANY_MS));
	assert_int_not_equal(witness->host->state, HOST_LOST);
	leave(witness);
	unlink(path);
}

/* --- what is no daemon --- */

static void talk_nonsense(int listener)
{
	char junk[4096];

	memset(junk, 0xff, sizeof(junk));
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			_exit(0);
		(void)!write(fd, junk, sizeof(junk));
		close(fd);
	}
}

static pid_t start_nonsense(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 8), 0);
	pid = fork();
	if (pid == 0)
		talk_nonsense(listener);
	close(listener);
	return pid;
}

TEST(a_server_that_talks_nonsense_is_lost_and_no_more)
{
	char *path = keep(mem_printf("/tmp/innkeeper-nonsense-%d", (int)getpid()));
	char *uri = keep(mem_printf("test+unix:///default?socket=%s", path));
	pid_t pid = start_nonsense(path);
	struct witness *witness = witness_start(&(struct witness_config){ .uri = uri });

	assert_true(witness_until(witness, witness_is_lost, SOON_MS));
	assert_false(text_is_empty(witness->host->trouble));
	leave(witness);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	unlink(path);
}

/* What stands for ssh: notes its arguments, then does what a person would not like to wait for. */
static char *write_ssh(const char *dir, const char *then)
{
	char *path = mem_printf("%s/ssh", dir);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\nprintf '%%s ' \"$@\" >%s/args\n%s\n", dir, then);
	fclose(file);
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

/* --- ssh that carries, for a while --- */

static char *ssh_dir, *ssh_pids;

/* A number may be somebody else's by now. */
static bool is_relay(long pid)
{
	char *path = keep(mem_printf("/proc/%ld/comm", pid)), name[16] = "";
	FILE *file = fopen(path, "r");

	if (file) {
		(void)!fread(name, 1, sizeof(name) - 1, file);
		fclose(file);
	}
	return strcmp(name, "relay\n") == 0;
}

static void send_to_each_ssh(int signal_number)
{
	FILE *file = fopen(ssh_pids, "r");
	long pid;
	int count = 0;

	assert_non_null(file);
	while (fscanf(file, "%ld", &pid) == 1)
		count += is_relay(pid) && kill((pid_t)pid, signal_number) == 0;
	fclose(file);
	assert_true(count > 0);
}

static struct witness *connect_by_ssh(void)
{
	char *relay, *ssh, *uri, *here = getcwd(NULL, 0);
	struct witness *witness;

	need_daemon();
	ssh_dir = mem_strdup("/tmp/innkeeper-ssh-XXXXXX");
	assert_non_null(mkdtemp(ssh_dir));
	ssh_pids = mem_printf("%s/pids", ssh_dir);
	relay = keep(mem_printf("exec %s/tests/contract/relay %s %s", here, daemon_socket(daemon_), ssh_pids));
	ssh = write_ssh(ssh_dir, relay);
	uri = mem_printf("test+ssh://far.example.net/default?command=%s&proxy=netcat&socket=%s", ssh,
			 daemon_socket(daemon_));
	witness = witness_start(&(struct witness_config){ .uri = uri, .keepalive_interval = 1, .keepalive_count = 2 });
	assert_true(witness_until(witness, witness_is_listed, BOOT_MS));
	free(here);
	free(ssh);
	free(uri);
	return witness;
}

static void leave_ssh(struct witness *witness)
{
	leave(witness);
	FOR_EACH(const char *, name, "ssh", "args", "pids") {
		char *path = keep(mem_printf("%s/%s", ssh_dir, *name));

		unlink(path);
	}
	assert_int_equal(rmdir(ssh_dir), 0);
	free(ssh_dir);
	free(ssh_pids);
}

TEST(an_ssh_that_dies_is_lost_at_once_and_dialled_again)
{
	struct witness *witness = connect_by_ssh();

	send_to_each_ssh(SIGKILL);
	assert_true(witness_until(witness, witness_is_lost, AT_ONCE_MS));
	assert_false(text_is_empty(witness->host->trouble));
	witness->lists = 0;
	assert_true(witness_until(witness, witness_is_listed, SOON_MS));
	leave_ssh(witness);
}

/* As packets that are lost: the connection stands, and nothing comes. */
TEST(an_ssh_that_carries_nothing_is_lost_and_live_again)
{
	struct witness *witness = connect_by_ssh();

	send_to_each_ssh(SIGSTOP);
	assert_true(witness_until(witness, witness_is_lost, 10000));
	trouble_says(witness, "stopped answering");
	assert_true(witness_until(witness, witness_is_live, 10000)); /* by a new one */
	send_to_each_ssh(SIGKILL);
	witness_until(witness, witness_is_lost, AT_ONCE_MS);
	witness->lists = 0;
	assert_true(witness_until(witness, witness_is_listed, BOOT_MS)); /* a list under way holds up the end */
	leave_ssh(witness);
}

static void the_arguments_hold(const char *dir, const char *words)
{
	char *path = keep(mem_printf("%s/args", dir)), text[512] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	(void)!fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	unlink(path);
	if (!strstr(text, words))
		fail_msg("\"%s\" does not hold \"%s\"", text, words);
}

TEST(ssh_is_told_not_to_ask_and_what_it_says_is_told)
{
	char dir[] = "/tmp/innkeeper-ssh-XXXXXX";
	char *ssh, *uri;
	struct witness *witness;

	assert_non_null(mkdtemp(dir));
	ssh = keep(write_ssh(dir, "head -c 1 >/dev/null; echo 'Host key verification failed.' >&2; exit 255"));
	uri = keep(mem_printf("qemu+ssh://far.example.net/system?command=%s", ssh));
	witness = witness_start(&(struct witness_config){ .uri = uri });
	assert_true(witness_until(witness, witness_is_lost, SOON_MS));
	trouble_says(witness, "Host key verification failed");
	leave(witness);
	the_arguments_hold(dir, "BatchMode=yes");
	unlink(ssh);
	rmdir(dir);
}

TEST(a_host_that_wants_a_password_is_refused_in_words)
{
	char *path = keep(mem_printf("/tmp/innkeeper-password-%d.xml", (int)getpid()));
	char *uri = keep(mem_printf("test://%s", path));
	FILE *file = fopen(path, "w");
	struct witness *witness;

	assert_non_null(file);
	fputs("<node><auth><user password='secret'>somebody</user></auth></node>", file);
	fclose(file);
	witness = witness_start(&(struct witness_config){ .uri = uri });
	assert_true(witness_until(witness, witness_is_lost, SOON_MS));
	trouble_says(witness, "auth.conf");
	leave(witness);
	unlink(path);
}

TEST(a_uri_that_nobody_serves_is_lost_with_the_reason)
{
	struct witness *witness = witness_start(&(struct witness_config){ .uri = "nonsense:///system" });

	assert_true(witness_until(witness, witness_is_lost, SOON_MS));
	trouble_says(witness, "cannot connect");
	leave(witness);
}

RUN_TESTS_EACH("hosts", open_daemon, close_daemon, heal_daemon, NULL)
