import type { SourceFiles } from '../../compiler/1-load/workspace.ts';
import type { Random } from '../conformance/random.ts';

/** What a place of the workspace may say, each another text; undefined where there may be nothing. */
type Choices = readonly (string | undefined)[];

/** Values that a variable is set to, in any layer. */
const VALUES: Choices = [
  '1',
  '"1"',
  '1.0',
  'true',
  'text',
  '[1, 2]',
  '[2, 1]',
  '{k: 1, l: two}',
  '{l: two, k: 1}',
  '{k: "{{ a }}"}',
  '"{{ b }}"',
  '"{{ a }}x"',
  '"{{ inventory_hostname }}"',
  '"/d/{{ inventory_hostname_short }}/{{ b }}"',
  '{k: "{{ inventory_hostname }}", m: {n: "{{ a }}"}}',
  '"{{ inventory_hostname | upper }}"',
  `"{{ inventory_hostname == 'h2.t' }}"`,
  `"{{ inventory_hostname in groups['g'] | default([]) }}"`,
  `"{{ hostvars[inventory_hostname].c | default('none', true) }}"`,
  `"{{ hostvars['h2.t'].inventory_hostname | default('none') }}"`,
  '"[{{ inventory_hostname }}]"',
  `"{{ groups['g'] | default([]) | join(',') }}"`,
  `"{{ hostvars[groups['all'][0]].a | default('none') }}"`,
  `"{{ hostvars['h2.t'].c | default('none', true) }}"`,
  `"{{ lookup('file', 'note.txt') }}"`,
  `"{{ lookup('first_found', ['extra.txt', 'note.txt'], errors='ignore') }}"`,
  `"{{ lookup('varnames', '^[abc]$') }}"`,
  `"{{ lookup('env', 'E') | default('none') }}"`,
  `"{{ lookup('vars', 'b', errors='ignore') or 'A' }}"`,
  `"{{ lookup('vars', 'a', default='B') }}"`,
  '"{{ nowhere }}"',
  '!unsafe "{{ a }}"',
  '2026-01-01',
  '!!set {p, q}',
  'null',
];

const SECRET = '!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132333435\n';
const OTHER_SECRET = '!vault |\n  $ANSIBLE_VAULT;1.2;AES256;dev\n  3132333436\n';

/** Variables and the values that each mostly has, so that most states compile. */
const VARIABLES: Readonly<Record<string, Choices>> = {
  a: VALUES,
  b: VALUES,
  c: VALUES,
  list: ['[1, 2]', '[]', '["{{ a }}", "{{ inventory_hostname }}"]', '"{{ groups[\'all\'] }}"', '[b, a]'],
  map: ['{k: 1}', '{k: "{{ b }}", m: {n: 1}}', '{m: {n: "{{ a }}"}}', '{}'],
  secret: [SECRET, OTHER_SECRET],
};

