import { rmSync } from 'node:fs';
import type { Report, RunResult } from '../../../compiler/contract/report.ts';
import { REPORT_SCHEMA } from '../../../compiler/contract/report.ts';
import { accept } from '../accept/accept.ts';
import type { AcceptedBundle, AcceptPolicy } from '../accept/verdict.ts';
import { apply, recover, renew } from '../apply/apply.ts';
import { nodeDisk } from '../apply/disk.ts';
import type { RootedDisk } from '../apply/folders.ts';
import type { Engine } from '../apply/stage.ts';
import { pruneArtifacts } from '../artifacts/prune-artifacts.ts';
import type { Layout } from '../config/layout.ts';
import type { HostSettings } from '../config/read-config.ts';
import { factsOf } from '../facts/facts-of.ts';
import { thisMachine } from '../facts/this-machine.ts';
import { fetchBundle } from '../fetch/fetch-bundle.ts';
import { machineAccounts, type Ownership } from '../observe/accounts.ts';
import { thisMoment } from '../observe/moment.ts';
import { DamagedState } from '../state/read-generation.ts';
import type { Held } from '../state/state-file.ts';
import { type HostState, isHeld, readState } from '../state/store.ts';
import { RUNNER_VERSION } from '../version.ts';
import { stageOn } from './host-artifacts.ts';
import { currentDrift, prepare } from './prepare.ts';
import { isSystemError, systemMessage } from './system-error.ts';

/** A host, as the runner meets it. */
export interface Host {
  readonly layout: Layout;
  readonly settings: HostSettings;
  readonly engine: Engine;
}

/** Why a run did not do what was asked. */
export type Problem = NonNullable<Report['problem']>;

/** What was found at the host's ref, judged. */
export type Judged =
  | { readonly kind: 'accepted'; readonly bundle: AcceptedBundle }
  | { readonly kind: 'none' }
  /** `result`: what the run comes to. */
  | { readonly kind: 'problem'; readonly result: RunResult; readonly problem: Problem };

/** Generations after which the fetched repository is made anew. */
const CACHED = 50;

/** How a run came out, before it is told. */
export interface RunEnd {
  readonly result: RunResult;
  readonly problem: Problem | null;
  readonly written: readonly string[];
}

/** How owners are kept: on the files as root of a real host; recorded in a sandbox and without privileges. */
export function hostOf(layout: Layout, settings: HostSettings): Host {
  const setsOwners = layout.root === '/' && process.getuid?.() === 0;
  const ownership: Ownership = setsOwners ? { kind: 'set', accounts: machineAccounts() } : { kind: 'record' };
  const rooted: RootedDisk = { disk: nodeDisk, root: layout.root };
  return { layout, settings, engine: { rooted, ownership, moment: thisMoment } };
}

/** Fetches what this host is to run into a bare repository, and judges it. `now`: seconds since the epoch. */
export async function fetchAndAccept(
  { settings }: Host,
  { gitDir, state, now }: { readonly gitDir: string; readonly state: HostState; readonly now: number },
): Promise<Judged> {
  const { config, host, trust } = settings;
  const fetched = await fetchBundle({ gitDir, url: config.repository, host });
  if (fetched.kind === 'none') return fetched;
  if (fetched.kind === 'failed') return { kind: 'problem', result: 'failed', problem: fetched };
  if (fetched.kind === 'refused') return { kind: 'problem', result: 'refused', problem: fetched.refusal };
  const policy: AcceptPolicy = { host, paths: config.paths, users: config.users, minSeq: config.min_seq };
  const verdict = accept(fetched.bytes, trust, policy, state.watermark, now);
  if (verdict.ok) return { kind: 'accepted', bundle: verdict.bundle };
  // An expiry of what is active already refuses nothing: the host keeps what it has, and says that nobody renews it.
  const { watermark } = state;
  const isActive = verdict.refusal.code === 'accept/expired' && verdict.seq === watermark?.seq;
  return { kind: 'problem', result: isActive ? 'unchanged' : 'refused', problem: verdict.refusal };
}

