import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../compiler/contract/audit.ts';
import { hostRef } from '../compiler/contract/names.ts';
import type { Report } from '../compiler/contract/report.ts';
import { buildSite, type SiteResult } from './build.ts';
import {
  bundleOf,
  createRepositories,
  digestOf,
  type TestBundle,
  type TestRepositories,
} from './test-repositories.ts';
import { NOW, reportWith } from './view/test-fleet.ts';

const HOSTILE = '</pre><script>alert("file")</script><img src=x onerror=alert(1)>';
const CONF = '/etc/hadoop/conf';

function bundle(host: string, setting = '10'): TestBundle {
  return bundleOf(
    { host, roles: ['datanode'] },
    {
      [`${CONF}/hdfs-site.xml`]: `<configuration>\n  <value>${setting}</value>\n</configuration>\n`,
      [`${CONF}/workers`]: `\n${host}\n${HOSTILE}\n`,
      [`${CONF}/a b#c?.txt`]: 'odd name\n',
      [`${CONF}/keystore`]: Uint8Array.of(0xff, 0, 1),
      [`${CONF}/large.conf`]: 'key = value\n'.repeat(3000),
    },
  );
}

function running(of: TestBundle, seq: number, changes: Partial<Report> = {}): Report {
  const active = { ...reportWith().active!, seq, manifest: digestOf(of) };
  return reportWith({ host: of.manifest.host, active, ...changes });
}

const problem = { code: 'apply/disk-full', message: `no space left ${HOSTILE}` };
const names = ['dn-1.example.org', 'dn-2.example.org', 'dn-3.example.org', 'dn-4.example.org', 'index'];
const [current, waiting, failed, silent, odd] = names.map((name) => bundle(name)) as [
  TestBundle,
  TestBundle,
  TestBundle,
  TestBundle,
  TestBundle,
];
const gone = bundle('dn-9.example.org', '8');
const pending = bundle('dn-5.example.org', '8');
const hbase = bundleOf(
  { host: 'hb-1', type: 'prod-hbase', cluster: 'hbase-1', release: '1.2.0-hadoop3' },
  {},
);

const reports = [
  running(current, 4),
  running(bundle('dn-2.example.org', '8'), 3),
  running(failed, 4, { result: 'failed', problem }),
  running(silent, 4, { at: '2026-11-23T06:00:00Z' }),
  running(pending, 2),
  running(gone, 1),
].map((report) => ({ type: 'alpha', cluster: 'hadoop-x', report }));

const operations = ['first', `second ${HOSTILE}`].map(
  (summary): AuditEntry => ({
    schema: 'khp.audit/1',
    at: '2026-11-23T09:00:00Z',
    who: { name: 'Anna', email: 'anna@example.org' },
    action: 'promote',
    clusters: ['alpha/hadoop-x'],
    hosts: names.slice(0, 4),
    result: 'done',
    summary,
    problems: [],
    bundles: null,
  }),
);

const NOTES = `# Notes\n\nSafe **text**.\n\n| a |\n|---|\n| b |\n\n<script>alert("note")</script>\n\n[run](javascript:alert(1)) ![](https://example.org/x.png)\n`;
const RELEASE = `release: 1.1.6-hadoop2\ndate: 2026-10-01\nsummary: Hadoop 2 <b>for all</b>\ncomponents:\n  hadoop:\n    version: 2.10.2\n    artifact: { url: "https://example.org/h.tar.gz", sha256: "${'c'.repeat(64)}", size: 400000000 }\n  zookeeper: { version: 3.4.14 }\n`;

let folder: string;
let repositories: TestRepositories;
let outDir: string;
let result: SiteResult;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khp-site-test-'));
  outDir = join(folder, 'out');
  repositories = await createRepositories(folder, {
    compiled: [current, waiting, failed, silent, odd, bundle('dn-5.example.org', '16'), hbase],
    promoted: [
      ...[current, waiting, failed, silent].map((of) => ({ bundle: of, seq: 4 })),
      { bundle: pending, seq: 2 },
      { bundle: gone, seq: 1 },
    ],
    reports,
    operations,
    workspace: {
      'releases/1.1.6-hadoop2.yml': RELEASE,
      'releases/1.1.6-hadoop2.md': NOTES,
      'releases/bad.yml': 'components: [',
    },
  });
  result = await buildSite({ ...repositories, outDir, now: NOW });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = (path: string): string => readFileSync(join(outDir, path, 'index.html'), 'utf8');

/** The text of a page as a person reads it. */
function textOf(html: string): string {
  return html
    .replace(/<(head|footer)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/[ \n]+/g, ' ');
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name)).isFile())
    .sort();
}

const pagesOf = (): string[] => filesBelow(outDir).filter((name) => name.endsWith('.html'));

test('a page each for the fleet, the clusters, the hosts, the releases, and the stale report', () => {
  expect(result).toMatchObject({
    pages: pagesOf().length,
    clusters: 2,
    hosts: { unknown: 2, silent: 1, failed: 1, orphaned: 1, waiting: 1, pending: 1, current: 1 },
  });
  expect(pagesOf()).toEqual(
    [
      'clusters/alpha/hadoop-x/index.html',
      'clusters/prod-hbase/hbase-1/index.html',
      ...[...names, 'dn-5.example.org', 'dn-9.example.org', 'hb-1'].map((name) => `hosts/${name}/index.html`),
      'index.html',
      ...['1.1.6-hadoop2', '1.2.0-hadoop3', 'bad'].map((name) => `releases/${name}/index.html`),
      'releases/index.html',
      'stale/index.html',
    ].sort(),
  );
  expect(result.diagnostics).toMatchObject([{ code: 'site/bad-release', severity: 'warning' }]);
});

