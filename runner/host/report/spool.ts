import * as z from 'zod';
import { Report } from '../../../compiler/contract/report.ts';
import { replaceJson } from '../apply/durable-file.ts';
import { inFolder, inFolderIfThere, makeFolders, type RootedDisk } from '../apply/folders.ts';
import { STATE_PATH } from '../config/layout.ts';
import type { LastSent } from './is-due.ts';
import { saysTheSame } from './is-due.ts';

/** Reports that wait; beyond that the oldest are dropped, since the newest says how the host is. */
const MAX_SPOOLED = 50;

const SPOOL = `${STATE_PATH}/spool`;

const Sent = z.strictObject({
  at: z.int(),
  report: Report,
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  count: z.int(),
});

/** What was sent last, its commit, and how many commits the local repository has taken since it was made. */
export type Sent = z.infer<typeof Sent> & LastSent;

/** Reads a file of the report's own state; one that is missing or damaged reads as undefined, since it can be made anew. */
function readOr<T>(
  rooted: RootedDisk,
  file: { folder: string; name: string; schema: z.ZodType<T> },
): T | undefined {
  return inFolderIfThere(rooted, file.folder, (folder) => {
    if (!rooted.disk.look(folder, file.name)) return undefined;
    try {
      return file.schema.parse(JSON.parse(rooted.disk.readFile(folder, file.name).toString('utf8')));
    } catch {
      return undefined;
    }
  });
}

/** The last report that this host made, sent or not. */
export function readLastReport(rooted: RootedDisk): Report | undefined {
  return readOr(rooted, { folder: STATE_PATH, name: 'last-report.json', schema: Report });
}

/** Keeps the report of a run for `status`. */
export function writeLastReport(rooted: RootedDisk, value: Report): void {
  inFolder(rooted, STATE_PATH, (state) =>
    replaceJson(rooted.disk, state, { name: 'last-report.json', value }),
  );
}

/** What was sent last; undefined where nothing was. */
export function readSent(rooted: RootedDisk): Sent | undefined {
  return readOr(rooted, { folder: STATE_PATH, name: 'sent.json', schema: Sent });
}

/** Remembers what was sent last. */
export function writeSent(rooted: RootedDisk, value: Sent): void {
  inFolder(rooted, STATE_PATH, (state) => replaceJson(rooted.disk, state, { name: 'sent.json', value }));
}

/** The numbers of the reports that wait, oldest first. */
function spooledNumbers(rooted: RootedDisk): number[] {
  const names = inFolderIfThere(rooted, SPOOL, (folder) => rooted.disk.list(folder)) ?? [];
  return names
    .flatMap((name) => /^([1-9]\d{0,14})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The reports that wait for being sent, oldest first. */
export function readSpool(rooted: RootedDisk): Report[] {
  return spooledNumbers(rooted).flatMap(
    (number) => readOr(rooted, { folder: SPOOL, name: `${number}.json`, schema: Report }) ?? [],
  );
}

/** Adds a report to those that wait. One that says the same as the last takes its place. */
export function spool(rooted: RootedDisk, value: Report): void {
  makeFolders(rooted, SPOOL, 0o700);
  const numbers = spooledNumbers(rooted);
  const last = numbers.at(-1) ?? 0;
  const previous = readSpool(rooted).at(-1);
  const number = previous && saysTheSame(previous, value) ? last : last + 1;
  inFolder(rooted, SPOOL, (folder) => {
    replaceJson(rooted.disk, folder, { name: `${number}.json`, value });
    for (const old of numbers) if (old <= number - MAX_SPOOLED) rooted.disk.unlink(folder, `${old}.json`);
  });
}

/** Forgets the reports that wait: they were sent. */
export function clearSpool(rooted: RootedDisk): void {
  for (const number of spooledNumbers(rooted)) {
    inFolder(rooted, SPOOL, (folder) => rooted.disk.unlink(folder, `${number}.json`));
  }
}
