import type { Fleet, FleetHost } from '../fleet.ts';
import { shortDigest } from './amount.ts';
import { hostPage, linkTo, releasePage } from './link.ts';
import { type Moment, momentOf, secondsOf } from './time.ts';

/** One of the three contents that a host's page compares: compiled, promoted, active. */
export interface GenerationRow {
  readonly name: string;
  /** False where there is no such content; all else is then empty. */
  readonly exists: boolean;
  readonly release: string;
  readonly releaseHref: string;
  readonly seq: string;
  /** The first digits of the manifest's digest: equal ones are equal content. */
  readonly manifest: string;
  /** What happened at `at`: `promoted`. */
  readonly event: string;
  readonly at: Moment | null;
  readonly expires: Moment | null;
}

interface Content {
  readonly event: string;
  readonly release: string;
  readonly manifest: string;
  readonly seq?: number;
  readonly at?: number | undefined;
  readonly expires?: number;
}

/** Compiled, promoted, active, in this order. */
export function viewGenerations(
  fleet: Fleet,
  { host, compiled, promoted, report }: FleetHost,
): GenerationRow[] {
  const active = report?.active;
  const contents: readonly [string, Content | null][] = [
    ['Compiled', compiled && { ...compiled, event: 'compiled', at: fleet.compiled?.at }],
    ['Promoted', promoted && { ...promoted, event: 'promoted' }],
    [
      'On the host',
      active
        ? { ...active, event: 'reported', at: secondsOf(report.at), expires: secondsOf(active.expires) }
        : null,
    ],
  ];
  return contents.map(([name, content]) =>
    viewContent(name, content, { page: hostPage(host), now: fleet.now }),
  );
}

function viewContent(
  name: string,
  content: Content | null,
  { page, now }: { page: string; now: number },
): GenerationRow {
  if (!content) {
    return {
      name,
      exists: false,
      release: '',
      releaseHref: '',
      seq: '',
      manifest: '',
      event: '',
      at: null,
      expires: null,
    };
  }
  return {
    name,
    exists: true,
    release: content.release,
    releaseHref: linkTo(page, releasePage(content.release)),
    seq: content.seq === undefined ? '–' : String(content.seq),
    manifest: shortDigest(content.manifest),
    event: content.event,
    at: content.at === undefined ? null : momentOf(content.at, now),
    expires: content.expires === undefined ? null : momentOf(content.expires, now),
  };
}
