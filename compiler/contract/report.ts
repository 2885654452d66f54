import { z } from 'zod';
import { HostFacts } from './facts.ts';
import { HOST_NAME, NAME } from './names.ts';

export const REPORT_SCHEMA = 'khp.report/1';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How a run of the runner ended. */
export const RunResult = z.enum(['applied', 'unchanged', 'rolled-back', 'held', 'refused', 'failed']);
export type RunResult = z.infer<typeof RunResult>;

/** `report.json`: what one run of the runner did and found, the only file of the commit at the host's report ref. */
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
  /** Paths that differ on disk from the active generation. */
  drift: z.array(z.string()),
  /** Roles in debt of a restart. */
  debt: z.array(z.string()),
  /** Paths written by this run. */
  written: z.array(z.string()),
  /** Milliseconds of the whole run. */
  duration_ms: z.int().min(0),
  /** The runner's version. */
  runner: z.string(),
  /**
   * What the host says of itself; none from a runner in a sandbox, and from runners before facts were reported, whose
   * reports stay good. An older `khp` refuses a report that has them: operators' khp is brought up to date before runners.
   */
  facts: HostFacts.optional(),
});
export type Report = z.infer<typeof Report>;

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
