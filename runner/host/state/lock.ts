import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A lock that is held. */
export interface Lock {
  release(): void;
}

const TICKET = /^[1-9]\d{0,14}$/;

/**
 * Enters as the only process, or gives undefined at once where another one is inside. `folder` must be on a file system
 * of this machine, and whoever enters must see the same process ids.
 *
 * Node has no flock(2), a listening socket can be squatted by any user, and a file that is removed and made again lets
 * two in. So the folder holds numbered tickets, each with the identity of a process (pid, its start in ticks, the boot);
 * the highest one counts, and it holds as long as its process lives: a killed process frees the lock at once, a reused
 * pid or a reboot does not keep it. To enter, a process links a complete ticket under the next number: link(2) lets one
 * only do that. Tickets below are removed by who is inside, never the highest, so a number that was removed cannot be
 * taken for the next: who has linked one looks again, and withdraws where a higher one is there. Children don't inherit
 * it, since it is bound to a process and not to an open file.
 */
export function enter(folder: string): Lock | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const self = identityOf(process.pid)!;
  const draft = join(folder, `draft-${process.pid}-${randomBytes(8).toString('hex')}`);
  writeFileSync(draft, self, { flag: 'wx', mode: 0o600 });
  try {
    const ticket = takeTicket(folder, draft);
    if (ticket === undefined) return undefined;
    for (const older of tickets(folder).filter((number) => number < ticket))
      remove(join(folder, String(older)));
    removeDrafts(folder, draft);
    return { release: () => writeFileSync(join(folder, String(ticket)), 'released') };
  } finally {
    remove(draft);
  }
}

function takeTicket(folder: string, draft: string): number | undefined {
  for (;;) {
    const highest = tickets(folder).at(-1) ?? 0;
    if (highest > 0 && isHeld(join(folder, String(highest)))) return undefined;
    const ticket = highest + 1;
    try {
      linkSync(draft, join(folder, String(ticket)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    if (tickets(folder).at(-1) === ticket) return ticket;
    remove(join(folder, String(ticket)));
  }
}

function tickets(folder: string): number[] {
  const numbers = readdirSync(folder).filter((name) => TICKET.test(name));
  return numbers.map(Number).sort((a, b) => a - b);
}

/** A ticket that cannot be read, was cut off by a power loss, or says `released` is nobody's. */
function isHeld(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const pid = /^(\d+) \d+ \S+$/.exec(text)?.[1];
  return pid !== undefined && identityOf(Number(pid)) === text;
}

/** `pid ticks boot` of a process that lives; see proc(5), stat. Undefined for none, and for a zombie. */
function identityOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name of the program stands in brackets and may hold anything; fields count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return undefined;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return `${pid} ${started} ${boot}`;
}

function removeDrafts(folder: string, own: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^draft-(\d+)-/.exec(name)?.[1];
    const path = join(folder, name);
    if (pid !== undefined && path !== own && identityOf(Number(pid)) === undefined) remove(path);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
