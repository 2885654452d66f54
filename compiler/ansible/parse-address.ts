const HEX_RANGE = String.raw`\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]`;
const NUMERIC_RANGE = String.raw`\[[0-9]+:[0-9]+(?::[0-9]+)?\]`;
const ANY_RANGE = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const WORD = String.raw`[\p{L}\p{N}_]`;
const V4_PART = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${NUMERIC_RANGE})`;
const V6_PART = `(?:[0-9a-f]{1,4}|${HEX_RANGE})`;
const LABEL = `(?:${WORD}|${ANY_RANGE})(?:${WORD}|-|${ANY_RANGE})*(?<![_-])`;

// ansible/parsing/utils/addresses.py, whose IPv6 pattern is anchored at its first and last alternatives only.
const BRACKETED_PORT = /^\[(.+)\]:([0-9]+)$/u;
const PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/u;
const ADDRESSES = [
  new RegExp(String.raw`^(?:${V4_PART}\.){3}${V4_PART}$`, 'iu'),
  new RegExp(
    `^(?:${[
      `(?:${V6_PART}:){7}${V6_PART}`,
      `(?:${V6_PART}:){1,6}:`,
      `(?:${V6_PART}:)(?::${V6_PART}){1,6}`,
      `(?:${V6_PART}:){2}(?::${V6_PART}){1,5}`,
      `(?:${V6_PART}:){3}(?::${V6_PART}){1,4}`,
      `(?:${V6_PART}:){4}(?::${V6_PART}){1,3}`,
      `(?:${V6_PART}:){5}(?::${V6_PART}){1,2}`,
      `(?:${V6_PART}:){6}(?::${V6_PART})`,
      `:(?::${V6_PART}){1,6}`,
      `${V6_PART}?::`,
      String.raw`(?:0:){6}(?:${V6_PART}\.){3}${V6_PART}`,
      String.raw`::(?:ffff:)?(?:${V6_PART}\.){3}${V6_PART}`,
      String.raw`(?:0:){5}ffff:(?:${V6_PART}\.){3}${V6_PART}$`,
    ].join('|')})`,
    'iu',
  ),
  new RegExp(String.raw`^${LABEL}(?:\.${LABEL})*$`, 'iu'),
];

/** An address, an IPv6 one without its brackets, and its port. */
export interface Address {
  readonly address: string;
  readonly port: number | undefined;
}

/**
 * The name of a host, or an IP address, with the ranges that may stand in each, and perhaps a port: what parse_address of
 * Ansible takes. Undefined for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  let address = text;
  let port: number | undefined;
  for (const form of [BRACKETED_PORT, PORT]) {
    const match = form.exec(address);
    if (match) [address, port] = [match[1]!, Number(match[2])];
  }
  return ADDRESSES.some((form) => form.test(address)) ? { address, port } : undefined;
}
