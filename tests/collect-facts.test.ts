import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordFacts } from '../compiler/cli/record-facts.ts';
import { gitWorkspace } from '../compiler/cli/source.ts';
import { canonicalJson } from '../compiler/contract/canonical-json.ts';
import { HostFacts } from '../compiler/contract/facts.ts';
import { reportRef } from '../compiler/contract/names.ts';
import { type Report, STATUS_SCHEMA } from '../compiler/contract/report.ts';
import { sampleReport } from '../compiler/contract/sample-report.ts';
import { git, khp, temporaryFolder } from './temporary-workspace.ts';

const FACTS: HostFacts = {
  ansible_default_ipv4: { address: '192.0.2.7', interface: 'eth0' },
  ansible_distribution: '{{ lookup("file", "/etc/shadow") }}',
  ansible_memtotal_mb: 257000,
  ansible_mounts: [{ device: '/dev/sda1', fstype: 'xfs', mount: '/', size_total: 1073741824 }],
};

function reportOf(host: string, facts?: HostFacts): Report {
  return sampleReport({ host, at: '2026-01-31T00:00:00Z', ...(facts && { facts }) });
}

/** A workspace with the hosts web1.example to web4.example, in a git repository of its own. */
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
    'inventories/t/c.ini': '[web]\nweb[1:4].example\n',
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

const [WEB1, WEB2, WEB3, WEB4] = [1, 2, 3, 4].map(
  (number) => `inventories/t/c/web${number}.example.facts.yml`,
) as [string, string, string, string];
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
  const again = await khp(workspace, 'collect', '--facts');
  expect(again.stdout).toBe('2 reports, 0 clusters changed\nthe facts of 1 host are written as they are\n');
  const asJson = await khp(workspace, 'collect', '--facts', '--json');
  expect(JSON.parse(asJson.stdout)).toMatchObject({ facts: { hosts: 1, written: [], kept: [] } });
});

test('khp collect --facts tells where no host has reported facts', async () => {
  const reports = join(temporaryFolder(), 'reports.git');
  await git('.', 'init', '--quiet', '--bare', reports);
  const workspace = await workspaceOf(`reports: { url: ${reports} }\n`);
  expect((await khp(workspace, 'compile')).status).toBe(0);
  await reportTo(reports, reportOf('web1.example'));
  expect(await khp(workspace, 'collect', '--facts')).toMatchObject({
    status: 0,
    stdout: '1 report, 1 cluster changed\nno host of the work tree has reported facts: nothing to write\n',
  });
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
  expect(found).toEqual({ hosts: 2, written: [short], kept: [own] });
  expect(readFileSync(join(workspace, short), 'utf8')).toBe(RECORDED);
  expect(readFileSync(join(workspace, own), 'utf8')).toBe('ansible_memtotal_mb: 5\n');
});

test('no link is followed, and none is replaced', async () => {
  const workspace = await workspaceOf();
  const outside = temporaryFolder();
  const record = async (...hosts: string[]) =>
    recordFacts(await gitWorkspace(workspace), statusOf(...hosts.map((host) => reportOf(host, FACTS))));
  // Of the folder, to the outside and within.
  for (const target of [outside, join(workspace, 'templates')]) {
    symlinkSync(target, join(workspace, 'inventories/t/c'));
    await expect(record('web1.example')).rejects.toThrow('inventories/t/c is no folder of the workspace');
    unlinkSync(join(workspace, 'inventories/t/c'));
  }
  // Of the file, and of the one that is written before it takes that place.
  mkdirSync(join(workspace, 'inventories/t/c'));
  const victim = join(outside, 'victim');
  writeFileSync(victim, 'as it was\n');
  symlinkSync(victim, join(workspace, WEB1));
  symlinkSync(victim, join(workspace, WEB2));
  symlinkSync(join(outside, 'none'), join(workspace, WEB3));
  symlinkSync(victim, join(workspace, `${WEB4}.new`));
  const hosts = [1, 2, 3, 4].map((number) => `web${number}.example`);
  expect(await record(...hosts)).toEqual({ hosts: 4, written: [WEB4], kept: [WEB1, WEB2, WEB3] });
  expect(readFileSync(victim, 'utf8')).toBe('as it was\n');
  expect(readdirSync(outside)).toEqual(['victim']);
  expect(lstatSync(join(workspace, WEB4)).isFile()).toBe(true);
  expect(readFileSync(join(workspace, WEB4), 'utf8')).toBe(RECORDED);
});

test('what stands in the way is told, or kept', async () => {
  const workspace = await workspaceOf();
  const record = async (host: string) =>
    recordFacts(await gitWorkspace(workspace), statusOf(reportOf(host, FACTS)));
  mkdirSync(join(workspace, WEB1), { recursive: true });
  expect(await record('web1.example')).toEqual({ hosts: 1, written: [], kept: [WEB1] });
  mkdirSync(join(workspace, `${WEB2}.new`));
  await expect(record('web2.example')).rejects.toThrow(`${WEB2}.new is a folder`);
});

test('a host whose name would be a path names no file', async () => {
  const workspace = await workspaceOf();
  writeFileSync(join(workspace, 'inventories/t/c.ini'), '[web]\n../../../evil\n.git\nweb1.example\n');
  const statuses = statusOf(
    ...['../../../evil', '.git', 'web1.example'].map((host) => reportOf(host, FACTS)),
  );
  expect(recordFacts(await gitWorkspace(workspace), statuses)).toEqual({
    hosts: 1,
    written: [WEB1],
    kept: [],
  });
});

test('odd values stay values of a file that reads back as what was reported', async () => {
  const workspace = await workspaceOf();
  const odd = ['"', "'\\", '#', '- a: &b', '*b', '!!python/object', '{# x', '%', '>', ' ', '~'.repeat(256)];
  const facts: HostFacts = {
    ansible_kernel: '!vault |',
    ansible_memtotal_mb: Number.MAX_SAFE_INTEGER,
    ansible_mounts: odd.map((text) => ({ device: text, fstype: text, mount: text, size_total: 0 })),
  };
  expect(HostFacts.parse(facts)).toEqual(facts);
  recordFacts(await gitWorkspace(workspace), statusOf(reportOf('web1.example', facts)));
  writeFileSync(
    join(workspace, 'templates/web/a.j2'),
    '{{ [ansible_kernel, ansible_memtotal_mb, ansible_mounts] | to_json }}',
  );
  const { stdout } = await khp(workspace, 'render', 'web/a.j2', '--host', 'web1');
  expect(JSON.parse(stdout)).toEqual(Object.values(facts));
  // No host can report these.
  for (const wrong of [
    { ansible_kernel: 'a\nb: c' },
    { ansible_kernel: 'ü' },
    { ansible_kernel: 'x'.repeat(257) },
    { ansible_memtotal_mb: 1e300 },
    { ansible_memtotal_mb: 1.5 },
    { ansible_other: 'x' },
  ])
    expect(HostFacts.safeParse(wrong).success).toBe(false);
});
