import type { Rollout } from '../../../compiler/contract/rollout.ts';
import type { World } from './test-model.ts';
import type { ModelHost } from './test-world.ts';

/** Texts by number: they are compared and hashed as numbers. */
const numbers = new Map<string, number>();

function numberOf(text: string): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size + 1;
    numbers.set(text, number);
  }
  return number;
}

const keys = new WeakMap<ModelHost, string>();

/** For tests: how a host is, its name left out. */
export function hostKey(host: ModelHost): string {
  let key = keys.get(host);
  if (key === undefined) {
    const { truth, outbox, delivered, restarting, crashed, answered, isNew, called, signed, granted } = host;
    const flags = [restarting, crashed, answered, isNew, called].map(Number).join('');
    const of = ({ seq, called, up, debt, held, late }: ModelHost['truth']) =>
      `${seq}${[called, up, debt, held, late].map(Number).join('')}`;
    key = `${signed}${granted}${of(truth)}${flags}${of(delivered)}${outbox ? of(outbox) : '-'}`;
    keys.set(host, key);
  }
  return key;
}

/** What a rollout says of each host of the model, in its order; shared by all worlds that have the rollout. */
interface Frame {
  /** The wave that a host is in, from 0 for the one at hand; -1 for none. */
  readonly waves: readonly number[];
  /** What is signed for it, as the rollout knows it: a number for each difference. */
  readonly marks: readonly number[];
  readonly count: number;
  /** State, wave and roll call. */
  readonly head: string;
}

const frames = new WeakMap<Rollout, Frame>();

function frameOf({ rollout, hosts }: World): Frame {
  let frame = frames.get(rollout);
  if (frame) return frame;
  const grants = new Map(rollout.grants.map(({ host, seq }) => [host, seq]));
  const calls = new Set(rollout.calls.map(({ host }) => host));
  const { state, at, called } = rollout;
  const left = rollout.waves.slice(at);
  const places = new Map(left.flatMap((wave, index) => wave.hosts.map(({ host }) => [host, index] as const)));
  const isCalled = called === at ? 'now' : called === null ? 'no' : rollout.waves[called]!.role;
  frame = {
    waves: hosts.map(({ name }) => places.get(name) ?? -1),
    marks: hosts.map(({ name }) =>
      numberOf(`${rollout.hosts[name]?.seq ?? 0}${grants.get(name) ?? '-'}${calls.has(name) ? 'c' : ''}`),
    ),
    count: left.length,
    head: `${state} ${at} ${isCalled}`,
  };
  frames.set(rollout, frame);
  return frame;
}

const locals = new WeakMap<ModelHost, Map<number, number>>();

/** A number for how a host is and what the rollout says of it. */
function localOf(host: ModelHost, mark: number): number {
  let known = locals.get(host);
  if (!known) {
    known = new Map();
    locals.set(host, known);
  }
  let local = known.get(mark);
  if (local === undefined) {
    local = numberOf(`${host.role[0]}${hostKey(host)} ${mark}`);
    known.set(mark, local);
  }
  return local;
}

/** For tests: how each host looks, with the wave that it is in. */
export function looksOf(world: World): string[] {
  const { waves, marks } = frameOf(world);
  const local = world.hosts.map((host, index) => localOf(host, marks[index]!));
  const members = Map.groupBy(local.keys(), (index) => waves[index]!);
  const looks = new Array<string>(local.length);
  for (const [wave, indexes] of members) {
    const together = wave < 0 ? '' : indexes.map((index) => local[index]!).sort((a, b) => a - b);
    const place = wave < 0 ? '' : wave === 0 ? '!' : '+';
    for (const index of indexes) looks[index] = `${place}${together} ${local[index]}`;
  }
  return looks;
}

/**
 * 53 bits that two states share only where they are the same but for the names of hosts within a wave and a role, and for
 * the order of the waves to come; or, of a million states, in one of twenty thousand walks.
 */
export function worldHash(world: World): number {
  const { waves, marks, count, head } = frameOf(world);
  const { crashes, failures, late, again, tardy = 0, hosts } = world;
  const first = numberOf(`${head} ${crashes} ${failures} ${late} ${again} ${tardy}`);
  // What has no order is added up, each part mixed before.
  let [a, b] = [mix(first, 0x811c9dc5), mix(first, 0x2f0b4c47)];
  const sums = new Int32Array(2 * count);
  for (let index = 0; index < hosts.length; index += 1) {
    const local = localOf(hosts[index]!, marks[index]!);
    const wave = waves[index]!;
    if (wave < 0) {
      a = (a + mix(local, 0x1b873593)) | 0;
      b = (b + mix(local, 0x5bd1e995)) | 0;
    } else {
      sums[2 * wave] = sums[2 * wave]! + mix(local, 0x38b34ae5);
      sums[2 * wave + 1] = sums[2 * wave + 1]! + mix(local, 0x6c078965);
    }
  }
  for (let wave = 0; wave < count; wave += 1) {
    a = (a + mix(sums[2 * wave]!, wave === 0 ? 0x27d4eb2f : 0x165667b1)) | 0;
    b = (b + mix(sums[2 * wave + 1]!, wave === 0 ? 0x7feb352d : 0x2c1b3c6d)) | 0;
  }
  return (a >>> 0) * 0x200000 + (b >>> 11);
}

/** 32 bits of a number and a seed, each of which depends on all of them (the last steps of MurmurHash3). */
function mix(value: number, seed: number): number {
  let bits = Math.imul(value ^ seed, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 16) ^ seed, 0x85ebca6b);
  return bits ^ (bits >>> 15);
}
