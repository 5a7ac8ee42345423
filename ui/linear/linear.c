/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/linear/linear.h"

#include "base/clock.h"
#include "ui/linear/linear_private.h"
#include "ui/tui/view_words.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

enum {
	LINE_MAX_BYTES = 4096,
	TICK_MS = 1000,
	TICK_SOON_MS = 20,
	TELL_MS = 2000,    /* changes are told at most so often ... */
	CHANGES_MOST = 5,  /* ... and so many at once */
	PROGRESS_MOST = 4, /* tasks at the same time whose phases are told; of more, only how they end */
};

static struct linear the_linear;

/* --- lines in --- */

static void on_input(void *data, int fd, short revents UNUSED)
{
	struct linear *linear = data;
	char buf[LINE_MAX_BYTES];
	const ssize_t got = read(fd, buf, sizeof(buf));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	for (ssize_t i = 0; i < got; i++)
		*VEC_PUSH(&linear->input) = buf[i];
	linear->input_is_over = got <= 0;
}

/* NULL: none is there. A last line may have no end. */
static char *take_line(struct linear *linear)
{
	const char *end = linear->input.count ? memchr(linear->input.at, '\n', linear->input.count) : NULL;
	const bool is_whole = end || linear->input_is_over || linear->input.count > LINE_MAX_BYTES;
	size_t len = end ? (size_t)(end - linear->input.at) : linear->input.count;
	struct safe_text line;

	if (!is_whole || linear->input.count == 0)
		return NULL;
	line = text_sanitize(linear->input.at, len, LINE_MAX_BYTES);
	len += end != NULL;
	memmove(linear->input.at, linear->input.at + len, linear->input.count - len);
	linear->input.count -= len;
	return (char *)line.str;
}

/* While there is a line to carry out, no more is read. */
static void watch_input(struct linear *linear, bool wanted)
{
	if (linear->is_watching == wanted)
		return;
	linear->is_watching = wanted;
	loop_watch(linear->ui->loop, STDIN_FILENO, POLLIN, wanted ? on_input : NULL, linear);
}

/* --- what changed --- */

/* At most CHANGES_MOST of them. */
static void tell_change(struct linear *linear, size_t *told, struct safe_text owned)
{
	if (!linear->is_quiet && ++*told <= CHANGES_MOST)
		linear_say(linear, _("changed: %s"), text_str(owned));
	text_free(&owned);
}

/* What was unknown and is known now is no change; nor is the other way round. */
static void look_at_vm(struct linear *linear, const struct vm *vm, size_t *told)
{
	const struct told_vm now = { vm->id, vm->info.state, vm_agent_state(vm), vm_users(vm) };
	struct told_vm *before = NULL;
	bool is_news;

	for (size_t i = 0; i < linear->told_vms.count && !before; i++)
		if (vm_id_equal(&linear->told_vms.at[i].id, &vm->id))
			before = &linear->told_vms.at[i];
	if (!before) {
		*VEC_PUSH(&linear->told_vms) = now;
		return;
	}
	is_news = before->state != now.state ||
		  (before->agent != now.agent && before->agent != AGENT_UNKNOWN && now.agent != AGENT_UNKNOWN) ||
		  (before->users != now.users && before->users >= 0 && now.users >= 0);
	if (is_news)
		tell_change(linear, told, linear_vm_words(linear->ui, vm));
	*before = now;
}

static void tell_changes(struct linear *linear)
{
	const struct inventory *inventory = app_inventory(linear->ui->app);
	const int64_t now = clock_ms();
	size_t told = 0;

	if (linear->told_at && now - linear->told_at < TELL_MS)
		return;
	linear->told_at = now;
	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		const struct host *host = inventory_host(inventory, (int)i);
		OWN(text) struct safe_text words = host_state_words(host, now);

		if (i == linear->told_hosts.count)
			*VEC_PUSH(&linear->told_hosts) = host->state;
		else if (linear->told_hosts.at[i] != host->state)
			tell_change(linear, &told, text_format(_("host %s, %s"), host->name, text_str(words)));
		linear->told_hosts.at[i] = host->state;
	}
	for (size_t i = 0; i < inventory_vm_count(inventory); i++)
		if (inventory_vm_at(inventory, i)->version > linear->seen)
			look_at_vm(linear, inventory_vm_at(inventory, i), &told);
	linear->seen = inventory_version(inventory);
	if (told > CHANGES_MOST)
		linear_say(linear, _("changed: %zu more; list shows them"), told - CHANGES_MOST);
}

