"""Writes asked-patterns.json: patterns of hosts, and the hosts that ansible-core finds by them.

    python record-asked-patterns.py > asked-patterns.json     (with ansible-core 2.18)

`inventory` is the text of a YAML inventory, `patterns` holds each pattern with the names of its hosts in order (null: one
that Ansible makes up), or with `error` where Ansible stops. They are put together by chance, of what means something in one.
"""
import json
import random
import tempfile

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.utils.display import Display

INVENTORY = """all:
  hosts:
    web1:
    web2:
    "a b":
    "!a":
    "a,b":
    db1.x:
  children:
    g: {hosts: {a: , b: , web1: }}
    one: {hosts: {a: }}
    w: {hosts: {web1: , web2: , "\u00c9": }}
    d: {children: {g: , e: {hosts: {db2.x: , "10.0.0.1": , "~x": }}}}
"""
PARTS = ['a', 'b', 'web1', 'web2', 'db1.x', 'db2.x', 'one', 'g', 'w', 'all', 'ungrouped', '*', '?', '[0]', '[1]', '[-1]', '[0:1]',
         '[0-0]', '[1:]', '[0:0]', ':', ',', '!', '&', '~', '^', '$', '.*', '[ab]', '[!a]', '[a-z]', '[]a]', '[z-a]', '[-w]', '[w-]',
         '.', ' ', '(', ')', '|', 'x', '1', 'web', 'd', '\\', 'localhost', '::1', '10.0.0.1', '[a', '\t', 'nobody', 'web[1:2]',
         '[b-da-c]', '[^a]', '&&', '--', '\u00c9']
# How many are kept of those that find no host, some hosts, and that Ansible stops at.
KEPT = {'none': 100, 'some': 400, 'error': 60}

random.seed(1)
Display.warning = lambda *_args, **_kwargs: None
with tempfile.NamedTemporaryFile('w', suffix='.yml', encoding='utf-8') as source:
    source.write(INVENTORY)
    source.flush()
    inventory = InventoryManager(DataLoader(), sources=[source.name])
found = {}
left = dict(KEPT)
while any(left.values()):
    pattern = ''.join(random.choice(PARTS) for _ in range(random.randint(1, 5)))
    if pattern in found:
        continue
    try:
        hosts = [None if host.implicit else host.name for host in inventory.get_hosts(pattern)]
    except Exception:
        hosts = 'error'
    kind = 'error' if hosts == 'error' else 'some' if hosts else 'none'
    if left[kind]:
        left[kind] -= 1
        found[pattern] = hosts
print('{"inventory": ' + json.dumps(INVENTORY, ensure_ascii=False) + ', "patterns": [')
print(',\n'.join(json.dumps(pair, ensure_ascii=False) for pair in found.items()))
print(']}')
