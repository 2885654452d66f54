import { hostRef } from '../../../compiler/contract/names.ts';
import { isGrantOpen, type Promotion, parsePromotion } from '../../../compiler/contract/promotion.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import { parseCommit } from '../../../compiler/git/objects.ts';
import { readObject } from '../../../compiler/git/read-objects.ts';
import { formatTime } from '../audit.ts';
import type { TemporaryFleet } from '../temporary-fleet.ts';

const BOOT = '0b7c1f9e-5d3a-4c61-8f0e-3a5b2c9d7e10';

/** For tests: a host that applies and restarts at once, and tells. */
export class TestHost {
  readonly #fleet: TemporaryFleet;
  readonly #host: string;
  #reports = 0;
  #told = { state: '', at: 0 };
  /** Roles of its services, and those that are in debt. */
  readonly #roles: readonly string[];
  debt: Set<string>;
  /** What a restart of these roles comes to. */
  broken = new Set<string>();
  down = new Set<string>();
  held: Report['held'] = null;
  switches: string[] = [];
  /** Roles whose grant had ended when it came, and its Seq. */
  #late: { readonly seq: number; readonly roles: readonly string[] } = { seq: 0, roles: [] };
  /** As a runner that does not know the key. */
  tellsLate = true;
  /** Grants that it used, as `role@seq`. */
  readonly used: string[] = [];

  constructor(fleet: TemporaryFleet, host: string, roles: readonly string[]) {
    this.#fleet = fleet;
    this.#host = host;
    this.#roles = roles;
    this.debt = new Set(roles);
  }

  /** What its ref says. */
  async promotion(): Promise<Promotion & { readonly signedAt: number }> {
    const { content } = (await readObject(this.#fleet.configRepository, hostRef(this.#host)))!;
    const { message, committer } = parseCommit(content!)!;
    return { ...parsePromotion(message)!, signedAt: committer.time };
  }

  /** One run: fetch, apply, restart what is granted, report where that is something new, or an hour is over. */
  async run(now: number): Promise<void> {
    const { seq, manifest, expires, restart, signedAt } = await this.promotion();
    if (this.held && this.held.seq < seq) this.held = null;
    if (this.#late.seq < seq) this.#late = { seq, roles: [] };
    if (!isGrantOpen(signedAt, now)) this.#late = { seq, roles: restart };
    for (const role of restart) {
      if (this.#late.roles.includes(role)) continue;
      if (!this.debt.has(role) || this.held) continue;
      this.used.push(`${role}@${seq}`);
      if (this.broken.has(role)) {
        this.held = { seq, code: 'services/unhealthy', message: `${role} does not answer` };
        this.down.add(role);
      } else {
        this.debt.delete(role);
        this.down.delete(role);
        this.switches = [];
      }
    }
    const late = this.tellsLate ? this.#late.roles.filter((role) => this.debt.has(role)) : [];
    const report: Partial<Report> = {
      result: this.held ? 'held' : 'unchanged',
      active: { generation: seq, seq, manifest, release: '1.0', expires: formatTime(expires) },
      problem: this.held ? { code: this.held.code, message: this.held.message } : null,
      held: this.held,
      debt: [...this.debt],
      ...(late.length > 0 && { late }),
      switches: this.switches,
      services: this.#roles.map((role) => ({
        component: 'hadoop',
        role,
        state: this.down.has(role) ? 'failed' : 'running',
        health: this.down.has(role) ? 'unhealthy' : 'healthy',
        pid: null,
        start: null,
        debt: this.debt.has(role),
      })),
    };
    const state = JSON.stringify(report);
    if (state === this.#told.state && now - this.#told.at < 3600) return;
    this.#told = { state, at: now };
    this.#reports += 1;
    await this.#fleet.report(this.#host, { ...report, at: formatTime(now), boot: BOOT, seq: this.#reports });
  }
}
