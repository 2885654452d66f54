"""Writes plain-inventories.jsonl: files, and what ansible-inventory of ansible-core prints for them.

    python record-plain-inventories.py [NAME...] > plain-inventories.jsonl     (ansible-inventory 2.18 must be on the PATH)

A line is a case: its `files` by path, and `runs`: `sources` of -i, `show` (--list, --graph, --graph --vars or a host),
`playbook_dir` and `merge` where not the default, the program's `output`, and `warned` where it could not read a source.
"""
import json
import os
import subprocess
import sys
import tempfile

SHOWS = ['--list', '--graph']


def case(name, files, sources=('hosts',), shows=SHOWS, **options):
    return {'name': name, 'files': files, 'sources': list(sources), 'shows': shows, **options}


def hosts(name, text, **options):
    return case(name, {'hosts': text}, **options)


def hosts_yml(name, text, **options):
    return case(name, {'hosts.yml': text}, sources=['hosts.yml'], **options)


LAYERS = {
    'inv/hosts': '[all:vars]\nv=ig_all\n[parent:vars]\nw=ig\n[parent:children]\nweb\n[web]\na w1=host\nb\n[web:vars]\nx=ig\n',
    'inv/group_vars/all.yml': 'v: inv_all\nl1: inv_all\nl2: inv_all\nl3: inv_all\nl4: inv_all\nl5: inv_all\n',
    'pb/group_vars/all/a.yml': 'v: pb_all\nl2: pb_all\nl3: pb_all\nl4: pb_all\nl5: pb_all\n',
    'inv/group_vars/web': 'l3: inv_web\nl4: inv_web\nl5: inv_web\nm: {a: 1, b: {c: 2}}\n',
    'inv/group_vars/parent.yaml': 'l3: inv_parent\nm: {z: 0}\n',
    'pb/group_vars/web.json': '{"l4": "pb_web", "l5": "pb_web", "m": {"b": {"d": 3}}}',
    'inv/host_vars/a.yml': 'w1: inv_a\nl5: inv_a\nm: {h: 1}\n',
    'pb/host_vars/a': 'w1: pb_a\nm: {p: [1]}\n',
    'host_vars/b.yml': 'from: cwd\n',
}

FOLDER = {
    'inv/01-first': '[web]\na v=1\n[db]\n',
    'inv/02-second.yml': 'db:\n  children:\n    web:\n  hosts:\n    b:\n      v: 2\n',
    'inv/03.json': '{"web": {"hosts": {"c": {"v": [1, 1e3, "x"]}}}}',
    'inv/10-a': '[late]\na v=10\n',
    'inv/sub/more': '[web:vars]\nsub=1\n[web]\nd\n',
    'inv/sub/group_vars/web': 'never: 1\n',
    'inv/group_vars/web/main.yml': 'g: 1\n',
    'inv/group_vars/web/extra/x.yml': 'g: 2\n',
    'inv/group_vars/web/.hidden.yml': 'hidden: 1\n',
    'inv/group_vars/web/old.yml~': 'old: 1\n',
    'inv/group_vars/web/note.txt': 'note: 1\n',
    'inv/group_vars/web/plain': 'plain: 1\n',
    'inv/group_vars/web/z.d/y.yml': 'dotted: 1\n',
    'inv/host_vars/a': 'first: 1\n',
    'inv/host_vars/a.yml': 'second: 1\n',
    'inv/vars_plugins/x.py': 'x\n',
    'inv/ignored.ini': '[ini]\nz\n',
    'inv/ignored.cfg': '[cfg]\nz\n',
    'inv/README.md': 'readme\n',
    'inv/x.bak': 'z\n',
    'inv/.hidden': 'z\n',
    'inv/x.retry': 'z\n',
    'inv/y~': 'z\n',
}

