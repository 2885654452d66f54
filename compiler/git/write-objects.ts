import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { type ObjectType, objectId } from './objects.ts';
import { git, type Repository } from './repository.ts';

/** An object to store. */
export interface NewObject {
  readonly type: ObjectType;
  readonly content: Uint8Array;
}

/** The numbers of the types in a pack (gitformat-pack). */
const PACK_TYPES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/**
 * Stores objects as they are, all in one run of git, and gives their ids in order. For objects that no porcelain makes,
 * such as signed commits by the thousand: they go to git as one pack, which is checked and made durable before this
 * returns.
 */
export async function writeObjects(repository: Repository, objects: readonly NewObject[]): Promise<string[]> {
  const ids = objects.map(({ type, content }) => objectId(type, content));
  const distinct = new Map(ids.map((id, index) => [id, objects[index]!]));
  if (distinct.size > 0) {
    const isMany = distinct.size >= PACK_FROM;
    const args = isMany ? ['index-pack', '--stdin', '--strict'] : ['unpack-objects', '-q', '--strict'];
    await git(repository, args, { input: formatPack([...distinct.values()]) });
  }
  return ids;
}

/** Fewer objects are stored as single files, as git does with what it fetches: many small packs make it slow. */
const PACK_FROM = 100;

/** A pack of whole objects, without deltas. */
function formatPack(objects: readonly NewObject[]): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects.length, 8);
  const parts: Buffer[] = [header];
  for (const { type, content } of objects)
    parts.push(entryHeader(type, content.length), deflateSync(content));
  const body = Buffer.concat(parts);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** Type and size: four bits of the size in the first byte, then seven in each. */
function entryHeader(type: ObjectType, size: number): Buffer {
  const bytes = [(PACK_TYPES[type] << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}
