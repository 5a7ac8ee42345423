#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-or-later
DOCUMENTATION = r"""
module: sessions_info
short_description: List the sessions in libvirt guests
description:
  - Lists who is logged on, with C(innkeeper users). Without VMs, in all running VMs whose agent is up.
  - It fails where it is unknown who is logged on to one of the VMs, and returns the sessions of the others.
extends_documentation_fragment: innkeeper.guests.innkeeper
"""
EXAMPLES = r"""
- name: Who is logged on?
  innkeeper.guests.sessions_info:
    vms: ['web*']
  register: who
"""
RETURN = r"""
sessions:
  description: One for each session, with the fields of C(innkeeper users --json).
  type: list
  elements: dict
  returned: always
exit_status: {description: Exit status of innkeeper., type: int, returned: always}
"""
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.innkeeper.guests.plugins.module_utils import innkeeper


def main():
    module = AnsibleModule(argument_spec=innkeeper.arguments(), supports_check_mode=True)
    if module.params['vms'] and module.params['filter']:
        module.fail_json(msg='give either vms or filter')
    status, sessions = innkeeper.run_json(module, ['users'])
    if status != innkeeper.DONE:
        module.fail_json(msg=module.innkeeper_said or 'users ended with %d' % status, exit_status=status, sessions=sessions)
    module.exit_json(changed=False, sessions=sessions, exit_status=status)


if __name__ == '__main__':
    main()
