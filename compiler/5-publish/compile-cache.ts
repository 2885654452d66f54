import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { AskedOfHosts } from '../3-render/memo/asked-of-hosts.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import type { ClusterFiles, ClusterMember } from './cluster-files.ts';

/** A cluster as it was published last from here. */
export interface CachedCluster {
  /** Of all that the rest depends on. */
  readonly key: string;
  /** The id of its tree in refs/heads/bundles. */
  readonly tree: string;
  /** What was found in its files and its rendering; no errors. */
  readonly diagnostics: readonly Diagnostic[];
  /** The name of its release. */
  readonly release: string;
  readonly files: ClusterFiles;
  /** Undefined where its rendering found something. */
  readonly hosts: CachedHosts | undefined;
}

/** What the hosts of a cluster depend on, each. */
export interface CachedHosts {
  /** Of all that the cluster depends on but for the own files of its hosts. */
  readonly base: string;
  /** Of the own files of hosts that have some, by the names in these files' names. */
  readonly keys: Readonly<Record<string, string>>;
  readonly asked: AskedOfHosts;
}

/** A cluster as it was published last from here, without its files: what is asked of those that did not change. */
export interface KnownCluster extends Omit<CachedCluster, 'files' | 'hosts'> {
  /** Its hosts, sorted by name. */
  readonly members: readonly ClusterMember[];
  /** How many files these have. */
  readonly count: number;
}

/** What is known of the fleet as a whole. */
export interface CachedFleet {
  readonly key: string;
  /** Of everything. */
  readonly all: string;
  /** Whether what is wrong with shared files depends on everything: who reads their secrets, or their variables. */
  readonly needsAll: boolean;
  /** What was found and is of no single cluster. */
  readonly diagnostics: readonly Diagnostic[];
  /** By `type/cluster`. */
  readonly clusters: ReadonlyMap<string, KnownCluster>;
}

const FIRST_LINE = 'khp compile cache 3';
const FLEET = 'fleet';

/**
 * Results of the last compile: a file for the fleet, which is enough where nothing changed, and one a cluster, each
 * written at once. Whatever is missing, cut off, or otherwise not what
 * was written is not there. Nothing outside of it depends on it.
 */
export class CompileCache {
  readonly #folder: string;

  /** @param folder below a git directory; made when something is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether there is one that others than its user may write, so that nothing of it is read. */
  isForeign(): boolean {
    try {
      return !this.#isOurs();
    } catch {
      return false;
    }
  }

  fleet(): CachedFleet | undefined {
    const header = this.#read(FLEET)?.header as FleetHeader | undefined;
    return header && fleetOf(header);
  }

  cluster(name: string): CachedCluster | undefined {
    const entry = this.#read(this.#nameOf(name));
    if (!entry) return undefined;
    const { files, ...rest } = entry.header as CachedCluster;
    const count = files.hosts.reduce((sum, host) => sum + host.files, 0);
    const { body } = entry;
    if (body.length !== count * 24) return undefined;
    // A copy, since numbers must begin at a multiple of their size.
    const pathOf = new Uint32Array(new Uint8Array(body.subarray(0, count * 4)).buffer);
    return { ...rest, files: { ...files, pathOf, ids: body.subarray(count * 4) } };
  }

  /** What was rendered of a cluster, as memoBytes wrote it; whether it still is, readMemo sees. */
  memo(name: string): Uint8Array | undefined {
    try {
      return this.#isOurs() ? readFileSync(join(this.#folder, 'renders', name)) : undefined;
    } catch {
      return undefined;
    }
  }

  writeMemo(name: string, bytes: Uint8Array): void {
    this.#write(join('renders', name), [bytes]);
  }

  writeFleet(fleet: CachedFleet): void {
    this.#writeEntry(FLEET, headerOf(fleet), []);
  }

  writeCluster(name: string, { files, ...rest }: CachedCluster): void {
    const { pathOf, ids, ...head } = files;
    const numbers = new Uint8Array(pathOf.buffer, pathOf.byteOffset, pathOf.byteLength);
    this.#writeEntry(this.#nameOf(name), { ...rest, files: head }, [numbers, ids]);
  }

