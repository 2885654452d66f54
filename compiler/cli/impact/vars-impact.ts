import { readYaml } from '../../1-load/yaml-source.ts';
import { type HostVars, LAYERS, type Layer, type Setting } from '../../2-resolve/inventory.ts';
import { componentScope, hostScope } from '../../3-render/host-scope.ts';
import { variableName } from '../../ansible/values/variable-name.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';
import { pathText } from '../explain/variable-path.ts';
import type { Question } from './impact.ts';
import type { Reach } from './reach.ts';
import { yamlTrials } from './trials.ts';
import { changeKey, differences, type VariableChange } from './variable-change.ts';

/** Which layer a file of variables is, and whose. */
interface VarsLayer {
  readonly layer: Layer;
  readonly applies: (host: HostVars) => boolean;
}

/** The impact of a line of a file of variables. */
export function varsImpact(question: Question, { layer, applies }: VarsLayer): void {
  const { index, any } = question;
  const { value, line } = triedChanges(question);
  const effective = effectiveness(question, layer);
  const spread = (reach: Reach, changes: Iterable<VariableChange>) => {
    for (const change of layer === 'facts' ? [...changes].flatMap(asFacts) : changes) {
      reach.addChange(
        index.ofChange(change, (host, component) => applies(host) && effective(change, host, component)),
      );
      if (layer === 'cluster' && change.path[0] === 'release') releaseOfCluster(question, reach, applies);
    }
  };
  spread(question.value, value);
  spread(question.line, line);
  any.add(index.parts.filter((part) => applies(part.host)));
  for (const part of index.partsReading(applies)) any.add([part]);
}

/** What a change of a fact changes: the variable, by its name with and without `ansible_`, and the entry of `ansible_facts`. */
function asFacts({ path: [first, ...path], ...change }: VariableChange): VariableChange[] {
  if (first === undefined) return [];
  const short = String(first).replace(/^ansible_/, '');
  const names = [[short], [`ansible_${short}`], ['ansible_facts', short], ['ansible_facts', first]];
  return names.map((name) => ({ ...change, path: [...name, ...path] }));
}

const GONE = { kind: 'key', literal: false, evaluable: true } as const;

/** A cluster's release is the content of `khp_release`, and in every manifest. */
function releaseOfCluster({ index }: Question, reach: Reach, applies: (host: HostVars) => boolean): void {
  for (const name of ['release', 'khp_release'])
    reach.addChange(index.ofChange({ ...GONE, path: [name] }, (host) => applies(host)));
  for (const host of index.hosts) if (applies(host)) reach.manifests.add(host);
}

/** What edits of the line change in the file's mapping. */
function triedChanges({ at, text }: Question): { value: VariableChange[]; line: VariableChange[] } {
  const before = mappingOf(at.file, text) ?? new Dict();
  const value = new Map<string, VariableChange>();
  const line = new Map<string, VariableChange>();
  for (const trial of yamlTrials(text, at.line)) {
    const after = mappingOf(at.file, trial.text);
    if (!after) continue;
    const found = trial.altersValue ? value : line;
    for (const one of differences(before, after)) {
      const [first, ...path] = one.path;
      const change = first === undefined ? one : { ...one, path: [variableName(first).name, ...path] };
      found.set(changeKey(change), change);
    }
  }
  return { value: [...value.values()], line: [...line.values()] };
}

function mappingOf(file: string, text: string): Dict | undefined {
  const { value } = readYaml(file, text);
  if (!value) return undefined;
  return value.value === null ? new Dict() : value.value instanceof Dict ? value.value : undefined;
}

/** Whether what the file says counts on a host; what does not is kept as overridden. */
function effectiveness(question: Question, layer: Layer) {
  const { subject, at, overridden } = question;
  const { components, settings } = subject.workspace;
  const isDefault = layer === 'component defaults';
  const known = new Map<string, boolean>();
  const decide = (change: VariableChange, host: HostVars, component: string | undefined): boolean => {
    if (isDefault && component === undefined) return false;
    const [first, ...path] = change.path;
    const name = String(first);
    const scope =
      component !== undefined && isDefault
        ? componentScope(host, components.get(component)!, subject.workspace)
        : hostScope(host);
    const all = scope.settingsOf(name);
    const own = all.findIndex(({ place }) => place?.file === at.file);
    if (own < 0 && isDefault && !isInChain(at.file, component!, components)) return false;
    const higher = own < 0 ? all.filter((one) => rank(one.layer) > rank(layer)) : all.slice(0, own);
    const merges = settings.hash_behaviour === 'merge';
    const by = merges ? decisive(higher, path, change) : higher[0];
    if (!by) return true;
    if (own >= 0) note(overridden, { variable: pathText({ name, path }), by, host });
    return false;
  };
  return (change: VariableChange, host: HostVars, component: string | undefined): boolean => {
    const key = `${host.host} ${isDefault ? component : ''} ${changeKey(change)}`;
    let answer = known.get(key);
    if (answer === undefined) {
      answer = decide(change, host, component);
      known.set(key, answer);
    }
    return answer;
  };
}

function isInChain(
  file: string,
  component: string,
  components: Question['subject']['workspace']['components'],
): boolean {
  const chain = new Set([component]);
  for (const name of chain) {
    const one = components.get(name);
    if (one?.defaults?.file === file || `templates/${name}/defaults.yml` === file) return true;
    for (const required of one?.content.requires ?? []) chain.add(required);
  }
  return false;
}

function rank(layer: Layer): number {
  return (LAYERS as readonly Layer[]).indexOf(layer);
}

/**
 * The setting that settles what is at a path under `merge`, of higher ones, the highest first. Undefined where none does,
 * or nobody knows: what is no mapping settles all that is in it, but not where a mapping is over it.
 */
function decisive(
  higher: readonly Setting[],
  path: readonly Value[],
  { kind }: VariableChange,
): Setting | undefined {
  let mappings = 0;
  for (const setting of higher) {
    let at: Value | undefined = setting.value;
    let depth = 0;
    while (depth < path.length && at instanceof Dict && at.has(path[depth]!)) at = at.get(path[depth++]!);
    if (at instanceof Dict) {
      mappings = Math.max(mappings, depth + 1);
      continue;
    }
    if (mappings > depth) return undefined;
    // Under what is no mapping, a key less may only mean another order of the keys.
    if (depth < path.length || kind === 'value' || kind === 'shape') return setting;
  }
  return undefined;
}

function note(
  overridden: Question['overridden'],
  { variable, by, host }: { variable: string; by: Setting; host: HostVars },
): void {
  const key = `${variable} ${by.place?.file} ${by.place?.line}`;
  const entry = overridden.get(key) ?? { variable, by: by.place, hosts: new Set<HostVars>() };
  overridden.set(key, entry);
  entry.hosts.add(host);
}
