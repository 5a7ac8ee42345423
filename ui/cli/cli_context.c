/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_context.h"

#include "base/clock.h"

#include <langinfo.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	PROGRESS_EVERY_MS = 100,
	WRITE_EVERY_MS = 300,
	COLUMNS_DEFAULT = 80,
	SETTLE_SPARE_MS = 20 * 1000, /* for the first list, once connected */
	TURN_MS = 250,               /* the progress line moves at least this often */
};

static struct safe_text format_line(const char *format, va_list ap) PRINTF_LIKE(1, 0);

static struct safe_text format_line(const char *format, va_list ap)
{
	OWN(bytes) char *words = NULL;
	struct safe_text text;

	if (vasprintf(&words, format, ap) < 0)
		return (struct safe_text){ NULL };
	words[strcspn(words, "\n")] = '\0';
	text = text_format("%s", words);
	if (isatty(STDERR_FILENO) && strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0)
		text_set(&text, text_to_ascii(text));
	return text;
}

void cli_say(const char *format, ...)
{
	OWN(text) struct safe_text text = { 0 };
	va_list ap;

	va_start(ap, format);
	text = format_line(format, ap);
	va_end(ap);
	fprintf(stderr, "innkeeper: %s\n", text_str(text));
}

void cli_ask_line(const char *format, ...)
{
	bool line_end = format[strlen(format) - 1] == '\n';
	OWN(text) struct safe_text text = { 0 };
	va_list ap;

	va_start(ap, format);
	text = format_line(format, ap);
	va_end(ap);
	fprintf(stderr, "%s%s", text_str(text), line_end ? "\n" : "");
}

void cli_say_complaints(const struct config_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++) {
		const struct config_complaint *complaint = &complaints->at[i];

		if (complaint->line > 0)
			cli_say("%s:%d: %s", complaint->file, complaint->line, text_str(complaint->text));
		else
			cli_say("%s: %s", complaint->file, text_str(complaint->text));
	}
}

/* Uses only blanks and carriage returns, which work on any terminal. */
void cli_progress_clear(struct cli *cli)
{
	if (cli->progress_cells)
		fprintf(stderr, "\r%*s\r", cli->progress_cells, "");
	cli->progress_cells = 0;
}

void cli_progress(struct cli *cli, const char *format, ...)
{
	OWN(text) struct safe_text text = { 0 };
	struct winsize size;
	va_list ap;
	size_t len;
	int cells;

	if (!cli->shows_progress || (cli->progress_cells && clock_ms() - cli->progress_at < PROGRESS_EVERY_MS))
		return;
	va_start(ap, format);
	text = format_line(format, ap);
	va_end(ap);
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col <= 1)
		size.ws_col = COLUMNS_DEFAULT;
	len = text_fit(text, size.ws_col - 1, &cells);
	fprintf(stderr, "\r%.*s%*s", (int)len, text_str(text), MAX(cli->progress_cells - cells, 0), "");
	cli->progress_cells = MAX(cli->progress_cells, cells);
	cli->progress_at = clock_ms();
}

/* --- outcome --- */

void cli_note_exit(struct cli *cli, enum exit_status status)
{
	*VEC_PUSH(&cli->exits) = status;
}

enum exit_status cli_exit_of(enum err_kind kind)
{
	switch (kind) {
	case ERR_NONE:
		return EXIT_DONE;
	case ERR_USAGE:
		return EXIT_USAGE;
	case ERR_CANCELLED:
		return EXIT_CANCELLED;
	case ERR_UNREACHABLE:
	case ERR_LOST:
		return EXIT_UNREACHABLE;
	default:
		return result_find(result_from_err(kind))->exit;
	}
}

void cli_note_error(struct cli *cli, const struct err *err)
{
	cli_progress_clear(cli);
	cli_say("%s", text_str(err_text(err)));
	cli_note_exit(cli, cli_exit_of(err->kind));
}

void cli_note_written(struct cli *cli, bool written, const struct err *err)
{
	if (written)
		return;
	cli_note_error(cli, err);
	cli->write_failed = true;
}

