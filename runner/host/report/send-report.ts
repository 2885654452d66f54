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
import { oneLine } from '../fetch/fetch-bundle.ts';
import { openOwn } from '../fetch/own-repository.ts';
import { isDue } from './is-due.ts';
import { clearSpool, readSent, readSpool, type Sent, spool, writeSent } from './spool.ts';

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

const TIMEOUT = 60_000;

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

/** Undefined for reports that were pushed; why not otherwise. */
async function pushReports(reports: readonly Report[], delivery: Delivery): Promise<string | undefined> {
  const sent = readSent(delivery.rooted);
  if (sent && sent.count < MAX_COMMITS) {
    const failure = await tryKnown(reports, { delivery, sent });
    if (failure === undefined) return undefined;
  }
  // A host whose state was lost, or whose reports repository was made anew, finds the ref elsewhere than it remembers;
  // and what a kill left in the local repository must not keep a host silent.
  const { gitDir, url } = delivery;
  rmSync(gitDir, { recursive: true, force: true });
  const repository = await openOwn(gitDir);
  const ref = reportRef(reports[0]!.host);
  const parent = await fetchRef({ repository, url, ref, depth: 1, timeout: TIMEOUT });
  return pushOnTop(reports, { delivery, repository, parent, count: 0 });
}

async function tryKnown(
  reports: readonly Report[],
  { delivery, sent }: { readonly delivery: Delivery; readonly sent: Sent },
): Promise<string | undefined> {
  try {
    const repository = await openOwn(delivery.gitDir);
    return await pushOnTop(reports, { delivery, repository, parent: sent.commit, count: sent.count });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return error.message;
  }
}

interface Top {
  readonly delivery: Delivery;
  readonly repository: Repository;
  readonly parent: string | undefined;
  /** Commits that the local repository has taken. */
  readonly count: number;
}

async function pushOnTop(
  reports: readonly Report[],
  { delivery, repository, parent, count }: Top,
): Promise<string | undefined> {
  const { rooted, url, now } = delivery;
  const report = reports.at(-1)!;
  const commit = await commitReports(repository, { reports, parent });
  const update = { ref: reportRef(report.host), old: parent, new: commit };
  const pushed = await push({ repository, url, updates: [update], timeout: TIMEOUT });
  if (!pushed.ok) return pushed.reason;
  writeSent(rooted, { at: now, report, commit, count: count + reports.length });
  return undefined;
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
