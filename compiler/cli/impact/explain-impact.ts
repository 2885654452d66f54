import { posix } from 'node:path';
import { roleOf } from '../../1-load/layout.ts';
import type { HostVars } from '../../2-resolve/inventory.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { linesOf } from '../../diagnostics/line-ends.ts';
import { print, UsageError } from '../console.ts';
import type { Subject } from '../explain/subject.ts';
import { impactOf, type Line } from './impact.ts';
import { ImpactIndex } from './impact-index.ts';
import { impactJson, impactText } from './impact-text.ts';

/** Prints what edits of a line can reach. */
export function explainImpact(subject: Subject, asked: string, json: boolean): void {
  const at = lineOf(asked, subject);
  const index = new ImpactIndex(subject, hostsOf(at.file));
  const impact = impactOf(subject, index, at);
  print(json ? impactJson(at, impact) : impactText(at, impact));
}

function lineOf(asked: string, { files }: Subject): Line {
  const match = /^(.+):(\d+)$/.exec(asked);
  if (!match)
    throw new UsageError(`--impact takes FILE:LINE, a line of a file of the workspace, not ${asked}`);
  const file = posix.normalize(match[1]!);
  const line = Number(match[2]);
  const bytes = files.get(file);
  if (!bytes) {
    const hint =
      didYouMean(file, files.keys()) ?? 'files are named by their path from the root of the workspace';
    throw new UsageError(`there is no file ${file}; ${hint}`);
  }
  const count = linesOf(new TextDecoder().decode(bytes).replace(/\n$/, '')).length;
  if (line < 1 || line > count) throw new UsageError(`${file} has ${count} lines, no line ${line}`);
  return { file, line };
}

/** The hosts that a file could concern: variables of one cluster are seen in no other. */
function hostsOf(file: string): (host: HostVars) => boolean {
  const role = roleOf(file);
  if ('cluster' in role) return ({ type, cluster }) => type === role.type && cluster === role.cluster;
  if (role.is === 'type vars') return ({ type }) => type === role.type;
  return () => true;
}