CASES = [
    hosts('ranges', 'a[1:3]\nb[01:10:3].x\nc[a:e:2]\n[g]\nd[1:2][x:y]:22\n[x-z]\n'.replace('[x-z]\n', 'e[Y:b]\n')),
    hosts('ranges in digits of other scripts', '[g]\nh[\u0661:\u0663].y z=0\ni[ 1:+2]\nj[1_0:11:\u0967]\n'),
    hosts('a range that ends before it begins', '[g]\na[5:2]\nb[1:1]\n'),
    hosts('ports and addresses', 'a:22\n10.0.0.[1:3]:2222\n[::1]:5\nfe80::1\n[fe80::[1:3]]:22\nb:0\n[db[1:2].x]:7\n', shows=['--list']),
    hosts('types on host lines', "a i=1 f=1.50 t=True n=None l=[1,'x'] d=\"{'a': 1, 'b': (1, 2)}\" s='\"5\"' q=\"'a b'\" e= h=0x10 u=a=b c=1_0 o=010 x='a # b' y=a#b z=1\n", shows=['--list', 'a']),
    hosts('types of group vars', "[g]\na\n[g:vars]\ni=1\nf = 2.0 # c\nt=false\ns='x y'\nd={'a': [1, 2]}\ne=\nq=\"a\" \"b\"\nl=[1,\n", shows=['--list', '--graph --vars']),
    hosts('comments and blank lines', '# c\n; c\n\n[g] # comment\na # x=1\nb x=1 # y=2\n   c   y=3\n[g:vars]\n# c\nv=1 # kept\n;w=2\n'),
    hosts('hosts that leave `ungrouped`, and groups above it', 'h1\nh2\nh3\n[top:children]\nmid\n[mid:children]\nungrouped\nside\n[side]\nh2\n[mid]\nh1\nh2\n[top]\nh1\n[far]\nh3\n[top:vars]\na=1\n[mid:vars]\nb=1\n[side:vars]\nc=1\n[far:vars]\nd=1\n', shows=['--list', 'h1', 'h2', 'h3']),
    case('names that are paths', {'hosts': 'a/b\na/../c\nx/../c\na/..\n/c\nd/\n[g]\n./c\n', 'host_vars/a/b.yml': 'v: 1\n', 'host_vars/c': 'v: 2\n', 'host_vars/d/e': 'v: 3\n'}),
    case('a host that has the name of its folder', {'hosts': '[.]\n.\nh\n', 'host_vars/h.yml': 'a: 1\n', 'host_vars/i.yml': 'b: 1\n', 'group_vars/g.yml': 'c: 1\n'}),
    hosts('sections again', '[g]\na x=1\n[h]\nb\n[g]\nc\na x=2 y=3\n[g:vars]\nv=1\n[g:vars]\nv=2\nw=1\n'),
    hosts('children declared later', '[p:children]\nq\nr\n[q:children]\ns\n[r]\na\n[s]\nb\nc\n[q:vars]\nx=1\n'),
    hosts('vars before the group', '[g:vars]\nx=1\n[g]\na\n'),
    hosts('a grandchild with two parents', '[a:children]\nc\n[b:children]\nc\nd\n[c]\nx\n[d:children]\nc\n[e]\ny\n'),
    hosts('depth, priority and name', '[a]\nh\n[b]\nh\n[c:children]\nd\n[d]\nh\n[a:vars]\nv=a\nw=a\nansible_group_priority=10\n[b:vars]\nv=b\nw=b\nx=b\n[d:vars]\nx=d\n', shows=['--list', '--graph --vars']),
    hosts('ungrouped hosts', 'u1\nu2 x=1\n[g]\nu2\nb\n[ungrouped]\nu3\nb\n[all]\nw\n'),
    hosts('ungrouped as a child', '[p:children]\nungrouped\n[g]\nb\n[ungrouped]\na\nb\n'),
    hosts('ungrouped as a child, and all itself', '[all]\na v=1\n[ungrouped]\na\nb\n[p:children]\nungrouped\n[p:vars]\nw=1\n', shows=[*SHOWS, 'a']),
    case('hosts in no group', {'hosts': 'u[1:2] y=1\n[p:children]\nungrouped\n[ungrouped]\na x=1\n[g]\nb\n[p:vars]\npv=1\n[all:vars]\nav=1\n', 'host_vars/a.yml': 'hv: 1\n', 'group_vars/p.yml': 'gp: 1\n', 'group_vars/all.yml': 'ga: 1\n'}, shows=[*SHOWS, '--graph --vars', 'a', 'u2', 'b']),
    hosts('a host named all, in no group', 'all x=1\nu\n[p:children]\nungrouped\n[g]\nb y=1\n', shows=[*SHOWS, 'all']),
    hosts('a host named as a group', 'web a=1\n[web]\nx\n[db]\nweb:22 b=2\n'),
    case('hosts that return to `ungrouped` with their group', {'s0.yml': 'web:\n hosts: h1', 's1': 'h1 "="\n[all]\nweb', 'group_vars/ungrouped.json': 'x:'}, sources=['s0.yml', 's1'], shows=[*SHOWS, '--graph --vars']),
    hosts('hosts before and behind one that is named as their group', 'h1\nh2\nh4\n[web]\nh1\n[sub]\nh2\nh3\n[web:children]\nsub\n[p:children]\nungrouped\n[p]\nh1\n[sub:vars]\ns=1\n[p:vars]\npv=1\n[ungrouped:vars]\nu=1\n[all]\nh6\nweb\nh5\n[late]\nh6\nh1\n', shows=[*SHOWS, '--graph --vars', 'h1', 'h2', 'h6']),
    hosts('hosts behind one that is named as their group', '[all]\nweb\n[ungrouped]\nh1\nh2\n[web]\nh1\n[web:children]\nsub\n[sub]\nh2\n[ungrouped:vars]\nu=1\n', shows=[*SHOWS, '--graph --vars', 'h1', 'h2']),
    case('a host named as a group that is a child of `ungrouped` already', {'hosts.yml': 'ungrouped: {hosts: {b: }, children: {g: }}\ng: {hosts: {b: }}\nall:\n  hosts: {g: }\n', 'group_vars/ungrouped.yml': 'u: 1\n'}, sources=['hosts.yml'], shows=[*SHOWS, '--graph --vars', 'b']),
    case('hosts named as groups of which one is below the other', {'hosts.yml': 'all:\n  hosts: {A: , h: , B: }\n  children:\n    ungrouped: {hosts: {h: }}\n    A: {children: {B: {hosts: {h: }}}}\n', 'group_vars/ungrouped.yml': 'u: 1\n'}, sources=['hosts.yml'], shows=[*SHOWS, '--graph --vars', 'h']),
    hosts('a byte order mark among the lines', 'h a=1\n[b:children]\n\ufeff\n[1]\n'),
    hosts('a host named all', 'all x=1\nb\n[g]\ng y=2\nc\nall\n[h]\nungrouped z=1\n[u:children]\ng\n', shows=[*SHOWS, '--graph --vars', 'all', 'g']),
    hosts_yml('a host named all, in YAML', 'all:\n  hosts:\n    all: {x: 1}\n    b:\n  children:\n    g:\n      hosts:\n        g: {y: 1}\n        all:\n        ungrouped:\n', shows=[*SHOWS, 'all', 'ungrouped']),
    hosts('a name of this machine', 'a\n[g]\n127.0.0.1 x=1\n::1 x=2\n', shows=['127.0.0.1', '::1', 'localhost']),
    hosts('a group with a name of this machine', 'localhost z=1\n[127.0.0.1]\nc y=1\n', shows=['::1', '127.0.0.1', 'localhost']),
    hosts('names that Ansible warns of', '[web-1]\na\n[a.b:children]\nweb-1\n[1x]\nb_c\n[x-y:vars]\nv=1\n[x-y]\n'),
    hosts('connection variables', '[g]\na:2222 ansible_host=10.0.0.1 ansible_user=root ansible_port=23\na:2223\n[g:vars]\nansible_ssh_common_args="-o ProxyCommand=none"\n', shows=['--list', 'a']),
    hosts('crlf', '[g]\r\na x=1\r\n[g:vars]\r\ny=2\r\n'),
    hosts('a lone carriage return', '[g]\ra x=1\rb\r[g:vars]\ry=2\r'),
    hosts('no hosts', '[g]\n[h:children]\ng\n'),
    hosts('an empty file', ''),
    hosts('unicode', '[größe]\nhöst größe=ß emoji=😀\n[größe:vars]\nv=日本\nl=["é", "\\x01"]\n', shows=['--list', '--graph --vars']),
    hosts('escapes and quotes', 'a x="a\\"b" y=\'c"d\' z=e\\ f w="" v="\\\\n" u=\'\\\\n\'\n', shows=['--list', '--graph --vars']),
    hosts('a mapping set twice', "[g]\na d=\"{'a': 1}\"\na d=\"{'b': 2}\"\n[g:vars]\nm={'x': {'y': 1}}\nm={'x': {'z': 2}}\n", shows=['--list'], merge='both'),
    hosts('internal variables', 'a inventory_dir=x groups=1 role_name=2 omit=3 playbook_dir=4 kept=5\n', shows=['--list', 'a']),
    hosts('numbers', 'a a=1e5 b=0o17 c=-3 d=1.0e-7 e=12345678901234567890 f=0b11 h=inf i=1e400 j=-0.0 k=100000000000000000.0\n', shows=['--list', '--graph --vars']),
    hosts('unfinished literals', "[g]\na\n[g:vars]\na=[1\nb={'x'\nc=(1,)\nd={1, 2}\ne='x\nf=b'x'\ng=lambda: 1\nh=1 + 1\ni=-1\nj=not True\n", shows=['--graph --vars']),
    hosts('a template that Python takes for a set', '[g]\na\n[g:vars]\nx=1\ny={{ 1 }}\n[h]\nb\n'),
    hosts('a key that Python cannot hash', '[g]\na x=1\nb y="{[1]: 2}"\nc\n'),
    hosts('a section that is wrong', '[g]\na\n[x y]\nb\n[h]\nc\n'),
    hosts('an undefined child', '[g:children]\nnope\n[h]\na\n'),
    hosts('vars of an undefined group', '[g:vars]\nx=1\n[h]\na\n'),
    hosts('a cycle', '[a:children]\nb\n[b:children]\na\n[c]\nx\n'),
    hosts('a group in itself', '[a:children]\na\n[c]\nx\n'),
    hosts('a host line that is wrong', '[g]\na x=1\nb y\nc\n'),
    hosts('a quote that is open', '[g]\na x="1\nb\n'),
    hosts('a priority that is no number', '[g]\na\n[g:vars]\nansible_group_priority=high\nx=1\n'),
    case('one source cannot be read to its end', {'bad': '[g]\na\nb y\nc\n', 'hosts': '[g]\nd\n[h]\na\n'}, sources=['bad', 'hosts']),
    case('a YAML source cannot be read to its end',
         {'bad.yml': 'g:\n  hosts:\n    a: {x: 1}\n    b: [1]\n    c:\nh:\n  hosts: {e: }\n', 'hosts': '[g]\nd\n'},
         sources=['bad.yml', 'hosts']),
    case('a source is missing', {'hosts': '[g]\nd\n'}, sources=['nope', 'hosts']),
    case('only a missing source', {}, sources=['nope']),
    hosts_yml('a YAML inventory', 'all:\n  hosts:\n    a:\n    b[1:2]:2222:\n      x: 1\n  vars:\n    v: [1, yes, 010, 1:30, 2020-01-01, ~, 1e3, 1.0e+3]\n  children:\n    g:\n      hosts:\n        c: {y: {k: 2}}\n      children:\n        h:\n          hosts: d\n          vars:\n            ansible_group_priority: 5\n            z: 1\n', shows=['--list', '--graph', '--graph --vars', 'c', 'd']),
    hosts_yml('priorities of other types', 'a: {hosts: {h: }, vars: {ansible_group_priority: !unsafe "5", v: a}}\nb: {hosts: {h: }, vars: {ansible_group_priority: 2.9, v: b}}\nc: {hosts: {h: }, vars: {ansible_group_priority: true, v: c}}\nd: {hosts: {h: }, vars: {ansible_group_priority: " 4 ", v: d}}\n', shows=['--list', '--graph --vars']),
    case('keys that are no number', {'hosts.yml': 'g:\n  hosts: {h: {.nan: a, .NaN: b, .inf: c, m: {.nan: 1, .NAN: 2}}}\n  vars: {.nan: d, 1: e}\n', 'group_vars/g': '.nan: f\n1: g\n'}, sources=['hosts.yml'], shows=['--list', 'h']),
    hosts_yml('texts where mappings belong', 'g:\n  hosts: a\n  children: h\n  vars: v\nh:\n  hosts: b\n', shows=['--list', '--graph --vars']),
    hosts_yml('keys that are skipped', 'g:\n  hosts: {a: }\n  host: {b: }\n  note: 1\nh: [1]\ni: text\nj:\n', shows=['--list']),
    hosts_yml('sections that are no mapping', 'g:\n  hosts: {a: }\nh:\n  vars: {x: 1}\n  hosts: [b]\n'),
    hosts_yml('a child that is a host', 'g:\n  hosts: {a: }\nh:\n  children:\n    a: text\n'),
    hosts_yml('a child that is nothing', 'g:\n  hosts: {a: }\n  children:\n    b: text\n    c:\n'),
    hosts_yml('a child that is a number', 'g:\n  hosts: {a: }\n  children:\n    1: text\n    c:\n'),
    hosts_yml('sets of numbers', 'g:\n  hosts:\n    a:\n      i: !!set {3, 1, 2, 40, 33, 9, 17}\n      j: !!set {-1, -7, 5, 12, 20}\n      n: [!!set {5, 4}, {k: !!set {8, 0, 16}}]\n  vars:\n    e: !!set {}\n    o: !!set {a}\n', shows=['--graph --vars']),
    hosts('sets of numbers in INI', "[g]\na\n[g:vars]\ni={3, 1, 2, 40, 33, 9, 17}\nj=[{5, 4}, {8: {16, 0, 24, 8}}]\nk={70000, 3, 4096, 255, 1024, -5}\n", shows=['--graph --vars']),
    hosts('sets of values that hash alike in every run', "[g]\na\n[g:vars]\nb={True, 0, 5}\nc={False, 16, 8, True}\nd={1.5, 2, 0.1, -3.25, 1e300, 1e400, -1e400}\ne={(1, 2), (3,), (0, (True, -1)), ()}\nf={12345678901234567890, -2305843009213693951, 2305843009213693952, 7, -1, -2}\ng={5e-324, 1, 2.0, 1e22}\nh={1, 1.0, True}\ni={(1.5, 70000), 3, 9.75, (2,), False}\nj=[{0: {3.0, True}}, ({(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6)},)]\n", shows=['--graph --vars']),
    hosts_yml('falsy variables of hosts', 'g:\n  hosts: {a: 0, b: "", c: [], d: false, e: {}}\n'),
    hosts_yml('host names with colons', 'g:\n  hosts:\n    "a:": {x: 1}\n    "---": {}\n    "b c": {y: 1}\n    "::1": {z: 1}\n'),
    hosts_yml('hosts that are numbers', 'g:\n  hosts: {a: }\nh:\n  hosts: {1: }\n'),
    hosts_yml('groups that are numbers', 'g:\n  hosts: {a: }\n5:\n  hosts: {b: }\n'),
    hosts_yml('anchors and merges', 'x: &x\n  hosts: &h {a: {v: 1}}\n  vars: &v {p: 1, q: [1, 2]}\ny:\n  <<: *x\n  vars:\n    <<: *v\n    q: 3\n', shows=['--list', '--graph --vars']),
    hosts_yml('tags', 'g:\n  hosts:\n    a:\n      u: !unsafe "{{ x }}"\n      l: [!unsafe a, b]\n      v: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        3132\n      t: !!str 5\n', shows=['--list', 'a']),
    hosts_yml('keys of every type', 'g:\n  hosts:\n    a:\n      m: {1: a, 2.5: b, true: c}\n      n: {x: {2: b, 1: a}}\n', shows=['--list', '--graph --vars']),
    hosts_yml('keys that cannot be sorted', 'g:\n  hosts:\n    b: {z: 1, m: {1: a, x: b}, a: 2}\n    a: {z: 1, b: 2}\n', shows=['--list']),
    hosts_yml('a YAML file that holds INI', '[g]\na x=1\n'),
    hosts_yml('an empty YAML file', '# nothing\n'),
    hosts_yml('two documents', 'g:\n  hosts: {a: }\n---\nh:\n'),
    hosts_yml('a key that is written twice', 'g:\n  hosts: {a: {x: 1}}\ng:\n  hosts: {b: {x: 1, x: 2}}\n'),
    hosts_yml('a byte order mark', '\ufeffg:\n  hosts: {a: }\n'),
    case('JSON', {'hosts.json': '{"g": {"hosts": {"a": {"i": 1, "f": 1.5, "e": 1e3, "b": true, "n": null, "u": "\\u00e9", "d": {"__ansible_unsafe": "{{ x }}"}, "v": {"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\\n31\\n"}}}, "children": {"h": null}}}'}, sources=['hosts.json'], shows=['--list', 'a']),
    case('JSON with characters that YAML does not allow', {'hosts': '{"g": {"hosts": {"h": {"a": "x\x7fy\u0090z\ufffe", "\x7f": [1]}}}}', 'host_vars/h.json': '{"b\x7f": "\u009f"}', 'group_vars/g': '{"c": "\x7f\u2028"}'}, shows=['--list', 'h', '--graph --vars']),
    case('a file without extension that holds YAML', {'hosts': 'g:\n  hosts:\n    a: {x: 1}\n'}),
    case('an extension that nobody knows', {'hosts.inv': '[g]\na\n', 'x.conf': 'b\n'}, sources=['hosts.inv', 'x.conf']),
    case('lists of hosts', {'hosts': '[g]\na x=1\n'}, sources=['c,a:5,b:22,[d:3]:4,::1, e ,', 'hosts', 'a:9,']),
    case('several sources', {'one': '[g]\na v=1 w=1\n[g:vars]\nx=1\n', 'two.yml': 'g:\n  vars: {x: 2}\n  hosts: {a: {v: 2}, b: }\nk:\n  children: {g: }\n', 'three': '[k:children]\nh\n[h]\na v=3\n'}, sources=['one', 'two.yml', 'three'], shows=['--list', '--graph', '--graph --vars']),
    case('a group of an earlier source', {'one': '[g]\na\n', 'two': '[p:children]\ng\n[g:vars]\nx=1\n'}, sources=['one', 'two']),
    case('a group of a later source', {'one': '[g]\na\n', 'two': '[p:children]\ng\n[g:vars]\nx=1\n'}, sources=['two', 'one']),
    case('vars beside two sources', {'a/hosts': '[g]\nh\n[p:children]\ng\n', 'a/group_vars/g': 'v: a_g\nw: a_g\n', 'b/hosts': '[g]\nh\n', 'b/group_vars/p': 'v: b_p\n', 'b/host_vars/h': 'x: b\n', 'a/host_vars/h': 'x: a\ny: a\n'}, sources=['a/hosts', 'b/hosts'], shows=['--list', '--graph --vars']),
    case('vars beside two sources, the other way', {'a/hosts': '[g]\nh\n[p:children]\ng\n', 'a/group_vars/g': 'v: a_g\nw: a_g\n', 'b/hosts': '[g]\nh\n', 'b/group_vars/p': 'v: b_p\n', 'b/host_vars/h': 'x: b\n', 'a/host_vars/h': 'x: a\ny: a\n'}, sources=['b/hosts', 'a/hosts', 'b'], shows=['--list']),
    case('every layer', LAYERS, sources=['inv/hosts'], shows=['--list', '--graph --vars', 'a'], merge='both'),
    case('every layer, with a playbook', LAYERS, sources=['inv/hosts'], shows=['--list', '--graph --vars', 'a'], playbook_dir='pb', merge='both'),
    case('a folder', FOLDER, sources=['inv'], shows=['--list', '--graph', '--graph --vars']),
    case('a slash behind the name of a file', {'inv/hosts': 'h\n', 'inv/host_vars/h': 'x: 1\n'}, sources=['inv/hosts//'], shows=['--list']),
    case('a file of a folder', FOLDER, sources=['inv/ignored.ini', 'inv/sub'], shows=['--list']),
    case('vars in a folder named as a file', {'hosts': '[g]\na\n', 'group_vars/g.yml/x': 'v: 1\n', 'group_vars/all/b.json': '{"w": 1.0}', 'group_vars/all/a': 'w: 2\nx: 3\n', 'host_vars/a.yaml': '- 1\n'.replace('- 1\n', '{}\n')}),
    case('empty files of vars', {'hosts': '[g]\na\n', 'group_vars/g': '', 'group_vars/all': '# nothing\n', 'host_vars/a.yml': '---\n'}),
    case('variables whose names are no text', {'hosts': '[g]\nh1\nh2 y=1\n[k]\nh3\n[p:children]\ng\n', 'group_vars/all.yml': '1: a\n~: n\n1.5: f\n"1": s\n', 'group_vars/p.yml': 'x: 1\n0x10: hex\nfalse: no\n', 'group_vars/g.yml': 'true: b\n0: {a: 1}\n', 'host_vars/h1.yml': '1.0: over\n0: {b: 2}\n"null": t\n'}, shows=['--list', '--graph', 'h1', 'h2', 'h3'], merge='both'),
    case('variables whose names are numbers', {'hosts.yml': 'g:\n  hosts:\n    h1: {10: x, 2: {a: 1}, 12345678901234567890: b}\n    h2:\n  vars: {1.5: y, 2: {b: 1}, true: z}\nk:\n  hosts: {h1: {10: o}}\n', 'group_vars/g/a.yml': '-1: n\n2: {c: 1}\n.inf: i\n', 'group_vars/g/b.yml': '1: o\n', 'host_vars/h2.yml': '3: q\n'}, sources=['hosts.yml'], shows=['--list', '--graph --vars', 'h1', 'h2'], merge='both'),
    case('names that are no text on one host of many', {'hosts': '[g]\nh[1:4]\n', 'group_vars/g.yml': 'b: 1\na: 1\n', 'host_vars/h2.yml': '~: only\n', 'host_vars/h3.yml': 'c: 2\na: 3\n'}, shows=['--list', 'h2', 'h3', 'h4']),
    case('a name that is no text, alone', {'hosts': 'h1\nh2\n', 'host_vars/h1.yml': '~: x\n', 'host_vars/h2.yml': '!unsafe u: 1\n"a": 2\nm: {b: 1, !unsafe a: 2}\n'}, shows=['--list', '--graph --vars', 'h1', 'h2']),
    case('layers that are equal', {'hosts': '[g]\nh\nk\n', 'group_vars/all.yml': '1: a\nn: {b: 1, a: 2}\n', 'group_vars/g.yml': 'n: {a: 2, b: 1}\ntrue: a\n', 'host_vars/h.yml': '"x": {~: 1, a: 2}\n', 'host_vars/k.yml': 'n: {a: 2, b: 1}\nz: {~: 1, a: 2}\ny: 1\n'}, shows=['--list', 'h', 'k'], merge='both'),
    case('a group priority in a file', {'hosts': '[b]\na\n[c]\na\n', 'group_vars/b': 'ansible_group_priority: 9\nv: b\n', 'group_vars/c': 'v: c\n'}, shows=['--list', '--graph --vars']),
    case('group_vars that is a file', {'hosts': '[g]\na\n', 'group_vars': 'x: 1\n'}),
    case('a host that is a path', {'hosts': '[g]\na/b\n/c\n', 'host_vars/a/b.yml': 'x: 1\n', 'host_vars/a/c': 'y: 1\n'}),
]


