import type { HostileInventory } from './hostile-inventory.ts';

const HOSTS = 'an inventory may declare at most 20000 hosts';
const PATTERN = 'a host pattern may stand for at most 20000 hosts';
const GROUPS = 'an inventory may declare at most 5000 groups';
const SETTINGS = 'an inventory may set at most 200000 variables on hosts';
const VALUES = 'more than 250000 values';
const LEVELS = 'more than 200 levels stand within each other';
const TOO_LONG = 'the text is too long to be printed';

/** Ten values, and then ten times the values before, again and again. */
const LAUGHS = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]\n`).join(
  '',
);
const ANCHORS = `l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n${LAUGHS}`;
const MERGES = `m0: &m0 {k: 1}\n${LAUGHS.replaceAll('l', 'm').replaceAll(/: &(m\d+) (\[.*\])/g, ': &$1 {<<: $2}')}`;

/** Ten values and what is made of them: 188,888 values in 200 bytes. */
const SOME_LAUGHS = (name: string): string =>
  `a: &a [${'1,'.repeat(10)}]\nb: &b [${'*a,'.repeat(10)}]\nc: &c [${'*b,'.repeat(10)}]\n` +
  `d: &d [${'*c,'.repeat(10)}]\n${name}: [${'*d,'.repeat(15)}]\n`;

const NESTED = '['.repeat(100) + ']'.repeat(100);

/** Inventories that try to hang or exhaust the compiler, or to reach what is no inventory. */
export const INVENTORY_CASES: readonly HostileInventory[] = [
  { name: 'a long range', files: { hosts: 'a[0:99999999]\n' }, says: `hosts:1: ${PATTERN}` },
  { name: 'nested ranges', files: { hosts: '[g]\n[0:9999][0:9999]\n' }, says: 'hosts:2: ' },
  { name: 'nested ranges of a name', files: { hosts: 'x[0:9999]-[0:9999]\n' }, says: `hosts:1: ${PATTERN}` },
  {
    name: 'many nested ranges',
    files: { hosts: [[`x${'[a:z]'.repeat(200)}\n`, 100]] },
    says: `hosts:1: ${PATTERN}`,
  },
  {
    name: 'many long ranges',
    files: { hosts: { numbered: 'h#-[1:19999]\n', count: 1000 } },
    says: `hosts:2: ${HOSTS}`,
  },
  {
    name: 'a range of huge numbers',
    files: { hosts: `a[0:${'9'.repeat(100_000)}]\n` },
    says: `hosts:1: ${PATTERN}`,
  },
  { name: 'a range with a huge step', files: { hosts: `a[0:9:${'9'.repeat(100_000)}]\n` } },
  {
    name: 'a range padded with zeros',
    files: { hosts: `a[${'0'.repeat(9_999)}1:${'9'.repeat(10_000)}]\n` },
    says: 'hosts:1: ',
  },
  { name: 'many empty ranges', files: { hosts: { numbered: 'h#[9:1]\n', count: 200_000 } } },
  {
    name: 'a long range in YAML',
    files: { 'h.yml': 'all: {hosts: {"a[0:99999999]": }}\n' },
    sources: ['h.yml'],
    says: `h.yml:1: ${PATTERN}`,
  },
  {
    name: 'nested ranges in YAML',
    files: { 'h.yml': 'all:\n  hosts:\n    x[0:9999]-[0:9999]:\n' },
    sources: ['h.yml'],
    says: `h.yml:3: ${PATTERN}`,
  },
  {
    name: 'long ranges in YAML',
    files: { 'h.yml': { head: 'all:\n  hosts:\n', numbered: '    h#-[1:19999]:\n', count: 1000 } },
    sources: ['h.yml'],
    says: `h.yml:4: ${HOSTS}`,
  },
  { name: 'brackets without end', files: { hosts: [['[', 1_000_000]] }, says: 'hosts:1: ' },
  { name: 'open ranges', files: { hosts: ['a', ['[1:2', 300_000], '\n'] }, says: 'hosts:1: ' },
  { name: 'colons', files: { hosts: ['a', [':', 1_000_000], '\n'] }, says: 'hosts:1: ' },
  { name: 'dashes of a label', files: { hosts: ['a', ['-', 1_000_000], '!\n'] } },
  { name: 'labels without end', files: { hosts: [['a.', 500_000], '!\n'] } },
  { name: 'a million hosts', files: { hosts: { numbered: 'h#\n', count: 800_000 } }, says: HOSTS },
  {
    name: 'hosts in a list',
    files: {},
    sources: [Array.from({ length: 100_000 }, (_, i) => `h${i}`).join(',')],
    says: HOSTS,
  },
  {
    name: 'a million groups',
    files: { hosts: { numbered: '[g#]\n', count: 800_000 } },
    says: `hosts:4999: ${GROUPS}`,
  },
  {
    name: 'a million groups in YAML',
    files: { 'h.yml': { numbered: 'g#:\n', count: 200_000 } },
    sources: ['h.yml'],
    says: 'more than 250000 values',
  },
  { name: 'many variables of a range', files: { hosts: ['[g]\nh[00001:20000]', [' v=1', 100_000], '\n'] } },
  {
    name: 'many variables of many hosts',
    files: {
      hosts: { numbered: `h# ${Array.from({ length: 100 }, (_, i) => `v${i}=1`).join(' ')}\n`, count: 8_000 },
    },
    says: SETTINGS,
  },
  { name: 'the same hosts over and over', files: { hosts: [['h[1:20000] a=1\n', 2_000]] }, says: SETTINGS },
  {
    name: 'many groups of many hosts',
    files: { hosts: { numbered: '[g#]\nh[1:20000]\n', count: 4_000 } },
    says: 'may declare hosts 1000000 times',
  },
  {
    name: 'a long chain of children',
    files: { hosts: { head: '[g0]\nh[1:10000]\n', numbered: '[g+:children]\ng#\n', count: 4_900 } },
    says: 'too deeply',
  },
  {
    name: 'a long chain, from its top',
    files: { hosts: { numbered: '[g#:children]\ng+\n', count: 4_900, head: '[g4900]\nh[1:10000]\n' } },
    says: 'in at most',
  },
  {
    name: 'a long chain in YAML',
    files: { 'h.yml': ['{a: ', ['{children: {a: ', 5_000]] },
    sources: ['h.yml'],
    says: LEVELS,
  },
  {
    name: 'a cycle of many groups',
    files: { hosts: { numbered: '[g#:children]\ng+\n', count: 3_000, head: '[g3000:children]\ng0\n' } },
    says: 'recursive dependency loop',
  },
  {
    name: 'groups with two common children',
    files: {
      hosts: {
        head: '[a40]\nx\n[b40]\ny\n',
        numbered: '[a#:children]\na+\nb+\n[b#:children]\na+\nb+\n',
        count: 40,
      },
    },
  },
  {
    name: 'groups with two common children, as a graph',
    files: {
      hosts: {
        head: '[a40]\nx\n[b40]\ny\n',
        numbered: '[a#:children]\na+\nb+\n[b#:children]\na+\nb+\n',
        count: 40,
      },
    },
    graph: true,
    problem: TOO_LONG,
  },
  {
    name: 'long names in many groups',
    files: { hosts: { numbered: `[g#]\nh[1:2000]${'x'.repeat(2_000)}\n`, count: 200 } },
    problem: TOO_LONG,
  },
  {
    name: 'many groups with many common descendants',
    files: {
      hosts: Array.from({ length: 4_990 }, (_, i) => `[g${i}]\n`).concat(
        Array.from({ length: 4_990 }, (_, i) => {
          const children = Array.from({ length: Math.min(99, 4_989 - i) }, (_, j) => `g${i + j + 1}\n`);
          return `[g${i}:children]\n${children.join('')}`;
        }),
      ),
    },
    says: 'too deeply',
  },
  {
    name: 'variables of many groups of the same hosts',
    files: {
      hosts: {
        numbered: `[g#]\nh[1:200]\n[g#:vars]\n${Array.from({ length: 40 }, (_, i) => `v#_${i}=1\n`).join('')}`,
        count: 2_000,
      },
    },
    problem: TOO_LONG,
  },
  {
    name: 'a long value of many hosts',
    files: { hosts: ['[g]\nh[1:20000]\n[g:vars]\nx=', ['x', 100_000], '\n'] },
    problem: TOO_LONG,
  },
  {
    name: 'a huge line',
    files: { hosts: ['h x="', ['x', 7_000_000], '"\n'] },
    says: 'hosts:1: the line has more than 1048576 characters',
  },
  {
    name: 'a huge line of words',
    files: { hosts: ['h', [' x=1', 2_000_000], '\n'] },
    says: 'hosts:1: the line has more than 1048576 characters',
  },
  {
    name: 'nested lists of many variables',
    files: { hosts: { head: '[g]\nh\n[g:vars]\n', numbered: `k#=${NESTED}\n`, count: 38_000 } },
    says: `hosts:2504: ${VALUES}`,
  },
  {
    name: 'nested lists of many variables, as many as may be',
    files: { hosts: { head: '[g]\nh\n[g:vars]\n', numbered: `k#=${NESTED}\n`, count: 2_500 } },
    problem: TOO_LONG,
  },
  {
    name: 'nested lists of many variables, as many as may be, as a graph',
    files: { hosts: { head: '[g]\nh\n[g:vars]\n', numbered: `k#=${NESTED}\n`, count: 2_500 } },
    graph: true,
  },
  {
    name: 'nested lists of hosts in several sources',
    files: {
      a: { numbered: `h# x=${NESTED}\n`, count: 2_000 },
      b: { numbered: `h# y=${NESTED}\n`, count: 2_000 },
    },
    sources: ['a', 'b'],
    says: `b:501: ${VALUES}`,
  },
  {
    name: 'variables of a group without end',
    files: { hosts: { head: '[g]\nh\n[g:vars]\n', numbered: 'k#=\n', count: 600_000 } },
    says: `hosts:250004: ${VALUES}`,
  },
  { name: 'a huge literal', files: { hosts: ['h x="', ['[', 1_000_000], '"\n'] } },
  {
    name: 'a huge number',
    files: { hosts: ['h x=', ['9', 2_000_000], '\n'] },
    says: 'hosts:1: the line has more than 1048576 characters',
  },
  {
    name: 'a long literal',
    files: { hosts: ['h x="[', ['1,', 1_000_000], ']"\n'] },
    says: 'hosts:1: the line has more than 1048576 characters',
  },
  {
    name: 'quotes without end',
    files: { hosts: ['h ', ['"', 1_000_001], '\n'] },
    says: 'No closing quotation',
  },
  { name: 'backslashes', files: { hosts: ['h ', ['\\', 1_000_001], '\n'] }, says: 'No escaped character' },
  { name: 'lines of nothing', files: { hosts: [['\n', 8_000_000]] } },
  { name: 'lone carriage returns', files: { hosts: [['a\r', 1_000_000]] } },
  { name: 'wrong lines', files: { hosts: [['a b\n', 500_000]] }, says: 'hosts:1: Expected key=value' },
  {
    name: 'wrong sections',
    files: { hosts: [['[a b]\n', 500_000]] },
    says: 'hosts:1: Invalid section entry',
  },
  {
    name: 'children that nobody declares',
    files: { hosts: { head: '[g:children]\n', numbered: 'c#\n', count: 400_000 } },
    says: 'includes undefined group',
  },
  {
    name: 'anchors, a billion laughs',
    files: { 'h.yml': `all:\n  vars:\n    ${ANCHORS.trim().replaceAll('\n', '\n    ')}\n` },
    sources: ['h.yml'],
    says: VALUES,
  },
  {
    name: 'merges, a billion laughs',
    files: { 'h.yml': `all:\n  vars:\n    ${MERGES.trim().replaceAll('\n', '\n    ')}\n` },
    sources: ['h.yml'],
    says: '<< merges more than 100000 entries',
  },
  {
    name: 'a long text, by its anchor',
    files: {
      hosts: 'h\n',
      'group_vars/all': ['a: &a ', ['x', 1_000_000], '\nb: [', ['*a,', 100_000], ']\n'],
    },
    problem: TOO_LONG,
  },
  {
    name: 'anchors in variables',
    files: { hosts: 'h\n', 'group_vars/all.yml': ANCHORS },
    says: `group_vars/all.yml:5: ${VALUES}`,
  },
  {
    name: 'anchors in many files, as a graph',
    files: {
      hosts: '[g]\nh\n',
      ...Object.fromEntries(
        Array.from({ length: 200 }, (_, i) => [`group_vars/g/${i}.yml`, SOME_LAUGHS(`z${i}`)]),
      ),
    },
    graph: true,
    problem: TOO_LONG,
  },
  {
    name: 'the values of a group of many hosts, as a graph',
    files: { hosts: '[g]\nh[1:20000]\n', 'group_vars/g': ['a: [', ['1,', 200_000], ']\n'] },
    graph: true,
    problem: TOO_LONG,
  },
  {
    name: 'a long text within lists, as a graph',
    files: { hosts: '[g]\nh\n', 'group_vars/g': ['a: ', ['[', 190], ['x', 7_000_000], [']', 190]] },
    graph: true,
  },
  {
    name: 'a tag without end',
    files: { hosts: 'h\n', 'host_vars/h': ['a: !<', ['x', 2_000_000], '> b\n'] },
    says: `host_vars/h:1: unknown tag ${'x'.repeat(188)} … xxx`,
  },
  {
    name: 'an anchor in itself',
    files: { hosts: 'h\n', 'host_vars/h': 'a: &a [*a]\n' },
    says: 'host_vars/h:1: ',
  },
  {
    name: 'deep blocks',
    files: {
      hosts: 'h\n',
      'host_vars/h': Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    },
    says: LEVELS,
  },
  { name: 'deep brackets', files: { hosts: 'h\n', 'host_vars/h': ['a: ', ['[', 1_000_000]] }, says: LEVELS },
  {
    name: 'deep JSON',
    files: { 'h.json': ['{"all": {"vars": {"a": ', ['[', 100_000], [']', 100_000], '}}}'] },
    sources: ['h.json'],
    says: LEVELS,
  },
  {
    name: 'deep indentation of many values',
    files: { hosts: 'h\n', 'host_vars/h': ['a: ', ['[', 190], ['1,', 200_000], [']', 190]] },
    problem: TOO_LONG,
  },
  {
    name: 'keys without end',
    files: { hosts: 'h\n', 'host_vars/h': { numbered: 'k#: v\n', count: 600_000 } },
    says: VALUES,
  },
  { name: 'the same key', files: { hosts: 'h\n', 'host_vars/h': [['k: v\n', 100_000]] } },
  {
    name: 'values without end',
    files: { hosts: 'h\n', 'host_vars/h': ['a: [', ['1,', 3_000_000], ']\n'] },
    says: VALUES,
  },
  {
    name: 'JSON values without end',
    files: { hosts: 'h\n', 'host_vars/h': ['{"a": [', ['1,', 3_000_000], '1]}\n'] },
    says: VALUES,
  },
  {
    name: 'a file of 100 MB',
    files: { hosts: { zeros: 100_000_000 } },
    says: 'hosts:1: `hosts` cannot be read: it has 100000000 bytes, more than 8388608',
  },
  {
    name: 'variables of 100 MB',
    files: { hosts: 'h\n', 'group_vars/all': { zeros: 100_000_000 } },
    says: 'group_vars/all:1: ',
  },
  { name: 'a file of a terabyte', files: { hosts: { zeros: 1e12 } }, says: 'more than 8388608' },
  { name: 'NUL bytes', files: { hosts: { zeros: 8_000_000 } }, says: 'hosts:1: the file holds a NUL byte' },
  {
    name: 'a NUL byte in variables',
    files: { hosts: 'h\n', 'host_vars/h': 'a: b\nc: \0\n' },
    says: 'host_vars/h:2: the file holds a NUL byte',
  },
  {
    name: 'a byte order mark',
    files: { hosts: '\ufeff[g]\nh\n' },
    says: 'hosts:1: the file begins with a byte order mark',
  },
  {
    name: 'what is not UTF-8',
    files: { hosts: 'h\n', 'host_vars/h': { latin1: 'a: \xff\n' } },
    says: 'host_vars/h:1: the file is not UTF-8',
  },
  { name: 'a named pipe', files: { hosts: { fifo: true } }, says: 'hosts:1: `hosts` is no regular file' },
  {
    name: 'a named pipe of variables',
    files: { hosts: 'h\n', 'host_vars/h': { fifo: true } },
    says: '`host_vars/h` is no regular file',
  },
  {
    name: 'a device',
    files: {},
    sources: ['/dev/zero'],
    says: '/dev/zero:1: `/dev/zero` is no regular file',
  },
  { name: 'a link to a device', files: { hosts: { link: '/dev/zero' } }, says: '`hosts` is no regular file' },
  { name: 'a link to itself', files: { hosts: { link: 'hosts' } }, says: 'there is no file `hosts`' },
  {
    name: 'a folder in itself',
    files: { 'inv/a': 'h\n', 'inv/b': { link: '.' }, 'inv/c': { link: '..' } },
    sources: ['inv'],
    says: 'leads back to a folder that it is in',
  },
  {
    name: 'variables in a folder in itself',
    files: { hosts: 'h\n', 'host_vars/h/a': 'x: 1\n', 'host_vars/h/b': { link: '.' } },
    says: 'leads back to a folder that it is in',
  },
  {
    name: 'folders that lead to each other',
    files: {
      'inv/a/x': { link: '../b' },
      'inv/a/y': { link: '../b' },
      'inv/b/x': { link: '../a' },
      'inv/b/y': { link: '../a' },
    },
    sources: ['inv'],
    says: 'leads back to a folder that it is in',
  },
  { name: 'names that lead out of the folder', files: { hosts: '../x\n/etc/passwd\na/../../x\n', x: '[' } },
  {
    name: 'names that lead out of the folder of variables to a file',
    files: { hosts: 'a\n../x\n', 'x.yml': 'y: 1\n', 'host_vars/a': 'y: 2\n' },
    says: 'hosts:2: the name `../x` leads Ansible to `host_vars/../x.yml`, which khp does not read',
  },
  {
    name: 'names that lead out of the folder of variables to all files beside it',
    files: { 'i/hosts': 'a\n[g]\n..\n', 'i/host_vars/a': 'y: 2\n' },
    sources: ['i/hosts'],
    says: 'i/hosts:3: the name `..` leads Ansible to `i/host_vars/..`, which khp does not read',
  },
  {
    name: 'a group that leads out of the folder of variables',
    files: { 'h.yml': 'g/../../x: {hosts: {a: }}\n', 'x.json': '{}', 'group_vars/g/y': 'z: 1\n' },
    sources: ['h.yml'],
    says: 'h.yml:1: the name `g/../../x` leads Ansible to `group_vars/g/../../x.json`',
  },
  {
    name: 'half of a surrogate pair in JSON',
    files: {
      'h.json': '{"g": {"hosts": {"a": {"x": "\\ud83d\\ude00"},\n "b": {"y": "\\\\ud83d p\\udc00"}}}}',
    },
    sources: ['h.json'],
    says: 'h.json:2: \\udc00 is half of a surrogate pair, and no character',
  },
  {
    name: 'half of a surrogate pair in JSON without spaces, which could be the name of a host',
    files: { hosts: '{"g":{"hosts":{"a":{"x":"\\ud83d"}}}}' },
    says: 'hosts:1: \\ud83d is half of a surrogate pair, and no character',
  },
  {
    name: 'many values in JSON without spaces',
    files: { hosts: ['{"g":{"hosts":{"a":{"x":[', ['1,', 250_000], '1]}}}}'] },
    says: `hosts:1: ${VALUES}`,
  },
  {
    name: 'half of a surrogate pair in JSON that is a file of variables',
    files: { hosts: 'a\n', 'host_vars/a.json': '{"y": "\\uD800"}' },
    says: 'host_vars/a.json:1: \\uD800 is half of a surrogate pair, and no character',
  },
  {
    name: 'half of a surrogate pair on a host line',
    files: { hosts: `a x='"\\ud83d"'\n` },
    says: 'hosts:1: the value of x="\\ud83d" cannot be read: \\ud83d is half of a surrogate pair',
  },
  {
    name: 'both halves of a surrogate pair, which Python takes for two characters',
    files: { hosts: `[g]\na\n[g:vars]\nx=["\\ud83d\\ude00"]\n` },
    says: 'hosts:4: the value of x=["\\ud83d\\ude00"] cannot be read: \\ud83d is half of a surrogate pair',
  },
  {
    name: 'what looks like half of a surrogate pair',
    files: { hosts: `a x='"\\\\\\\\ud83d"' y='r"\\ud83d"'\n` },
  },
  {
    name: 'bytes that are no text',
    files: { hosts: `a x="b'\\\\xed\\\\xa0\\\\x80'"\n` },
    says: 'cannot be read: its bytes are not UTF-8',
  },
  {
    name: 'a number with more digits than Python writes',
    files: {
      hosts: [
        ['[g]\na\n[g:vars]\nx=[0x', 1],
        ['f', 4_000],
        [']\n', 1],
      ],
    },
    problem: 'nothing can be printed: Exceeds the limit (4300 digits)',
  },
  {
    name: 'a number with more digits than Python writes, in a graph',
    files: {
      hosts: [
        ['[g]\na\n[g:vars]\nx=0x', 1],
        ['f', 1_000_000],
        ['\n', 1],
      ],
    },
    graph: true,
    problem: 'nothing can be printed: Exceeds the limit (4300 digits)',
  },
  {
    name: 'a number with more digits than Python writes, as a key',
    files: {
      'h.yml': [
        ['all: {hosts: {a: {x: {? 0x', 1],
        ['f', 4_000],
        [': 1}}}}\n', 1],
      ],
    },
    sources: ['h.yml'],
    problem: 'nothing can be printed: Exceeds the limit (4300 digits)',
  },
];
