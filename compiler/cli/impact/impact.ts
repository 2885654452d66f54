import { roleOf } from '../../1-load/layout.ts';
import type { HostVars } from '../../2-resolve/inventory.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { isNamedAfter } from '../../contract/names.ts';
import { linesOf } from '../../diagnostics/line-ends.ts';
import type { Subject } from '../explain/subject.ts';
import { componentImpact } from './component-impact.ts';
import type { ImpactIndex } from './impact-index.ts';
import { inventoryImpact } from './inventory-impact.ts';
import { Reach } from './reach.ts';
import { releaseImpact, settingsImpact } from './settings-impact.ts';
import { templateImpact } from './template-impact.ts';
import { varsImpact } from './vars-impact.ts';

/** A line of the workspace's files, from 1. */
export interface Line {
  readonly file: string;
  readonly line: number;
}

/** A setting of the line that has no effect on some hosts, for a higher one counts there. */
export interface Overridden {
  readonly variable: string;
  readonly by: Place | undefined;
  readonly hosts: ReadonlySet<HostVars>;
}

/** What edits of a line can reach; each of the three holds the one before it. */
export interface Impact {
  /**
   * Its value altered, to whatever Python can read back from its text: not to a date, NaN, an infinite number or the
   * text of one. A template may be altered to one that fails, another value to no template that does.
   */
  readonly value: Reach;
  /** Any edit: the line removed, commented out, moved, renamed, another one added below, any value; names nobody uses yet. */
  readonly line: Reach;
  /** A line, or a name on it, that says what other lines say elsewhere: any variable, host or section. */
  readonly any: Reach;
  readonly overridden: readonly Overridden[];
}

/** An impact while it is found out. */
export interface Question {
  readonly subject: Subject;
  readonly index: ImpactIndex;
  readonly at: Line;
  /** The file's text, its lines ended as `line` counts them, each in one character. */
  readonly text: string;
  readonly value: Reach;
  readonly line: Reach;
  readonly any: Reach;
  readonly overridden: Map<string, { variable: string; by: Place | undefined; hosts: Set<HostVars> }>;
}

/** Finds what edits of a line can reach, from what the hosts' files read. */
export function impactOf(subject: Subject, index: ImpactIndex, at: Line): Impact {
  const question: Question = {
    subject,
    index,
    at,
    text: linesOf(new TextDecoder().decode(subject.files.get(at.file))).join('\n'),
    value: new Reach(),
    line: new Reach(),
    any: new Reach(),
    overridden: new Map(),
  };
  find(question);
  const { value, line, any, overridden } = question;
  line.include(value);
  any.include(line);
  return { value, line, any, overridden: [...overridden.values()] };
}

function find(question: Question): void {
  const { file } = question.at;
  const role = roleOf(file);
  const { index, value, line } = question;
  // A lookup may read any text below templates/.
  value.add(index.ofOutput(file, undefined));
  line.add(index.ofText(file));
  switch (role.is) {
    case 'fleet vars':
      varsImpact(question, { layer: 'fleet defaults', applies: () => true });
      break;
    case 'type vars':
      varsImpact(question, { layer: 'type defaults', applies: ({ type }) => type === role.type });
      break;
    case 'cluster vars':
      varsImpact(question, { layer: 'cluster', applies: (host) => isIn(host, role) });
      break;
    case 'group vars':
      varsImpact(question, {
        layer: 'group',
        applies: (host) => isIn(host, role) && host.groupNames.includes(role.name),
      });
      break;
    case 'host vars':
      varsImpact(question, {
        layer: 'host',
        applies: (host) => isIn(host, role) && isNamedAfter(host.host, role.name, hostsOf(question, role)),
      });
      break;
    case 'facts':
      varsImpact(question, {
        layer: 'facts',
        applies: (host) => isIn(host, role) && isNamedAfter(host.host, role.name, hostsOf(question, role)),
      });
      break;
    case 'defaults':
      varsImpact(question, { layer: 'component defaults', applies: () => true });
      break;
    case 'ini':
    case 'yaml inventory':
      inventoryImpact(question, role);
      break;
    case 'component':
      componentImpact(question, role.component);
      break;
    case 'release':
      releaseImpact(question, role.name);
      break;
    case 'settings':
      settingsImpact(question);
      break;
    case 'template':
      templateImpact(question);
      break;
    default:
    // Notes, declarations, rules, plugins: no file of a host comes of them.
  }
}

/** The hosts of a cluster, by name. */
function hostsOf({ subject }: Question, { type, cluster }: { type: string; cluster: string }) {
  const own = subject.workspace.clusters.find((one) => one.type === type && one.name === cluster);
  return own?.inventory.byName ?? new Map();
}

function isIn(host: HostVars, { type, cluster }: { type: string; cluster: string }): boolean {
  return host.type === type && host.cluster === cluster;
}
