import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsedMeaning, xmlMeaning } from '../effect/xml.ts';
import { plainXml } from './plain-xml.ts';
import { checkParsed } from './xml.ts';

const PARTS = [
  '<configuration>',
  '</configuration>',
  '<property>',
  '</property>',
  '<name>',
  '</name>',
  '<name>a</name>',
  '<value>1</value>',
  '<value/>',
  '<a>',
  '</a>',
  '</a >',
  '<a />',
  '<a b="c">',
  '<a:b/>',
  '<-a/>',
  '<1/>',
  '</ a>',
  '<é/>',
  '<!-- c -->',
  '<!---->',
  '<!--->',
  '<!-- a--b -->',
  '<!-- a--->',
  '<![CDATA[x]]>',
  '<?xml version="1.0"?>',
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<?xml version="1.1"?>',
  '<?xml-stylesheet href="x"?>',
  '<?p?>',
  '<?p ?a?>',
  '<?XML x?>',
  '<!DOCTYPE a>',
  ' ',
  '\n',
  '\t',
  '\r\n',
  'text',
  ' spaces around ',
  '&amp;',
  '&lt;x&gt;',
  '&quot;&apos;',
  '&#65;',
  '&',
  '&amp',
  '&other;',
  '>',
  ']]>',
  ']]',
  '\u0000',
  '\u0001',
  '\u007f',
  '\u0085',
  '\u2028',
  '\ufffe',
  '\ufeff',
  '\ud800',
  '😀',
  '<',
  '"',
];

/** Whether the parser agrees: what is plain is well-formed, and means the same. */
function agrees(text: string): boolean {
  if (!plainXml(text)) return false;
  expect(checkParsed(text), JSON.stringify(text)).toBeUndefined();
  expect(xmlMeaning(text), JSON.stringify(text)).toEqual(parsedMeaning(text));
  return true;
}

test('what is read as plain is well-formed to the parser and means the same', () => {
  let plain = 0;
  const nest = (inner: string) => [inner, `<a>${inner}</a>`, `<configuration>${inner}</configuration>`];
  const part = fc.constantFrom(...PARTS);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.array(part, { maxLength: 2 }), (inner, around) => {
      for (const text of nest(inner.join('')))
        for (const whole of [text, around.join('') + text, text + around.join('')])
          plain += Number(agrees(whole));
    }),
    { numRuns: 1500 },
  );
  expect(plain).toBeGreaterThan(300);
});

test.each([
  '<a/>',
  '<?xml version="1.0"?>\n<!-- c -->\n<?xml-stylesheet type="text/xsl" href="configuration.xsl"?>\n<a>\n</a>\n<!-- end -->\n',
  '<configuration>\n  <property>\n<name> a </name><value>1 &lt; 2 &amp;&amp; "x"</value>\n</property>\n</configuration>',
  '<configuration><property><name>b</name></property><property><name>a<!-- c -->b</name><final/></property></configuration>',
  '<a>x<b/>y<c>z</c></a>',
])('%j is plain', (text) => {
  expect(agrees(text)).toBe(true);
});
