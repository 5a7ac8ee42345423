/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is where: rows of sessions, narrowed, sorted, marked. */
#include "tests/unit/fleet.h"
#include "tests/unit/unit.h"
#include "ui/tui/session_boxes.h"
#include "ui/tui/session_listing.h"

static void dialog_free(struct dialog *dialog)
{
	dialog_destroy(&dialog->view);
}

static struct inventory *inventory;
static struct session_listing list;

static void log_on(struct vm *vm, const char *id, const char *user, const char *from)
{
	struct session *session;

	fleet_log_on(vm, user);
	session = &vm->sessions.at[vm->sessions.count - 1];
	snprintf(session->id, sizeof(session->id), "%s", id);
	session->remote = text_sanitize_str(from, TEXT_CAP_HOST);
	session->login_time = 1000 - (int64_t)vm->sessions.count;
	inventory_touch(inventory, vm);
}

/* alice on web1 and web10, bob on web1 and web2; erp is silent, old is off. */
FIXTURE(open_fleet)
{
	static const struct {
		int host;
		const char *name;
		enum vm_state state;
	} vms[] = { { 0, "web1", VM_STATE_RUNNING },
		    { 1, "web2", VM_STATE_RUNNING },
		    { 1, "web10", VM_STATE_RUNNING },
		    { 0, "erp", VM_STATE_RUNNING },
		    { 0, "old", VM_STATE_SHUTOFF } };

	inventory = fleet_create();
	session_listing_init(&list, inventory, SESSION_FIELD_USER);
	for (size_t i = 0; i < ARRAY_SIZE(vms); i++) {
		fleet_tell(inventory, vms[i].host, (int)i, vms[i].name, vms[i].state);
		*VEC_PUSH(&list.scope) = fleet_id(vms[i].host, (int)i);
	}
	log_on(fleet_vm(inventory, 0, 0), "1", "bob", "10.0.0.7");
	log_on(fleet_vm(inventory, 0, 0), "2", "alice", "");
	log_on(fleet_vm(inventory, 1, 1), "1", "bob", "10.0.0.8");
	log_on(fleet_vm(inventory, 1, 2), "5", "alice", "");
	session_listing_update(&list);
}

FIXTURE(close_fleet)
{
	session_listing_free(&list);
	inventory_destroy(inventory);
}

/* "alice@web1 bob@web2": the rows as they stand. */
static void the_rows_are(const char *expected)
{
	char seen[512] = "";

	session_listing_update(&list);
	for (size_t i = 0; i < list.rows.count; i++) {
		const struct session_row *row = &list.rows.at[i];
		size_t len = strlen(seen);

		snprintf(seen + len, sizeof(seen) - len, "%s%s%s@%s", i > 0 ? " " : "",
			 session_listing_is_marked(&list, row) ? "*" : "", text_str(row->session->user),
			 text_str(row->vm->info.name));
	}
	assert_string_equal(seen, expected);
}

static void narrowed_by(const char *words, const char *expected)
{
	session_listing_set_words(&list, words);
	the_rows_are(expected);
	session_listing_set_words(&list, "");
}

static void sorted_by(enum session_field by, bool descending, const char *expected)
{
	session_listing_sort(&list, by, descending);
	the_rows_are(expected);
}

static void act(enum action_id action)
{
	assert_true(session_listing_act(&list, action));
}

static void the_picks_are(const char *expected)
{
	const struct session_picks *picks = session_listing_picks(&list);
	char seen[256] = "";

	for (size_t i = 0; i < picks->count; i++) {
		size_t len = strlen(seen);

		snprintf(seen + len, sizeof(seen) - len, "%s%s@%s", i > 0 ? " " : "", picks->at[i].id,
			 text_str(inventory_find(inventory, &picks->at[i].vm)->info.name));
	}
	assert_string_equal(seen, expected);
}

/* --- */

TEST(everybody_stands_by_name_whatever_vm_it_is)
{
	the_rows_are("alice@web1 alice@web10 bob@web1 bob@web2");
	assert_int_equal(list.rows.sessions, 4);
	assert_int_equal(list.rows.occupied_vms, 3);
	assert_int_equal(list.rows.vms, 5);
}

