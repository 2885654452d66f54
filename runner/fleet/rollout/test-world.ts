import type { Manifest, ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { GRANT_LASTS } from '../../../compiler/contract/promotion.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import { sampleReport } from '../../../compiler/contract/sample-report.ts';
import { sampleService } from '../../../compiler/contract/sample-service.ts';
import { formatTime } from '../audit.ts';
import type { RolloutHost } from './plan-rollout.ts';

/** For tests: the time of the model, in seconds since the epoch; and one at which any wave's limit is over. */
export const MODEL_NOW = 1_700_000_000;
export const MODEL_LATE = MODEL_NOW + 9000;

const EXPIRES = MODEL_NOW + 86_400;
const BOOT = '0b7c1f9e-5d3a-4c61-8f0e-3a5b2c9d7e10';
const DIGEST = 'a'.repeat(64);

/** The service of a role, as its host says or knows it. */
export interface Seen {
  readonly seq: number;
  /** Whether the renewal of the last roll call was seen. */
  readonly called: boolean;
  readonly up: boolean;
  readonly debt: boolean;
  /** The last grant failed, and is not tried again. */
  readonly held: boolean;
  /** The last grant had ended when the host came to it. */
  readonly late: boolean;
}

/** A host with one service: the truth, what it has told, and what khp has signed for it. Values are shared, never changed. */
export interface ModelHost {
  readonly name: string;
  readonly role: string;
  readonly truth: Seen;
  /** The Seq that is signed for it, the last one that grants, and whether it was renewed for a roll call. */
  readonly signed: number;
  readonly granted: number;
  readonly called: boolean;
  /** Under way from stop to start. */
  readonly restarting: boolean;
  /** It is down, and not by a restart. */
  readonly crashed: boolean;
  /** It answered the roll call of the wave at hand while it was up. */
  readonly answered: boolean;
  /** Made and not delivered; one that is made after it takes its place. */
  readonly outbox: Seen | undefined;
  readonly delivered: Seen;
  /** What was delivered came after the last grant. */
  readonly isNew: boolean;
}

/** For tests: the hosts of a role. */
export interface ModelRole {
  readonly role: string;
  readonly count: number;
  readonly after: readonly string[];
  readonly max: number | string;
}

/** The cluster of the issue. */
export const MODEL_ROLES: readonly ModelRole[] = [
  { role: 'zookeeper', count: 5, after: [], max: 1 },
  { role: 'journalnode', count: 5, after: ['zookeeper'], max: 1 },
  { role: 'namenode', count: 3, after: ['journalnode'], max: 2 },
  { role: 'datanode', count: 20, after: ['namenode'], max: '10%' },
];

/** For tests: all hosts up, told, and in debt. */
export function modelHosts(roles: readonly ModelRole[]): ModelHost[] {
  const truth: Seen = { seq: 1, called: false, up: true, debt: true, held: false, late: false };
  return roles.flatMap(({ role, count }) =>
    Array.from({ length: count }, (_, index): ModelHost => {
      const name = `${role}-${String(index + 1).padStart(2, '0')}`;
      const quiet = { restarting: false, crashed: false, answered: false, outbox: undefined };
      return {
        name,
        role,
        truth,
        signed: 1,
        granted: 0,
        called: false,
        ...quiet,
        delivered: truth,
        isNew: false,
      };
    }),
  );
}

/** For tests: what planRollout is told of the hosts. */
export function factsOf(hosts: readonly ModelHost[], roles: readonly ModelRole[]): Map<string, RolloutHost> {
  const services = new Map(roles.map((role) => [role.role, serviceOf(role)]));
  return new Map(
    hosts.map(({ name, role, signed, granted, called }): [string, RolloutHost] => {
      const restart = granted === signed ? [role] : [];
      const manifest = { services: [services.get(role)!] } as unknown as Manifest;
      const expires = EXPIRES + Number(called);
      return [name, { seq: signed, digest: DIGEST, expires, restart, manifest }];
    }),
  );
}

function serviceOf({ role, after, max }: ModelRole): ServiceEntry {
  return sampleService({
    role,
    after: [...after],
    health: { tcp: 'x:1', within: 60 },
    max_unavailable: max,
  });
}

/** What was delivered, as the reports that the planner reads. */
export function reportsOf(hosts: readonly ModelHost[]): Map<string, Report> {
  return new Map(hosts.map((host) => [host.name, cached(host)]));
}

const reportCache = new WeakMap<ModelHost, Report>();

function cached(host: ModelHost): Report {
  let report = reportCache.get(host);
  if (!report) {
    report = reportOf(host);
    reportCache.set(host, report);
  }
  return report;
}

function reportOf({ name, role, delivered, isNew }: ModelHost): Report {
  const { seq, up, debt, held, called, late } = delivered;
  return sampleReport({
    host: name,
    result: held ? 'held' : 'unchanged',
    at: formatTime(MODEL_NOW + (late ? GRANT_LASTS : 0)),
    ...(late && { late: [role] }),
    active: {
      generation: seq,
      seq,
      manifest: DIGEST,
      release: '1.0',
      expires: formatTime(EXPIRES + (called ? 1 : 0)),
    },
    problem: held ? { code: 'services/unhealthy', message: 'no answer' } : null,
    held: held ? { seq, code: 'services/unhealthy', message: 'no answer' } : null,
    debt: debt ? [role] : [],
    services: [
      {
        component: 'hadoop',
        role,
        state: up ? 'running' : 'failed',
        health: up ? 'healthy' : 'unhealthy',
        pid: null,
        start: null,
        debt,
      },
    ],
    boot: BOOT,
    seq: isNew ? 2 : 1,
  });
}

/** The end of a promotion without a roll call, as a rollout has it. */
export const MODEL_EXPIRES = formatTime(EXPIRES);
