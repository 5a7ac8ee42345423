/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ssh to a guest: its address is asked for, then ssh has the terminal until it ends. */
#include "base/log.h"
#include "engine/child.h"
#include "ui/app/app_handoff.h"
#include "ui/tui/dialog.h"
#include "ui/tui/screens.h"
#include "ui/tui/term/term.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

/* Saves and restores the terminal's title (XTWINOPS 22, 23), which the guest may change. */
#define KEEP_TITLE "\033[22;0t"
#define OLD_TITLE  "\033[23;0t"

enum { SSH_FAILED = 255, USER_CELLS = 32, ADDRESS_CELLS = 46 };

/* The one that uses the terminal now. */
static struct {
	struct ui *ui;
	struct child *child;
	bool waits_for_enter;
	struct safe_text vm_name;
} shown;

struct ssh {
	struct dialog dialog;
	struct app_request *request; /* NULL: answered */
	struct safe_text vm_name, trouble;
	struct field *user, *address;
	struct address known; /* the initial value of the field; empty: none */
	bool is_simulated;
	size_t more; /* addresses that are not the one in the field */
};

/* --- with the terminal --- */

static void come_back(void)
{
	if (shown.waits_for_enter)
		loop_watch(shown.ui->loop, STDIN_FILENO, 0, NULL, NULL);
	shown.waits_for_enter = false;
	shown.child = NULL;
	term_acquire();
	ui_dirty(shown.ui);
	text_free(&shown.vm_name);
}

static void on_enter(void *data, int fd, short revents)
{
	char line[256];
	struct ui *ui = data;
	const ssize_t n = read(fd, line, sizeof(line));

	come_back();
	if (n <= 0 || revents & POLLHUP)
		loop_quit(ui->loop);
}

static void on_over(void *data, int status, struct safe_text last_words UNUSED)
{
	struct ui *ui = data;

	shown.child = NULL;
	term_tidy_up();
	term_print_released(OLD_TITLE);
	log_add(LOG_LEVEL_INFO, _("%s: ssh ended"), text_str(shown.vm_name));
	if (WIFEXITED(status) && WEXITSTATUS(status) == SSH_FAILED) {
		/* ssh printed the reason on a screen that would be drawn over. */
		term_print_released("\r\n");
		term_print_released(_("innkeeper: ssh failed. Press Enter to return."));
		term_print_released("\r\n");
		shown.waits_for_enter = true;
		loop_watch(ui->loop, STDIN_FILENO, POLLIN, on_enter, ui);
		return;
	}
	ui_say(ui, ROLE_NORMAL, _("Back from %s."), text_str(shown.vm_name));
	come_back();
}

void ssh_end(void)
{
	if (shown.child || shown.waits_for_enter)
		term_tidy_up();
	child_forget(shown.child, true);
	shown.child = NULL;
	text_free(&shown.vm_name);
}

/* --- the question --- */

static void on_addresses(void *data, const struct address_list *list, const struct err *err)
{
	struct ssh *ssh = data;

	ssh->request = NULL;
	ui_dirty(ssh->dialog.view.ui);
	if (!list) {
		text_set(&ssh->trouble, text_copy(err_text(err)));
		return;
	}
	ssh->more = list->count - 1 + list->more;
	if (strcmp(ssh->address->text, ssh->known.text) == 0)
		field_set(ssh->address, list->at[0].text);
}

static void ssh_tell(struct view *view, struct lines *lines)
{
	struct ssh *ssh = (struct ssh *)view;

	if (ssh->request)
		lines_say(lines, ROLE_DIM, _("Asking %s for its address ..."), text_str(ssh->vm_name));
	else if (!text_is_empty(ssh->trouble))
		lines_say(lines, ROLE_WARN, _("No address is known: %s"), text_str(ssh->trouble));
	else if (ssh->more)
		lines_say(lines, ROLE_NORMAL,
			  ngettext("Best match; the guest has %zu more.", "Best match; the guest has %zu more.",
				   ssh->more),
			  ssh->more);
	else
		lines_say(lines, ROLE_NORMAL, "%s", _("Address reported by the guest agent."));
	if (ssh->is_simulated)
		lines_say(lines, ROLE_WARN, "%s", _("This is a VM of the demo: the address does not exist."));
}

/* Hands the terminal over. */
static bool ssh_confirm(struct view *view)
{
	struct ssh *ssh = (struct ssh *)view;
	struct child_plan plan = { .has_terminal = true };
	struct address address;
	struct err err = { 0 };
	char **argv, *program;

	if (!address_read(ssh->address->text, ssh->address->len, &address)) {
		ssh->dialog.error = ssh->request ? _("The address is not known yet.") : _("Not a reachable address.");
		return false;
	}
	argv = app_ssh_argv(ssh->user->text, &address, NULL, &err);
	if (!argv) {
		ssh->dialog.error = _("Not a user name.");
		return false;
	}
	program = child_find_program(argv[0], &err);
	if (program) {
		term_release();
		term_print_released(KEEP_TITLE);
		shown.ui = view->ui;
		text_set(&shown.vm_name, text_copy(ssh->vm_name));
		plan.argv = (const char *const *)argv;
		shown.child = child_start(view->ui->loop, &plan, on_over, view->ui, &err);
		if (shown.child)
			log_add(LOG_LEVEL_INFO, _("%s: ssh to %s"), text_str(ssh->vm_name), ssh->address->text);
		else
			come_back();
	}
	if (err.kind != ERR_NONE)
		ui_say_err(view->ui, &err);
	free(program);
	child_free_list(argv);
	return true;
}

static void ssh_destroy(struct view *view)
{
	struct ssh *ssh = (struct ssh *)view;

	app_request_forget(ssh->request);
	text_free(&ssh->vm_name);
	text_free(&ssh->trouble);
	dialog_destroy(view);
}

static const struct view_ops ssh_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.draw = dialog_draw,
	.tell = ssh_tell,
	.confirm = ssh_confirm,
	.input = dialog_input,
	.destroy = ssh_destroy,
};

void ssh_open(struct ui *ui, const struct vm_id *id)
{
	const struct vm *vm = inventory_find(app_inventory(ui->app), id);
	struct ssh *ssh = view_new(ui, &ssh_ops, sizeof(*ssh));
	struct err err = { 0 };

	if (vm && vm->addresses.count > 0)
		ssh->known = vm->addresses.at[0];
	ssh->is_simulated = backend_is_simulated(app_backend(ui->app, id->host));
	ssh->vm_name = ui_vm_name(ui, id);
	dialog_open(&ssh->dialog, text_format(_("ssh to %s?"), text_str(ssh->vm_name)), _("Connect"));
	ssh->user = dialog_add_field(&ssh->dialog, _("User"), USER_CELLS, app_config(ui->app)->ssh_user);
	ssh->address = dialog_add_field(&ssh->dialog, _("Address"), ADDRESS_CELLS, ssh->known.text);
	view_push(&ssh->dialog.view);
	ssh->request = app_ask_addresses(ui->app, id, on_addresses, ssh, &err);
	if (!ssh->request)
		text_set(&ssh->trouble, text_copy(err_text(&err)));
}
