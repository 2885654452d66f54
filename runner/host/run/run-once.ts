import { rmSync } from 'node:fs';
import type { Report, RunResult } from '../../../compiler/contract/report.ts';
import { REPORT_SCHEMA } from '../../../compiler/contract/report.ts';
import { accept } from '../accept/accept.ts';
import { type AcceptedBundle, withOpenGrants } from '../accept/verdict.ts';
import { type ApplyOutcome, apply, recover, renew } from '../apply/apply.ts';
import { nodeDisk } from '../apply/disk.ts';
import type { RootedDisk } from '../apply/folders.ts';
import type { Engine } from '../apply/stage.ts';
import { pruneArtifacts } from '../artifacts/prune-artifacts.ts';
import { acceptPolicy } from '../config/accept-policy.ts';
import type { Layout } from '../config/layout.ts';
import type { HostSettings } from '../config/read-config.ts';
import { factsOf } from '../facts/facts-of.ts';
import { thisMachine } from '../facts/this-machine.ts';
import { fetchBundle } from '../fetch/fetch-bundle.ts';
import { machineAccounts, type Ownership } from '../observe/accounts.ts';
import { thisMoment } from '../observe/moment.ts';
import type { Services } from '../services/carry-out.ts';
import { furthest, isRestartBegun, readRestartRecord } from '../services/restart-record.ts';
import { ServiceProblem } from '../services/service-manager.ts';
import { servicesOf } from '../services/services-of.ts';
import { DamagedState } from '../state/read-generation.ts';
import type { Held } from '../state/state-file.ts';
import { type HostState, isHeld, readState } from '../state/store.ts';
import { RUNNER_VERSION } from '../version.ts';
import { applyGranted, type GrantedApply } from './apply-granted.ts';
import { isServed, type ServedHost } from './bring-up.ts';
import { isFetchDue, stageUnlessPromoted } from './host-artifacts.ts';
import { during, Phases } from './phases.ts';
import { lookOnDisk, prepare } from './prepare.ts';
import { reloadServices } from './reload-services.ts';
import { isRollbackDue, type Restarted, restartServices, resumeRestarts } from './restart-phase.ts';
import { noteServices, serviceReports } from './service-reports.ts';
import { isSystemError, systemMessage } from './system-error.ts';

/** A host, as the runner meets it. */
export interface Host {
  readonly layout: Layout;
  readonly settings: HostSettings;
  readonly engine: Engine;
  /** Undefined where nobody runs them that khp knows of. */
  readonly services?: Services | undefined;
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
  /** Roles whose services were started. */
  readonly restarted?: readonly string[];
}

/** How owners are kept: on the files as root of a real host; recorded in a sandbox and without privileges. */
export function hostOf(layout: Layout, settings: HostSettings): Host {
  const setsOwners = layout.root === '/' && process.getuid?.() === 0;
  const ownership: Ownership = setsOwners ? { kind: 'set', accounts: machineAccounts() } : { kind: 'record' };
  const rooted: RootedDisk = { disk: nodeDisk, root: layout.root };
  const services = servicesOf(settings.config, { rooted, switchesUsers: setsOwners });
  return { layout, settings, engine: { rooted, ownership, moment: thisMoment }, services };
}

