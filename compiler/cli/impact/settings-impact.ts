import { readYaml } from '../../1-load/yaml-source.ts';
import type { HostVars } from '../../2-resolve/inventory.ts';
import { keyText } from '../../ansible/values/key-text.ts';
import { Dict } from '../../jinja/jinja.ts';
import type { Question } from './impact.ts';
import type { Reach } from './reach.ts';
import { yamlTrials } from './trials.ts';
import { changeKey, differences, type VariableChange } from './variable-change.ts';

/** The impact of a line of a releases/<release>.yml. */
export function releaseImpact(question: Question, name: string): void {
  const { subject, index, any } = question;
  const clusters = subject.inventory.clusters.filter(({ release }) => release === name);
  const keys = new Set(clusters.map(({ type, cluster }) => `${type}/${cluster}`));
  const applies = ({ type, cluster }: HostVars) => keys.has(`${type}/${cluster}`);
  tryEdits(question, (reach, change) => {
    reach.addChange(index.ofChange({ ...change, path: ['khp_release', ...change.path] }, applies));
    const [top, component] = change.path;
    if (top !== 'components') return;
    for (const part of index.parts) {
      if (!applies(part.host) || (component !== undefined && part.component !== keyText(component))) continue;
      // A component that a release no longer has is on no host.
      if (change.kind !== 'value' && change.path.length < 3) reach.addWhole(part.host, index);
      else reach.manifests.add(part.host);
    }
  });
  for (const host of index.hosts) if (applies(host)) any.addWhole(host, index);
}

/** The impact of a line of khp.yml. */
export function settingsImpact(question: Question): void {
  const { index, any } = question;
  tryEdits(question, (reach, { path: [top, name] }) => {
    if (top === 'ansible_managed') reach.add(index.ofManaged());
    if (top === 'env') {
      const names = name === undefined ? index.envNames() : [keyText(name)];
      for (const one of names) reach.add(index.ofEnv(one));
    }
    if (top === 'hash_behaviour') reach.add(index.parts);
  });
  any.add(index.parts);
}

/** Reads the file with the line edited, and tells of each change of its mapping. */
function tryEdits(question: Question, tell: (reach: Reach, change: VariableChange) => void): void {
  const { at, text } = question;
  const before = readYaml(at.file, text).value?.value;
  const seen = new Set<string>();
  for (const trial of yamlTrials(text, at.line)) {
    const after = readYaml(at.file, trial.text).value?.value;
    if (after === undefined || (after !== null && !(after instanceof Dict))) continue;
    for (const change of differences(before instanceof Dict ? before : new Dict(), after ?? new Dict())) {
      const key = `${trial.altersValue} ${changeKey(change)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      tell(trial.altersValue ? question.value : question.line, change);
    }
  }
}
