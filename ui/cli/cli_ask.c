/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The question, and the line that answers it. The terminal's own line editing would hand over `y` and Enter in one
 * piece, and a paste would look like typing; so keys are read one by one and echoed here.
 */
#include "base/crash.h"
#include "base/language.h"
#include "ui/cli/cli_commands.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

enum {
	ANSWER_MAX = 256,
	ASK_TIMES = 3,
	NOT_READ_YET_MS = 250, /* too soon for an answer: input until then was typed ahead or pasted */
	KEY_BACKSPACE = 0x7f,
	KEY_ESCAPE = 0x1b,
	SHOWN_MOST = 40,
	NAMES_MOST = 8,
};

struct answer {
	char *words;
	size_t len;
	bool complete, is_pasted;
};

/* --- the terminal --- */

static struct termios cooked;
static volatile sig_atomic_t is_raw;

static void give_back(void)
{
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
	is_raw = 0;
}

/* --- the line --- */

static bool is_special(int index, char key)
{
	return is_raw && cooked.c_cc[index] != _POSIX_VDISABLE && cooked.c_cc[index] == (cc_t)key;
}

/* One character: its bytes that follow the first in UTF-8 go with it. */
static void erase(struct answer *answer)
{
	while (answer->len && ((unsigned char)answer->words[answer->len - 1] & 0xc0) == 0x80)
		answer->len--;
	if (answer->len) {
		answer->len--;
		fputs("\b \b", stderr);
	}
}

static void on_input(void *data, int fd, short revents UNUSED)
{
	struct answer *answer = data;
	char bytes[ANSWER_MAX];
	const ssize_t got = read(fd, bytes, sizeof(bytes));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		answer->len = 0;
		answer->complete = true;
	}
	/* A line end that arrives together with other bytes was pasted. */
	if (is_raw && got > 1 && (memchr(bytes, '\n', (size_t)got) || memchr(bytes, '\r', (size_t)got)))
		answer->is_pasted = answer->complete = true;
	for (ssize_t i = 0; i < got && !answer->complete; i++) {
		/* An arrow is no text: ESC [ A. */
		if (i + 1 < got && bytes[i] == KEY_ESCAPE && (bytes[i + 1] == '[' || bytes[i + 1] == 'O')) {
			i += 2;
			while (i < got && (bytes[i] < '@' || bytes[i] > '~'))
				i++;
		} else if (bytes[i] == '\n' || bytes[i] == '\r') {
			answer->complete = true;
		} else if (is_special(VEOF, bytes[i])) {
			answer->len = 0;
			answer->complete = true;
		} else if (is_special(VERASE, bytes[i]) || bytes[i] == KEY_BACKSPACE || bytes[i] == '\b') {
			erase(answer);
		} else if (is_special(VKILL, bytes[i])) {
			while (answer->len)
				erase(answer);
		} else if ((unsigned char)bytes[i] >= ' ' && answer->len < ANSWER_MAX - 1) {
			answer->words[answer->len++] = bytes[i];
			fputc(bytes[i], stderr);
		}
	}
	fflush(stderr);
}

static bool read_line(struct cli *cli, const char *prompt, struct answer *answer)
{
	struct loop *loop = app_loop(cli->app);
	const int interrupts = cli->interrupts;
	bool never = false, ok;
	struct termios raw;

	/* Drops typed-ahead input. Without a terminal, reads lines as they are. */
	if (!is_raw && tcgetattr(STDIN_FILENO, &cooked) == 0) {
		raw = cooked;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		crash_run(give_back);
		is_raw = 1;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
	}
	cli_wait(cli, cli_is_set, &never, NOT_READ_YET_MS);
	tcflush(STDIN_FILENO, TCIFLUSH);
	cli_ask_line("%s", prompt);
	loop_watch(loop, STDIN_FILENO, POLLIN, on_input, answer);
	ok = cli->interrupts == interrupts && cli_wait(cli, cli_is_set, &answer->complete, -1);
	loop_watch(loop, STDIN_FILENO, 0, NULL, NULL);
	answer->words[answer->len] = '\0';
	tcflush(STDIN_FILENO, TCIFLUSH);
	give_back();
	fputc('\n', stderr);
	return ok;
}

/*
 * Reads a line typed after the prompt; "" if it is empty. Takes `prompt`. Input from before the prompt is dropped. A
 * line that arrives in one piece was pasted: it is ignored, and the prompt is repeated. False: interrupted, or pasted
 * several times.
 */
static bool read_answer(struct cli *cli, struct safe_text prompt, char words[ANSWER_MAX])
{
	struct answer answer = { 0 };
	bool ok = false;

	for (int i = 0; i < ASK_TIMES; i++) {
		answer = (struct answer){ .words = words };
		ok = read_line(cli, text_str(prompt), &answer);
		if (!ok || !answer.is_pasted)
			break;
		cli_say("%s", _("ignored, because it looks pasted; type the answer"));
	}
	text_free(&prompt);
	return ok && !answer.is_pasted;
}

/* For what a "y" is too little for: the number of VMs or a host's name. Takes `prompt`. */
static bool ask_word(struct cli *cli, struct safe_text prompt, const char *wanted)
{
	char answer[ANSWER_MAX];

	return read_answer(cli, prompt, answer) && !strcmp(answer, wanted);
}

/* --- the question --- */

