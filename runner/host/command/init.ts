import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import type { InitAct, Manifest, ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { judgeInit } from '../init/judge-init.ts';
import { lookAtPlace, type Place } from '../init/place.ts';
import { mountpoints } from '../observe/observe.ts';
import type { Host } from '../run/run-once.ts';
import { isDown } from '../services/debt.ts';
import { runForService } from '../services/run-for-service.ts';
import { ServiceProblem } from '../services/service-manager.ts';
import { enter } from '../state/lock.ts';
import { DamagedState } from '../state/read-generation.ts';
import { readState } from '../state/store.ts';
import { type CommandOptions, type CommandResult, onHost } from './command.ts';

/** What is asked for: a role, and which of its acts where it has several. */
export interface InitRequest {
  readonly role: string;
  readonly act: string | undefined;
}

/**
 * `init ROLE [ACT]`: prepares the storage of a role, because a person says so; nothing else ever calls it. It looks first
 * at the directories, and refuses what is missing, not mounted, half formatted, or of another cluster. Exit 0 also where
 * it was done before. The command prints to stderr.
 */
export function initCommand(options: CommandOptions, request: InitRequest): Promise<CommandResult> {
  return onHost(options, async (host) => {
    const lock = enter(host.layout.lock);
    if (!lock) return refused(['another run is under way on this host']);
    try {
      return await init(host, options, request);
    } catch (error) {
      if (error instanceof DamagedState || error instanceof ServiceProblem) return refused([error.message]);
      throw error;
    } finally {
      lock.release();
    }
  });
}

function refused(problems: readonly string[]): CommandResult {
  return { exit: 1, text: '', problems };
}

/** What initCommand does, on a host. The lock is held. Throws DamagedState and ServiceProblem. */
export async function init(
  host: Host,
  { json }: Pick<CommandOptions, 'json'>,
  request: InitRequest,
): Promise<CommandResult> {
  // As whom the command is to run, and whether the role runs, nobody else can tell; in a sandbox all is one user's.
  if (!host.services && host.engine.ownership.kind === 'set')
    return refused(['services is missing in runner.yml: say there who runs the services of this host']);
  const { active, journal } = readState(host.engine.rooted);
  if (!active) return refused(['nothing has been applied on this host; run khp-runner apply first']);
  if (journal) return refused(['an apply was interrupted; run khp-runner apply first']);
  const chosen = choose(active.manifest, request);
  if (typeof chosen === 'string') return refused([chosen]);
  const { service, act } = chosen;
  const seen = await host.services?.manager.look();
  if (!isDown(seen?.get(service.role))) return refused([`${service.role} runs; stop it first`]);
  const look = () => places(host, active.manifest, act);
  const verdict = judgeInit(look());
  const told = (result: string, problems: readonly string[] = []): CommandResult => ({
    exit: problems.length > 0 ? 1 : 0,
    text: format({ role: service.role, act: act.act, result, places: look() }, json),
    problems,
  });
  if (verdict.kind === 'refused') return told('refused', verdict.problems);
  if (verdict.kind === 'done') return told('done before');
  process.stderr.write(`${service.role} ${act.act}: ${act.command}\n`);
  const account = host.services?.accountOf(service.user);
  const { ok, detail } = await runForService(act.command, { service, account, relayed: true });
  if (!ok) return told('failed', [`${act.command}: ${detail}`]);
  const after = look();
  const left = after.fills.filter(({ state }) => state !== 'formatted');
  return left.length === 0
    ? told('done')
    : told('failed', [
        `the command ended well, but ${left.map(({ path }) => path).join(', ')} is not formatted`,
      ]);
}

/** The act that is asked for, or why there is none. */
function choose(
  { services }: Manifest,
  { role, act }: InitRequest,
): { readonly service: ServiceEntry; readonly act: InitAct } | string {
  const service = services.find((one) => one.role === role);
  const withInit = services.filter(({ init: acts }) => acts).map((one) => one.role);
  const others = withInit.length > 0 ? `; it has ${withInit.join(', ')}` : '';
  if (!service) return `this host has no role ${role} with a service${others}`;
  const acts = service.init ?? [];
  const names = acts.map((one) => one.act).join(', ');
  if (acts.length === 0) return `${role} has nothing that is to be initialised${others}`;
  if (act === undefined && acts.length > 1) return `say which act of ${role}: ${names}`;
  const found = act === undefined ? acts[0] : acts.find((one) => one.act === act);
  return found ? { service, act: found } : `${role} has no act ${act}, only ${names}`;
}

interface Places {
  readonly fills: readonly Place[];
  readonly needs: readonly Place[];
}

function places({ engine: { rooted } }: Host, { directories }: Manifest, act: InitAct): Places {
  const mounted = mountpoints();
  const mustBe = new Set(directories.flatMap(({ path, mountpoint }) => (mountpoint ? path : [])));
  const look = (path: string): Place => {
    const real = rooted.root === '/' ? path : rooted.root + path;
    return lookAtPlace(rooted, {
      path,
      formatted: act.formatted,
      isMounted: !mustBe.has(path) || mounted.has(real),
    });
  };
  return { fills: act.fills.map(look), needs: act.needs.map(look) };
}

function format(
  told: { readonly role: string; readonly act: string; readonly result: string; readonly places: Places },
  json: boolean,
): string {
  const { role, act, result } = told;
  if (json) return canonicalJson(told);
  const lines = [...told.places.needs, ...told.places.fills].map(({ path, state, identity }) => {
    const ids = Object.entries(identity).map(([key, value]) => ` ${key}=${value}`);
    return `  ${path}: ${state}${ids.join('')}\n`;
  });
  return `${role} ${act}: ${result}\n${lines.join('')}`;
}
