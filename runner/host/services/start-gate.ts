import { readFileSync } from 'node:fs';

/**
 * Whether an apply is between two generations, as a shell asks it of the journal ($0): one is there, and it is not only
 * being staged. Its JSON has each key on a line of its own, and no text in it can hold a line break.
 */
const SHUT = 'test -e "$0" && ! /bin/grep -q "^  .phase.: .staging." "$0"';

const TOLD = 'echo "khp: the start waits until khp-runner has finished an apply"';

/**
 * Lets the command through where no apply is under way. Else it waits, and then ends with a failure: the supervisor starts
 * it anew, as a process that is younger than all that it reads.
 */
const GATE = `shut() { ${SHUT}; }; shut || exec "$@"; ${TOLD}; while shut; do /bin/sleep 1; done; exit 75`;

/** The same for a supervisor that has a step before the start: it waits. */
const WAIT = `shut() { ${SHUT}; }; shut && ${TOLD}; while shut; do /bin/sleep 1; done`;

/**
 * The words that start a command unless the host's files are of two generations. A supervisor starts services at a boot,
 * and those that have crashed, whatever became of the runner; so what starts them looks at the journal itself. It asks for
 * nothing that khp brings along: without a journal, and without khp, the command starts.
 */
export function behindGate(journal: string, command: readonly string[]): string[] {
  return ['/bin/sh', '-c', GATE, journal, ...command];
}

/** The words that wait until the host's files are of one generation. */
export function waitAtGate(journal: string): string[] {
  return ['/bin/sh', '-c', WAIT, journal];
}

/** Whether a process has not come further than to the gate. */
export function isAtGate(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[2] === GATE;
  } catch {
    return false;
  }
}
