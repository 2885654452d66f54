import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { type MeasuredRun, measuredRun } from './measured-run.ts';

/** A commit as git fast-import takes it: in memory, each distinct blob once. */
export interface ImportStream {
  readonly chunks: readonly Uint8Array[];
  /** Distinct blobs in it. */
  readonly blobs: number;
  /** Of these blobs. */
  readonly bytes: number;
}

interface Changed {
  readonly path: string;
  /** Undefined where it is gone. */
  readonly id: string | undefined;
}

const LOTS = { maxBuffer: 2 ** 31 - 1 };

/** What a commit of a repository has, or what it has and `base` has not; on top of `base`, where it is given. */
export function importStream(repository: string, commit: string, base?: string): ImportStream {
  const changed = base === undefined ? listed(repository, commit) : changes(repository, base, commit);
  const known = new Set(base === undefined ? [] : listed(repository, base).map(({ id }) => id));
  const ids = [...new Set(changed.flatMap(({ id }) => (id === undefined || known.has(id) ? [] : [id])))];
  const marks = new Map(ids.map((id, index) => [id, `:${index + 1}`]));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const contents = execFileSync('git', ['cat-file', '--batch', '--buffer'], {
    cwd: repository,
    input: ids.join('\n'),
    ...LOTS,
  });
  let offset = 0;
  for (const id of ids) {
    const end = contents.indexOf(0x0a, offset);
    const size = Number(contents.toString('latin1', offset, end).split(' ')[2]);
    chunks.push(Buffer.from(`blob\nmark ${marks.get(id)}\ndata ${size}\n`));
    chunks.push(contents.subarray(end + 1, end + 2 + size));
    offset = end + 2 + size;
    bytes += size;
  }
  const lines = changed.map(({ path, id }) =>
    id === undefined ? `D ${path}\n` : `M 100644 ${marks.get(id) ?? id} ${path}\n`,
  );
  const from = base === undefined ? '' : `from ${base}\n`;
  chunks.push(
    Buffer.from(
      `commit refs/heads/bundles\ncommitter a <a@example.test> 1 +0000\ndata 2\nm\n${from}${lines.join('')}\ndone\n`,
    ),
  );
  return { chunks: joined(chunks), blobs: ids.length, bytes };
}

/** The time that `git fast-import --depth=0` takes for it, in a repository that has what `from` has at that ref. */
export async function measureFloor(
  stream: ImportStream,
  { folder, from }: { folder: string; from?: { repository: string; ref: string } },
): Promise<MeasuredRun> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', folder]);
  if (from)
    execFileSync('git', ['fetch', '--quiet', from.repository, `${from.ref}:refs/heads/bundles`], {
      cwd: folder,
    });
  const args = ['fast-import', '--quiet', '--done', '--depth=0'] as const;
  return await measuredRun(['git', ...args], { cwd: folder, input: stream.chunks });
}

function listed(repository: string, commit: string): Changed[] {
  const lines = execFileSync('git', ['ls-tree', '-r', '-z', commit], { cwd: repository, ...LOTS });
  return lines
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((line) => ({ id: line.slice(12, 52), path: line.slice(53) }));
}

function changes(repository: string, base: string, commit: string): Changed[] {
  const args = ['diff-tree', '-r', '-z', '--no-renames', base, commit];
  const parts = execFileSync('git', args, { cwd: repository, ...LOTS })
    .toString('utf8')
    .split('\0');
  const changed: Changed[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, , , id, status] = parts[at]!.split(' ');
    changed.push({ path: parts[at + 1]!, id: status === 'D' ? undefined : id! });
  }
  return changed;
}

const CHUNK = 1 << 20;

function joined(pieces: readonly Uint8Array[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    parts.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    chunks.push(Buffer.concat(parts));
    parts = [];
    size = 0;
  }
  return [...chunks, Buffer.concat(parts)];
}