TEST(where_it_is_not_known_is_counted_and_what_is_off_is_known)
{
	assert_int_equal(list.rows.unknown, 1);
	assert_int_equal(list.rows.asked, 0);
	fleet_vm(inventory, 0, 3)->sessions_asked = true;
	inventory_touch(inventory, fleet_vm(inventory, 0, 3));
	session_listing_update(&list);
	assert_int_equal(list.rows.asked, 1);
}

TEST(words_narrow_by_user_vm_host_and_where_from)
{
	narrowed_by("BOB", "bob@web1 bob@web2");
	narrowed_by("bob web1", "bob@web1");
	narrowed_by("10.0.0.8", "bob@web2");
	narrowed_by("!bob", "alice@web1 alice@web10");
	narrowed_by("bob !10.0.0.7", "bob@web2");
	narrowed_by(" ! ", "alice@web1 alice@web10 bob@web1 bob@web2");
	narrowed_by("nobody", "");
}

TEST(any_column_sorts_and_names_break_the_tie)
{
	sorted_by(SESSION_FIELD_VM, false, "alice@web1 bob@web1 bob@web2 alice@web10");
	sorted_by(SESSION_FIELD_HOST, false, "alice@web1 bob@web1 alice@web10 bob@web2");
	sorted_by(SESSION_FIELD_HOST, true, "alice@web10 bob@web2 alice@web1 bob@web1");
	sorted_by(SESSION_FIELD_SINCE, true, "alice@web10 bob@web1 bob@web2 alice@web1");
	sorted_by(SESSION_FIELD_FROM, true, "bob@web2 bob@web1 alice@web1 alice@web10");
	sorted_by(SESSION_FIELD_ID, true, "alice@web10 alice@web1 bob@web1 bob@web2");
	sorted_by(SESSION_FIELD_TTY, true, "alice@web1 alice@web10 bob@web1 bob@web2");
	sorted_by(SESSION_FIELD_STATE, true, "alice@web1 alice@web10 bob@web1 bob@web2");
}

TEST(users_of_a_domain_stand_together)
{
	fleet_vm(inventory, 1, 1)->sessions.at[0].domain = text_sanitize_str("ACME", TEXT_CAP_USER);
	inventory_touch(inventory, fleet_vm(inventory, 1, 1));
	the_rows_are("bob@web2 alice@web1 alice@web10 bob@web1");
}

TEST(without_marks_the_one_under_the_cursor_is_meant)
{
	the_picks_are("2@web1");
	act(ACTION_MOVE_LAST);
	the_picks_are("1@web2");
	narrowed_by("nobody", "");
}

TEST(marks_stay_while_a_filter_hides_them)
{
	act(ACTION_MARK);
	the_rows_are("*alice@web1 alice@web10 bob@web1 bob@web2");
	session_listing_set_words(&list, "bob");
	act(ACTION_MARK_INVERT);
	the_rows_are("*bob@web1 *bob@web2");
	the_picks_are("2@web1 1@web1 1@web2");
	assert_true(session_listing_clear(&list));
	the_rows_are("*alice@web1 alice@web10 *bob@web1 *bob@web2");
	act(ACTION_MARK_INVERT);
	the_rows_are("alice@web1 *alice@web10 bob@web1 bob@web2");
	assert_true(session_listing_clear(&list));
	the_rows_are("alice@web1 alice@web10 bob@web1 bob@web2");
	assert_false(session_listing_clear(&list));
}

TEST(a_mark_goes_with_its_session)
{
	struct vm *web1 = fleet_vm(inventory, 0, 0);

	act(ACTION_MARK);
	snprintf(web1->sessions.at[1].id, SESSION_ID_SIZE, "9");
	inventory_touch(inventory, web1);
	the_rows_are("alice@web1 alice@web10 bob@web1 bob@web2");
	snprintf(web1->sessions.at[1].id, SESSION_ID_SIZE, "2");
	the_rows_are("alice@web1 alice@web10 bob@web1 bob@web2");
}

TEST(the_cursor_stays_on_its_session_while_others_come)
{
	const struct uuid gone = fleet_uuid(1);

	act(ACTION_MOVE_LAST);
	log_on(fleet_vm(inventory, 1, 1), "7", "aaron", "");
	the_rows_are("aaron@web2 alice@web1 alice@web10 bob@web1 bob@web2");
	the_picks_are("1@web2");
	inventory_apply_gone(inventory, 1, &gone);
	the_rows_are("alice@web1 alice@web10 bob@web1");
	the_picks_are("1@web1");
}

