/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linear.h - the dashboard without a screen, for screen readers, pipes and expect: the views of ui/tui as lines of
 * text on standard output, commands as lines on standard input. Only appends; writes no escape sequence. UI thread.
 */
#pragma once

#include "model/result.h"
#include "ui/tui/ui.h"

/*
 * Starts the app, and runs until somebody quits. At the end of input it waits for the tasks that run. The status is
 * that of the tasks, as for a command (result_exit_combine()); one that was left while it ran counts as timed out.
 */
enum exit_status linear_run(struct app *app, const struct ui_settings *settings);
