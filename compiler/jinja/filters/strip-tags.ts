import { splitSpace } from '../values/text.ts';
import { unescapeHtml } from './entities.ts';

/** Markup.striptags: no comments and tags, white space collapsed, entities resolved. */
export function stripTags(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let start = text.indexOf('<', at); start !== -1; start = text.indexOf('<', at)) {
    const comment = text.startsWith('<!--', start);
    const end = comment ? text.indexOf('-->', start + 4) : text.indexOf('>', start);
    if (end === -1) break;
    parts.push(text.slice(at, start));
    at = end + (comment ? 3 : 1);
  }
  return unescapeHtml(splitSpace(parts.join('') + text.slice(at)).join(' '));
}
