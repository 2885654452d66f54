import type { Component } from '../1-load/component.ts';
import type { Workspace } from '../1-load/workspace.ts';
import type { ClusterInventory, HostVars } from '../2-resolve/inventory.ts';
import {
  type CommonValues,
  HOLE_NAMES,
  type HoleName,
  HoleText,
  ReadLog,
  ReadRecorder,
  type Recorder,
  SecretText,
  Templar,
  type TemplarOptions,
  type VariableSource,
} from '../ansible/ansible.ts';
import { ALL_VARS } from '../ansible/values/all-vars.ts';
import { Dict, PyObject, type Value } from '../jinja/jinja.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { componentScopes, hostScope, type Scope, type ScopeOf, withVariables } from './host-scope.ts';
import { ValuesOfHosts } from './memo/common-values.ts';
import { loggedScope, scopeOfComponent } from './memo/logged-scope.ts';

/** Makes the templars of a cluster's hosts. */
export interface ClusterTemplars {
  /** What templates of a component see on a host; of none, its own variables. */
  of(host: HostVars, component: Component | undefined): SeenOnHost;
  /** The same with holes for the names of the host. */
  withHoles(host: HostVars, component: Component): SeenOnHost;
}

/** What templates of a component see on a host. */
export type SeenOnHost = Pick<ComponentOnHost, 'scope' | 'templar' | 'templarWith'>;

/** A templar for some variables, with the texts and settings of the workspace. */
export function createTemplar(
  variables: VariableSource,
  workspace: Workspace,
  told: Pick<TemplarOptions, 'record' | 'log' | 'common'> = {},
): Templar {
  const { settings, texts, plugins } = workspace;
  return new Templar({
    variables,
    texts,
    plugins,
    env: settings.env,
    ansibleManaged: settings.ansible_managed,
    ...told,
  });
}

/** Who is told what templars read: part by part, or variables whole as they are looked up. */
export type Told = ReadRecorder | ReadLog;

/** @param told of what is read; `''` is the scope of what a template sees on its host, a host's name that of its own variables in `hostvars`. */
export function clusterTemplars(
  cluster: ClusterInventory,
  workspace: Workspace,
  told?: Told,
): ClusterTemplars {
  const log = told instanceof ReadLog ? told : undefined;
  const recorder = told instanceof ReadRecorder ? told : undefined;
  const templarOf = (scope: Scope, name = '', common?: CommonValues) =>
    createTemplar(scope, workspace, { log, common, record: recorder && { recorder, scope: name } });
  const logged = (scope: Scope, name: string) => (log ? loggedScope(scope, name, log) : scope);
  const hostvars = new HostVarsMapping(cluster, {
    templarOf: (host) => {
      const scope = withOwnSecrets(logged(hostScope(host), host.host), host.host);
      return { scope, templar: templarOf(scope, host.host) };
    },
    recorder: told,
  });
  const scopes = new Map<Component | undefined, ScopeOf>();
  const seen = ({ holes }: { holes: boolean }) => {
    const values = new Map<Component | undefined, ValuesOfHosts | undefined>();
    return (host: HostVars, component: Component | undefined): SeenOnHost => {
      const scopeOf =
        scopes.get(component) ?? (component ? componentScopes(component, workspace) : hostScope);
      scopes.set(component, scopeOf);
      const name = scopeOfComponent(component?.name ?? '');
      const common = values.get(component) ?? (log && new ValuesOfHosts(name, log, { holes }));
      values.set(component, common);
      const own = logged(scopeOf(host), name);
      const scope = withVariables(
        holes ? withHoleNames(own) : own,
        new Map<string, Value>([
          ['hostvars', hostvars],
          ['vars', ALL_VARS],
        ]),
      );
      const templarWith = (variables: ReadonlyMap<string, Value>) =>
        templarOf(withVariables(scope, variables));
      return { scope, templar: templarOf(scope, '', common?.of(host)), templarWith };
    };
  };
  return { of: seen({ holes: false }), withHoles: seen({ holes: true }) };
}