static void tell_task(struct linear *linear, const struct task *task, struct told_task *told)
{
	OWN(text) struct safe_text words = view_tasks_progress(task, clock_ms());
	const bool has_failed = role_of_outcome(task) == ROLE_BAD;

	if (task->report.complete)
		(has_failed ? linear_error : linear_say)(linear, "%s: %s", text_str(task->description),
							 text_str(words));
	else if (!linear->is_quiet && tasklist_running(app_tasks(linear->ui->app)) <= PROGRESS_MOST)
		linear_say(linear, _("%s: %s, %d percent"), text_str(task->description), text_str(words),
			   task->report.percent);
	*told = (struct told_task){ task->id, task->report.phase, task->report.complete };
}

/* At each change of phase, and at the end. */
static void tell_tasks(struct linear *linear)
{
	const struct tasklist *tasks = app_tasks(linear->ui->app);

	for (size_t i = 0; i < tasks->count; i++) {
		const struct task *task = tasks->at[i];
		size_t at = 0;

		while (at < linear->told_tasks.count && linear->told_tasks.at[at].id != task->id)
			at++;
		if (at == linear->told_tasks.count)
			*VEC_PUSH(&linear->told_tasks) = (struct told_task){ task->id, TASK_PHASE_QUEUED, false };
		if (linear->told_tasks.at[at].complete != task->report.complete ||
		    linear->told_tasks.at[at].phase != task->report.phase)
			tell_task(linear, task, &linear->told_tasks.at[at]);
	}
}

/* --- the run --- */

static void on_timer(void *data)
{
	((struct linear *)data)->timer = 0; /* waking the loop is enough */
}

/* Nothing more will be typed: a question is answered by no, and tasks are waited for. */
static void end_of_input(struct linear *linear)
{
	struct view *top = ui_top(linear->ui);
	const size_t running = tasklist_running(app_tasks(linear->ui->app));

	if (linear_is_dialog(top)) {
		linear_cancel(linear, (struct dialog *)top);
	} else if (running == 0) {
		loop_quit(linear->ui->loop);
	} else if (!linear->has_said_left) {
		linear_say(linear,
			   ngettext("End of input: waiting for %zu task; interrupt (Ctrl-C) leaves without waiting.",
				    "End of input: waiting for %zu tasks; interrupt (Ctrl-C) leaves without waiting.",
				    running),
			   running);
		linear->has_said_left = true;
	}
}

/* One line in each turn of the loop: it may have quit. */
static void take_a_line(struct linear *linear)
{
	struct view *top = ui_top(linear->ui);
	const size_t running = tasklist_running(app_tasks(linear->ui->app));
	OWN(bytes) char *line = NULL;

	linear->is_waiting = linear->is_waiting && running > 0;
	if (linear->is_waiting)
		return;
	line = take_line(linear);
	watch_input(linear, !line && !linear->input_is_over);
	if (!line) {
		if (linear->input_is_over)
			end_of_input(linear);
		return;
	}
	if (!linear->input_is_terminal) /* so that a transcript shows what was asked for */
		printf("%s\n", line);
	linear->is_prompted = false;
	app_note_input(linear->ui->app);
	if (linear_is_dialog(top))
		linear_answer(linear, (struct dialog *)top, line);
	else
		linear_obey(linear, line);
}

