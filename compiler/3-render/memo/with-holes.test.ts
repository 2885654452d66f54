import { expect, test } from 'vitest';
import { toTree } from '../../4-seal/tree.ts';
import { compile } from '../../compile.ts';
import { memoBytes, readMemo } from './memo-bytes.ts';
import { RenderMemo } from './render-memo.ts';

/** A workspace with one file a host, of a template. */
function workspace(template: string, hosts: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const files: Record<string, string> = {
    'khp.yml': 'paths: [/etc]\n',
    'releases/r1.yml': 'release: r1\ncomponents:\n  app: { version: "1" }\n',
    'templates/app/component.yml':
      'component: app\nroles:\n  app:\n    service: { command: "run {{ inventory_hostname }}", user: app }\nfiles:\n  - { template: f.j2, path: /etc/f, format: xml }\n',
    'templates/app/f.j2': template,
    'inventories/_default.yml': 'value: 1\nnested: { dir: "/d/{{ inventory_hostname_short }}" }\n',
    'inventories/t/c.yml': 'release: r1\n',
    'inventories/t/c.ini': `[app]\n${hosts.map((host) => `${host}\n`).join('')}`,
    ...more,
  };
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return { files: new Map(sorted.map(([path, text]) => [path, Buffer.from(text)])), diagnostics: [] };
}

type Input = ReturnType<typeof workspace>;

/** What a compile with a memo did, once it has given what one without gives. */
function compiled(input: Input, memo: RenderMemo) {
  const before = { ...memo.count };
  const given = compile(input, { memo });
  const fresh = compile(input);
  expect(given.diagnostics).toEqual(fresh.diagnostics);
  expect(toTree(given.value.bundles)).toEqual(toTree(fresh.value.bundles));
  const { filled, rendered } = memo.count;
  return {
    bundles: given.value.bundles,
    filled: filled - before.filled,
    rendered: rendered - before.rendered,
  };
}

const HOSTS = ['a.t', 'b.t', 'c-1.t', 'd.t'];
const TEMPLATE = '<c>{{ inventory_hostname }} {{ nested.dir }} {{ value }}</c>\n';

test('a file and a service with the name of their host are rendered once for all', () => {
  const { filled, rendered } = compiled(workspace(TEMPLATE, HOSTS), new RenderMemo());
  const one = compiled(workspace(TEMPLATE, HOSTS.slice(0, 1)), new RenderMemo());
  expect(filled).toBe(2 * HOSTS.length);
  expect(rendered).toBe(one.rendered);
});

test('what asks for the name is rendered once for each answer', () => {
  const asks = `{% if inventory_hostname in ['b.t', 'd.t'] %}${TEMPLATE}{% else %}<c/>{% endif %}`;
  const { filled, rendered } = compiled(workspace(asks, HOSTS), new RenderMemo());
  const plain = compiled(workspace('<c/>', HOSTS), new RenderMemo());
  expect(rendered).toBe(plain.rendered + 1);
  expect(filled).toBe(HOSTS.length + 2);
});

test('a text that may become a list or a truth value is converted on each host, whatever its first one took', () => {
  // The first host takes the other branch, and of the hosts behind it one alone has a name that makes a word.
  const value = `{{ ('T' if word else 'x') ~ inventory_hostname_short }}`;
  const joined = `{{ ('[1, "' if word else 'x') ~ inventory_hostname ~ ('"]' if word else '') }}`;
  const truths = workspace('<c>{{ truth is boolean }} {{ joined }}</c>\n', ['a.t', 'b.t', 'rue.t'], {
    'inventories/_default.yml': `word: false\ntruth: ${JSON.stringify(value)}\njoined: ${JSON.stringify(joined)}\n`,
    'inventories/t/c/late.yml': 'word: true\n',
    'inventories/t/c.ini': '[app]\na.t\nb.t\nrue.t\n[late]\nb.t\nrue.t\n',
  });
  const { bundles } = compiled(truths, new RenderMemo());
  const texts = bundles.map(({ files }) => Buffer.from(files.get('/etc/f')!).toString());
  expect(texts[2]).toBe("<c>True [1, 'rue.t']</c>\n");
});

test('of what reads the same variables, eight results are compared with the ordinary ones', () => {
  const hosts = Array.from({ length: 12 }, (_, index) => `h${index}.t`);
  const own = hosts.map((host, index) => [`inventories/t/c/${host}.host.yml`, `value: ${index % 10}\n`]);
  const memo = new RenderMemo();
  compiled(workspace(TEMPLATE, hosts, Object.fromEntries(own)), memo);
  const ofFile = [...memo.compared].filter(([name]) => name.includes('f.j2'));
  expect(ofFile.map(([, count]) => count)).toEqual([8]);
});

test('questions that differ by a character of no text are not one', () => {
  const asks = `<c>{{ inventory_hostname in ["b.t\\0d.t", "x"] }} {{ inventory_hostname in ["b.t", "d.t", "x"] }}</c>`;
  compiled(workspace(asks, HOSTS), new RenderMemo());
});

test.each([
  ['what looks into the name', '<c>{{ inventory_hostname | length }}</c>\n', HOSTS],
  ['a name that fits in no hole', TEMPLATE, ['1a.t', 'x--y.t', '9.t', '0.t']],
])('%s is rendered for each host', (_, template, hosts) => {
  const { rendered } = compiled(workspace(template, hosts), new RenderMemo());
  expect(rendered).toBeGreaterThanOrEqual(hosts.length);
});

test('a host with a value of its own, or with a mistake, takes nothing from the others', () => {
  const own = workspace(TEMPLATE, HOSTS, {
    'inventories/t/c/b.t.host.yml': 'value: own\n',
    'inventories/t/c/d.t.host.yml': 'value: "<"\n',
  });
  const { bundles } = compiled(own, new RenderMemo());
  expect(bundles.map(({ manifest }) => manifest.host)).toEqual(['a.t', 'b.t', 'c-1.t']);
  const text = Buffer.from(bundles[1]!.files.get('/etc/f')!).toString();
  expect(text).toBe('<c>b.t /d/b own</c>\n');
});

test('a memo that was read again knows the hosts that it knew, and fills in those that it did not', () => {
  const first = new RenderMemo();
  compiled(workspace(TEMPLATE, HOSTS), first);
  const known = compiled(workspace(TEMPLATE, HOSTS), readMemo(memoBytes(first, 'v'), 'v'));
  expect(known).toMatchObject({ filled: 0, rendered: 0 });
  const more = compiled(workspace(TEMPLATE, [...HOSTS, 'e.t']), readMemo(memoBytes(first, 'v'), 'v'));
  expect(more.filled).toBe(2);
});