const HOLES: ReadonlyMap<string, Value> = new Map(
  HOLE_NAMES.map((name): [HoleName, Value] => [name, HoleText.of(name)]),
);

/** A scope with holes for the names of its host. */
function withHoleNames(scope: Scope): Scope {
  return {
    ...scope,
    get: (name) => {
      const value = scope.get(name);
      return value === undefined ? undefined : (HOLES.get(name) ?? value);
    },
  };
}

/** A scope whose secrets only this host may have. */
function withOwnSecrets(scope: Scope, host: string): Scope {
  const own = (value: Value): Value => {
    if (value instanceof SecretText) return new SecretText(value.kind, value.ciphertext, host);
    if (Array.isArray(value)) return value.map(own);
    if (!(value instanceof Dict)) return value;
    const copy = new Dict();
    for (const [key, item] of value) copy.set(key, own(item));
    return copy;
  };
  return {
    ...scope,
    get: (name) => {
      const value = scope.get(name);
      return value === undefined ? undefined : own(value);
    },
  };
}

interface HostVarsOptions {
  readonly templarOf: (host: HostVars) => { readonly scope: Scope; readonly templar: Templar };
  readonly recorder: Recorder | undefined;
}

/** `hostvars`: the hosts of the cluster, each a mapping of its own variables, templated when they are read. */
class HostVarsMapping extends PyObject {
  readonly typeName = 'HostVars';
  override readonly typeModule = 'ansible.vars.hostvars';
  override readonly pyMapping = true;
  readonly #hosts: ReadonlyMap<Value, HostVars>;
  readonly #known = new Map<Value, OneHostVars>();
  readonly #told: HostVarsOptions;

  constructor(cluster: ClusterInventory, told: HostVarsOptions) {
    super();
    this.#told = told;
    this.#hosts = new Map(cluster.hosts.map((host) => [host.host, host]));
  }

  override pyLength(): number {
    this.#told.recorder?.read({ kind: 'hosts' });
    return this.#hosts.size;
  }

  override pyIterate(): Iterable<Value> {
    this.#told.recorder?.read({ kind: 'hosts' });
    return this.#hosts.keys();
  }

  override pyContains(name: Value): boolean {
    this.#noteHost(name);
    return this.#hosts.has(name);
  }

  override pyGetItem(name: Value): Value | undefined {
    this.#noteHost(name);
    const host = this.#hosts.get(name);
    if (!host) return undefined;
    let vars = this.#known.get(name);
    if (!vars) {
      const { scope, templar } = this.#told.templarOf(host);
      vars = new OneHostVars(scope, templar);
      this.#known.set(name, vars);
    }
    return vars;
  }

  #noteHost(name: Value): void {
    if (typeof name === 'string') this.#told.recorder?.read({ kind: 'host', name });
  }
}

/** `hostvars[host]`: as in Ansible, its templates see that host's own variables only. */
class OneHostVars extends PyObject {
  readonly typeName = 'HostVarsVars';
  override readonly typeModule = 'ansible.vars.hostvars';
  override readonly pyMapping = true;
  readonly #scope: Scope;
  readonly #templar: Templar;

  constructor(scope: Scope, templar: Templar) {
    super();
    this.#scope = scope;
    this.#templar = templar;
  }

  override pyLength(): number {
    return [...this.#templar.names()].length;
  }

  override pyIterate(): Iterable<Value> {
    return this.#templar.names();
  }

  override pyContains(name: Value): boolean {
    if (typeof name !== 'string') return false;
    this.#templar.noteRead(name);
    return this.#scope.get(name) !== undefined;
  }

  override pyGetItem(name: Value): Value | undefined {
    return typeof name === 'string' ? this.#templar.getForOthers(name) : undefined;
  }
}
