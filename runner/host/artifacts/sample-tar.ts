import { gzipSync } from 'node:zlib';

/** For tests: an entry of an archive; a file of 0644 where not said. */
export interface SampleTarEntry {
  readonly name: string;
  readonly type?: string;
  readonly mode?: number;
  readonly body?: string | Uint8Array;
  readonly target?: string;
  readonly group?: string;
  /** What the header says, where it is not the body's. */
  readonly size?: number;
  readonly magic?: string;
}

/** For tests: an archive, made by hand so that it can say what no program would write. */
export function sampleTar(entries: readonly SampleTarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]);
}

/** For tests: the same, compressed. */
export function sampleTarball(entries: readonly SampleTarEntry[]): Buffer {
  return gzipSync(sampleTar(entries));
}

/** For tests: a record of a pax header. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (Buffer.byteLength(`${length}${rest}`) !== length) length += 1;
  return `${length}${rest}`;
}

function blocksOf(entry: SampleTarEntry): Buffer[] {
  const { name, type = '0', mode = 0o644, body = '', target = '', group = 'root', magic = 'ustar\0' } = entry;
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(entry.size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156, 1, 'latin1');
  header.write(target, 157, 100);
  header.write(`${magic}00`, 257, 8, 'latin1');
  header.write('root', 265);
  header.write(group, 297, 32);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}
