import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAnsible } from '../1-load/load-ansible.ts';
import { inventoryGraph, inventoryHost, inventoryList, type Printed } from './ansible-inventory.ts';
import { hostOfPattern } from './hosts-of-pattern.ts';
import { resolveAnsible } from './resolve-ansible.ts';

/** A line of plain-inventories.jsonl, recorded by record-plain-inventories.py beside it. */
interface Recorded {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly runs: readonly Run[];
}

interface Run {
  readonly sources: readonly string[];
  /** --list, --graph, --graph --vars, or a host's name. */
  readonly show: string;
  readonly playbook_dir?: string;
  readonly merge?: true;
  readonly output: string;
  /** Whether Ansible warned that it could not read a source. */
  readonly warned?: true;
}

const recorded = readFileSync(new URL('corpus/plain-inventories.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

function folderOf({ files }: Recorded): string {
  const folder = mkdtempSync(join(tmpdir(), 'khp-plain-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function shown(folder: string, { sources, show, playbook_dir: playbookDir, merge }: Run) {
  const { value, diagnostics } = loadAnsible({ folder, sources, playbookDir });
  const { inventory, groupVars } = resolveAnsible(value, merge ? 'merge' : 'replace');
  const clusters = [inventory];
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const textOf = (printed: Printed) => ('parts' in printed ? printed.parts.join('') : printed.problem);
  if (show === '--list') return { output: textOf(inventoryList(clusters)), errors };
  const host = hostOfPattern(clusters, show);
  if (host) return { output: textOf(inventoryHost(host)), errors };
  const graph = inventoryGraph({ clusters, groupVars: show.includes('--vars') ? groupVars : undefined });
  return { output: textOf(graph), errors };
}

/** What Ansible passes over with a warning of another kind, or in silence, and khp does not. */
const STRICTER: readonly string[] = ['keys that are skipped', 'a child that is a host'];

describe('prints what ansible-inventory prints of plain inventories', () => {
  it.each(recorded)('$name', (one) => {
    const folder = folderOf(one);
    for (const run of one.runs) {
      const { output, errors } = shown(folder, run);
      expect(`${run.show}\n${output}`).toBe(`${run.show}\n${run.output}`);
      if (!STRICTER.includes(one.name)) expect(errors.length > 0, errors.join()).toBe(run.warned === true);
    }
  });

  it('prints no graph with variables that Python cannot sort', () => {
    const files = { hosts: 'h\n', 'host_vars/h.yml': '1: a\nb: c\n' };
    const folder = folderOf({ name: '', files, runs: [] });
    const { output } = shown(folder, { sources: ['hosts'], show: '--graph --vars', output: '' });
    expect(output).toBe("nothing can be printed: '<' not supported between instances of 'str' and 'int'");
  });

  it('has recorded enough', () => {
    expect(recorded.length).toBeGreaterThan(70);
  });
});
