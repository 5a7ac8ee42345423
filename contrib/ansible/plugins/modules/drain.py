#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-or-later
DOCUMENTATION = r"""
module: drain
short_description: Prepare libvirt guests for maintenance
description:
  - Disables logins, warns and logs off all users, verifies, and shuts the VM down on request, with C(innkeeper drain).
  - It is changed where sessions were ended, or a VM was shut down; a VM that is off already is left alone with O(shutdown). In check mode it is a dry run.
  - Logins stay disabled; M(innkeeper.guests.logins) enables them.
extends_documentation_fragment: innkeeper.guests.innkeeper
options:
  message: {description: Message that is shown to the users before., type: str}
  grace: {description: Seconds between the message and the log-off., type: int}
  force: {description: 'Include locked sessions, and kill those that resist.', type: bool, default: false}
  shutdown: {description: Shut the VM down after all users are logged off., type: bool, default: false}
  timeout: {description: Time-out of one task in seconds., type: int}
  parallel: {description: Maximum number of VMs at a time., type: int}
"""
EXAMPLES = r"""
- name: Empty two VMs and shut them down
  innkeeper.guests.drain:
    vms: [ams1/web01, ams1/web02]
    grace: 300
    shutdown: true
"""
RETURN = r"""
tasks:
  description: One task for each VM, with the fields of C(innkeeper drain --json).
  type: list
  elements: dict
  returned: always
exit_status: {description: Exit status of innkeeper., type: int, returned: always}
"""
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.innkeeper.guests.plugins.module_utils import innkeeper


def main():
    module = AnsibleModule(
        argument_spec=innkeeper.arguments(
            message=dict(type='str'),
            grace=dict(type='int'),
            force=dict(type='bool', default=False),
            shutdown=dict(type='bool', default=False),
            timeout=dict(type='int'),
            parallel=dict(type='int'),
        ),
        supports_check_mode=True,
    )
    innkeeper.check_selection(module)
    vms, shutdown = None, module.params['shutdown']
    if shutdown:
        status, found = innkeeper.run_json(module, ['list'], ['--wait-timeout', '0'])
        if not found:
            module.fail_json(msg=module.innkeeper_said or 'no such VM', exit_status=status)
        vms = [vm['uuid'] for vm in found if vm['state'] != 'shutoff']
        if not vms:
            module.exit_json(changed=False, tasks=[], exit_status=0)
        module.params['filter'] = None

    def changes(task, dry_run):
        return innkeeper.sessions_ended(task, dry_run) or (shutdown and task['error_name'] == 'S_OK')

    innkeeper.run_tasks(module, 'drain', innkeeper.options_of(
        module.params, message='--message', grace='--grace', force='--force', shutdown='--shutdown',
        timeout='--timeout', parallel='--parallel'), vms, changes)


if __name__ == '__main__':
    main()