/**
 * One run: recover → fetch → accept → observe → plan → apply, and what is to be reported of it. The lock is held and the
 * state directory is there. `now`: milliseconds since the epoch, asked at the start and at the end.
 */
export function runOnce(host: Host, now: () => number): Promise<Report> {
  return reported(host, now, (started) => advance(host, started));
}

/** What is to be reported of an act on the host, which is told the time in seconds since the epoch. */
export async function reported(
  host: Host,
  now: () => number,
  act: (now: number) => Promise<RunEnd>,
): Promise<Report> {
  const started = now();
  let end: RunEnd;
  let state: HostState | undefined;
  try {
    end = await act(Math.floor(started / 1000));
    state = readState(host.engine.rooted);
  } catch (error) {
    if (error instanceof DamagedState) end = failed('state/damaged', error.message);
    else if (isSystemError(error)) end = failed('host/system', systemMessage(error));
    else throw error;
  }
  const ended = now();
  return {
    schema: REPORT_SCHEMA,
    host: host.settings.host,
    result: end.result,
    at: time(Math.floor(ended / 1000)),
    active: state ? activeIn(state) : null,
    problem: end.problem && { code: end.problem.code, message: end.problem.message },
    drift: state ? currentDrift(host, state) : [],
    debt: [],
    written: [...end.written],
    duration_ms: Math.max(0, Math.round(ended - started)),
    runner: RUNNER_VERSION,
    // A sandbox is no machine.
    ...(host.layout.root === '/' && { facts: factsOf(thisMachine()) }),
  };
}

async function advance(host: Host, now: number): Promise<RunEnd> {
  const { engine, layout } = host;
  const recovered = recover(engine, readState(engine.rooted));
  if (recovered && !recovered.ok) return failed(recovered.code, recovered.message);
  const before = recovered?.written ?? [];
  const state = readState(engine.rooted);
  const judged = await fetchAndAccept(host, { gitDir: layout.repository, state, now });
  if (judged.kind === 'problem') return { ...judged, written: before };
  if (judged.kind === 'none') return succeeded(before, recovered?.changed ?? false);
  if (isHeld(state, judged.bundle.promotion)) {
    // Its expiry is still put off.
    renew(engine, { bundle: judged.bundle, state });
    return { ...holding(state.held!), written: before };
  }
  const { artifacts } = judged.bundle.manifest;
  const staged = await stageOn(host, artifacts);
  if (!staged.ok) return { ...failed(staged.code, staged.message), written: before };
  const prepared = await prepare(host, { bundle: judged.bundle, state });
  if ('code' in prepared) return { ...failed(prepared.code, prepared.message), written: before };
  const applied = apply(engine, { ...prepared, bundle: judged.bundle, state });
  if (!applied.ok) return { ...failed(applied.code, applied.message), written: before };
  if (applied.changed) pruneArtifacts(engine.rooted, artifacts);
  // What was fetched before is never collected, and the repository is a cache.
  const generation = (state.active?.record.generation ?? 0) + 1;
  if (applied.changed && generation % CACHED === 0)
    rmSync(layout.repository, { recursive: true, force: true });
  const written = [...new Set([...before, ...applied.written])].sort();
  return succeeded(written, applied.changed || (recovered?.changed ?? false));
}

function succeeded(written: readonly string[], changed: boolean): RunEnd {
  return { result: changed ? 'applied' : 'unchanged', problem: null, written };
}

function holding({ seq, reason }: Held): RunEnd {
  const message = `sequence ${seq} is held until a higher one comes: ${reason}`;
  return { result: 'held', problem: { code: 'apply/held', message }, written: [] };
}

/** A run that failed, and changed nothing that it knows of. */
export function failed(code: string, message: string): RunEnd {
  return { result: 'failed', problem: { code, message }, written: [] };
}

/** The active generation as reports say it. */
export function activeIn({ active, watermark }: HostState): Report['active'] {
  if (!active) return null;
  const { generation, seq, manifest, expires } = active.record;
  // A renewal moves the watermark only.
  const latest = watermark?.seq === seq ? watermark.expires : expires;
  return { generation, seq, manifest, release: active.manifest.release, expires: time(latest) };
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
