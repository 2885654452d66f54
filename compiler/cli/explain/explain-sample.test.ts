import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWorkTree } from '../../1-load/read-files.ts';
import { clusterTemplars } from '../../3-render/cluster-templars.ts';
import { JinjaError, type Value } from '../../jinja/jinja.ts';
import { explainFile, filesOf, type HostFile } from './explain-file.ts';
import type { Step } from './steps.ts';
import { clusterOf, subjectOf, viewsOf } from './subject.ts';

const subject = subjectOf(readWorkTree(join(import.meta.dirname, '..', '..', '..')).value);

/** The variables of some steps and of what they read, by their names alone. */
function namesOf(steps: readonly Step[]): string[] {
  return steps.flatMap(({ variable, reads }) => [variable.replace(/[.[].*$/s, ''), ...namesOf(reads)]);
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** Another value of the same kind; undefined for lists and mappings. */
function otherThan(value: Value | undefined): Value | undefined {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `other${value}` : undefined;
}

/** The lines of a file that are another where a variable has another value; none where the file has more or fewer then. */
function linesChangedBy(name: string, { view, template }: HostFile): number[] {
  const source = subject.workspace.texts.get(template)!;
  const other = otherThan(view.templar.get(name));
  if (other === undefined) return [];
  const templars = clusterTemplars(clusterOf(view.host, subject.inventory), subject.workspace);
  const changed = templars.of(view.host, view.component).templarWith(new Map([[name, other]]));
  try {
    const before = linesOf(view.templar.renderFile(source, { name: template }));
    const after = linesOf(changed.renderFile(source, { name: template }));
    return before.length !== after.length
      ? []
      : after.flatMap((line, index) => (line === before[index] ? [] : [index + 1]));
  } catch (error) {
    // The template may refuse the other value.
    if (error instanceof JinjaError) return [];
    throw error;
  }
}

test('what changes a line when it is another is told of this line, in every file of the sample workspace', () => {
  const seen = new Set<string>();
  let changed = 0;
  for (const host of subject.inventory.clusters.flatMap(({ hosts }) => hosts)) {
    for (const file of filesOf(viewsOf(subject, host))) {
      if (seen.has(file.template)) continue;
      seen.add(file.template);
      const source = subject.workspace.texts.get(file.template)!;
      const { node } = file.view.recorder.run(() =>
        file.view.templar.renderFile(source, { name: file.template }),
      );
      const read = new Set(
        [...node.own.values()].flatMap((one) => ('scope' in one && 'name' in one ? [one.name] : [])),
      );
      for (const part of node.through) if (part.of) read.add(part.of.name);
      for (const name of read) {
        for (const line of linesChangedBy(name, file)) {
          const { variables } = explainFile(subject, file, line)!;
          expect([file.template, line, ...namesOf(variables)]).toContain(name);
          changed++;
        }
      }
    }
  }
  expect(changed).toBeGreaterThan(100);
});
