import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { recover } from '../apply/apply.ts';
import { stageOn } from '../run/host-artifacts.ts';
import { fetchAndAccept, type Host } from '../run/run-once.ts';
import { enter } from '../state/lock.ts';
import { DamagedState } from '../state/read-generation.ts';
import { makeState, readState } from '../state/store.ts';
import { type CommandOptions, type CommandResult, onHost } from './command.ts';

/** `apply --prestage`: fetches and unpacks the artifacts of what is promoted, and does no more. Nothing is reported. */
export function prestageCommand(options: CommandOptions): Promise<CommandResult> {
  return onHost(options, async (host) => {
    makeState(host.engine.rooted);
    const lock = enter(host.layout.lock);
    if (!lock) return failure('another run is under way on this host');
    try {
      return await prestage(host, options);
    } catch (error) {
      if (!(error instanceof DamagedState)) throw error;
      return failure(error.message);
    } finally {
      lock.release();
    }
  });
}

async function prestage(host: Host, { json, now }: CommandOptions): Promise<CommandResult> {
  const { engine, layout } = host;
  recover(engine, readState(engine.rooted));
  const state = readState(engine.rooted);
  const judged = await fetchAndAccept(host, {
    gitDir: layout.repository,
    state,
    now: Math.floor(now() / 1000),
  });
  if (judged.kind === 'problem') {
    return failure(`${judged.result}: ${judged.problem.message} [${judged.problem.code}]`);
  }
  const artifacts = judged.kind === 'none' ? [] : judged.bundle.manifest.artifacts;
  const staged = await stageOn(host, artifacts);
  if (!staged.ok) return failure(`failed: ${staged.message} [${staged.code}]`);
  const { unpacked } = staged;
  const lines = unpacked.map((path) => `unpacked ${path}\n`).join('') || 'every artifact is there\n';
  return { exit: 0, text: json ? canonicalJson({ unpacked }) : lines, problems: [] };
}

function failure(problem: string): CommandResult {
  return { exit: 1, text: '', problems: [problem] };
}
