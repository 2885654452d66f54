import type { Component } from '../../1-load/component.ts';
import type { Workspace } from '../../1-load/workspace.ts';
import type { ClusterInventory, HostVars } from '../../2-resolve/inventory.ts';
import { fitsHole, HOLE_NAMES, type HoleValues, type Read, type ReadLog } from '../../ansible/ansible.ts';
import type { Value } from '../../jinja/jinja.ts';
import { componentScopes, type ScopeOf } from '../host-scope.ts';
import { ALL_NAMES, type AskedOfHosts, answerText } from './asked-of-hosts.ts';
import { componentOf } from './logged-scope.ts';
import type { Answered, Answers } from './read-trie.ts';
import type { ValueNumbers } from './value-numbers.ts';

/** What reads and answers are numbered by. */
export interface Numbers {
  readonly log: ReadLog;
  readonly values: ValueNumbers;
}

/** What the hosts of one cluster answer to reads, as long as neither inventory nor workspace changes. */
export class ClusterAnswers {
  readonly numbers: Numbers;
  readonly #workspace: Workspace;
  readonly #hosts: ReadonlyMap<string, HostVars>;
  /** Answers that are the same on all hosts. */
  readonly #common = new Map<number, number>();
  readonly #shared = new WeakMap<object, SharedAnswers>();
  /** Those of hosts whose names are holes. */
  readonly #sharedByAll = new WeakMap<object, SharedAnswers>();
  readonly #scopes = new Map<string, ScopeOf>();
  readonly #names: string[];
  readonly #paths: string[];

  constructor(cluster: ClusterInventory, workspace: Workspace, numbers: Numbers) {
    this.numbers = numbers;
    this.#workspace = workspace;
    this.#hosts = new Map(cluster.hosts.map((host) => [host.host, host]));
    this.#names = cluster.hosts.map(({ host }) => host);
    this.#paths = [...workspace.texts.keys()];
  }

  of(host: HostVars): Answers {
    return this.#answers(host, { holes: false });
  }

  /** The answers of a host whose names are holes, and the names; undefined where these do not fit in. */
  withHoles(host: HostVars): { answers: Answers; values: HoleValues } | undefined {
    const values = holeValues(host);
    return values && { answers: this.#answers(host, { holes: true }), values };
  }

  #answers(host: HostVars, { holes }: { holes: boolean }): Answers {
    const vars = host.vars.shared ?? host.vars;
    const known = holes ? this.#sharedByAll : this.#shared;
    let shared = known.get(vars);
    if (!shared) {
      shared = new SharedAnswers({ ...host, vars }, { cluster: this, holes });
      known.set(vars, shared);
    }
    return new HostAnswers(host, shared, { cluster: this, holes });
  }

  /** The answer to a read that is none of a component's variables. */
  common(read: number): number {
    let answer = this.#common.get(read);
    if (answer === undefined) {
      answer = this.numbers.values.of(this.#valueOf(this.numbers.log.reads[read]!));
      this.#common.set(read, answer);
    }
    return answer;
  }

  /** What was asked of hosts by their names, as they answered. */
  askedOfHosts(): AskedOfHosts {
    // Names of hosts and variables may be those of what every object has.
    const asked = new Map<string, Map<string, string | null>>();
    for (const [number, answer] of this.#common) {
      const read = this.numbers.log.reads[number]!;
      if (read.kind !== 'value' && read.kind !== 'names') continue;
      const ofHost = asked.get(read.scope) ?? new Map<string, string | null>();
      ofHost.set(read.kind === 'names' ? ALL_NAMES : read.name, answerText(this.numbers.values, answer));
      asked.set(read.scope, ofHost);
    }
    return Object.fromEntries([...asked].map(([host, ofHost]) => [host, Object.fromEntries(ofHost)]));
  }

  #valueOf(read: Read): Value | undefined {
    const { texts, settings } = this.#workspace;
    switch (read.kind) {
      case 'value':
        return this.#hosts.get(read.scope)?.vars.get(read.name)?.value;
      case 'names': {
        const host = this.#hosts.get(read.scope);
        return host && [...host.vars.keys()];
      }
      case 'hosts':
        return this.#names;
      case 'host':
        return this.#hosts.has(read.name);
      case 'text':
      case 'absent':
        return texts.get(read.path);
      case 'glob':
        // What it takes to look through all paths is charged to the render: they all count.
        return this.#paths;
      case 'env':
        return Object.hasOwn(settings.env, read.name) ? settings.env[read.name] : undefined;
      case 'managed':
        return settings.ansible_managed;
      default:
        throw new Error(`no render is known by its reads of kind ${read.kind}`);
    }
  }

