import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostRef, reportRef } from '../compiler/contract/names.ts';
import { generateKey, publicKeyLine } from '../compiler/git/ssh-key.ts';
import { copySample, git, khp, ROOT, type Run, run, temporaryFolderOfFile } from './temporary-workspace.ts';

/**
 * The main job on real repositories, with the programs that a person and a host run: one story, told in order. Each test
 * goes on where the last one ended.
 */
const area = temporaryFolderOfFile();
const [workspace, config, reports, key, site] = ['workspace', 'config.git', 'reports.git', 'key', 'site'].map(
  (name) => join(area, name),
) as [string, string, string, string, string];
const CLUSTER = 'alpha/hadoop-x';
const SETTINGS = join(workspace, `inventories/${CLUSTER}.yml`);
const HOSTS = [4, 5, 6].map((number) => `hadoop-x-${number}.alpha.example.test`);
const [FIRST, , LAST] = HOSTS as [string, string, string];
const PATHS = ['/etc', '/opt', '/var', '/data'];
const SIGNER = 'ops@khp.invalid';

const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

const rootOf = (host: string) => join(area, 'hosts', host);
const applied = (host: string, path: string) => readFileSync(join(rootOf(host), path), 'utf8');
const HDFS_SITE = '/etc/hadoop/conf/hdfs-site.xml';

async function apply(
  host: string,
): Promise<{ status: number | null; report: { result: string; written: string[] } }> {
  const args = [join(ROOT, 'runner/host/khp-runner.ts'), 'apply', '--json', '--root', rootOf(host)];
  const { status, stdout, stderr } = await run(process.execPath, args);
  return { status, report: stdout === '' ? { result: stderr, written: [] } : JSON.parse(stdout) };
}