  /** Removes what is of no cluster of these, and what an end in the middle left. */
  keepOnly(clusters: Iterable<string>): void {
    const kept = new Set(clusters);
    for (const part of ['clusters', 'renders']) {
      for (const type of namesIn(join(this.#folder, part))) {
        for (const name of namesIn(join(this.#folder, part, type)))
          if (!kept.has(`${type}/${name}`) && !isBeingWritten(name))
            removeQuietly(join(this.#folder, part, type, name));
      }
    }
    for (const name of namesIn(this.#folder))
      if (TEMPORARY.test(name) && !isBeingWritten(name)) removeQuietly(join(this.#folder, name));
  }

  /** A cluster's name has one slash, and no other sign that means something in a path. */
  #nameOf(cluster: string): string {
    return join('clusters', cluster);
  }

  /** Whether the folder is this user's alone: what others may write is not believed. */
  #isOurs(): boolean {
    const { uid, mode } = statSync(this.#folder);
    return (process.getuid === undefined || uid === process.getuid()) && (mode & 0o022) === 0;
  }

  #read(name: string): { header: unknown; body: Uint8Array } | undefined {
    try {
      if (!this.#isOurs()) return undefined;
      const bytes = readFileSync(join(this.#folder, name));
      const start = FIRST_LINE.length + 1 + 64 + 1;
      const head = bytes.toString('latin1', 0, start);
      const rest = bytes.subarray(start);
      if (head !== `${FIRST_LINE}\n${digest([rest])}\n`) return undefined;
      const end = rest.indexOf(0x0a);
      return { header: JSON.parse(rest.toString('utf8', 0, end)), body: rest.subarray(end + 1) };
    } catch {
      return undefined;
    }
  }

  #writeEntry(name: string, header: unknown, body: readonly Uint8Array[]): void {
    const parts = [Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'), ...body];
    this.#write(name, [Buffer.from(`${FIRST_LINE}\n${digest(parts)}\n`), ...parts]);
  }

  /** Without it the next compile is slower, so nothing that goes wrong here (a full disk) is an error. */
  #write(name: string, parts: readonly Uint8Array[]): void {
    const file = join(this.#folder, name);
    const temporary = `${file}.${process.pid}.tmp`;
    try {
      this.#writeWhole(file, temporary, parts);
    } catch {
      removeQuietly(temporary);
    }
  }

  #writeWhole(file: string, temporary: string, parts: readonly Uint8Array[]): void {
    mkdirSync(this.#folder, { recursive: true });
    chmodSync(this.#folder, 0o700);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, Buffer.concat(parts));
    renameSync(temporary, file);
  }
}

const TEMPORARY = /\.(\d+)\.tmp$/;

/** Whether a file is a temporary one of a process that there is. */
function isBeingWritten(name: string): boolean {
  const pid = Number(TEMPORARY.exec(name)?.[1] ?? 0);
  if (pid === 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is in nobody's way.
  }
}

/** A fleet as it is written: many hosts have the same roles. */
interface FleetHeader extends Omit<CachedFleet, 'clusters'> {
  readonly roles: readonly (readonly string[])[];
  readonly clusters: readonly (readonly [
    name: string,
    known: Omit<KnownCluster, 'members'>,
    hosts: string,
    roles: readonly number[],
  ])[];
}

function headerOf({ clusters, ...rest }: CachedFleet): FleetHeader {
  const roles = new Map<string, number>();
  const numberOf = (key: string): number => {
    if (!roles.has(key)) roles.set(key, roles.size);
    return roles.get(key)!;
  };
  const written = [...clusters].map(([name, { members, ...known }]) => {
    const numbers = members.map((member) => numberOf(JSON.stringify(member.roles)));
    return [name, known, members.map(({ host }) => host).join(' '), numbers] as const;
  });
  return { ...rest, clusters: written, roles: [...roles.keys()].map((key) => JSON.parse(key) as string[]) };
}

function fleetOf({ clusters, roles, ...rest }: FleetHeader): CachedFleet {
  const read = clusters.map(([name, known, hosts, numbers]) => {
    const names = hosts.split(' ');
    const members = numbers.map((number, at) => ({ host: names[at]!, roles: roles[number]! }));
    return [name, { ...known, members }] as const;
  });
  return { ...rest, clusters: new Map(read) };
}

function digest(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