/* Of those that are meant. */
static struct safe_text who_is_on(const struct cli *cli, const struct vm *vm, enum operation operation)
{
	const struct session_selector whom = cli_selector(cli->options);
	OWN(vec) struct session_list chosen = { .more = vm->sessions.more }; /* its sessions are borrowed */
	OWN(session_choice) struct session_choice choice = { 0 };

	if (vm->users_state != USERS_KNOWN)
		return text_format("%s", app_is_about_sessions(operation)
						 ? _("users unknown: everyone logged on is affected")
						 : _("users unknown"));
	if (!session_list_total(&vm->sessions))
		return text_format("%s", _("no users logged on"));
	session_choice_init(&choice, &whom);
	for (size_t i = 0; i < vm->sessions.count; i++)
		if (session_choice_takes(&choice, &vm->sessions.at[i], vm->sessions.family))
			*VEC_PUSH(&chosen) = vm->sessions.at[i];
	return session_list_total(&chosen) ? session_list_names(&chosen, NAMES_MOST)
					   : text_format("%s", _("none of the selected users is logged on"));
}

/* With memory, the guest stands still: nothing has to be quiesced. */
static struct safe_text snapshot_words(const struct cli *cli, const struct vm *vm)
{
	const struct options *options = cli->options;
	const char *state = vm_state_name(vm->info.state);
	struct err err = { 0 };

	if (vm->info.domain_id < 0)
		return text_format("%s", state);
	if (!options->disk_only && !options->quiesce)
		return text_format(_("%s; pauses while its memory is saved"), state);
	if (options->no_quiesce)
		return text_format(_("%s; not quiesced: disks as after a power failure"), state);
	if (app_may_quiesce(cli->app, vm, &err))
		return text_format(_("%s; its file systems are frozen for a moment"), state);
	return text_format(options->quiesce ? _("%s; cannot be quiesced, will be refused: %s")
					    : _("%s; CANNOT BE QUIESCED, disks as after a power failure: %s"),
			   state, text_str(err_text(&err)));
}

static void show(struct cli *cli, const struct cli_vms *vms, enum operation operation)
{
	const bool is_about_snapshot = operation_get(operation)->flags & NEEDS_SNAPSHOT;

	for (size_t i = 0; i < MIN(vms->count, SHOWN_MOST); i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);
		const struct snapshot *snapshot;
		OWN(text) struct safe_text words = { 0 };

		if (!vm)
			continue;
		if (operation == OP_SNAPSHOT_CREATE)
			words = snapshot_words(cli, vm);
		else if (operation == OP_ADD_CHANNEL || operation == OP_SNAPSHOT_DELETE ||
			 (is_about_snapshot && vm->info.domain_id < 0))
			words = text_format("%s", vm_state_name(vm->info.state));
		else
			words = who_is_on(cli, vm, operation);
		cli_ask_line("  %s/%s: %s\n", cli_host(cli, &vm->id)->name, text_str(vm->info.name), text_str(words));
		if (!is_about_snapshot)
			continue;
		snapshot = cli_snapshot_named(cli, vm, NULL);
		cli_ask_line(operation == OP_SNAPSHOT_REVERT ? _("  revert to snapshot %s; the current state is lost\n")
							     : _("  snapshot %s is deleted permanently\n"),
			     snapshot ? text_str(snapshot->name) : "?");
	}
	if (vms->count > SHOWN_MOST)
		cli_ask_line(_("  and %zu more\n"), vms->count - SHOWN_MOST);
}

bool cli_ask(struct cli *cli, const struct cli_vms *vms, enum operation operation)
{
	const struct options *options = cli->options;
	const struct inventory *inventory = app_inventory(cli->app);
	const bool chooses = options->users.count || options->sessions.count || options->except_users.count ||
			     options->disconnected || options->disconnected_s || options->idle_s;
	const bool many = vms->count > (size_t)app_config(cli->app)->confirm_above;
	const struct vm *vm = vms->count == 1 ? cli_vm(cli, &vms->at[0]) : NULL;
	struct safe_text name, question;
	char words[ANSWER_MAX];
	bool typed = many, ok = true;

	name = vm ? text_format("%s", text_str(vm->info.name))
		  : text_format(ngettext("the %zu VM", "these %zu VMs", vms->count), vms->count);
	question = operation == OP_LOGOFF && chooses
			   ? text_format(_("Log off the selected users of %s?"), text_str(name))
			   : operation_question(operation, name);
	text_free(&name);
	show(cli, vms, operation);
	if (many)
		cli_ask_line("%s\n", text_str(question));
	for (size_t i = 0; ok && i < inventory_host_count(inventory); i++) {
		const struct host *host = inventory_host(inventory, (int)i);
		size_t at = 0;

		while (at < vms->count && vms->at[at].host != host->index)
			at++;
		if (!host->production || at == vms->count)
			continue;
		if (!typed)
			cli_ask_line("%s\n", text_str(question));
		typed = true;
		ok = ask_word(cli, text_format(_("%s is a production host. Type its name to continue: "), host->name),
			      host->name);
	}
	if (ok && many) {
		snprintf(words, sizeof(words), "%zu", vms->count);
		ok = ask_word(cli, text_format(_("Type the number of VMs (%zu) to continue: "), vms->count), words);
	} else if (ok && !typed) {
		ok = read_answer(cli, text_format(_("%s [y/N] "), text_str(question)), words) &&
		     ((language_says_yes((unsigned char)tolower((unsigned char)*words)) && !words[1]) ||
		      !strcasecmp(words, "yes") || !strcasecmp(words, _("yes")));
	}
	text_free(&question);
	return ok;
}
