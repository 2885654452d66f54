/**
 * `npm start`: the main job on the sample workspace, from end to end, in `.khp/start/`, with the commands that a person
 * would use. The clone's own branches and files are not touched; each run begins anew.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { styleText } from 'node:util';
import { BUNDLES_REF } from '../../compiler/contract/names.ts';
import { openRepository } from '../../compiler/git/repository.ts';
import { readBundleHosts } from '../../runner/fleet/bundle-hosts.ts';
import { bootstrap, createArea, type StartArea } from './area.ts';
import { git, inParallel, khp, ROOT, runnerApply } from './programs.ts';
import { findSecret, type StartSecret, setSecret } from './secret.ts';
import { formatSeconds, step, stepResults } from './step.ts';
import { verifyPromotions } from './verify.ts';

const CLUSTER = 'alpha/hadoop-x';
const SETTINGS = `inventories/${CLUSTER}.yml`;

const folder = join(ROOT, '.khp', 'start');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
console.log(styleText('bold', 'khp on the sample workspace\n'));

let area: StartArea | undefined;
await step('set up workspace and repositories', async () => {
  area = await createArea(folder);
  return relative(ROOT, folder);
});
const { workspace, config, key } = area!;

let secret: StartSecret | undefined;
await step('set a secret: a password of Hive', async () => {
  secret = await setSecret({ workspace, cluster: CLUSTER, rootOf });
  return `${secret.file}, encrypted for ${secret.host} and the operator`;
});
await step('check', async () => (await khp(workspace, 'check')).stdout.trim());
await step('compile → refs/heads/bundles', async () => (await khp(workspace, 'compile')).stdout.trim());
await step('promote → refs/khp/hosts/*', async () => {
  const { stdout } = await khp(workspace, 'promote', '--all', '--yes', '--key', key);
  return lastLine(stdout);
});
await step('verify every signature', (tell) => verifyPromotions({ config, key, folder }, tell));
const members = await hostsOf(CLUSTER);
await step(`bootstrap the hosts of ${CLUSTER}`, async () => {
  for (const host of members) bootstrap(host, rootOf(host), area!);
  return `${members.length} sandbox roots below ${relative(ROOT, rootOf(''))}`;
});
await step(`apply on the hosts of ${CLUSTER}`, (tell) => applyOn(members, tell));
await step('look for the password', () =>
  findSecret(secret!, { root: rootOf(secret!.host), repositories: [workspace, config] }),
);
await step('edit a datanode setting', async () => {
  const said = raiseTransferThreads(join(workspace, SETTINGS));
  await git(workspace, 'commit', '--quiet', '-a', '-m', `inventories: ${said}`);
  return `${SETTINGS}: ${said}`;
});
let diff = '';
await step('diff, as its reviewer sees it', async () => {
  diff = (await khp(workspace, 'diff', 'HEAD~1', 'HEAD')).stdout;
  return 'below';
});
console.log(`\n${diff.replace(/^/gm, '    ')}`);
await step('compile', async () => (await khp(workspace, 'compile')).stdout.trim());
await step(`promote ${CLUSTER}`, async () =>
  lastLine((await khp(workspace, 'promote', CLUSTER, '--key', key)).stdout),
);
const some = members.slice(0, Math.ceil(members.length / 2));
await step(`apply on ${some.length} of its ${members.length} hosts`, (tell) => applyOn(some, tell));
await step('collect reports → refs/heads/status', async () =>
  lastLine((await khp(workspace, 'collect')).stdout),
);
const portal = join(folder, 'portal');
await step('build the portal', async () => lastLine((await khp(workspace, 'site', '--out', portal)).stdout));

const total = stepResults().reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`${'  all of it'.padEnd(44)} ${formatSeconds(total)}\n`);
console.log('Where to look:');
for (const [path, what] of [
  [join(portal, 'index.html'), 'the portal; open it in a browser'],
  [join(portal, 'stale', 'index.html'), 'the hosts that are not current, and why'],
  [workspace, 'the workspace: change it, commit, and run khp yourself, for example'],
] as const) {
  console.log(`  ${relative(ROOT, path).padEnd(34)} ${what}`);
}
const shown = relative(ROOT, workspace);
console.log(`      npx khp -C ${shown} diff HEAD~1 HEAD`);
console.log(`      git -C ${relative(ROOT, config)} log --stat -1 bundles`);
console.log(
  `  ${`${relative(ROOT, rootOf(members[0]!))}/`.padEnd(34)} what the runner wrote on ${members[0]}`,
);

/** The hosts of a cluster in the bundles, the first ones first. */
async function hostsOf(cluster: string): Promise<string[]> {
  const known = await readBundleHosts(await openRepository(config), BUNDLES_REF);
  const hosts = [...known].filter(([, at]) => `${at.type}/${at.cluster}` === cluster).map(([host]) => host);
  return hosts.sort(new Intl.Collator('en', { numeric: true }).compare);
}

/** The sandbox root of a host. */
function rootOf(host: string): string {
  return join(folder, 'hosts', host);
}

/** Runs the runner of hosts, two at a time; says how the runs ended. */
async function applyOn(names: readonly string[], tell: (text: string) => void): Promise<string> {
  const results = new Map<string, number>();
  let done = 0;
  await inParallel(names, 2, async (host) => {
    const { stdout } = await runnerApply(rootOf(host));
    const { result } = JSON.parse(stdout) as { result: string };
    results.set(result, (results.get(result) ?? 0) + 1);
    tell(`${++done} of ${names.length}`);
  });
  return [...results].map(([result, count]) => `${count} ${result}`).join(', ');
}

/** Doubles the datanodes' transfer threads in a cluster's settings; says what it did. */
function raiseTransferThreads(path: string): string {
  const text = readFileSync(path, 'utf8');
  const match = /^hdfs_dn_max_transfer_threads: (\d+)$/m.exec(text);
  if (!match) throw new Error(`${path} sets no hdfs_dn_max_transfer_threads`);
  const line = `hdfs_dn_max_transfer_threads: ${Number(match[1]) * 2}`;
  writeFileSync(path, text.replace(match[0], line));
  return line;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)!;
}