def run(folder, test, show, merge):
    command = ['ansible-inventory', *(arg for source in test['sources'] for arg in ('-i', source))]
    if 'playbook_dir' in test:
        command += ['--playbook-dir', test['playbook_dir']]
    command += show.split() if show.startswith('--') else ['--host', show]
    env = {'PATH': os.environ['PATH'], 'HOME': folder, 'LC_ALL': 'C.UTF-8',
           'ANSIBLE_NOCOLOR': '1', 'ANSIBLE_HASH_BEHAVIOUR': 'merge' if merge else 'replace'}
    ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    if ended.returncode != 0:
        print(test['name'], show, ended.stderr.decode()[-400:], file=sys.stderr)
    result = {'sources': test['sources'], 'show': show, 'output': ended.stdout.decode()}
    if 'playbook_dir' in test:
        result['playbook_dir'] = test['playbook_dir']
    if merge:
        result['merge'] = True
    if b'Failed to parse' in ended.stderr or b'Unable to parse' in ended.stderr:
        result['warned'] = True
    return result


def record(test):
    runs = []
    for merge in [False, True] if test.get('merge') == 'both' else [False]:
        for show in test['shows']:
            with tempfile.TemporaryDirectory() as folder:
                for path, text in test['files'].items():
                    full = os.path.join(folder, path)
                    os.makedirs(os.path.dirname(full), exist_ok=True)
                    with open(full, 'w', newline='', encoding='utf-8') as handle:
                        handle.write(text)
                runs.append(run(folder, test, show, merge))
    return {'name': test['name'], 'files': test['files'], 'runs': runs}


for one in CASES:
    if len(sys.argv) > 1 and one['name'] not in sys.argv[1:]:
        continue
    print(json.dumps(record(one), ensure_ascii=False))