  /** What templates of a component see on hosts. */
  scopes(component: string): ScopeOf {
    let scopes = this.#scopes.get(component);
    if (!scopes) {
      const found: Component | undefined = this.#workspace.components.get(component);
      scopes = found ? componentScopes(found, this.#workspace) : () => EMPTY;
      this.#scopes.set(component, scopes);
    }
    return scopes;
  }
}

const EMPTY: ReturnType<ScopeOf> = {
  get: () => undefined,
  keys: () => [],
  placeOf: () => undefined,
  settingsOf: () => [],
};

/** The answers of the variables that hosts of one set of groups have in common. */
class SharedAnswers {
  readonly #host: HostVars;
  readonly #of: AnswersOf;
  readonly #answers = new Map<number, number>();
  readonly #fits = new Map<Answered, boolean>();

  constructor(host: HostVars, of: AnswersOf) {
    this.#host = host;
    this.#of = of;
  }

  of(read: number): number {
    let answer = this.#answers.get(read);
    if (answer === undefined) {
      answer = answerOf(read, this.#host, this.#of);
      this.#answers.set(read, answer);
    }
    return answer;
  }

  fit(answered: Answered): boolean {
    let fits = this.#fits.get(answered);
    if (fits === undefined) {
      fits = answered.reads.every((read, index) => this.of(read) === answered.answers[index]);
      this.#fits.set(answered, fits);
    }
    return fits;
  }
}

/** Whose answers, and whether the names of hosts are holes in them. */
interface AnswersOf {
  readonly cluster: ClusterAnswers;
  readonly holes: boolean;
}

/** What reading a name of the host is answered where that is a hole. No value's text is like it. */
const HOLE = 'hole';

/** Whether a number is that of a hole. */
export function isHole(answer: number, values: ValueNumbers): boolean {
  return values.texts[answer] === HOLE;
}

/** The names of a host; undefined where one of them does not fit in a hole. */
function holeValues({ vars }: HostVars): HoleValues | undefined {
  const [whole, short] = HOLE_NAMES.map((name) => vars.get(name)?.value);
  if (!fitsHole(whole) || !fitsHole(short)) return undefined;
  return { inventory_hostname: whole, inventory_hostname_short: short };
}

function isHostName(name: string): boolean {
  return (HOLE_NAMES as readonly string[]).includes(name);
}

function answerOf(number: number, host: HostVars, { cluster, holes }: AnswersOf): number {
  const { log, values } = cluster.numbers;
  const read = log.reads[number]!;
  if (read.kind === 'among') {
    const name = host.vars.get(read.name)?.value;
    return values.of(typeof name === 'string' && read.texts.includes(name));
  }
  if (holes && read.kind === 'value' && isHostName(read.name) && componentOf(read.scope) !== undefined)
    return values.ofText(HOLE);
  const component = 'scope' in read ? componentOf(read.scope) : undefined;
  if (component === undefined || !('scope' in read)) return cluster.common(number);
  const scope = cluster.scopes(component)(host);
  return values.of(read.kind === 'names' ? [...scope.keys()] : scope.get(read.name));
}

/** Answered reads → the names of variables of a host itself that they ask for; undefined where they ask for all. */
const asked = new WeakMap<Answered, ReadonlySet<string> | undefined>();

class HostAnswers implements Answers {
  readonly #host: HostVars;
  readonly #shared: SharedAnswers;
  readonly #of: AnswersOf;
  /** Names of variables that the host does not share. */
  readonly #own: ReadonlySet<string>;

  constructor(host: HostVars, shared: SharedAnswers, of: AnswersOf) {
    this.#host = host;
    this.#shared = shared;
    this.#of = of;
    const own = [...(host.vars.own?.keys() ?? [])];
    this.#own = new Set(of.holes ? own.filter((name) => !isHostName(name)) : own);
  }

  of(read: number): number {
    return this.#isOwn(read) ? answerOf(read, this.#host, this.#of) : this.#shared.of(read);
  }

  fit(answered: Answered): boolean {
    const { reads, answers } = answered;
    if (reads.length === 0) return true;
    if (!this.#asksOwn(answered)) return this.#shared.fit(answered);
    return reads.every((read, index) => this.of(read) === answers[index]);
  }

  #isOwn(number: number): boolean {
    const read = this.#of.cluster.numbers.log.reads[number]!;
    if (read.kind === 'among') return true;
    if (!('scope' in read) || componentOf(read.scope) === undefined) return false;
    return read.kind === 'names' || this.#own.has(read.name);
  }

  #asksOwn(answered: Answered): boolean {
    if (!asked.has(answered)) asked.set(answered, namesIn(answered, this.#of.cluster.numbers.log));
    const names = asked.get(answered);
    if (!names) return true;
    for (const name of this.#own) if (names.has(name)) return true;
    return false;
  }
}

function namesIn({ reads }: Answered, { reads: all }: ReadLog): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const number of reads) {
    const read = all[number]!;
    if (read.kind === 'among') return undefined;
    if (!('scope' in read) || componentOf(read.scope) === undefined) continue;
    if (read.kind === 'names') return undefined;
    names.add(read.name);
  }
  return names;
}
