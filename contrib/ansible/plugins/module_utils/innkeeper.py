# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs innkeeper, and says what came of it."""
import json

DONE, MIXED, NOBODY = 0, 10, 8

ARGUMENTS = dict(
    vms=dict(type='list', elements='str', default=[]),
    filter=dict(type='str'),
    connect=dict(type='list', elements='str', default=[]),
    config=dict(type='path'),
    executable=dict(type='path', default='innkeeper'),
)


def arguments(**more):
    return dict(ARGUMENTS, **more)


def command_line(params, command, options=(), vms=None):
    """Names come behind "--": one may begin with a dash."""
    line = [params['executable']]
    for host in params['connect']:
        line += ['--connect', host]
    if params['config']:
        line += ['--config', params['config']]
    line += ['--quiet', *command, *options]
    if params['filter']:
        line += ['--filter', params['filter']]
    return line + ['--', *(params['vms'] if vms is None else vms)]


def options_of(params, **names):
    """name='--option' for each parameter; lists are repeated, flags have no value."""
    found = []
    for name, option in names.items():
        value = params[name]
        if isinstance(value, bool):
            found += [option] if value else []
        elif value is not None:
            for each in value if isinstance(value, list) else [value]:
                found += [option, str(each)]
    return found


def run(module, command, options=(), vms=None):
    """Exit status and standard output."""
    status, out, err = module.run_command(command_line(module.params, command, options, vms))
    module.innkeeper_said = err.strip()
    return status, out


def run_json(module, command, options=(), vms=None):
    status, out = run(module, command, ['--json', *options], vms)
    try:
        return status, json.loads(out)
    except ValueError:
        module.fail_json(msg='innkeeper wrote no JSON: ' + (module.innkeeper_said or out[:200]), exit_status=status)


def check_selection(module):
    if bool(module.params['vms']) == bool(module.params['filter']):
        module.fail_json(msg='give either vms or filter')


def sessions_ended(task, dry_run):
    """Whether this task ended sessions, or would. Where it is not known how many are left, it may have."""
    before, after = task['sessions_before'] or 0, task['sessions_after']
    if dry_run:
        return before > 0 and task['error_name'] == 'S_OK'
    return before > 0 and (after is None or after < before)


def run_tasks(module, command, options=(), vms=None, changes=sessions_ended):
    """Runs tasks, as a dry run in check mode, and leaves the module."""
    dry_run = module.check_mode
    status, tasks = run_json(module, [command], [*options, '--dry-run' if dry_run else '--yes'], vms)
    result = dict(tasks=tasks, exit_status=status, changed=any(changes(task, dry_run) for task in tasks))
    if status not in (DONE, NOBODY):
        module.fail_json(msg=module.innkeeper_said or '%s ended with %d' % (command, status), **result)
    module.exit_json(**result)
