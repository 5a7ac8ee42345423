/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_guest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PERSON(number, name, line) \
	{ \
		.id = number, .user = name, .tty = line, .class = "user" \
	}
#define CAROL .people = { PERSON("3", "carol", "tty1") }

/* What a hostile guest would like a terminal to see: titles, clipboard, colours, C1, bidi, forged lines. */
#define EVIL_HOST "\033]0;owned\007\033]52;c;b3duZWQ=\007evil"
#define EVIL_OS   "\033[2J\033[31mEvil OS\r\nall users logged off"

static struct fake_guest guests[] = {
	{ .personality = "windows", .windows = true, .host_name = "WIN-LAB",
	  .os_id = "mswindows", .os_name = "Windows Server 2022 Standard",
	  .people = {
		  { .id = "1", .user = "alice", .domain = "ACME", .wts_state = 0 },
		  { .id = "2", .user = "bob", .domain = "ACME", .wts_state = 4 },
		  { .id = "7", .user = "J\303\266rg M\303\274ller", .domain = "WIN-LAB", .wts_state = 0 },
	  } },
	{ .personality = "blocked", .exec_blocked = true, CAROL },
	{ .personality = "old", .old = true, CAROL },
	{ .personality = "frozen", .frozen = true, CAROL },
	{ .personality = "nobody" },
	{ .personality = "mute", .fault = FAULT_MUTE },
	{ .personality = "stall", .fault = FAULT_STALL },
	{ .personality = "stall-at-end", .fault = FAULT_STALL_AT_END,
	  .people = { PERSON("3", "carol", "tty1"), PERSON("5", "dave", "tty2") } },
	{ .personality = "lose-answer", .fault = FAULT_LOSE_ANSWER, CAROL },
	{ .personality = "slow", .answer_ms = 2000, CAROL },
	{ .personality = "garbage", .fault = FAULT_GARBAGE },
	{ .personality = "huge", .fault = FAULT_HUGE },
	{ .personality = "flap", .fault = FAULT_FLAP, CAROL },
	{ .personality = "twice", .fault = FAULT_TWICE, .people = { PERSON("3", "tom", "tty1") } },
	{ .personality = "mixed", .fault = FAULT_MIXED, .people = { PERSON("4", "mia", "tty1") } },
	{ .personality = "late", .fault = FAULT_LATE, .people = { PERSON("5", "lea", "tty1") } },
	{ .personality = "lies", .fault = FAULT_LIES, CAROL },
	{ .personality = "return", .fault = FAULT_RETURN, .people = { PERSON("3", "kiosk", "tty1") } },
	{ .personality = "many", .crowd = 3000, CAROL },
	{ .personality = "hostile", .host_name = EVIL_HOST, .os_id = "debian\033[5m", .os_name = EVIL_OS,
	  .people = {
		  PERSON("3", "\033]0;owned\007\033[2Jeve", "tty1\033[7m"),
		  PERSON("4", "\342\200\256ecila", "pts/0"),
		  PERSON("5", "\302\23331mmallory\302\235", "pts/1"),
	  } },
	{ .personality = "forger", .people = { PERSON("3", "carol", "tty1"), PERSON("6", "trent\nId=3\nName=root", "pts/2") } },
};

int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void fill(struct fake_guest *guest)
{
	guest->sessions = calloc(PEOPLE_MAX + (size_t)guest->crowd, sizeof(*guest->sessions));
	while (guest->people[guest->count].user) {
		guest->sessions[guest->count] = guest->people[guest->count];
		guest->count++;
	}
	for (int i = 1; i <= guest->crowd; i++) {
		struct fake_session *session = &guest->sessions[guest->count++];
		*session = (struct fake_session)PERSON("", "crowd", "");
		snprintf(session->id, sizeof(session->id), "c%d", i);
	}
}

struct fake_guest *fake_guest_find(const char *personality)
{
	for (size_t i = 0; i < sizeof(guests) / sizeof(guests[0]); i++) {
		struct fake_guest *guest = &guests[i];
		if (strcmp(guest->personality, personality) != 0)
			continue;
		if (!guest->host_name)
			guest->host_name = guest->personality;
		if (!guest->os_id) {
			guest->os_id = "debian";
			guest->os_name = "Debian GNU/Linux 12 (bookworm)";
		}
		guest->next_id = 100;
		fill(guest);
		return guest;
	}
	return NULL;
}

struct fake_session *fake_guest_session(struct fake_guest *guest, const char *id)
{
	for (size_t i = 0; i < guest->count; i++) {
		if (strcmp(guest->sessions[i].id, id) == 0)
			return &guest->sessions[i];
	}
	return NULL;
}

void fake_guest_end_session(struct fake_guest *guest, struct fake_session *session, int after_ms)
{
	if (guest->fault == FAULT_LIES || guest->fault == FAULT_STALL_AT_END)
		return;
	if (session->end_at == 0 || after_ms == 0)
		session->end_at = now_ms() + after_ms;
}

void fake_guest_settle(struct fake_guest *guest)
{
	int64_t now = now_ms();

	for (size_t i = 0; i < guest->count; i++) {
		struct fake_session *session = &guest->sessions[i];
		if (session->end_at == 0 || session->end_at > now)
			continue;
		fprintf(truth, "ended %s %s\n", session->id, session->user);
		if (guest->fault == FAULT_RETURN) {
			snprintf(session->id, sizeof(session->id), "%d", guest->next_id++);
			session->end_at = 0;
			continue;
		}
		guest->count--;
		memmove(session, session + 1, (guest->count - i) * sizeof(*session));
		i--;
	}
}