test('the first page says what is not current, and what could not be read', () => {
  const text = textOf(page('.'));
  expect(text).toContain('7 of 8 hosts are not current');
  expect(text).toMatch(/alpha\/hadoop-x 6 of 7/);
  expect(text).toContain('releases/bad.yml');
});

test('the page of a cluster has each host with its state and the reason', () => {
  const text = textOf(page('clusters/alpha/hadoop-x'));
  expect(text).toMatch(/dn-2\.example\.org … waiting seq 4 is promoted; the host runs seq 3/);
  expect(text).toMatch(/dn-3\.example\.org × failed the last run failed: no space left <\/pre><script>/);
  expect(text).toMatch(/dn-1\.example\.org ✓ current runs seq 4, as compiled/);
  expect(text).toMatch(
    /dn-5\.example\.org … pending compiled since seq 2: 1 file differs, \/etc\/hadoop\/conf\/hdfs-site\.xml/,
  );
});

test('the operations, the latest first', () => {
  for (const path of ['.', 'clusters/alpha/hadoop-x']) {
    expect(textOf(page(path))).toMatch(
      /3 h ago Anna <anna@example\.org> promote alpha\/hadoop-x, 4 hosts second <\/pre>.* done 3 h ago .* first done/,
    );
  }
  expect(page('clusters/prod-hbase/hbase-1')).not.toContain('Operations');
});

test('the page of a host has the content of its files, byte for byte where it is text', () => {
  const html = page('hosts/dn-1.example.org');
  expect(html).toContain(
    '<pre>\n&lt;configuration&gt;\n  &lt;value&gt;10&lt;/value&gt;\n&lt;/configuration&gt;</pre>',
  );
  expect(html).toContain('<pre>\n\ndn-1.example.org\n');
  expect(textOf(html)).toContain('Not text: 3 B of other bytes.');
  expect(textOf(html)).toContain('The first 1\u202f000 of 3\u202f000 lines');
  expect(html).toContain(`id="${CONF}/a%20b%23c%3F.txt"`);
});

test('a host that is promoted and no longer compiled shows the files that were promoted', () => {
  const html = page('hosts/dn-9.example.org');
  expect(textOf(html)).toContain('orphaned no longer compiled; goes on running seq 1');
  expect(html).toContain('&lt;value&gt;8&lt;/value&gt;');
  expect(html).toContain(`git show ${hostRef('dn-9.example.org')}:files/PATH`);
});

test('the page of a release has its notes, its components and its clusters', () => {
  const html = page('releases/1.1.6-hadoop2');
  expect(html).toContain('<strong>text</strong>');
  expect(textOf(html)).toMatch(/hadoop 2\.10\.2 381 MiB/);
  expect(textOf(html)).toContain('Hadoop 2 <b>for all</b>');
  expect(html).toContain('clusters/alpha/hadoop-x/index.html');
  expect(textOf(page('releases/1.2.0-hadoop3'))).toContain('No file releases/1.2.0-hadoop3.yml');
});

test('nothing that people or hosts wrote runs or loads: the only tags are ours', () => {
  for (const name of pagesOf()) {
    const html = readFileSync(join(outDir, name), 'utf8');
    expect(html, name).not.toMatch(/<(?:script|img|iframe|object|embed|form|base|style|svg)\b/i);
    expect(html, name).not.toMatch(/<[^>]+\s(?:on\w+|style|src)\s*=/i);
    expect(html, name).not.toMatch(
      /(?:href|src)\s*=\s*["']?\s*(?:javascript|data:text|https?:\/\/(?!example))/i,
    );
    expect(html, name).toContain('http-equiv="Content-Security-Policy" content="default-src \'none\';');
  }
});

test('every link leads to a page and an anchor that are there', () => {
  const ids = new Map(pagesOf().map((name) => [name, idsOf(readFileSync(join(outDir, name), 'utf8'))]));
  let links = 0;
  for (const name of pagesOf()) {
    for (const [, href] of readFileSync(join(outDir, name), 'utf8').matchAll(/\shref="([^"]*)"/g)) {
      if (/^(?:https?|data):/.test(href!)) continue;
      const [path, ...fragment] = href!.split('#');
      const target = path === '' ? name : join(dirname(name), decodeURIComponent(path!));
      expect(existsSync(join(outDir, target)), `${name}: ${href}`).toBe(true);
      if (fragment.length > 0) expect(ids.get(target), `${name}: ${href}`).toContain(fragment.join('#'));
      links += 1;
    }
  }
  expect(links).toBeGreaterThan(100);
});

function idsOf(html: string): string[] {
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  return ids;
}

test('every table has a caption and scoped headings, every page one first heading', () => {
  for (const name of pagesOf()) {
    const html = readFileSync(join(outDir, name), 'utf8');
    expect(html.match(/<h1\b/g), name).toHaveLength(1);
    const levels = [...html.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
    for (let index = 1; index < levels.length; index += 1) {
      expect(levels[index]! - levels[index - 1]!, `${name}: ${levels}`).toBeLessThanOrEqual(1);
    }
    const tables = html.replace(/<article\b.*?<\/article>/gs, '');
    expect(tables.match(/<caption\b/g)?.length, name).toBe(tables.match(/<table\b/g)?.length);
    expect(html).not.toMatch(/<th\b(?![^>]*\sscope=)[^>]*>/);
  }
});
