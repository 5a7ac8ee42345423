# SPDX-License-Identifier: GPL-2.0-or-later
class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  vms:
    description: Names, UUIDs or HOST/NAME of the VMs; patterns as in glob(7) work where I(innkeeper) takes several VMs.
    type: list
    elements: str
    default: []
  filter:
    description: Select VMs by this filter instead, as C(innkeeper -f) does.
    type: str
  connect:
    description: Hosts, as C(innkeeper -c) takes them. Default is what innkeeper's configuration says.
    type: list
    elements: str
    default: []
  config:
    description: Configuration file of innkeeper.
    type: path
  executable:
    description: The program.
    type: path
    default: innkeeper
"""


