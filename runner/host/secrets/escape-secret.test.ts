import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { escapeSecret } from './escape-secret.ts';

const CLEAR = [
  'plain',
  '&<>"\'',
  ']]>',
  'a\\b',
  'tab\there',
  ' spaces ',
  'line\nbreak\r\n',
  'ä€😀',
  '\u0085\u2028',
  '$x %(y)s {{ z }}',
  '# ; = : !',
  '',
];

const textOf = (clear: string, format: Parameters<typeof escapeSecret>[1]): string => {
  const escaped = escapeSecret(clear, format);
  if ('problem' in escaped) throw new Error(escaped.problem);
  return escaped.text;
};

/** The value of the first entry as java.util.Properties.load reads it. */
function readProperties(text: string): string {
  const value = /^k=[ \t\f]*((?:\\.|[^\\\n\r])*)$/s.exec(text)![1]!;
  return value.replace(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, code?: string, char?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return { t: '\t', n: '\n', r: '\r', f: '\f' }[char!] ?? char!;
  });
}

function readXml(text: string): string[] {
  const read: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ attributes }) => read.push(...Object.values(attributes as Record<string, string>)));
  parser.on('text', (part) => read.push(part));
  parser.write(text).close();
  return read;
}

describe('a clear text is read as it is', () => {
  test.each(CLEAR)('%j', (clear) => {
    expect(JSON.parse(`"${textOf(clear, 'json')}"`)).toBe(clear);
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(`a: "${textOf(clear, 'yaml')}"\n`, { version })).toEqual({ a: clear });
    }
    const folded = parse(`a: "x\n  ${textOf(clear, 'yaml')}\n  y"\n`) as { a: string };
    if (clear !== '') expect(folded).toEqual({ a: `x ${clear} y` });
    const xml = textOf(clear, 'xml');
    expect(xml).not.toMatch(/[<>"']/);
    const read = readXml(`<a b="${xml}" c='${xml}'>${xml}</a>`);
    expect(read.slice(0, 2)).toEqual([clear, clear]);
    expect(read.slice(2).join('')).toBe(clear);
    expect(readProperties(`k=${textOf(clear, 'properties')}`)).toBe(clear);
    expect(textOf(clear, 'text')).toBe(clear);
  });
});

test.each(['plain', 'a=b:c', 'p%w', 'x"y', 'ä€😀', 'a;b#c', '$x'])('INI writes %j as it is', (clear) => {
  expect(textOf(clear, 'ini')).toBe(clear);
});

test.each(['a\nb', 'a\r', '\0', ' a', 'a ', '"a"', "'a", 'a ;b', 'a #b', ';a', '#a', 'a\\', 'a\u2028b'])(
  'INI cannot hold %j',
  (clear) => {
    const refused = escapeSecret(clear, 'ini');
    expect(refused).toHaveProperty('problem');
  },
);

test('XML cannot hold a control character, and nothing holds half a character', () => {
  expect(escapeSecret('a\u0001', 'xml')).toHaveProperty('problem');
  expect(escapeSecret('a\ufffe', 'xml')).toHaveProperty('problem');
  expect(escapeSecret('\ud800', 'json')).toHaveProperty('problem');
});
