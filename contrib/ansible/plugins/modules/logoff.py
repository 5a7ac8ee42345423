#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-or-later
DOCUMENTATION = r"""
module: logoff
short_description: Log users off libvirt guests
description:
  - Logs users off guests through the QEMU guest agent with C(innkeeper logoff), and verifies with the guest's own session list that they are gone.
  - Where nobody is logged on, nothing is changed. In check mode it is a dry run.
  - It fails where a VM's users could not be logged off, or where it is unknown whether they are.
extends_documentation_fragment: innkeeper.guests.innkeeper
options:
  users: {description: Only sessions of these users., type: list, elements: str}
  except_users: {description: Skip the sessions of these users., type: list, elements: str}
  allow_unmatched: {description: Continue even if no user of O(except_users) is logged on., type: bool, default: true}
  sessions: {description: Only these sessions., type: list, elements: str}
  message: {description: Message that is shown to the users before., type: str}
  grace: {description: Seconds between the message and the log-off., type: int}
  force: {description: 'Include locked sessions, and kill those that resist.', type: bool, default: false}
  timeout: {description: Time-out of one task in seconds., type: int}
  parallel: {description: Maximum number of VMs at a time., type: int}
"""
EXAMPLES = r"""
- name: Log everybody off the web servers, with ten minutes to save
  innkeeper.guests.logoff:
    filter: tag:web
    message: Maintenance at 22:00. Please save your work.
    grace: 600
"""
RETURN = r"""
tasks:
  description: One task for each VM, with the fields of C(innkeeper logoff --json).
  type: list
  elements: dict
  returned: always
exit_status: {description: Exit status of innkeeper; 8 where nobody was logged on., type: int, returned: always}
"""
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.innkeeper.guests.plugins.module_utils import innkeeper


def main():
    module = AnsibleModule(
        argument_spec=innkeeper.arguments(
            users=dict(type='list', elements='str'),
            except_users=dict(type='list', elements='str'),
            allow_unmatched=dict(type='bool', default=True),
            sessions=dict(type='list', elements='str'),
            message=dict(type='str'),
            grace=dict(type='int'),
            force=dict(type='bool', default=False),
            timeout=dict(type='int'),
            parallel=dict(type='int'),
        ),
        supports_check_mode=True,
    )
    innkeeper.check_selection(module)
    innkeeper.run_tasks(module, 'logoff', innkeeper.options_of(
        module.params, users='--user', except_users='--except-user', allow_unmatched='--allow-unmatched',
        sessions='--session', message='--message', grace='--grace', force='--force', timeout='--timeout',
        parallel='--parallel'))


if __name__ == '__main__':
    main()