static void on_idle(void *data)
{
	struct linear *linear = data;
	int64_t wait;

	if (!linear->ui)
		return;
	ui_sweep(linear->ui);
	loop_cancel_timer(linear->ui->loop, linear->timer);
	if (app_is_settled(linear->ui->app)) {
		linear_say_message(linear);
		if (linear_show_is_due(linear)) {
			linear_show(linear);
			ui_sweep(linear->ui);
			/* Nobody types the answer to a question that was not read yet. */
			if (linear_is_dialog(ui_top(linear->ui)) && linear->input_is_terminal) {
				tcflush(STDIN_FILENO, TCIFLUSH);
				linear->input.count = 0;
			}
		} else if (!linear->due_by) {
			/* What ended is told before a line that waited for it is carried out. */
			if (!linear_is_dialog(ui_top(linear->ui)))
				tell_tasks(linear);
			take_a_line(linear);
			linear_say_message(linear);
		}
		ui_sweep(linear->ui);
		if (!linear->due_by && !linear_is_dialog(ui_top(linear->ui)))
			tell_changes(linear);
		if (!linear->due_by && !linear->is_waiting)
			linear_prompt(linear);
	}
	wait = linear->due_by || linear->is_waiting ? TICK_SOON_MS : linear->input.count ? 0 : TICK_MS;
	linear->timer = loop_after(linear->ui->loop, wait, on_timer, linear);
}

static void on_app_change(void *data, unsigned changes)
{
	struct linear *linear = data;

	if (linear->ui && changes & APP_CHANGED_TASKS)
		listing_tasks_changed(linear->ui->listing);
}

static void on_leave_signal(void *data)
{
	loop_quit(((struct linear *)data)->ui->loop);
}

/* Ctrl-C: no to a question; else quits, which asks where tasks run; a second time, at the end of input, leaves. */
static void on_interrupt(void *data)
{
	struct linear *linear = data;
	struct view *top = ui_top(linear->ui);

	if (linear->has_said_left || !app_is_settled(linear->ui->app))
		loop_quit(linear->ui->loop);
	else if (linear->is_waiting)
		linear->is_waiting = false;
	else if (linear_is_dialog(top))
		linear_cancel(linear, (struct dialog *)top);
	else
		linear_obey(linear, "quit");
}

static enum exit_status status_of_tasks(struct linear *linear)
{
	const struct tasklist *tasks = app_tasks(linear->ui->app);
	OWN(vec) struct {
		VEC(enum exit_status);
	} all = { 0 };

	for (size_t i = 0; i < tasks->count; i++) {
		const struct task *task = tasks->at[i];

		*VEC_PUSH(&all) =
			task->report.complete ? result_exit(task->report.result, task->report.error) : EXIT_TIMED_OUT;
		if (!task->report.complete)
			linear_error(linear, _("%s/%s: still running; check later with: %s"), task->host_name.str,
				     task->vm_name.str, journal_command(app_is_simulated(linear->ui->app)));
	}
	return linear->write_failed ? EXIT_UNEXPECTED : result_exit_combine(all.at, all.count);
}

enum exit_status linear_run(struct app *app, const struct ui_settings *settings)
{
	struct linear *linear = &the_linear;
	struct ui *ui = ui_create(app, settings);
	struct loop *loop = app_loop(app);
	struct err err = { 0 };
	enum exit_status status = EXIT_USAGE;

	*linear = (struct linear){ .ui = ui,
				   .input_is_terminal = isatty(STDIN_FILENO),
				   .is_ascii = settings->ascii || strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0 };
	app_listen(app, on_app_change, linear);
	loop_on_idle(loop, on_idle, linear);
	loop_on_signal(loop, SIGTERM, on_leave_signal, linear);
	loop_on_signal(loop, SIGHUP, on_leave_signal, linear);
	loop_on_signal(loop, SIGINT, on_interrupt, linear);
	linear_say(linear, "%s", _("innkeeper, accessible mode. ? lists the commands, quit ends."));
	linear_show_soon(linear, NULL);
	if (app_start(app, &err)) {
		loop_run(loop);
		tell_tasks(linear);
		if (linear->is_prompted)
			linear_say(linear, "%s", "");
		status = status_of_tasks(linear);
	} else {
		linear_error(linear, "%s", text_str(err_text(&err)));
	}
	watch_input(linear, false);
	linear_forget_rows(linear);
	VEC_FREE(&linear->input);
	VEC_FREE(&linear->asked);
	VEC_FREE(&linear->rows);
	VEC_FREE(&linear->told_vms);
	VEC_FREE(&linear->told_tasks);
	VEC_FREE(&linear->told_hosts);
	linear->ui = NULL; /* the loop turns while the views are closed */
	ui_destroy(ui);
	return status;
}