const BODIES: Choices = [
  'a={{ a }} b={{ b | default("-") }}',
  '{{ map.k | default("-") }} {{ map | dictsort }}',
  '{% if a %}{{ b }}{% else %}{{ c }}{% endif %}',
  "{% include 'part.j2' ignore missing %}",
  "{% include ['extra.j2', 'part.j2'] ignore missing %}",
  "{% from 'macros.j2' import m with context %}{{ m(1) }}",
  "{% from 'macros.j2' import m %}{{ m(1) }}",
  '{{ list.append(9) }}{{ list }}',
  '{{ map.update({"z": 1}) }}{{ map | length }}{% for k in map %}{{ k }}{% endfor %}',
  '{% for h in groups["all"] %}{{ h }}={{ hostvars[h].a | default("?", true) }} {% endfor %}',
  '{{ hostvars | length }} {{ hostvars["h4.t"] is defined }} {{ groups | dictsort }}',
  '{% for k in hostvars[inventory_hostname] %}{{ k }} {% endfor %}',
  "{{ lookup('template', 'part.j2') }}",
  "{{ lookup('fileglob', '*.txt') }}",
  "{{ lookup('varnames', '.*') }}",
  '{{ ansible_managed }} {{ "${E}" | expandvars }}',
  '{{ secret }}',
  '{{ hostvars["h1.t"].secret | default("none") }}',
  '{{ ansible_facts.os | default("unknown") }} {{ group_names }} {{ release }} {{ cluster }}',
  '{{ khp_release.components.x.version | default("none") }} {{ omitted | default(omit) is defined }}',
  'plain',
  "{% if inventory_hostname in groups['g'] | default([]) %}in {{ b }}{% else %}out{% endif %}",
  "{{ groups['all'] | difference([inventory_hostname]) }}",
  '{% set x %}<{{ inventory_hostname }}>{% endset %}{{ x | e }}={{ map | combine({"z": x}) | dictsort | length }}',
  "{{ lookup('first_found', [inventory_hostname ~ '.txt', 'extra.txt'], errors='ignore') }}",
  '{% include [inventory_hostname_short ~ ".j2", "part.j2"] ignore missing %}',
  '{{ secret }} {{ inventory_hostname }}',
  '{{{ inventory_hostname_short }}:secret:',
];

/** Texts of XML, most of them well-formed. */
const XML_BODIES: Choices = [
  '<c><!-- {{ inventory_hostname }} --><property><name>n</name><value>{{ inventory_hostname }}:{{ b }}</value></property></c>',
  '<c>{{ a | e }} {{ map.k | default("-") | e }}</c>',
  '<configuration>{% for n in ["b", inventory_hostname] %}<property><name>{{ n }}</name></property>{% endfor %}</configuration>',
  '<configuration><property><name>b</name><value>{{ inventory_hostname_short }}</value></property><property><name>a</name></property></configuration>',
  '<c x="{{ inventory_hostname }}">&{{ inventory_hostname_short }};</c>',
  '<{{ inventory_hostname }}>{{ inventory_hostname }}</{{ inventory_hostname }}>',
  '<c>&{{ "amp" if inventory_hostname == "h1.t" else "lt" }};{{ inventory_hostname }}</c>',
];

/** Texts of Java properties, most of them well-formed. */
const PROPERTIES_BODIES: Choices = [
  'b={{ inventory_hostname }}\na={{ a }}\n',
  'b={{ b }} \\\n  {{ inventory_hostname_short }}\na=1\n',
  'h3=1\n{{ inventory_hostname_short }}=2\n# {{ inventory_hostname }}\n',
  'b=1\na=\\{{ inventory_hostname }}\n',
  '{{ inventory_hostname }}',
];

const PARTS: Choices = [
  'part {{ a }}',
  'part {{ inventory_hostname }}',
  'part {{ nowhere | default(b) }}',
  '{{ map.m.n | default(0) }}',
  undefined,
];

/** Places of the workspace: which file, before and behind what is chosen, and what may be. */
interface Place {
  readonly file: string;
  readonly around?: (chosen: string) => string;
  readonly choices: Choices;
  /** In one of so many workspaces and edits something is there at all. */
  readonly rarity?: number;
}

const LAYERS: Readonly<Record<string, number>> = {
  'inventories/_default.yml': 1,
  'inventories/t/_default.yml': 4,
  'inventories/t/c1.yml': 4,
  'inventories/t/c2.yml': 4,
  'inventories/t/c1/g.yml': 4,
  'inventories/t/c1/k.yml': 6,
  'inventories/t/c1/h1.t.host.yml': 4,
  'inventories/t/c1/h2.t.host.yml': 6,
  // Behind others of its groups, whose values it could have.
  'inventories/t/c1/h3.t.host.yml': 2,
  'inventories/t/c2/h5.t.host.yml': 5,
  'templates/x/defaults.yml': 3,
  'templates/y/defaults.yml': 5,
};

