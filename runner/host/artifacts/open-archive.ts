import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { BadArchive } from './read-tar.ts';

/** The bytes of a tarball without their compression, which is told by its first bytes: gzip, zstd or none. */
export function openArchive(path: string): AsyncIterable<Uint8Array> {
  const decompress = decompressorOf(firstBytes(path));
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  return decompress ? piped(file, decompress) : file;
}

async function* piped(
  file: NodeJS.ReadableStream & { destroy(): void },
  decompress: NodeJS.ReadWriteStream & { destroy(error?: Error): void },
): AsyncGenerator<Uint8Array> {
  file.on('error', (error) => decompress.destroy(error));
  file.pipe(decompress);
  try {
    for await (const chunk of decompress) yield chunk as unknown as Uint8Array;
  } catch (error) {
    if (/^Z_|^ZSTD_/.test((error as NodeJS.ErrnoException).code ?? '')) {
      throw new BadArchive(`its compression is damaged (${(error as Error).message})`);
    }
    throw error;
  } finally {
    file.destroy();
    decompress.destroy();
  }
}

function decompressorOf(start: Buffer) {
  const magic = start.toString('hex');
  if (magic.startsWith('1f8b')) return zlib.createGunzip();
  if (magic.startsWith('28b52ffd')) {
    // Node has it from 22.15 on.
    if ('createZstdDecompress' in zlib) return zlib.createZstdDecompress();
    throw new BadArchive('it is compressed with zstd, which this Node cannot read; use gzip');
  }
  if (magic.startsWith('fd377a585a00')) throw new BadArchive('it is compressed with xz; use gzip');
  if (magic.startsWith('425a68')) throw new BadArchive('it is compressed with bzip2; use gzip');
  if (magic.startsWith('504b0304')) throw new BadArchive('it is a zip file; use a tarball');
  return undefined;
}

function firstBytes(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(6);
    return bytes.subarray(0, readSync(fd, bytes, 0, 6, 0));
  } finally {
    closeSync(fd);
  }
}
