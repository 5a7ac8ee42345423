#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-or-later
DOCUMENTATION = r"""
module: logins
short_description: Disable or enable logins in libvirt guests
description:
  - Disables new logins with C(innkeeper disable-logins), or enables them again with C(innkeeper enable-logins). Existing sessions stay.
  - Which VMs have disabled logins is what innkeeper's journal says; logins that somebody else disabled stay so, and are not seen.
extends_documentation_fragment: innkeeper.guests.innkeeper
options:
  state: {description: What they shall be., type: str, choices: [disabled, enabled], required: true}
  message: {description: Shown to users when they try to log on., type: str}
  timeout: {description: Time-out of one task in seconds., type: int}
"""
EXAMPLES = r"""
- name: Nobody new may log on
  innkeeper.guests.logins:
    vms: [web01]
    state: disabled
    message: Back at 23:00
"""
RETURN = r"""
tasks:
  description: One task for each VM; none where nothing had to be done.
  type: list
  elements: dict
  returned: always
exit_status: {description: Exit status of innkeeper., type: int, returned: always}
"""
import re

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.innkeeper.guests.plugins.module_utils import innkeeper


def main():
    module = AnsibleModule(
        argument_spec=innkeeper.arguments(
            state=dict(type='str', choices=['disabled', 'enabled'], required=True),
            message=dict(type='str'),
            timeout=dict(type='int'),
        ),
        supports_check_mode=True,
    )
    innkeeper.check_selection(module)
    disables = module.params['state'] == 'disabled'
    # The performance data: how many have disabled logins, of how many.
    status, line = innkeeper.run(module, ['check', 'logins'])
    counted = re.search(r'\| logins_disabled=(\d+);;;0;(\d+)$', line.strip())
    if not counted:
        module.fail_json(msg=module.innkeeper_said or line.strip(), exit_status=status)
    disabled, of = int(counted.group(1)), int(counted.group(2))
    if disabled == (of if disables else 0):
        module.exit_json(changed=False, tasks=[], exit_status=0)
    names = dict(timeout='--timeout')
    if disables:
        names['message'] = '--message'
    innkeeper.run_tasks(module, 'disable-logins' if disables else 'enable-logins',
                        innkeeper.options_of(module.params, **names),
                        changes=lambda task, dry_run: task['error_name'] == 'S_OK')


if __name__ == '__main__':
    main()
