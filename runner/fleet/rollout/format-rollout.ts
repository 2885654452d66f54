import type { Rollout, RolloutWave } from '../../../compiler/contract/rollout.ts';
import { clusterOf } from '../sign-promotions.ts';

/** The plan of a rollout, a line a wave: which hosts are granted which roles, and what is done. */
export function formatWaves(rollout: Rollout): string {
  const { waves, at, roles } = rollout;
  const hosts = new Set(waves.flatMap((wave) => wave.hosts.map(({ host }) => host)));
  const head = `${clusterOf(rollout)}: ${plural(waves.length, 'wave')}, ${plural(hosts.size, 'host')}`;
  const width = Math.max(...waves.map(({ role }) => role.length));
  const lines = waves.map((wave, index) => {
    const number = String(index + 1).padStart(String(waves.length).length);
    const limit = roles.find(({ role }) => role === wave.role)?.limit ?? 1;
    const sign = index < at ? 'done' : index === at ? 'now ' : '    ';
    return `  ${sign} ${number}  ${wave.role.padEnd(width)}  at most ${limit} down  ${wave.hosts.map(hostText(wave)).join(', ')}`;
  });
  return `${[head, ...lines].join('\n')}\n`;
}

function hostText({ role }: RolloutWave): (host: RolloutWave['hosts'][number]) => string {
  return ({ host, roles }) => {
    const more = roles.filter((one) => one !== role);
    return more.length > 0 ? `${host} (with ${more.join(', ')})` : host;
  };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What became of a step, as a line. */
export function formatStep(
  before: Rollout,
  {
    rollout,
    grants,
    calls,
  }: { rollout: Rollout; grants: readonly { host: string }[]; calls: readonly unknown[] },
): string {
  const { at, waves, state, problem } = rollout;
  const wave = `wave ${Math.min(at + 1, waves.length)} of ${waves.length}`;
  if (problem) return `${wave}: stopped: ${problem.message}`;
  if (state === 'done') return `all ${plural(waves.length, 'wave')} are done`;
  if (grants.length > 0)
    return `${wave}: granted ${waves[at]!.role} on ${grants.map(({ host }) => host).join(', ')}`;
  if (calls.length > 0) return `${wave}: called the roll of ${plural(calls.length, 'host')}`;
  return at > before.at ? `wave ${at} of ${waves.length}: healthy` : wave;
}
