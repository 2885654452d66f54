import { expect, test } from 'vitest';
import { renderNotes } from './render-notes.ts';

test('Markdown as people write it, its headings below those of the page', async () => {
  const html = await renderNotes(
    '# Fixes\n\nSee **HDFS-1** and `dfs.replication`, ~~no~~ [more](https://example.org/a?b=1&c=2).\n\n| a |\n|--:|\n| 1 |\n\n```xml\n<a/>\n```\n\n- [x] done\n',
  );
  expect(html).toContain('<h3 id="note-1">Fixes</h3>');
  expect(html).toContain('<strong>HDFS-1</strong>');
  expect(html).toContain('<code>dfs.replication</code>');
  expect(html).toContain('<a href="https://example.org/a?b=1&#x26;c=2">more</a>');
  expect(html).toContain('<td align="right">1</td>');
  expect(html).toContain('&#x3C;a/>');
  expect(html).toContain('done');
});

test.each([
  ['a script', 'a\n\n<script>alert(1)</script>\n\nb'],
  ['a script within a line', 'a <script>alert(1)</script> b'],
  ['an event', '<p onclick="alert(1)">a</p>'],
  ['an event without a quote', '<svg/onload=alert(1)>'],
  ['an image from elsewhere', '![x](https://example.org/x.png) ![x][y]\n\n[y]: https://example.org/y.png'],
  ['an image tag', '<img src=x onerror=alert(1)>'],
  [
    'a link that runs',
    '[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html;base64,PHNjcmlwdD4=)',
  ],
  ['a link that runs, with a reference', '[x][y]\n\n[y]: javascript:alert(1)'],
  ['a link that runs, hidden by an entity', '[x](java&#x73;cript:alert(1)) <javascript:alert(1)>'],
  ['a frame', '<iframe src="https://example.org"></iframe>'],
  ['a form', '<form action="https://example.org"><input name="password"><button>ok</button></form>'],
  ['a style', '<style>body { display: none }</style>\n<p style="position: fixed">a</p>'],
  [
    'a page of its own',
    '</article></main></body><base href="https://example.org"><meta http-equiv="refresh" content="0">',
  ],
  ['an id of the page', '<a id="main" name="main">x</a>\n\n# main {#main}'],
  ['a comment that hides', '<!-- a --><!--[if IE]><script>alert(1)</script><![endif]-->'],
  [
    'a link into the workspace',
    '[other](1.1.5-hadoop2.md) [up](../x) [root](/etc) [here](#main) [net](//example.org)',
  ],
  ['a footnote', 'a[^1]\n\n[^1]: b <b onmouseover=alert(1)>c</b>'],
])('nothing that runs, loads, sends or leads astray: %s', async (_, markdown) => {
  const html = await renderNotes(markdown);
  expect(html).not.toMatch(
    /<(?:script|img|iframe|form|input|button|style|svg|base|meta|link|object|embed|article|main|body)\b/i,
  );
  expect(html).not.toMatch(/<[^>]+\s(?:on\w+|style|src|srcset|action|name|class)\s*=/i);
  expect(html).not.toMatch(/\sid="(?!note-\d+")/);
  for (const [, href] of html.matchAll(/\shref="([^"]*)"/g)) expect(href).toMatch(/^(?:https?:\/\/|mailto:)/);
});
