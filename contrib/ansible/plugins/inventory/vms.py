# SPDX-License-Identifier: GPL-2.0-or-later
DOCUMENTATION = r"""
name: vms
short_description: VMs of libvirt hosts, by innkeeper
description:
  - Takes its hosts from C(innkeeper list --json). The file's name ends in C(innkeeper.yml) or C(innkeeper.yaml).
  - A VM is called by its name; where several hosts have one of that name, HOST.NAME.
  - Groups are C(innkeeper_host_HOST), C(innkeeper_state_STATE) and C(innkeeper_tag_TAG).
  - Variables are C(ansible_host), the first address that the guest told, and the fields of C(list) as C(innkeeper_FIELD), and C(innkeeper_vm), by which the modules take it.
extends_documentation_fragment: constructed
options:
  plugin: {description: innkeeper.guests.vms., required: true, choices: [innkeeper.guests.vms]}
  connect: {description: 'Hosts, as innkeeper -c takes them.', type: list, elements: str, default: []}
  filter: {description: 'Only the VMs that match, as innkeeper -f selects them.', type: str}
  config: {description: Configuration file of innkeeper., type: path}
  executable: {description: The program., type: path, default: innkeeper}
"""
EXAMPLES = r"""
plugin: innkeeper.guests.vms
connect: ['qemu+ssh://root@ams1/system']
filter: state:running
keyed_groups:
  - {key: innkeeper_agent, prefix: agent}
"""
import collections
import ipaddress
import json
import subprocess

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.innkeeper.guests.plugins.module_utils.innkeeper import command_line

# Some guests did not answer in time, or a host could not be reached: the others are there.
PARTIAL = (7, 11)


def is_address(word):
    try:
        return bool(ipaddress.ip_address(word))
    except ValueError:
        return False


class InventoryModule(BaseInventoryPlugin, Constructable):
    NAME = 'innkeeper.guests.vms'

    def verify_file(self, path):
        return super().verify_file(path) and path.endswith(('innkeeper.yml', 'innkeeper.yaml'))

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        vms = self.ask()
        names = collections.Counter(vm['name'] for vm in vms)
        for vm in vms:
            self.add(vm, vm['name'] if names[vm['name']] == 1 else '%s.%s' % (vm['host'], vm['name']))

    def ask(self):
        params = {name: self.get_option(name) for name in ('connect', 'filter', 'config', 'executable')}
        try:
            ran = subprocess.run(command_line(params, ['list'], ['--json'], []), capture_output=True, check=False,
                                 stdin=subprocess.DEVNULL)
            vms = json.loads(ran.stdout)
        except (OSError, ValueError) as error:
            raise AnsibleParserError('innkeeper list: %s' % error) from error
        said = ran.stderr.decode(errors='replace').strip()
        if ran.returncode in PARTIAL:
            self.display.warning('innkeeper list: %s' % said)
        elif ran.returncode:
            raise AnsibleParserError('innkeeper list: %s' % (said or ran.returncode))
        return vms

    def add(self, vm, name):
        groups = ['host_' + vm['host'], 'state_' + (vm['state'] or 'unknown')]
        groups += ['tag_' + tag for tag in (vm['tags'] or '').split()]
        self.inventory.add_host(name)
        for group in groups:
            self.inventory.add_child(self.inventory.add_group(self._sanitize_group_name('innkeeper_' + group)), name)
        # Guests choose some of these words: never to be taken for a template.
        variables = {'innkeeper_' + field: wrap_var(value) for field, value in vm.items()}
        variables['innkeeper_vm'] = wrap_var('%s/%s' % (vm['host'], vm['name']))
        addresses = [word for word in (vm['addresses'] or '').replace(',', ' ').split() if is_address(word)]
        if addresses:
            variables['ansible_host'] = addresses[0]
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)
        strict = self.get_option('strict')
        self._set_composite_vars(self.get_option('compose'), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option('groups'), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option('keyed_groups'), variables, name, strict=strict)