TEST(who_has_no_session_of_his_own_cannot_be_picked)
{
	log_on(fleet_vm(inventory, 0, 3), "", "aa", "");
	act(ACTION_MOVE_FIRST);
	the_rows_are("aa@erp alice@web1 alice@web10 bob@web1 bob@web2");
	the_picks_are("");
	act(ACTION_MARK_INVERT);
	the_rows_are("aa@erp *alice@web1 *alice@web10 *bob@web1 *bob@web2");
	act(ACTION_UNMARK_ALL);
	act(ACTION_MARK);
	the_rows_are("aa@erp alice@web1 alice@web10 bob@web1 bob@web2");
}

TEST(picks_know_their_vms_and_each_vm_its_own)
{
	struct session_pick_list chosen;
	struct vm_ids vms = { 0 };
	struct vm_id web1 = fleet_id(0, 0);

	act(ACTION_MARK_INVERT);
	session_picks_vms(session_listing_picks(&list), &vms);
	assert_int_equal(vms.count, 3);
	session_picks_of(&list.chosen, &web1, &chosen);
	assert_string_equal(chosen.ids[0], "2");
	assert_string_equal(chosen.ids[1], "1");
	assert_null(chosen.ids[2]);
	VEC_FREE(&vms);
}

/* --- an id that becomes somebody else's --- */

static void belongs_to(struct vm *vm, size_t index, const char *user)
{
	text_set(&vm->sessions.at[index].user, text_sanitize_str(user, TEXT_CAP_USER));
	vm->sessions_at++;
	inventory_touch(inventory, vm);
}

TEST(a_mark_is_for_the_one_who_was_marked)
{
	act(ACTION_MARK);
	the_rows_are("*alice@web1 alice@web10 bob@web1 bob@web2");
	belongs_to(fleet_vm(inventory, 0, 0), 1, "zoe");
	the_rows_are("alice@web10 bob@web1 bob@web2 zoe@web1");
	the_picks_are("5@web10");
}

TEST(a_box_is_for_the_one_who_was_shown)
{
	struct vm *vm = fleet_vm(inventory, 0, 0);
	OWN(session_boxes) struct session_boxes boxes = { 0 };
	OWN(dialog) struct dialog dialog = { .challenge_at = -1 };
	struct session_selector wishes;

	belongs_to(vm, 0, "bob");
	session_boxes_follow(&boxes, &dialog, vm);
	dialog.fields.at[0]->is_ticked = false;
	assert_true(session_boxes_selector(&boxes, &dialog, &wishes));
	assert_string_equal(wishes.sessions[0], "2");
	assert_true(wishes.stamps[0] == session_stamp(&vm->sessions.at[1]));
	assert_null(wishes.sessions[1]);
	belongs_to(vm, 1, "zoe");
	assert_true(wishes.stamps[0] != session_stamp(&vm->sessions.at[1]));
	session_boxes_follow(&boxes, &dialog, vm);
	assert_int_equal(boxes.rows.count, 2);
	assert_non_null(strstr(dialog.fields.at[0]->label, "bob"));
	assert_false(dialog.fields.at[0]->is_ticked);
	assert_non_null(strstr(dialog.fields.at[1]->label, "zoe"));
}

TEST(who_comes_after_a_choice_was_made_is_not_chosen)
{
	struct vm *vm = fleet_vm(inventory, 0, 0);
	OWN(session_boxes) struct session_boxes boxes = { 0 };
	OWN(dialog) struct dialog dialog = { .challenge_at = -1 };
	struct session_selector wishes;

	belongs_to(vm, 0, "bob");
	session_boxes_follow(&boxes, &dialog, vm);
	log_on(vm, "3", "carol", "");
	belongs_to(vm, 0, "bob");
	session_boxes_follow(&boxes, &dialog, vm);
	assert_true(dialog.fields.at[2]->is_ticked);
	assert_true(session_boxes_selector(&boxes, &dialog, &wishes));
	assert_null(wishes.sessions);
	dialog.fields.at[0]->is_ticked = false;
	log_on(vm, "4", "bob", "");
	belongs_to(vm, 0, "rob"); /* bob's first session is over */
	session_boxes_follow(&boxes, &dialog, vm);
	assert_int_equal(boxes.rows.count, 4);
	assert_true(session_boxes_selector(&boxes, &dialog, &wishes));
	assert_string_equal(wishes.sessions[0], "2");
	assert_string_equal(wishes.sessions[1], "3");
	assert_null(wishes.sessions[2]);
	session_list_free(&vm->sessions);
	vm->sessions_at++;
	session_boxes_follow(&boxes, &dialog, vm);
	assert_false(session_boxes_selector(&boxes, &dialog, &wishes)); /* not everybody */
}

