import { STATES, type State } from '../../compiler/contract/state.ts';

/** How urgent a state is: `bad` needs a person, `warn` may need one soon, `wait` goes away by the next operation. */
export type Tone = 'bad' | 'warn' | 'wait' | 'good';

interface StateWords {
  readonly tone: Tone;
  /** Stands before the state's name, so that colour is never the only sign. */
  readonly sign: string;
  /** One line for the legend, a sentence without a subject and a full stop. */
  readonly meaning: string;
}

const STATE_WORDS: Readonly<Record<State, StateWords>> = {
  unknown: { tone: 'bad', sign: '?', meaning: 'has never reported' },
  silent: { tone: 'bad', sign: '×', meaning: 'has not reported for more than 3 hours' },
  refused: { tone: 'bad', sign: '×', meaning: 'fetched a promotion and did not accept it' },
  failed: { tone: 'bad', sign: '×', meaning: 'could not apply; the last run ended in an error' },
  'rolled-back': { tone: 'bad', sign: '↩', meaning: 'applied, was unhealthy, and went back' },
  held: { tone: 'bad', sign: '‖', meaning: 'stopped at a failure and waits for a person' },
  orphaned: { tone: 'warn', sign: '!', meaning: 'runs something that is no longer compiled or promoted' },
  expired: { tone: 'warn', sign: '!', meaning: 'has a promotion past its expiry; nothing new is applied' },
  drift: { tone: 'warn', sign: '!', meaning: 'has files on disk that differ from what was applied' },
  restart: {
    tone: 'warn',
    sign: '!',
    meaning: 'has new files, and services that still run with the old ones',
  },
  waiting: { tone: 'wait', sign: '…', meaning: 'has a promotion that it has not applied yet' },
  pending: { tone: 'wait', sign: '…', meaning: 'has compiled files that are not promoted' },
  current: { tone: 'good', sign: '✓', meaning: 'runs what is compiled and promoted' },
};

/** A state as a badge shows it. */
export interface StateView {
  readonly state: State;
  readonly tone: Tone;
  readonly sign: string;
  readonly meaning: string;
}

export function viewState(state: State): StateView {
  return { state, ...STATE_WORDS[state] };
}

/** Every state, most urgent first. */
export const LEGEND: readonly StateView[] = STATES.map(viewState);

/** A state, and how many hosts are in it. */
export interface StateCount extends StateView {
  readonly count: number;
}

/** The states in which there are hosts, most urgent first. */
export function countStates(hosts: readonly { readonly state: State }[]): StateCount[] {
  const counts = new Map<State, number>();
  for (const { state } of hosts) counts.set(state, (counts.get(state) ?? 0) + 1);
  return LEGEND.flatMap((view) => {
    const count = counts.get(view.state);
    return count === undefined ? [] : [{ ...view, count }];
  });
}

/** How many hosts are in a state other than `current`. */
export function countStale(hosts: readonly { readonly state: State }[]): number {
  return hosts.filter(({ state }) => state !== 'current').length;
}

/** The tone of the most urgent host; `good` without hosts. */
export function toneOf(hosts: readonly { readonly state: State }[]): Tone {
  return countStates(hosts)[0]?.tone ?? 'good';
}

/** The rank of a state: 0 is the most urgent. */
export function urgency(state: State): number {
  return STATES.indexOf(state);
}
