import { ENTITIES } from './entities-table.ts';

const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g;

/** What browsers read for numbers that name no character, or a control character of Windows-1252. */
const REPLACED = new Map([
  [0x00, '\ufffd'],
  [0x0d, '\r'],
  ...Array.from(
    '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178',
    (char, index) => [0x80 + index, char] as const,
  ),
]);

/** Python's html.unescape. */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (_, reference: string) => {
    if (reference.startsWith('#')) return numeric(reference);
    const whole = ENTITIES.get(reference);
    if (whole !== undefined) return whole;
    for (let length = reference.length - 1; length > 1; length--) {
      const known = ENTITIES.get(reference.slice(0, length));
      if (known !== undefined) return known + reference.slice(length);
    }
    return `&${reference}`;
  });
}

function numeric(reference: string): string {
  const digits = reference.slice(1).replace(/;$/, '');
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  const replaced = REPLACED.get(code);
  if (replaced !== undefined) return replaced;
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return '\ufffd';
  return isInvalid(code) ? '' : String.fromCodePoint(code);
}

function isInvalid(code: number): boolean {
  if (code >= 0x1 && code <= 0x8) return true;
  if (code === 0xb || (code >= 0xe && code <= 0x1f) || (code >= 0x7f && code <= 0x9f)) return true;
  return (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
}
