import { expect, test } from 'vitest';
import type { Format } from '../../1-load/component.ts';
import { markedText } from '../../3-render/filled-content.ts';
import { fillHoles, HoleText, type HoleValues } from '../../ansible/ansible.ts';
import { effectOf, meaningOf } from '../effect/effect.ts';
import { checkFormat } from './check-format.ts';
import { holesAreTexts } from './text-holes.ts';

const NAMES = [
  'h',
  'u12ab',
  'amp',
  'xml',
  'true',
  'a.b',
  'db-1.example.test',
  'z9-8-7',
  'n'.repeat(64),
  'e5',
];
const HOSTS = NAMES.map((name): HoleValues => {
  return { inventory_hostname: name, inventory_hostname_short: name.split('.', 1)[0]! };
});

/** A text with holes: `@` stands for the name, `%` for the short one. */
function withHoles(text: string) {
  const { marked: whole } = HoleText.of('inventory_hostname');
  const { marked: short } = HoleText.of('inventory_hostname_short');
  const content = { text: text.replaceAll('@', whole).replaceAll('%', short), head: {}, secrets: [] };
  return markedText(content as unknown as Parameters<typeof markedText>[0])!;
}

const ALIKE: [Format, string][] = [
  ['text', '@ % <&"\\u% {'],
  ['xml', '<?xml version="1.0"?>\n<!-- @-% -->\n<a><b>@:1</b>x-@-y%</a>'],
  [
    'xml',
    '<configuration><property><name>b</name><value>@</value></property><property><name>a</name><value>%é"</value></property></configuration>',
  ],
  ['xml', '<a>&lt;@&amp;</a>'],
  ['properties', '# @\n! %\na=@\nb : x@y:%=\nc = \\\n  @\nd=\\u00e9@\n'],
  ['properties', 'b=@\na=%\na=@ \n'],
];

test.each(ALIKE)('%s: %s', (format, text) => {
  const holed = withHoles(text);
  expect(holesAreTexts(holed, format)).toBe(true);
  const meaning = holed.cut(meaningOf(holed.marked, format));
  for (const host of HOSTS) {
    const filled = fillHoles(holed.cut(holed.marked), host);
    expect(filled).toBe(
      text.replaceAll('@', host.inventory_hostname).replaceAll('%', host.inventory_hostname_short),
    );
    expect(checkFormat(filled, format)).toBeUndefined();
    expect(meaningOf(filled, format)).toBe(fillHoles(meaning, host));
    expect(effectOf(filled, format)).toMatch(/^[0-9a-f]{64}$/);
  }
});

const LOOKED_AT: [Format, string][] = [
  ['xml', '<a @="1"/>'],
  ['xml', '<a b="@"/>'],
  ['xml', '<@>x</@>'],
  ['xml', '<@>x</%>'],
  ['xml', '<a>&@;</a>'],
  ['xml', '<a>&am%;</a>'],
  ['xml', '<a><?@ x?></a>'],
  ['xml', '<?x @?><a/>'],
  ['xml', '<a><![CDATA[@]]></a>'],
  [
    'xml',
    '<configuration><property><name>@</name></property><property><name>b</name></property></configuration>',
  ],
  // What looks like a comment's begin and end is none.
  [
    'xml',
    '<configuration><?x <!-- ?><property><name>b</name><value>@ --></value></property><property><name>@</name></property></configuration>',
  ],
  ['xml', '<a>@'],
  ['xml', '@'],
  ['text', '{{@:secret:'],
  ['properties', '@=1\n'],
  ['properties', 'a=1\nx.@ = 2\n'],
  ['properties', 'a=\\@\n'],
  ['properties', 'a=\\u@\n'],
  ['properties', 'a=\\\\@\n'],
  ['properties', '@\n'],
  ['ini', '[a]\nb=@\n'],
  ['json', '{"a": "@"}'],
  ['yaml', 'a: @x\n'],
];

test.each(LOOKED_AT)('%s, host by host: %s', (format, text) => {
  expect(holesAreTexts(withHoles(text), format)).toBe(false);
});