async function succeed(action: Promise<Run>): Promise<string> {
  const { status, stdout, stderr } = await action;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

function setTransferThreads(threads: number): void {
  const text = readFileSync(SETTINGS, 'utf8');
  writeFileSync(
    SETTINGS,
    text.replace(/^hdfs_dn_max_transfer_threads: .*$/m, `hdfs_dn_max_transfer_threads: ${threads}`),
  );
}

function bootstrap(host: string, signer: string): void {
  const etc = join(rootOf(host), 'etc/khp');
  mkdirSync(etc, { recursive: true });
  const users = ['hdfs', 'yarn', 'mapred', 'zookeeper', 'hbase', 'hive', 'spark'];
  const settings = { host, repository: config, reports, paths: PATHS, users };
  writeFileSync(join(etc, 'runner.yml'), JSON.stringify(settings));
  writeFileSync(join(etc, 'allowed_signers'), `${signer}\n`);
}

beforeAll(async () => {
  const signer = `${SIGNER} namespaces="git" ${publicKeyLine(await generateKey(key, SIGNER))}`;
  for (const repository of [config, reports])
    await succeed(git(area, 'init', '--quiet', '--bare', repository));
  mkdirSync(workspace);
  copySample(workspace, [
    'khp.yml',
    'inventories/_default.yml',
    'inventories/alpha',
    'releases',
    'templates',
  ]);
  const publish = { url: config, branch: 'main', keys: [signer] };
  appendFileSync(
    join(workspace, 'khp.yml'),
    `\npublish: ${JSON.stringify(publish)}\nreports: { url: ${reports} }\n`,
  );
  await succeed(git(workspace, 'init', '--quiet', '-b', 'main'));
  await succeed(git(workspace, 'add', '--all'));
  await succeed(git(workspace, 'commit', '--quiet', '-m', 'begin'));
  for (const host of HOSTS) bootstrap(host, signer);
});

describe('from a commit to a host and a page', { timeout: 300_000 }, () => {
  test('check finds nothing wrong', async () => {
    expect(await succeed(khp(workspace, 'check'))).toMatch(/^21 hosts of 2 clusters: no problem found/);
  });

  test('a host without a promotion has nothing to apply', async () => {
    const { status, report } = await apply(FIRST);
    expect({ status, result: report.result }).toEqual({ status: 0, result: 'unchanged' });
  });

  test('compile refuses a selector and a dirty work tree', async () => {
    expect((await khp(workspace, 'compile', CLUSTER)).status).toBe(2);
    setTransferThreads(1234);
    const { status, stderr } = await khp(workspace, 'compile');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('hadoop-x.yml not as in HEAD'),
    });
    await succeed(git(workspace, 'checkout', '--quiet', '.'));
    expect((await git(config, 'for-each-ref')).stdout).toBe('');
  });

  test('compile commits the bundles once', async () => {
    expect(await succeed(khp(workspace, 'compile'))).toMatch(
      /^21 hosts, \d+ files of [0-9a-f]{12} → bundles [0-9a-f]{12}/,
    );
    const tip = (await git(config, 'rev-parse', 'bundles')).stdout;
    expect(await succeed(khp(workspace, 'compile'))).toMatch(/published already/);
    expect((await git(config, 'rev-parse', 'bundles')).stdout).toBe(tip);
    expect((await git(config, 'fsck', '--strict')).status).toBe(0);
  });

  test('promote needs a selector, and --yes for more than one cluster', async () => {
    expect((await khp(workspace, 'promote', '--key', key)).status).toBe(2);
    expect((await khp(workspace, 'promote', 'beta', '--key', key)).status).toBe(2);
    expect((await khp(workspace, 'promote', '--all', '--key', key)).status).toBe(1);
    expect((await git(config, 'for-each-ref', 'refs/khp')).stdout).toBe('');
  });

  test('promote signs a commit a host', async () => {
    expect(await succeed(khp(workspace, 'promote', '--all', '--yes', '--key', key))).toMatch(
      /^21 hosts promoted/,
    );
  });

  test.skipIf(!hasSshKeygen)(
    'stock git accepts the signature (skipped where ssh-keygen is missing)',
    async () => {
      const signers = join(area, 'signers');
      writeFileSync(signers, applied(FIRST, 'etc/khp/allowed_signers'));
      const verify = ['-c', 'gpg.format=ssh', '-c', `gpg.ssh.allowedSignersFile=${signers}`, 'verify-commit'];
      expect((await git(config, ...verify, hostRef(FIRST))).stderr).toMatch(
        /Good "git" signature for ops@khp.invalid/,
      );
    },
  );

  test('the runner writes what the bundle says, and then nothing more', async () => {
    for (const host of HOSTS) {
      const { status, report } = await apply(host);
      expect({ status, result: report.result }).toEqual({ status: 0, result: 'applied' });
      expect(report.written).toContain(HDFS_SITE);
    }
    const bundle = `bundles:${CLUSTER}/${FIRST}/files${HDFS_SITE}`;
    expect(applied(FIRST, HDFS_SITE)).toBe((await git(config, 'cat-file', 'blob', bundle)).stdout);
    expect(statSync(join(rootOf(FIRST), HDFS_SITE)).mode & 0o777).toBe(0o644);
    const again = await apply(FIRST);
    expect({ status: again.status, ...again.report }).toMatchObject({
      status: 0,
      result: 'unchanged',
      written: [],
    });
  });

  test('diff shows an edit once, with the daemons that must restart', async () => {
    setTransferThreads(4321);
    const text = await succeed(khp(workspace, 'diff'));
    expect(text).toContain(`~ ${HDFS_SITE}  +1 -1`);
    expect(text).toMatch(/restart datanode on 7 hosts\n$/);
    expect(text.match(/4321/g)).toHaveLength(1);
    const json = JSON.parse(await succeed(khp(workspace, 'diff', '--format', 'json')));
    expect(json.groups).toHaveLength(1);
    expect(await succeed(khp(workspace, 'diff', 'HEAD', 'HEAD'))).toBe('nothing changes\n');
    expect(await khp(workspace, 'diff', '--json', '--format', 'text')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('--json and --format text are two forms of one answer'),
    });
  });

  test('a comment in a template asks for no restart', async () => {
    await succeed(git(workspace, 'commit', '--quiet', '-a', '-m', 'more transfer threads'));
    const template = join(workspace, 'templates/hadoop/hdfs-site.xml.j2');
    const text = readFileSync(template, 'utf8');
    writeFileSync(template, text.replace('<configuration>', '<configuration>\n    <!-- a remark -->'));
    expect(await succeed(khp(workspace, 'diff'))).toMatch(/no daemon must restart\n$/);
    await succeed(git(workspace, 'checkout', '--quiet', '.'));
  });

  test('what is promoted is not yet applied, and the portal says so', async () => {
    const early = await khp(workspace, 'promote', CLUSTER, '--key', key);
    expect(early).toMatchObject({
      stdout: '0 hosts promoted, 12 unchanged\n',
      stderr: expect.stringContaining('only what was compiled is promoted'),
    });
    await succeed(khp(workspace, 'compile'));
    await succeed(khp(workspace, 'promote', CLUSTER, '--key', key));
    for (const host of [FIRST, HOSTS[1]!]) expect((await apply(host)).report.result).toBe('applied');
    expect(applied(FIRST, HDFS_SITE)).toContain('<value>4321</value>');
    expect(applied(LAST, HDFS_SITE)).not.toContain('<value>4321</value>');
    // These hosts are folders: nothing is mounted where data would go.
    expect(await khp(workspace, 'collect')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^3 reports/),
      stderr: expect.stringContaining('warning[collect/unmounted] no disk is mounted at "/data/hdfs/1"'),
    });
    expect(await succeed(khp(workspace, 'site', '--out', site))).toMatch(/18 unknown, 1 waiting, 2 current/);
    const state = (host: string) => readFileSync(join(site, 'hosts', host, 'index.html'), 'utf8');
    expect(state(FIRST)).toContain('current');
    expect(state(LAST)).toContain('waiting');
    expect(readFileSync(join(site, 'stale/index.html'), 'utf8')).toContain(LAST);
  });

  test('a bundle that nobody signed is refused, and reported', async () => {
    const tree = (await git(config, 'rev-parse', `bundles:${CLUSTER}/${LAST}`)).stdout.trim();
    const forged = (
      await git(config, 'commit-tree', tree, '-p', hostRef(LAST), '-m', 'forged')
    ).stdout.trim();
    const before = applied(LAST, HDFS_SITE);
    await succeed(git(config, 'update-ref', hostRef(LAST), forged));
    const { status, report } = await apply(LAST);
    expect({ status, result: report.result }).toEqual({ status: 1, result: 'refused' });
    expect(applied(LAST, HDFS_SITE)).toBe(before);
    const reported = JSON.parse(
      (await git(reports, 'cat-file', 'blob', `${reportRef(LAST)}:report.json`)).stdout,
    );
    expect(reported.problem.code).toBe('accept/unsigned');
  });

  test('a bundle that the compiler did not make is not promoted', async () => {
    const tip = (await git(config, 'rev-parse', 'bundles')).stdout.trim();
    const message = (await git(config, 'log', '-1', '--format=%B', tip)).stdout.trimEnd();
    const other = (await git(config, 'rev-parse', 'bundles~1^{tree}')).stdout.trim();
    const forged = (await git(config, 'commit-tree', other, '-p', tip, '-m', message)).stdout.trim();
    expect(await succeed(khp(workspace, 'compile', '--verify'))).toMatch(/are what [0-9a-f]{12} compiles to/);
    await succeed(git(config, 'update-ref', 'refs/heads/bundles', forged));
    const { status, stderr } = await khp(workspace, 'promote', `${CLUSTER}/${FIRST}`, '--key', key);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('promote/differs') });
    const verified = await khp(workspace, 'compile', '--verify');
    expect(verified.status).toBe(1);
    expect(verified.stdout).toMatch(
      /hdfs-site\.xml differs from line \d+ on|manifest\.json differs from line/,
    );
    await succeed(git(config, 'update-ref', 'refs/heads/bundles', tip));
  });

  test('a branch cannot appoint itself to be the one that is published', async () => {
    const before = (await git(config, 'rev-parse', 'bundles')).stdout;
    await succeed(git(workspace, 'checkout', '--quiet', '-b', 'evil'));
    const settings = join(workspace, 'khp.yml');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('"branch":"main"', '"branch":"evil"'));
    await succeed(git(workspace, 'commit', '--quiet', '-a', '-m', 'appoint myself'));
    const { status, stderr } = await khp(workspace, 'compile');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('HEAD is not on main') });
    expect((await git(config, 'rev-parse', 'bundles')).stdout).toBe(before);
    await succeed(git(workspace, 'checkout', '--quiet', 'main'));
  });

  test('a config repository that is away is a problem, not a bug', async () => {
    renameSync(config, `${config}.away`);
    for (const args of [['compile'], ['promote', CLUSTER, '--key', key], ['collect']]) {
      const { status, stderr } = await khp(workspace, ...args);
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('config.git') });
      expect(stderr).not.toContain('    at ');
    }
    renameSync(`${config}.away`, config);
  });

  test('what cannot be meant is wrong usage, before anything is read', async () => {
    const cases: [string[], string][] = [
      [['retire', FIRST], 'give the key'],
      [['retire', '../x'], 'neither a host nor host/role'],
      [['promote', '--restart', '--renew', CLUSTER], 'not both'],
      [['promote', '--dry-run', CLUSTER], 'an option of --restart'],
      [['promote', '--restart', '--poll', '0', CLUSTER], 'whole seconds'],
    ];
    for (const [args, text] of cases) {
      const { status, stdout, stderr } = await khp(workspace, ...args);
      expect({ status, stdout, stderr }).toEqual({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining(text),
      });
    }
    expect(existsSync(join(workspace, '.khp'))).toBe(false);
  });
});