void cli_write(struct cli *cli)
{
	struct err err = { 0 };

	cli_progress_clear(cli);
	if (cli->options->sort)
		output_sort(&cli->output, cli->options->sort, NULL);
	cli_note_written(cli, output_write(&cli->output, cli->options->output, &cli->sink, &err), &err);
}

bool cli_streams(const struct cli *cli)
{
	return cli->options->output == OUTPUT_TEXT && !cli->options->sort && cli->sink.cells;
}

void cli_reserve(struct cli *cli, size_t host_column, size_t vm_column)
{
	for (size_t i = 0; i < cli->vms.count && cli_streams(cli); i++) {
		output_reserve(&cli->output, host_column, TEXT_TRUSTED(cli_host(cli, &cli->vms.at[i])->name));
		output_reserve(&cli->output, vm_column, cli_vm(cli, &cli->vms.at[i])->info.name);
	}
}

void cli_write_so_far(struct cli *cli)
{
	struct err err = { 0 };

	if (!cli->output.count || clock_ms() - cli->written_at < WRITE_EVERY_MS || cli->write_failed)
		return;
	/* Not the very first ones: the columns are as wide as what is there. */
	if (cli->written_at) {
		cli_progress_clear(cli);
		cli_note_written(cli, output_write_rows(&cli->output, &cli->sink, &err), &err);
	}
	cli->written_at = clock_ms();
}

/* --- waiting --- */

bool cli_wait(struct cli *cli, cli_over_fn *over, void *data, int64_t ms)
{
	const int64_t until = clock_ms() + ms;
	const int interrupts = cli->interrupts;

	while (!over(cli, data)) {
		const int64_t left = ms < 0 ? TURN_MS : until - clock_ms();

		if (cli->interrupts > interrupts || left <= 0)
			return false;
		loop_turn(app_loop(cli->app), cli->shows_progress ? MIN(left, TURN_MS) : ms < 0 ? -1 : left);
	}
	return true;
}

bool cli_is_set(struct cli *cli UNUSED, void *data)
{
	return *(const bool *)data;
}

bool cli_is_interrupted(struct cli *cli)
{
	if (cli->interrupts)
		cli_note_exit(cli, EXIT_CANCELLED);
	return cli->interrupts > 0;
}

static bool hosts_are_settled(struct cli *cli, void *data UNUSED)
{
	const struct inventory *inventory = app_inventory(cli->app);
	const size_t count = inventory_host_count(inventory);
	size_t listed = 0;

	for (size_t i = 0; i < count; i++)
		listed += inventory_host(inventory, (int)i)->listed;
	if (listed < count)
		cli_progress(cli, _("%zu of %zu hosts have answered"), listed, count);
	return app_is_settled(cli->app);
}

bool cli_settle(struct cli *cli)
{
	const int64_t limit = (int64_t)app_config(cli->app)->connect_timeout_s * 1000 + SETTLE_SPARE_MS;
	const struct inventory *inventory = app_inventory(cli->app);
	struct err err = { 0 };

	if (!app_start(cli->app, &err)) {
		cli_note_error(cli, &err);
		return false;
	}
	cli_wait(cli, hosts_are_settled, NULL, limit);
	cli_progress_clear(cli);
	if (cli_is_interrupted(cli))
		return false;
	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		const struct host *host = inventory_host(inventory, (int)i);

		if (host->listed)
			continue;
		cli_say(_("%s cannot be reached: %s"), host->name,
			text_is_empty(host->trouble) ? _("it does not answer") : text_str(host->trouble));
		cli_note_exit(cli, EXIT_UNREACHABLE);
	}
	return true;
}

struct vm *cli_vm(const struct cli *cli, const struct vm_id *id)
{
	return inventory_find(app_inventory(cli->app), id);
}

const struct host *cli_host(const struct cli *cli, const struct vm_id *id)
{
	return inventory_host(app_inventory(cli->app), id->host);
}
