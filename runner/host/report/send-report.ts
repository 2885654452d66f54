import { rmSync } from 'node:fs';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { reportRef } from '../../../compiler/contract/names.ts';
import { REPORT_PATH, type Report } from '../../../compiler/contract/report.ts';
import { fetchRef } from '../../../compiler/git/fetch.ts';
import { push } from '../../../compiler/git/push.ts';
import type { Repository } from '../../../compiler/git/repository.ts';
import { GitError } from '../../../compiler/git/run-git.ts';
import { writeCommit } from '../../../compiler/git/write-commit.ts';
import type { RootedDisk } from '../apply/folders.ts';
import { oneLine, openBare } from '../fetch/fetch-bundle.ts';
import { isDue } from './is-due.ts';
import { clearSpool, readSent, readSpool, spool, writeSent } from './spool.ts';

/** Where a report goes. */
export interface Delivery {
  readonly rooted: RootedDisk;
  /** The bare repository that reports are committed to. */
  readonly gitDir: string;
  /** The reports repository. */
  readonly url: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What became of a report: pushed, not needed now, or kept for later with the reason. */
export type Delivered =
  | { readonly kind: 'sent'; readonly reports: number }
  | { readonly kind: 'not-due' }
  | { readonly kind: 'spooled'; readonly reason: string };

/** Commits after which the local repository is made anew: it is never collected, and nobody needs its history. */
const MAX_COMMITS = 500;

/** Sends a report where it is due, behind those that wait, each as a commit on top of the last, in one push. */
export async function sendReport(report: Report, delivery: Delivery): Promise<Delivered> {
  const { rooted, now } = delivery;
  const waiting = readSpool(rooted);
  if (waiting.length === 0 && !isDue(report, readSent(rooted), now)) return { kind: 'not-due' };
  const reports = [...waiting, report];
  let failure: string | undefined;
  try {
    failure = await pushReports(reports, delivery);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    failure = error.message;
  }
  if (failure === undefined) {
    clearSpool(rooted);
    return { kind: 'sent', reports: reports.length };
  }
  spool(rooted, report);
  return { kind: 'spooled', reason: oneLine(failure) };
}

async function pushReports(reports: readonly Report[], delivery: Delivery): Promise<string | undefined> {
  const { rooted, gitDir, url, now } = delivery;
  const ref = reportRef(reports[0]!.host);
  const sent = readSent(rooted);
  const renewed = (sent?.count ?? 0) >= MAX_COMMITS;
  if (renewed) rmSync(gitDir, { recursive: true, force: true });
  const repository = await openBare(gitDir);
  const known = renewed ? await fetchRef({ repository, url, ref, depth: 1, timeout: 60_000 }) : sent?.commit;
  const attempt = async (parent: string | undefined): Promise<string | undefined> => {
    const commit = await commitReports(repository, { reports, parent });
    const pushed = await push({ repository, url, updates: [{ ref, old: parent, new: commit }] });
    if (!pushed.ok) return pushed.reason;
    const count = (renewed ? 0 : (sent?.count ?? 0)) + reports.length;
    writeSent(rooted, { at: now, report: reports.at(-1)!, commit, count });
    return undefined;
  };
  const first = await attempt(known).catch((error: unknown) => {
    if (error instanceof GitError) return error;
    throw error;
  });
  if (first === undefined) return undefined;
  // A host whose state was lost, or whose reports repository was made anew, finds the ref elsewhere than it remembers,
  // or lacks the commit that it remembers.
  return attempt(await fetchRef({ repository, url, ref, depth: 1, timeout: 60_000 }));
}

async function commitReports(
  repository: Repository,
  { reports, parent }: { readonly reports: readonly Report[]; readonly parent: string | undefined },
): Promise<string> {
  let commit = parent;
  for (const report of reports) {
    const { host, result } = report;
    const time = Math.floor(Date.parse(report.at) / 1000);
    const person = { name: host, email: `khp-runner@${host}`, time, zone: '+0000' };
    commit = await writeCommit({
      repository,
      files: [{ path: REPORT_PATH, bytes: Buffer.from(canonicalJson(report)) }],
      parent: commit,
      author: person,
      committer: person,
      message: `report ${host}: ${result}\n`,
    });
  }
  return commit!;
}