const INI_VALUES: Choices = ['1', "'1'", 'text', "'{{ b }}'", '[1,2]'];
const VERSIONS: Choices = ['"1"', '"2"'];
const OTHER_COMPONENT: Choices = ['  y: { version: "1" }', '  y: { version: "2" }'];

function places(): Place[] {
  const all: Place[] = [];
  for (const [file, rarity] of Object.entries(LAYERS))
    for (const [name, choices] of Object.entries(VARIABLES))
      all.push({ file, choices, rarity, around: (chosen) => `${name}: ${chosen}\n` });
  const whole = (file: string, choices: Choices) => all.push({ file, choices });
  const line = (file: string, choices: Choices, around = (chosen: string) => chosen) =>
    all.push({ file, choices, around: (chosen) => `${around(chosen)}\n` });
  line('khp.yml', [undefined, 'hash_behaviour: merge']);
  line('khp.yml', ['env: { E: one }', 'env: { E: two }', undefined]);
  line('khp.yml', ['ansible_managed: by khp', 'ansible_managed: by {{ a }}', undefined]);
  line('khp.yml', ['paths: [/etc]']);
  for (const release of ['r1', 'r2']) {
    const file = `releases/${release}.yml`;
    line(file, [`release: ${release}\ndate: 2026-01-01\ncomponents:`]);
    line(file, VERSIONS, (chosen) => `  x: { version: ${chosen} }`);
    line(file, OTHER_COMPONENT);
    whole(`releases/${release}.md`, ['# Notes\n']);
  }
  for (const cluster of ['c1', 'c2'])
    line(`inventories/t/${cluster}.yml`, ['release: r1', 'release: r1', 'release: r2']);
  const ini = 'inventories/t/c1.ini';
  line(ini, ['[g]']);
  for (const host of ['h1.t', 'h2.t', 'h3.t'])
    line(
      ini,
      ['', '', undefined, ...INI_VALUES.map((value) => ` c=${value}`)],
      (chosen) => `${host}${chosen}`,
    );
  line(ini, ['[k]\nh4.t\n[k:children]\ng', '[k]\nh4.t', '[k]\nh4.t\nh1.t', '[k]']);
  line(ini, ['[x:children]\ng\nk\n[y:children]\nk', '[x:children]\nk\n[y:children]\ng']);
  line(ini, [undefined, '[g:vars]\nb=7', "[k:vars]\na='{{ c }}'"]);
  // A name that no hole takes, and one that is an entity of XML.
  line('inventories/t/c2.ini', [
    '[x]\nh5.t\nh6.t\n7h--x.t\namp.t\n[y]\nh6.t',
    '[x]\nh5.t\nh6.t\n[y]\nh6.t',
    '[x]\nh6.t\n[y]\nh5.t',
  ]);
  whole('inventories/t/c1/h2.t.facts.yml', [undefined, 'ansible_os: a\n', 'ansible_os: "{{ b }}"\n']);
  for (const component of ['x', 'y']) {
    const folder = `templates/${component}`;
    const file = `${folder}/component.yml`;
    line(file, [`component: ${component}`]);
    if (component === 'y') line(file, ['requires: [x]', undefined]);
    line(file, [`roles:\n  ${component}:`]);
    line(
      file,
      [
        'run {{ a }}',
        'run',
        'run {{ inventory_hostname }} {{ b }}',
        `{{ hostvars['h2.t'].b | default(list) }}`,
      ],
      (chosen) => `    service: { command: ${JSON.stringify(chosen)}, user: root }`,
    );
    line(file, [
      `    directories: [{ path: /etc/${component}/one }]`,
      `    directories: [{ path: "/etc/${component}/d{{ item }}", loop: list }]`,
      `    directories: [{ path: "/etc/${component}/{{ inventory_hostname }}", owner: "{{ a | string }}" }]`,
      undefined,
    ]);
    line(file, ['files:']);
    for (const at of [1, 2, 3]) {
      line(file, [
        `  - { template: f${at}.j2, path: /etc/${component}/f${at} }`,
        `  - { template: f${at}.j2, path: "/etc/${component}/f${at}-{{ inventory_hostname }}", mode: "0600" }`,
        `  - { template: f${at}.j2, path: /etc/${component}/f${at}, format: properties }`,
        `  - { template: sub/f${at}.j2, path: /etc/${component}/f${at}, mode: "0600" }`,
      ]);
      whole(`${folder}/f${at}.j2`, BODIES);
      whole(`${folder}/sub/f${at}.j2`, BODIES);
    }
    for (const [format, bodies] of Object.entries({ xml: XML_BODIES, properties: PROPERTIES_BODIES })) {
      line(file, [`  - { template: ${format}.j2, path: /etc/${component}/${format}, format: ${format} }`]);
      whole(`${folder}/${format}.j2`, bodies);
    }
    whole(`${folder}/part.j2`, PARTS);
    whole(`${folder}/sub/part.j2`, [undefined, ...PARTS]);
    whole(`${folder}/extra.j2`, [undefined, undefined, 'extra {{ c }}']);
    whole(`${folder}/macros.j2`, [
      '{% macro m(n) %}{{ n }}{{ b | default("no b") }}{% endmacro %}',
      '{% macro m(n) %}{{ n }}{% endmacro %}',
    ]);
    whole(`${folder}/note.txt`, ['note\n', 'another note\n', 'note {{ a }}\n']);
    whole(`${folder}/h2.t.txt`, [undefined, undefined, 'own\n']);
    whole(`${folder}/h3.j2`, [undefined, undefined, 'own {{ a }}']);
    whole(`${folder}/extra.txt`, [undefined, undefined, 'extra\n']);
    whole(`${folder}/vars.yml`, [
      undefined,
      'a: { type: raw, required: true }\n',
      'a: { type: str }\n',
      'a: { type: str, pattern: "[a-z0-9./]*" }\nmap: { type: dict, options: { k: { type: path }, m: { type: raw } } }\n',
      'list: { type: list, min_length: 1 }\n',
    ]);
    whole(`${folder}/rules.yml`, [
      undefined,
      'one: { that: "list | length < 3", fail_msg: "too long: {{ list }}" }\n',
      `one: { that: "inventory_hostname != 'h3.t'", fail_msg: "{{ inventory_hostname }}" }\n`,
      `two: { scope: cluster, unique: { ${component}: c } }\n`,
    ]);
  }
  return all;
}

const PLACES = places();

/** A small workspace in which everything that renders read can be edited at random. */
export class EditedWorkspace {
  readonly #chosen: (string | undefined)[];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    this.#chosen = PLACES.map((place) => this.#choose(place));
  }

  /** Has one place say something else. */
  edit(): void {
    const at = this.#random.below(PLACES.length);
    this.#chosen[at] = this.#choose(PLACES[at]!);
  }

  /** Undoes nothing, but gives the state, for a later `restore`. */
  state(): readonly (string | undefined)[] {
    return [...this.#chosen];
  }

  restore(state: readonly (string | undefined)[]): void {
    this.#chosen.splice(0, this.#chosen.length, ...state);
  }

  #choose({ choices, rarity = 1 }: Place): string | undefined {
    return this.#random.oneIn(rarity) ? this.#random.pick(choices) : undefined;
  }

  get files(): SourceFiles {
    const texts = new Map<string, string>();
    for (const [at, { file, around = (chosen: string) => chosen }] of PLACES.entries()) {
      const chosen = this.#chosen[at];
      if (chosen !== undefined) texts.set(file, (texts.get(file) ?? '') + around(chosen));
    }
    const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(sorted.map(([file, text]) => [file, Buffer.from(text)]));
  }
}
