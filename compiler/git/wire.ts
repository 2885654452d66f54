/** Reads the binary format of SSH (RFC 4251): big-endian numbers, and strings with their length before them. */
export interface WireReader {
  /** The next `length` bytes; undefined where fewer are left. */
  bytes(length: number): Buffer | undefined;
  uint32(): number | undefined;
  string(): Buffer | undefined;
  /** All that is left. */
  rest(): Buffer;
  /** Whether nothing is left. */
  atEnd(): boolean;
}

/** A reader that starts at the first of the bytes. It never throws: what is cut off reads as undefined. */
export function wireReader(source: Uint8Array): WireReader {
  const buffer = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  let offset = 0;
  const bytes = (length: number): Buffer | undefined => {
    if (offset + length > buffer.length) return undefined;
    offset += length;
    return buffer.subarray(offset - length, offset);
  };
  const uint32 = (): number | undefined => bytes(4)?.readUInt32BE(0);
  return {
    bytes,
    uint32,
    string: () => {
      const length = uint32();
      return length === undefined ? undefined : bytes(length);
    },
    rest: () => bytes(buffer.length - offset)!,
    atEnd: () => offset === buffer.length,
  };
}

/** A number as four bytes. */
export function wireUint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

/** A string as its length and its bytes (a text as UTF-8). */
export function wireString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([wireUint32(bytes.length), bytes]);
}
