/** An entry of a tar archive, as its headers say. Nothing of it is checked yet. */
export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  /** All twelve bits. */
  readonly mode: number;
  /** Bytes of its body. */
  readonly size: number;
  /** Of links. */
  readonly target: string;
  readonly group: string;
}

/** An archive that is not what it should be: one sentence without a full stop. */
export class BadArchive extends Error {}

const BLOCK = 512;

/** Bytes of one header of names: room for the longest path that Linux has, and for what others put beside it. */
const MAX_NAMES = 1 << 20;

/**
 * Reads a tar archive of POSIX (ustar, pax) or GNU's long names, entry after entry. `body` gives the bytes of an entry in
 * pieces; what is not read of it is skipped. Throws BadArchive for damage, for a sparse file, and for what POSIX does not
 * define.
 */
export async function* readTar(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly entry: TarEntry; readonly body: AsyncIterable<Uint8Array> }> {
  const source = sourceOf(input);
  let names: Names = {};
  for (;;) {
    const block = await source.take(BLOCK);
    if (!block || block.every((byte) => byte === 0)) return;
    const header = parseHeader(block);
    if ('xgLK'.includes(header.type)) {
      if (header.size > MAX_NAMES) throw new BadArchive(`a header of ${header.size} bytes`);
      const bytes = await source.take(header.size);
      if (!bytes) throw new BadArchive('it is cut off');
      await source.skip(padding(header.size));
      names = { ...names, ...readNames(header.type, bytes) };
      continue;
    }
    const entry = entryOf(header, names);
    names = {};
    // A link or a folder has no body, whatever its size says.
    let left = entry.kind === 'file' || entry.kind === 'other' ? entry.size : 0;
    const rest = padding(left);
    const body = (async function* () {
      while (left > 0) {
        const piece = await source.some(left);
        left -= piece.length;
        yield piece;
      }
    })();
    yield { entry, body };
    await source.skip(left + rest);
  }
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

interface Source {
  /** Exactly these many bytes; undefined at the end. */
  take(size: number): Promise<Buffer | undefined>;
  /** At least one byte, and no more than these. */
  some(most: number): Promise<Buffer>;
  skip(size: number): Promise<void>;
}

function sourceOf(input: AsyncIterable<Uint8Array>): Source {
  const chunks = input[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { value, done } = await chunks.next();
    if (done) return false;
    const next = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    held = held.length === 0 ? next : Buffer.concat([held, next]);
    return true;
  };
  const cut = (size: number): Buffer => {
    const piece = held.subarray(0, size);
    held = held.subarray(size);
    return piece;
  };
  const some = async (most: number): Promise<Buffer> => {
    while (held.length === 0) if (!(await more())) throw new BadArchive('it is cut off');
    return cut(Math.min(most, held.length));
  };
  return {
    take: async (size) => {
      while (held.length < size) {
        if (await more()) continue;
        if (held.length > 0) throw new BadArchive('it is cut off');
        return undefined;
      }
      return cut(size);
    },
    some,
    skip: async (size) => {
      for (let left = size; left > 0; ) left -= (await some(left)).length;
    },
  };
}

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly type: string;
  readonly linkName: string;
  readonly group: string;
}

/** What a header of names says of the entry behind it. */
interface Names {
  readonly path?: string;
  readonly target?: string;
  readonly size?: number;
  readonly group?: string;
}

function parseHeader(block: Buffer): Header {
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (number(block, 148, 8) !== sum) throw new BadArchive('the checksum of a header is wrong');
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(block, 100, 8) & 0o7777,
    size: number(block, 124, 12),
    type: String.fromCharCode(block[156]!),
    linkName: text(block, 157, 100),
    group: block.toString('latin1', 257, 262) === 'ustar' ? text(block, 297, 32) : '',
  };
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return decoded(block.subarray(start, end < 0 || end > start + length ? start + length : end));
}

function decoded(bytes: Buffer): string {
  const name = bytes.toString('utf8');
  if (!Buffer.from(name, 'utf8').equals(bytes)) throw new BadArchive('a name is not UTF-8');
  return name;
}

/** Octal digits, or GNU's binary form for what they don't hold. */
function number(block: Buffer, start: number, length: number): number {
  const field = block.subarray(start, start + length);
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    if (Number.isSafeInteger(value)) return value;
  }
  const digits = /^ *([0-7]*)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  if (digits === undefined) throw new BadArchive('a number in a header is wrong');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function readNames(type: string, bytes: Buffer): Names {
  if (type === 'L') return { path: decoded(withoutEnd(bytes)) };
  if (type === 'K') return { target: decoded(withoutEnd(bytes)) };
  const records = readRecords(bytes);
  if ([...records.keys()].some((key) => key.startsWith('GNU.sparse'))) {
    throw new BadArchive('it holds a sparse file, which is not supported');
  }
  const [path, target, size, group] = ['path', 'linkpath', 'size', 'gname'].map((key) => records.get(key));
  if (type === 'g') {
    // Of all entries that follow: git and others leave a comment there. A name for all would be nonsense.
    if ([path, target, size].some((value) => value !== undefined))
      throw new BadArchive('a global header names an entry');
    return {};
  }
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw new BadArchive('a size in a header is wrong');
  return {
    ...(path !== undefined && { path }),
    ...(target !== undefined && { target }),
    ...(size !== undefined && { size: Number(size) }),
    ...(group !== undefined && { group }),
  };
}

function withoutEnd(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** The records of a pax header: `LENGTH KEY=VALUE\n`, the length in bytes, its own digits included. */
function readRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const digits = bytes.toString('latin1', at, Math.max(at, space));
    const end = at + Number(digits);
    const sound = /^[1-9]\d{0,6}$/.test(digits) && end <= bytes.length && bytes[end - 1] === 0x0a;
    const equals = bytes.indexOf(0x3d, space);
    if (!sound || equals < 0 || equals >= end) throw new BadArchive('a header of names is wrong');
    const key = bytes.toString('latin1', space + 1, equals);
    const value = bytes.subarray(equals + 1, end - 1);
    // What else is said of a file (times, attributes) may be anything.
    if (['path', 'linkpath', 'size', 'gname'].includes(key)) records.set(key, decoded(value));
    else records.set(key, '');
    at = end;
  }
  return records;
}

const KINDS: Readonly<Record<string, TarEntry['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
};

function entryOf(header: Header, names: Names): TarEntry {
  const path = names.path ?? header.name;
  const kind = KINDS[header.type] ?? 'other';
  return {
    path,
    // Before POSIX a folder was a file whose name ends in a slash.
    kind: kind === 'file' && path.endsWith('/') ? 'directory' : kind,
    mode: header.mode,
    size: names.size ?? header.size,
    target: names.target ?? header.linkName,
    group: names.group ?? header.group,
  };
}
