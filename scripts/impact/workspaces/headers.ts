import type { Random } from '../../conformance/random.ts';
import { needed, type Piece } from './draft.ts';

/** What the first line of a template may say, and how its tags are then written. */
const HEADERS: readonly { readonly header: string; readonly rewrite?: (text: string) => string }[] = [
  { header: '#jinja2: trim_blocks: False' },
  { header: '#jinja2: lstrip_blocks: True, trim_blocks: True' },
  { header: '#jinja2: keep_trailing_newline: False' },
  {
    header: "#jinja2: variable_start_string: '[[', variable_end_string: ']]'",
    rewrite: (text) => text.replaceAll('{{', '[[').replaceAll('}}', ']]'),
  },
  {
    header: "#jinja2: block_start_string: '<%', block_end_string: '%>'",
    rewrite: (text) => text.replaceAll('{%', '<%').replaceAll('%}', '%>'),
  },
  {
    header: "#jinja2: comment_start_string: '<#', comment_end_string: '#>'",
    rewrite: (text) => text.replaceAll('{#', '<#').replaceAll('#}', '#>'),
  },
  {
    header: "#jinja2: line_statement_prefix: '%%', line_comment_prefix: '##'",
    rewrite: (text) =>
      text.replaceAll(/^\{% ([^%\n]*) %\}$/gm, '%% $1').replaceAll(/^\{# ([^#\n]*) #\}$/gm, '## $1'),
  },
];

/** A template, one in three with a header. */
export function withHeader(random: Random, pieces: readonly Piece[]): Piece[] {
  if (!random.oneIn(3)) return [...pieces];
  const { header, rewrite = (text: string) => text } = random.pick(HEADERS);
  return [needed(header), ...pieces.map(({ text, ...piece }) => ({ ...piece, text: rewrite(text) }))];
}
