import type { World } from './test-model.ts';
import type { ModelHost } from './test-world.ts';

const keys = new WeakMap<ModelHost, string>();

/** For tests: how a host is, its name left out. */
export function hostKey(host: ModelHost): string {
  let key = keys.get(host);
  if (key === undefined) {
    const { truth, outbox, delivered, restarting, crashed, answered, isNew, called, signed, granted } = host;
    const flags = [restarting, crashed, answered, isNew, called].map(Number).join('');
    const of = ({ seq, called, up, debt, held }: ModelHost['truth']) =>
      `${seq}${[called, up, debt, held].map(Number).join('')}`;
    key = `${signed}${granted}${of(truth)}${flags}${of(delivered)}${outbox ? of(outbox) : '-'}`;
    keys.set(host, key);
  }
  return key;
}

interface Places {
  /** How each host looks, with the wave that it is in. */
  readonly looks: ReadonlyMap<string, string>;
  /** How the wave at hand, those to come, and the hosts of none look. */
  readonly waves: readonly string[];
  readonly rest: readonly string[];
}

const places = new WeakMap<World, Places>();

function placesOf(world: World): Places {
  let known = places.get(world);
  if (known) return known;
  const { hosts, rollout } = world;
  const grants = new Map(rollout.grants.map(({ host, seq }) => [host, seq]));
  const calls = new Set(rollout.calls.map(({ host }) => host));
  const local = new Map(
    hosts.map((host): [string, string] => {
      const { name, role } = host;
      const signed = `${rollout.hosts[name]?.seq ?? 0}${grants.get(name) ?? '-'}${calls.has(name) ? 'c' : ''}`;
      return [name, `${role[0]}${hostKey(host)}${signed}`];
    }),
  );
  const looks = new Map<string, string>();
  const waves = rollout.waves.slice(rollout.at).map(({ hosts: batch }, index) => {
    const look =
      batch.length === 1
        ? local.get(batch[0]!.host)!
        : batch
            .map(({ host }) => local.get(host)!)
            .sort()
            .join();
    const place = index === 0 ? '!' : '+';
    for (const { host } of batch) looks.set(host, place + look + local.get(host));
    return look;
  });
  const rest: string[] = [];
  for (const { name } of hosts) {
    if (looks.has(name)) continue;
    looks.set(name, local.get(name)!);
    rest.push(local.get(name)!);
  }
  known = { looks, waves, rest: rest.sort() };
  places.set(world, known);
  return known;
}

/** For tests: how each host looks, with the wave that it is in. */
export function looksOf(world: World): ReadonlyMap<string, string> {
  return placesOf(world).looks;
}

/** A text that two states share only where they are the same but for the names of hosts within a wave and a role. */
export function worldKey(world: World): string {
  const { rollout, crashes, failures, late, again } = world;
  const { waves, rest } = placesOf(world);
  const [first = '', ...more] = waves;
  const { state, at, called } = rollout;
  const isCalled = called === at ? 'now' : called === null ? 'no' : rollout.waves[called]!.role;
  const head = [state, at, isCalled, crashes, failures, late, again, first];
  return `${head.join(' ')} ${more.sort().join(' ')}|${rest.join(' ')}`;
}
