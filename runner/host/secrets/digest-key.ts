import { createHmac, randomBytes } from 'node:crypto';
import { createDurably } from '../apply/durable-file.ts';
import { inFolder, inFolderIfThere, type RootedDisk } from '../apply/folders.ts';
import { STATE_PATH } from '../config/layout.ts';
import { DamagedState } from '../state/read-generation.ts';

/** A digest that says nothing to those who don't have this host's key: HMAC-SHA-256, hex. */
export type KeyedDigest = (...parts: readonly (string | Uint8Array)[]) => string;

const FILE = 'secret-digest.key';
const KEY_BYTES = 32;

/** The digest of this host, whose key is made when there is none yet. The state directory is there. */
export function keyedDigest(rooted: RootedDisk): KeyedDigest {
  const known = readKey(rooted);
  if (known) return digestWith(known);
  const key = randomBytes(KEY_BYTES);
  inFolder(rooted, STATE_PATH, (state) => {
    const { disk } = rooted;
    const temporary = `${FILE}.new`;
    // Left behind by a crash.
    if (disk.look(state, temporary)) disk.unlink(state, temporary);
    createDurably(disk, state, { name: temporary, bytes: key, mode: 0o600 });
    disk.rename(state, temporary, FILE);
    disk.sync(state.fd);
  });
  return digestWith(key);
}

/** As keyedDigest, and makes nothing: without a key there is nothing yet to compare with. */
export function existingDigest(rooted: RootedDisk): KeyedDigest {
  return digestWith(readKey(rooted) ?? randomBytes(KEY_BYTES));
}

function readKey({ disk, root }: RootedDisk): Buffer | undefined {
  return inFolderIfThere({ disk, root }, STATE_PATH, (state) => {
    if (!disk.look(state, FILE)) return undefined;
    const key = disk.readFile(state, FILE);
    if (key.length !== KEY_BYTES) throw new DamagedState(`${state.path}/${FILE} is damaged`);
    return key;
  });
}

function digestWith(key: Buffer): KeyedDigest {
  return (...parts) => {
    const hmac = createHmac('sha256', key);
    for (const part of parts) {
      const bytes = Buffer.from(part as Uint8Array);
      // The length first: two parts never read as one.
      hmac.update(`${bytes.length}\n`).update(bytes);
    }
    return hmac.digest('hex');
  };
}
