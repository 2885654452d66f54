import type { Component } from '../../1-load/component.ts';
import type { Workspace } from '../../1-load/workspace.ts';
import type { ClusterInventory, HostVars } from '../../2-resolve/inventory.ts';
import type { Read, ReadLog } from '../../ansible/ansible.ts';
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
    const vars = host.vars.shared ?? host.vars;
    let shared = this.#shared.get(vars);
    if (!shared) {
      shared = new SharedAnswers({ ...host, vars }, this);
      this.#shared.set(vars, shared);
    }
    return new HostAnswers(host, shared, this);
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
    const asked: Record<string, Record<string, string | null>> = {};
    for (const [number, answer] of this.#common) {
      const read = this.numbers.log.reads[number]!;
      if (read.kind !== 'value' && read.kind !== 'names') continue;
      const ofHost = asked[read.scope] ?? {};
      ofHost[read.kind === 'names' ? ALL_NAMES : read.name] = answerText(this.numbers.values, answer);
      asked[read.scope] = ofHost;
    }
    return asked;
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
  readonly #cluster: ClusterAnswers;
  readonly #answers = new Map<number, number>();
  readonly #fits = new Map<Answered, boolean>();

  constructor(host: HostVars, cluster: ClusterAnswers) {
    this.#host = host;
    this.#cluster = cluster;
  }

  of(read: number): number {
    let answer = this.#answers.get(read);
    if (answer === undefined) {
      answer = answerOf(read, this.#host, this.#cluster);
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

function answerOf(number: number, host: HostVars, cluster: ClusterAnswers): number {
  const { log, values } = cluster.numbers;
  const read = log.reads[number]!;
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
  readonly #cluster: ClusterAnswers;
  /** Names of variables that the host does not share. */
  readonly #own: ReadonlyMap<string, unknown>;

  constructor(host: HostVars, shared: SharedAnswers, cluster: ClusterAnswers) {
    this.#host = host;
    this.#shared = shared;
    this.#cluster = cluster;
    this.#own = host.vars.own ?? NONE;
  }

  of(read: number): number {
    return this.#isOwn(read) ? answerOf(read, this.#host, this.#cluster) : this.#shared.of(read);
  }

  fit(answered: Answered): boolean {
    const { reads, answers } = answered;
    if (reads.length === 0) return true;
    if (!this.#asksOwn(answered)) return this.#shared.fit(answered);
    return reads.every((read, index) => this.of(read) === answers[index]);
  }

  #isOwn(number: number): boolean {
    const read = this.#cluster.numbers.log.reads[number]!;
    if (!('scope' in read) || componentOf(read.scope) === undefined) return false;
    return read.kind === 'names' || this.#own.has(read.name);
  }

  #asksOwn(answered: Answered): boolean {
    if (!asked.has(answered)) asked.set(answered, namesIn(answered, this.#cluster.numbers.log));
    const names = asked.get(answered);
    if (!names) return true;
    for (const name of this.#own.keys()) if (names.has(name)) return true;
    return false;
  }
}

const NONE: ReadonlyMap<string, unknown> = new Map();

function namesIn({ reads }: Answered, { reads: all }: ReadLog): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const number of reads) {
    const read = all[number]!;
    if (!('scope' in read) || componentOf(read.scope) === undefined) continue;
    if (read.kind === 'names') return undefined;
    names.add(read.name);
  }
  return names;
}
