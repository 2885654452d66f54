"""Writes inventories.jsonl: workspaces, and what ansible-inventory of ansible-core prints for the same files.

    python record-inventories.py [SEED COUNT] > inventories.jsonl     (needs ansible-core 2.18)

A workspace is laid out as Ansible wants it: _default.yml, the type's and the cluster's file are group_vars/all,
<group>.yml is group_vars/<group>, <host>.host.yml is host_vars/<host>. The first cases are made by hand, the others at
random from a seed. `list`, `graph` and `hosts` (of --host, for the first hosts) are the programs' output, or `error`.
"""
import json
import os
import random
import sys
import tempfile

from ansible import constants as C
from ansible import context
from ansible.cli.inventory import InventoryCLI
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.vars.manager import VariableManager

init_plugin_loader()
C.INVENTORY_ENABLED = ['ini', 'yaml']
C.INVENTORY_ANY_UNPARSED_IS_FAILED = True
CLUSTER = 'inventories/t/c'
RELEASE = 'release: r\n'


def record(case):
    files = case['files']
    with tempfile.TemporaryDirectory() as root:
        def write(path, text):
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'w', newline='') as handle:
                handle.write(text)

        source = None
        for path, text in files.items():
            if path == 'inventories/_default.yml':
                write('group_vars/all/0.yml', text)
            elif path == 'inventories/t/_default.yml':
                write('group_vars/all/1.yml', text)
            elif path == CLUSTER + '.yml':
                write('group_vars/all/2.yml', text)
            elif path == CLUSTER + '.ini' or path == CLUSTER + '.hosts.yml':
                source = os.path.join(root, 'hosts.yml' if path.endswith('.yml') else 'hosts')
                write(os.path.basename(source), text)
            elif path.startswith(CLUSTER + '/') and path.endswith('.host.yml'):
                write('host_vars/' + os.path.basename(path)[:-len('.host.yml')] + '.yml', text)
            elif path.startswith(CLUSTER + '/'):
                write('group_vars/' + os.path.basename(path), text)
        C.DEFAULT_HASH_BEHAVIOUR = case.get('hash_behaviour', 'replace')
        context.CLIARGS = ImmutableDict({'export': False, 'yaml': False, 'toml': False, 'basedir': None,
                                         'show_vars': False, 'pattern': 'all', 'subset': None})
        try:
            cli = InventoryCLI(['ansible-inventory', '--list'])
            cli.loader = DataLoader()
            cli.inventory = InventoryManager(loader=cli.loader, sources=[source])
            cli.vm = VariableManager(loader=cli.loader, inventory=cli.inventory)
            case['list'] = cli.dump(cli.json_inventory(cli._get_group('all'))) + '\n'
            case['graph'] = cli.inventory_graph() + '\n'
            case['hosts'] = {h.name: cli.dump(cli._get_host_variables(h)) + '\n'
                             for h in cli.inventory.get_hosts('all')[:2]}
            json.loads(case['list'])
        except Exception as error:
            for key in ('list', 'graph', 'hosts'):
                case.pop(key, None)
            case['error'] = str(error).replace(root + '/', '').split('\n')[0]
    return case


def ini(name, text, **more):
    files = {CLUSTER + '.yml': RELEASE, CLUSTER + '.ini': text}
    files.update(more.pop('files', {}))
    return {'name': name, 'files': files, **more}


