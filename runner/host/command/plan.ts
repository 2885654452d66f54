import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { formatPlan } from '../plan/format-plan.ts';
import { openWritten } from '../run/prepare.ts';
import { preview } from '../run/preview.ts';
import { fetchAndAccept } from '../run/run-once.ts';
import { ServiceProblem } from '../services/service-manager.ts';
import { DamagedState } from '../state/read-generation.ts';
import { type HostState, isHeld, readState } from '../state/store.ts';
import { type CommandOptions, type CommandResult, onHost } from './command.ts';

/**
 * `plan`: what apply would do now. Nothing of the host is touched: what is fetched goes to a folder that is removed again.
 * Exit 1 where apply would end with a problem.
 */
export function planCommand(options: CommandOptions): Promise<CommandResult> {
  const { json, now } = options;
  return onHost(options, async (host) => {
    const scratch = mkdtempSync(join(tmpdir(), 'khp-plan-'));
    try {
      const state = readState(host.engine.rooted);
      const interrupted = interruption(state);
      if (interrupted !== undefined) return { exit: 1, text: '', problems: [interrupted] };
      const gitDir = join(scratch, 'repo.git');
      const judged = await fetchAndAccept(host, { gitDir, state, now: Math.floor(now() / 1000) });
      if (judged.kind === 'none') {
        return {
          exit: 0,
          text: json ? canonicalJson({ seq: null }) : 'nothing is promoted to this host\n',
          problems: [],
        };
      }
      if (judged.kind === 'problem') {
        const { code, message } = judged.problem;
        const text = json ? canonicalJson({ problem: { code, message } }) : '';
        return { exit: 1, text, problems: [`${judged.result}: ${message} [${code}]`] };
      }
      const { bundle } = judged;
      if (isHeld(state, bundle.promotion)) {
        const { seq, reason } = state.held!;
        return { exit: 1, text: '', problems: [`held: sequence ${seq}: ${reason} [apply/held]`] };
      }
      const plan = await preview(host, { bundle, state });
      const { promotion, late = [] } = bundle;
      const opened = await openWritten(host, bundle, plan);
      const problem = opened.ok ? null : { code: opened.code, message: opened.message };
      const text = json
        ? canonicalJson({ seq: promotion.seq, late, ...plan, ...(problem && { problem }) })
        : formatPlan({ ...plan, late });
      return {
        exit: plan.obstacles.length > 0 || problem ? 1 : 0,
        text,
        problems: problem ? [`apply would fail: ${problem.message} [${problem.code}]`] : [],
      };
    } catch (error) {
      if (!(error instanceof DamagedState || error instanceof ServiceProblem)) throw error;
      return { exit: 1, text: '', problems: [error.message] };
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}

function interruption({ journal }: HostState): string | undefined {
  if (!journal) return undefined;
  const { generation, phase } = journal;
  const what = phase === 'staging' ? 'undone' : 'finished';
  return `an apply of seq ${generation.seq} is under way or was interrupted; the next apply sees it ${what} first`;
}