/** Into which repository to fetch, and by what to judge. */
export interface FetchRequest {
  readonly gitDir: string;
  readonly state: HostState;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Fetches what this host is to run into a bare repository, and judges it. */
export async function fetchAndAccept(
  { settings, engine }: Host,
  { gitDir, state, now }: FetchRequest,
): Promise<Judged> {
  const { config, host, trust } = settings;
  const fetched = await during(engine, 'fetch', () => fetchBundle({ gitDir, url: config.repository, host }));
  if (fetched.kind === 'none') return fetched;
  if (fetched.kind === 'failed') return { kind: 'problem', result: 'failed', problem: fetched };
  if (fetched.kind === 'refused') return { kind: 'problem', result: 'refused', problem: fetched.refusal };
  const policy = acceptPolicy(settings);
  const mark = furthest(state.watermark, readRestartRecord(engine.rooted));
  const verdict = during(engine, 'accept', () => accept(fetched.bytes, trust, policy, mark, now));
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
  return reported(host, now, advance);
}

/**
 * What is to be reported of an act on the host, which is given the clock, and the host as one on which somebody counts how
 * long things take.
 */
export async function reported(
  uncounted: Host,
  now: () => number,
  act: (host: Host, now: () => number) => Promise<RunEnd>,
): Promise<Report> {
  const begun = performance.now();
  const phases = new Phases();
  const host: Host = { ...uncounted, engine: { ...uncounted.engine, phases } };
  let end: RunEnd;
  let state: HostState | undefined;
  try {
    end = await act(host, now);
    state = readState(host.engine.rooted);
  } catch (error) {
    if (error instanceof DamagedState)
      end = failed('state/damaged', `${error.message}; see "Damaged state" of docs/runner.md`);
    else if (isSystemError(error)) end = failed('host/system', systemMessage(error));
    else throw error;
  }
  const found = await phases.during('services', async () => {
    const services = state && (await serviceReports(host, state, now()));
    if (state && services) noteServices(host, state, services);
    return services;
  });
  if (found?.problem && !end.problem) end = { ...end, result: 'failed', problem: found.problem };
  const held = state?.held;
  const onDisk = state && phases.during('observe', () => lookOnDisk(host, state));
  return {
    schema: REPORT_SCHEMA,
    host: host.settings.host,
    result: end.result,
    at: time(Math.floor(now() / 1000)),
    active: state ? activeIn(state) : null,
    problem: end.problem && { code: end.problem.code, message: end.problem.message },
    drift: [...(onDisk?.drift ?? [])],
    ...(onDisk?.unmounted.length && { unmounted: [...onDisk.unmounted] }),
    held: held ? { seq: held.seq, code: 'apply/held', message: held.reason } : null,
    debt: [...(found?.debt ?? [])],
    ...(found?.late.length && { late: [...found.late] }),
    services: [...(found?.services ?? [])],
    switches: [...(found?.switches ?? [])],
    restarted: [...(end.restarted ?? [])],
    written: [...end.written],
    duration_ms: Math.round(performance.now() - begun),
    phases_ms: phases.taken(),
    runner: RUNNER_VERSION,
    // A sandbox is no machine.
    ...(host.layout.root === '/' && { facts: factsOf(thisMachine()) }),
  };
}

async function advance(host: Host, now: () => number): Promise<RunEnd> {
  const { engine } = host;
  const recovered = during(engine, 'recover', () => recover(engine, readState(engine.rooted)));
  if (recovered && !recovered.ok) return failed(recovered.code, recovered.message);
  const state = readState(engine.rooted);
  const served = isServed(host) ? host : undefined;
  if (served && isRollbackDue(state, readRestartRecord(engine.rooted)))
    return serve(served, { ...succeeded([], false), granted: 'none' });
  const end = await follow(host, state, now);
  const written = [...new Set([...(recovered?.written ?? []), ...end.written])].sort();
  const isChanged = recovered?.changed && end.result === 'unchanged' && !end.problem;
  const whole: Followed = { ...end, written, ...(isChanged && { result: 'applied' }) };
  return served ? serve(served, whole) : withUnserved(whole);
}

/** Tells of a grant to a host whose services nobody runs that khp knows of: nothing is restarted there. */
function withUnserved(end: Followed): RunEnd {
  const { granted, problem, ...rest } = end;
  if (typeof granted === 'string' || granted.length === 0 || problem) return { ...rest, problem };
  const roles = granted.join(', ');
  const message = `a restart of ${roles} is granted, and runner.yml has no services: add who runs them, or restart by hand`;
  return { ...rest, result: 'failed', problem: { code: 'services/no-manager', message } };
}

/** A run before its restarts. */
interface Followed extends RunEnd {
  /** Roles that may be restarted; `none` new ones where nothing was to be applied, or it has failed. */
  readonly granted: readonly string[] | 'none' | 'failed';
}

/** Does what is found at the host's ref, but for restarts. */
async function follow(host: Host, before: HostState, now: () => number): Promise<Followed> {
  const { engine, layout } = host;
  const seconds = (): number => Math.floor(now() / 1000);
  const judged = await fetchAndAccept(host, { gitDir: layout.repository, state: before, now: seconds() });
  let restarted: readonly string[] = [];
  const ungranted = (end: RunEnd): Followed => ({ ...end, restarted, granted: 'none' });
  if (judged.kind === 'problem') return ungranted({ ...judged, written: [] });
  if (judged.kind === 'none') return ungranted(succeeded([], false));
  const { artifacts } = judged.bundle.manifest;
  // What was stopped under a grant does not wait for a tarball.
  const isWaiting = isServed(host) && isRestartBegun(engine.rooted) && isFetchDue(host, artifacts);
  if (isWaiting) ({ restarted = [] } = await serve(host, ungranted(succeeded([], false))));
  const state = isWaiting ? readState(engine.rooted) : before;
  if (state.journal) return ungranted(failed('apply/interrupted', 'the next run will finish what was begun'));
  if (isHeld(state, judged.bundle.promotion)) {
    // Its expiry is still put off.
    renew(engine, { bundle: judged.bundle, state });
    return ungranted(holding(state.held!));
  }
  const staged = await during(engine, 'artifacts', () => stageUnlessPromoted(host, artifacts));
  if (staged === 'promoted') {
    const next = await follow(host, state, now);
    return { ...next, restarted: [...restarted, ...(next.restarted ?? [])] };
  }
  if (!staged.ok) return ungranted(failed(staged.code, staged.message));
  // A tarball may have taken hours.
  const bundle = withOpenGrants(judged.bundle, seconds());
  const applied = await applyBundle(host, { bundle, state });
  if (!applied.ok) return { ...failed(applied.code, applied.message), restarted, granted: 'failed' };
  if (applied.changed) pruneArtifacts(engine.rooted, artifacts);
  // What was fetched before is never collected, and the repository is a cache.
  const generation = (state.active?.record.generation ?? 0) + 1;
  if (applied.changed && generation % CACHED === 0)
    rmSync(layout.repository, { recursive: true, force: true });
  return { ...succeeded(applied.written, applied.changed), restarted, granted: bundle.promotion.restart };
}

async function applyBundle(host: Host, request: GrantedApply): Promise<ApplyOutcome> {
  try {
    if (isServed(host)) return await applyGranted(host, request);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return { ok: false, code: error.code, message: error.message };
  }
  const prepared = await prepare(host, request);
  return 'code' in prepared ? { ok: false, ...prepared } : apply(host.engine, { ...prepared, ...request });
}

/** Restarts what is granted, or goes on with what was begun, and has services reload. */
function serve(host: ServedHost, followed: Followed): Promise<RunEnd> {
  return during(host.engine, 'services', () => serveAll(host, followed));
}

async function serveAll(host: ServedHost, { granted, ...end }: Followed): Promise<RunEnd> {
  let restarted: Restarted = { restarted: [] };
  let problem: Problem | undefined;
  try {
    restarted =
      typeof granted === 'string'
        ? await resumeRestarts(host, granted === 'failed')
        : await restartServices(host, new Set(granted));
    problem = await reloadServices(host);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    problem = { code: error.code, message: error.message };
  }
  const written = [...new Set([...end.written, ...(restarted.end?.written ?? [])])].sort();
  const roles = [...new Set([...(end.restarted ?? []), ...restarted.restarted])];
  const whole = { ...end, written, restarted: roles };
  if (restarted.end) return { ...whole, ...restarted.end, written };
  return problem && !end.problem ? { ...whole, result: 'failed', problem } : whole;
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