/* --- thousands of VMs, of which a few change --- */

TEST(a_vm_that_did_not_change_is_not_looked_at_again)
{
	text_set(&fleet_vm(inventory, 0, 0)->sessions.at[0].user, text_format("%s", "aaron"));
	log_on(fleet_vm(inventory, 1, 1), "7", "carol", "");
	the_rows_are("alice@web1 alice@web10 aaron@web1 bob@web2 carol@web2");
	inventory_touch(inventory, fleet_vm(inventory, 0, 0));
	the_rows_are("aaron@web1 alice@web1 alice@web10 bob@web2 carol@web2");
}

TEST(who_is_renamed_moves_with_all_sessions)
{
	session_listing_sort(&list, SESSION_FIELD_VM, false);
	session_listing_update(&list);
	fleet_tell(inventory, 0, 0, "zeus", VM_STATE_RUNNING);
	the_rows_are("bob@web2 alice@web10 alice@zeus bob@zeus");
}

static unsigned dice, logons;

static unsigned roll(unsigned sides)
{
	dice = dice * 1103515245 + 12345;
	return dice / 65536 % sides;
}

static void log_off_all(struct vm *vm)
{
	session_list_free(&vm->sessions);
	inventory_touch(inventory, vm);
}

/* One of all that can happen to one of forty VMs. */
static void something_happens(void)
{
	static const char *const users[] = { "alice", "bob", "carol", "dave" };
	const int host = (int)roll(2), number = (int)roll(20);
	const struct uuid uuid = fleet_uuid(number);
	struct vm *vm = fleet_vm(inventory, host, number);
	char name[32], id[8];

	snprintf(name, sizeof(name), "vm%u", roll(60));
	snprintf(id, sizeof(id), "%u", ++logons);
	if (!vm || roll(8) == 0)
		fleet_tell(inventory, host, number, name, roll(4) ? VM_STATE_RUNNING : VM_STATE_SHUTOFF);
	else if (roll(12) == 0)
		inventory_apply_gone(inventory, host, &uuid);
	else if (roll(40) == 0)
		inventory_apply_host(inventory, host, HOST_LIVE, roll(2) ? ACCESS_FULL : ACCESS_READ_ONLY, 0,
				     (struct safe_text){ NULL });
	else if (roll(4) == 0 || vm->sessions.count == 5)
		log_off_all(vm);
	else
		log_on(vm, id, users[roll(4)], "");
}

static void are_the_same_rows(const struct session_rows *a, const struct session_rows *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		assert_ptr_equal(a->at[i].session, b->at[i].session);
	assert_int_equal(a->sessions, b->sessions);
	assert_int_equal(a->vms, b->vms);
	assert_int_equal(a->occupied_vms, b->occupied_vms);
	assert_int_equal(a->unknown, b->unknown);
}

TEST(rows_made_anew_in_part_are_those_made_anew_as_a_whole)
{
	struct listing *shown = listing_create(inventory, NULL);
	struct session_listing whole, part;
	struct err err;

	dice = 1;
	assert_true(listing_set_filter(shown, "!name:vm1", &err));
	session_listing_init(&part, inventory, SESSION_FIELD_USER);
	part.shown = shown;
	for (int i = 0; i < 2000; i++) {
		for (unsigned news = roll(6); news > 0; news--)
			something_happens();
		if (roll(50) == 0)
			session_listing_sort(&part, (enum session_field)roll(SESSION_FIELD_COUNT), roll(2));
		if (roll(50) == 0)
			session_listing_set_words(&part, roll(2) ? "!bob" : "");
		session_listing_update(&part);
		session_listing_init(&whole, inventory, part.by);
		session_listing_sort(&whole, part.by, part.descending);
		session_listing_set_words(&whole, part.words);
		whole.shown = shown;
		session_listing_update(&whole);
		are_the_same_rows(&part.rows, &whole.rows);
		session_listing_free(&whole);
	}
	assert_true(part.rows.sessions > 0);
	session_listing_free(&part);
	listing_destroy(shown);
}

RUN_TESTS_EACH("session_listing", NULL, NULL, open_fleet, close_fleet)