HAND_MADE = [
    ini('everything at once', '''# a comment
lone ansible_host=10.0.0.9
; another
[masters]
nn[1:2].x ansible_port=2222 role="name node" # trailing
[workers]
dn[01:03].x:22 rack='r 1' n=5 l="[1, 'a', 1.5]" t=(1,2) no=None yes=True
dn[a:c]-[1:3:2]
[workers:vars]
heap = 4g
n=017
list=['a', {'b': 1}]
[hadoop:children]
workers
masters
[hadoop:vars]
ansible_group_priority=3
heap=1g
[all:vars]
x=1.50
big=123456789012345678901234567890
'''),
    ini('children declared before and after', '''[z:children]
b
a
[a]
h1
[b]
h2
[y:children]
a
b
z
[all:children]
y
'''),
    ini('ungrouped, all and repeated sections', '''h1
[all]
h2
[ungrouped]
h3
[g]
h1
h4
[all]
h5 a=1
[g]
h5 a=2
h6
''', files={CLUSTER + '/ungrouped.yml': 'u: 1\n', CLUSTER + '/g.yml': 'g: 1\n'}),
    ini('each layer over the one below', '''[a]
h1 v6=ini only6=ini
h2
[b]
h1
[a:vars]
v0=a
v1=a
[all:vars]
v0=all
v00=all
''', files={
        'inventories/_default.yml': 'v1: fleet\nv2: fleet\nv00: fleet\nmap: {a: {x: 1, y: 1}, l: [1]}\n',
        'inventories/t/_default.yml': 'v2: type\nv3: type\nmap: {a: {y: 2}}\n',
        CLUSTER + '.yml': RELEASE + 'v3: cluster\nv4: cluster\nmap: {b: 1, a: {z: 3}}\n',
        CLUSTER + '/a.yml': 'v4: a\nv5: a\nv6: a\nmap: {a: 1}\n',
        CLUSTER + '/b.yml': 'v5: b\nmap: {a: {q: 1}, l: [2]}\n',
        CLUSTER + '/h1.host.yml': 'v6: host\nv7: host\nmap: {b: {c: {}}}\n',
    }),
    ini('ports', 'h1:1\nh1:2\n[g]\nh2\nh2:5 ansible_port=6\n'),
    ini('a host in a group twice', '[g]\nh1 a=1\nh1 b=2\nh1 a={}\n'),
    ini('CRLF', '[g]\r\nh1 a=1\r\n[g:vars]\r\nb=x y\r\n'),
    ini('no hosts', '[g]\n'),
    ini('values that are text', '[g]\nh a=0777 b=1_000 c=0x1F d=1e3 e=true f=null g="1" h=\'"1"\' i=1.0 j=-0.0 l="{1: 2, 0: \'a\'}" m=\n'),
    ini('keys that cannot be sorted', '[g]\nh a="{1: 2, \'b\': 3}" b=1\n[g:vars]\nz=1\n'),
    ini('depth before priority before name', '''[top:children]
mid
[mid:children]
low
[low]
h
[side]
h
[b]
h
[c]
h
[b:vars]
v=b
ansible_group_priority=10
[c:vars]
v=c
w=c
[side:vars]
v=side
w=side
[top:vars]
v=top
ansible_group_priority=99
''', files={CLUSTER + '/top.yml': 'f: top\n', CLUSTER + '/low.yml': 'f: low\n', CLUSTER + '/b.yml': 'f: b\ng: b\n',
            CLUSTER + '/c.yml': 'g: c\n'}),
    ini('yaml values', '[g]\nh\n', files={CLUSTER + '/g.yml': '''a: 010
b: 1.0
c: 1e3
d: yes
e: ~
f: 2024-02-29
g: 2024-02-29T01:02:03Z
h: !unsafe "{{ x }}"
i: "{{ a }}"
j: {1: a, 2: b}
k: {b: [], a: {}}
l: "tab\\t quote\\" \\u0001 \\U0001F600 \\x7f é"
m: 12:30:45
n: .inf
o: -.5
p: 123456789012345678901
'''}),
    ini('error: unknown type', '[g:host]\n'),
    ini('error: bad section', '[a b]\nh\n'),
    ini('error: vars of an undefined group', '[g:vars]\na=1\n'),
    ini('error: undefined child', '[g:children]\nx\n'),
    ini('error: a loop', '[a:children]\nb\n[b:children]\nc\n[c:children]\na\n'),
    ini('error: all as a child', '[a:children]\nall\n'),
    ini('error: no value', '[g]\nh1 a\n'),
    ini('error: an open quote', '[g]\nh1 a="b\n'),
    ini('error: no variable', '[g]\nh\n[g:vars]\na\n'),
    ini('error: priority', '[g]\nh\n[g:vars]\nansible_group_priority=high\n'),
    ini('error: colon', '[g]\nh:\n'),
    {'name': 'yaml inventory', 'files': {CLUSTER + '.yml': RELEASE, CLUSTER + '.hosts.yml': '''all:
  hosts:
    lone:
      a: 1
  vars: {x: "1", y: 010}
  children:
    workers:
      hosts:
        dn[01:03].x:22: {rack: r1, map: {a: 1}}
        dn01.x: {rack: r2, map: {b: 1}}
      vars:
        ansible_group_priority: 5
    hadoop:
      children:
        workers:
        masters: {hosts: nn1}
      vars: {heap: 1g}
other:
  hosts: {nn1: , z:  }
'''}},
    {'name': 'error: yaml inventory', 'files': {CLUSTER + '.yml': RELEASE, CLUSTER + '.hosts.yml': 'all: {hosts: [a]}\n'}},
]
HAND_MADE += [{**case, 'name': case['name'] + ', merged', 'hash_behaviour': 'merge'}
              for case in HAND_MADE if not case['name'].startswith('error')]


