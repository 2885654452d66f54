import * as z from 'zod';
import { HostFacts } from './facts.ts';
import { HOST_NAME, NAME } from './names.ts';

export const REPORT_SCHEMA = 'khp.report/1';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How a run of the runner ended. */
export const RunResult = z.enum(['applied', 'unchanged', 'rolled-back', 'held', 'refused', 'failed']);
export type RunResult = z.infer<typeof RunResult>;

/** A process by when it began: an id that is not given twice. */
export const ProcessStart = z.strictObject({
  /** The boot's id: /proc/sys/kernel/random/boot_id. */
  boot: z.uuid(),
  /** Clock ticks from the boot to its start: field 22 of proc(5), stat. */
  ticks: z.int().min(0),
});
export type ProcessStart = z.infer<typeof ProcessStart>;

/** What a service does. `orphaned`: the manifest names it no longer, and it runs on until it is retired. */
export const ServiceState = z.enum([
  'running',
  'starting',
  'stopping',
  'stopped',
  'failed',
  'orphaned',
  'unknown',
]);
export type ServiceState = z.infer<typeof ServiceState>;

/** A service as the run found it at its end. */
export const ServiceReport = z.strictObject({
  component: z.string().regex(NAME),
  role: z.string().regex(NAME),
  state: ServiceState,
  /** `unknown` for a service without a check, one that does not run, and one in debt whose old check is not known. */
  health: z.enum(['healthy', 'unhealthy', 'unknown']),
  pid: z.int().min(1).nullable(),
  start: ProcessStart.nullable(),
  /** It was started before the last change of what it reads, or is still to be started for the first time. */
  debt: z.boolean(),
});
export type ServiceReport = z.infer<typeof ServiceReport>;

/**
 * The phases of a run, in order: `artifacts` fetches and unpacks, `stage` is all of an apply that can fail, `swap` the
 * renames behind it; `stop` waits until services have ended, `start` until they are healthy, and `services` is the rest
 * that is done with them.
 */
export const PHASES = [
  'recover',
  'fetch',
  'accept',
  'artifacts',
  'observe',
  'plan',
  'stage',
  'swap',
  'stop',
  'start',
  'services',
] as const;

/**
 * `report.json`: what one run of the runner did and found, the only file of the commit at the host's report ref.
 * What is optional is missing from older runners, whose reports stay good. An older `khp` refuses a report with keys that
 * it does not know: operators' khp is brought up to date before runners.
 */
export const Report = z.strictObject({
  schema: z.literal(REPORT_SCHEMA),
  host: z.string().regex(HOST_NAME),
  result: RunResult,
  /** The runner's clock at the end of the run: RFC 3339, UTC, whole seconds. */
  at: z.iso.datetime(),
  /** Of the active generation; null before the first apply. */
  active: z
    .strictObject({
      generation: z.int().min(1),
      seq: z.int().min(1),
      /** SHA-256 of its manifest.json. */
      manifest: sha256,
      release: z.string().regex(NAME),
      expires: z.iso.datetime(),
    })
    .nullable(),
  /** Why a fetched promotion was refused, or the run failed; null otherwise. */
  problem: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** What is not tried again until a higher Seq comes, and why; null where nothing is held. */
  held: z
    .strictObject({ seq: z.int().min(1), code: z.string(), message: z.string() })
    .nullable()
    .optional(),
  /** Paths that differ on disk from the active generation. */
  drift: z.array(z.string()),
  /**
   * Directories of the active generation that are to be mount points and are none, so that they are neither made nor
   * touched; sorted. Only where there are some: a khp that does not know the key goes on with all other hosts.
   */
  unmounted: z.array(z.string()).optional(),
  /** Roles in debt of a restart. */
  debt: z.array(z.string()),
  /**
   * Roles in debt whose grant by the active Seq had ended when the host came to it, sorted: it begins nothing under that
   * Seq, whatever its clock says later. Only where there are some, as `unmounted`.
   */
  late: z.array(z.string()).optional(),
  /** Services of the manifest in start order, then orphaned ones by role. */
  services: z.array(ServiceReport).optional(),
  /** Roles that this run started, stopped or restarted. */
  restarted: z.array(z.string()).optional(),
  /**
   * Components whose link waits to be moved to another artifact, sorted. All their services on the host must be stopped
   * for it, so they are granted together.
   */
  switches: z.array(z.string()).optional(),
  /** Paths written by this run. */
  written: z.array(z.string()),
  /** Milliseconds of the whole run. */
  duration_ms: z.int().min(0),
  /** Milliseconds of the phases that it came to, none of which counts within another. */
  phases_ms: z.partialRecord(z.enum(PHASES), z.int().min(0)).optional(),
  /** The runner's version. */
  runner: z.string(),
  /** The boot that the run was in. */
  boot: z.uuid().optional(),
  /** Counts the reports of this boot from 1: host, boot and seq tell whether two reports are the same one. */
  seq: z.int().min(1).optional(),
  /** What the host says of itself; none from a runner in a sandbox. */
  facts: HostFacts.optional(),
});
export type Report = z.infer<typeof Report>;

/** Tells a host's reports apart: of older runners, which do not count them, by their time. */
export function reportKey(report: Report | undefined): string {
  if (!report) return 'none';
  return report.boot && report.seq ? `${report.boot}/${report.seq}` : report.at;
}

/** The highest Seq that a host has told of, 0 for none: what it holds back, having returned from it say, counts too. */
export function reportedSeq({ active, held }: Pick<Report, 'active' | 'held'>): number {
  return Math.max(active?.seq ?? 0, held?.seq ?? 0);
}

/** The report's path in its commit. */
export const REPORT_PATH = 'report.json';

export const STATUS_SCHEMA = 'khp.status/1';

/** `<type>/<cluster>.json` of refs/heads/status: the last report of each host of a cluster that has reported. */
export const ClusterStatus = z.strictObject({
  schema: z.literal(STATUS_SCHEMA),
  type: z.string().regex(NAME),
  cluster: z.string().regex(NAME),
  hosts: z.record(z.string().regex(HOST_NAME), Report),
});
export type ClusterStatus = z.infer<typeof ClusterStatus>;
