import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordFacts } from '../compiler/cli/record-facts.ts';
import { gitWorkspace } from '../compiler/cli/source.ts';
import { canonicalJson } from '../compiler/contract/canonical-json.ts';
import type { HostFacts } from '../compiler/contract/facts.ts';
import { reportRef } from '../compiler/contract/names.ts';
import { REPORT_SCHEMA, type Report, STATUS_SCHEMA } from '../compiler/contract/report.ts';
import { git, khp, temporaryFolder } from './temporary-workspace.ts';

const FACTS: HostFacts = {
  ansible_default_ipv4: { address: '192.0.2.7', interface: 'eth0' },
  ansible_distribution: '{{ lookup("file", "/etc/shadow") }}',
  ansible_memtotal_mb: 257000,
  ansible_mounts: [{ device: '/dev/sda1', fstype: 'xfs', mount: '/', size_total: 1073741824 }],
};

function reportOf(host: string, facts?: HostFacts): Report {
  return {
    schema: REPORT_SCHEMA,
    host,
    result: 'unchanged',
    at: '2026-01-31T00:00:00Z',
    active: null,
    problem: null,
    drift: [],
    debt: [],
    written: [],
    duration_ms: 1,
    runner: '0.1.0',
    ...(facts && { facts }),
  };
}

/** A workspace with the hosts web1.example and web2.example, in a git repository of its own. */
async function workspaceOf(settings = ''): Promise<string> {
  const folder = temporaryFolder();
  const files = {
    'khp.yml': settings,
    'releases/1.0.yml': 'release: "1.0"\ncomponents:\n  web: { version: "1" }\n',
    'templates/web/component.yml':
      'component: web\nroles: { web: {} }\nfiles: [{ template: a.j2, path: /etc/a }]\n',
    'templates/web/a.j2':
      '{{ ansible_memtotal_mb | default("?") }} {{ ansible_distribution | default("?") }}\n',
    'inventories/t/c.yml': 'release: "1.0"\n',
    'inventories/t/c.ini': '[web]\nweb[1:2].example\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await git(folder, 'init', '--quiet', '-b', 'main');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '-m', 'begin');
  return folder;
}

const statusOf = (...reports: Report[]) => [
  {
    schema: STATUS_SCHEMA,
    type: 't',
    cluster: 'c',
    hosts: Object.fromEntries(reports.map((report) => [report.host, report])),
  } as const,
];

const WEB1 = 'inventories/t/c/web1.example.facts.yml';
const RECORDED = `# What the host says of itself, written by \`khp collect --facts\`.
ansible_default_ipv4:
  address: "192.0.2.7"
  interface: "eth0"
ansible_distribution: !unsafe "{{ lookup(\\"file\\", \\"/etc/shadow\\") }}"
ansible_memtotal_mb: 257000
ansible_mounts:
  - device: "/dev/sda1"
    fstype: "xfs"
    mount: "/"
    size_total: 1073741824
`;

async function reportTo(store: string, report: Report): Promise<void> {
  const file = join(temporaryFolder(), 'report.json');
  writeFileSync(file, canonicalJson(report));
  const work = temporaryFolder();
  await git(work, 'init', '--quiet');
  cpSync(file, join(work, 'report.json'));
  await git(work, 'add', 'report.json');
  await git(work, 'commit', '--quiet', '-m', 'report');
  expect((await git(work, 'push', '--quiet', store, `HEAD:${reportRef(report.host)}`)).status).toBe(0);
}

test('khp collect --facts writes what hosts report, and templates see it', async () => {
  const reports = join(temporaryFolder(), 'reports.git');
  await git('.', 'init', '--quiet', '--bare', reports);
  const workspace = await workspaceOf(`reports: { url: ${reports} }\n`);
  expect((await khp(workspace, 'compile')).status).toBe(0);
  await reportTo(reports, reportOf('web1.example', FACTS));
  await reportTo(reports, reportOf('web2.example'));
  const plain = await khp(workspace, 'collect');
  expect(plain).toMatchObject({ status: 0, stdout: '2 reports, 1 cluster changed\n' });
  expect(existsSync(join(workspace, WEB1))).toBe(false);
  const { status, stdout } = await khp(workspace, 'collect', '--facts');
  expect({ status, stdout }).toEqual({ status: 0, stdout: `2 reports, 0 clusters changed\nwrote ${WEB1}\n` });
  expect(readFileSync(join(workspace, WEB1), 'utf8')).toBe(RECORDED);
  const { stdout: text } = await khp(workspace, 'render', 'web/a.j2', '--host', 'web1');
  expect(text).toBe('257000 {{ lookup("file", "/etc/shadow") }}\n');
  const again = await khp(workspace, 'collect', '--facts', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ facts: { written: [], kept: [] } });
});

test('only files of facts that khp wrote are written again, under the name that they have', async () => {
  const workspace = await workspaceOf();
  const record = async (...reports: Report[]) =>
    recordFacts(await gitWorkspace(workspace), statusOf(...reports));
  mkdirSync(join(workspace, 'inventories/t/c'));
  const short = 'inventories/t/c/web1.facts.yml';
  writeFileSync(join(workspace, short), RECORDED.replace('257000', '1'));
  const own = 'inventories/t/c/web2.facts.yml';
  writeFileSync(join(workspace, own), 'ansible_memtotal_mb: 5\n');
  const found = await record(
    reportOf('web1.example', FACTS),
    reportOf('web2.example', FACTS),
    // Of no inventory: a report names no file.
    reportOf('gone.example', FACTS),
  );
  expect(found).toEqual({ written: [short], kept: [own] });
  expect(readFileSync(join(workspace, short), 'utf8')).toBe(RECORDED);
  expect(readFileSync(join(workspace, own), 'utf8')).toBe('ansible_memtotal_mb: 5\n');
});

test('a link leads out of no workspace', async () => {
  const workspace = await workspaceOf();
  const outside = temporaryFolder();
  symlinkSync(outside, join(workspace, 'inventories/t/c'));
  const workTree = await gitWorkspace(workspace);
  expect(() => recordFacts(workTree, statusOf(reportOf('web1.example', FACTS)))).toThrow(
    /not in the workspace/,
  );
});