def generate(rng, index):
    groups = ['g%d' % i for i in range(rng.randint(1, 7))]
    hosts = ['h%d' % i for i in range(rng.randint(1, 8))]
    names = ['a', 'b', 'c', 'm']
    scalars = ['1', 'x', '1.5', 'True', '"q r"', '"[\'l\',1]"', '{}', '"{\'k\':1,\'m\':{}}"', '07']

    def values():
        return {name: rng.choice([1, 'x', None, True, [1, 2], {'k': rng.randint(1, 3)},
                                  {'k': {'d': 1}, rng.choice('pq'): 2}]) for name in rng.sample(names, rng.randint(0, 3))}

    lines = []
    for _ in range(rng.randint(0, 2)):
        lines.append(rng.choice(hosts))
    sections = groups + groups[:2] + ['all', 'ungrouped']
    rng.shuffle(sections)
    for group in sections:
        if rng.random() < .8:
            lines.append('[%s]' % group)
            for host in rng.sample(hosts, rng.randint(0, min(4, len(hosts)))):
                assigned = ' '.join('%s=%s' % (n, rng.choice(scalars)) for n in rng.sample(names, rng.choice([0, 0, 1, 2])))
                lines.append('%s %s' % (host, assigned))
        if rng.random() < .4 and group != 'ungrouped':
            lines.append('[%s:children]' % group)
            rank = groups.index(group) if group in groups else -1
            lines += rng.sample(groups[rank + 1:], rng.randint(0, min(3, len(groups) - rank - 1)))
        if rng.random() < .4:
            lines.append('[%s:vars]' % group)
            lines += ['%s = %s' % (n, rng.choice(scalars)) for n in rng.sample(names, rng.randint(0, 3))]
            if rng.random() < .4:
                lines.append('ansible_group_priority=%d' % rng.randint(-1, 3))
    for group in groups:
        if rng.random() < .97 and '[%s]' % group not in lines and '[%s:children]' % group not in lines:
            lines.append('[%s]' % group)
    files = {CLUSTER + '.yml': RELEASE + dump(values()), CLUSTER + '.ini': '\n'.join(lines) + '\n'}
    if rng.random() < .5:
        files['inventories/_default.yml'] = dump(values())
    if rng.random() < .5:
        files['inventories/t/_default.yml'] = dump(values())
    text = '\n'.join(lines)
    for group in groups:
        if rng.random() < .4 and '[%s]' % group in text:
            files['%s/%s.yml' % (CLUSTER, group)] = dump(values())
    for host in hosts:
        if rng.random() < .3 and host in text:
            files['%s/%s.host.yml' % (CLUSTER, host)] = dump(values())
    return {'name': 'random %d' % index, 'files': files, 'hash_behaviour': rng.choice(['replace', 'merge'])}


def generate_yaml(rng, index):
    names = ['g%d' % i for i in range(5)]
    hosts = ['h1', 'h2', 'h[3:4]', 'h5:22', '10.0.0.1']

    def group(depth):
        content = {}
        for key in rng.sample(['hosts', 'vars', 'children'], rng.randint(0, 3)):
            if key == 'hosts':
                content[key] = {h: rng.choice([None, {}, {'a': rng.randint(0, 3)}, {'m': {'x': {'y': 1}}, 'b': '07'}])
                                for h in rng.sample(hosts, rng.randint(0, 3))}
            elif key == 'vars':
                content[key] = rng.choice([None, {'a': 'g'}, {'m': {'x': {'z': depth}}, 'ansible_group_priority': depth},
                                           {'b': [1, 2.5, True, None]}])
            elif depth < 3:
                content[key] = {n: group(depth + 1) for n in rng.sample(names, rng.randint(0, 2))}
        return rng.choice([content, content, content, None])

    data = {name: group(0) for name in rng.sample(names + ['all', 'ungrouped'], rng.randint(1, 4))}
    return {'name': 'random yaml %d' % index, 'hash_behaviour': rng.choice(['replace', 'merge']),
            'files': {CLUSTER + '.yml': RELEASE, CLUSTER + '.hosts.yml': json.dumps(data)}}


def dump(values):
    return ''.join('%s: %s\n' % (key, json.dumps(value)) for key, value in values.items())


def main():
    seed, count = (int(arg) for arg in sys.argv[1:3]) if len(sys.argv) > 2 else (1, 120)
    rng = random.Random(seed)
    cases = HAND_MADE + [generate(rng, index) for index in range(count)]
    cases += [generate_yaml(rng, index) for index in range(count // 3)]
    for case in cases:
        print(json.dumps(record(case)), flush=True)


main()
