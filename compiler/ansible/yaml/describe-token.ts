import type { YamlNode } from './node.ts';
import type { Token } from './token.ts';

/** What a person calls a token. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'scalar':
      return 'a text';
    case 'key':
      return 'a key';
    case 'value':
      return "':'";
    case 'block end':
      return 'the end of its block';
    case 'block mapping':
      return 'a mapping';
    case 'block sequence':
      return 'a list';
    case 'end of file':
      return 'the end of the file';
    case 'alias':
    case 'anchor':
      return `an ${token.kind}`;
    case 'directive':
    case 'tag':
      return `a ${token.kind}`;
    default:
      return `'${token.kind}'`;
  }
}

/** What to do where a mapping ends too early; `last` is its last value. */
export function hintFor(last: YamlNode | undefined): string {
  if (last?.kind === 'mapping' && last.flow) return 'put a value that begins with {{ in quotes';
  if (last?.kind === 'scalar' && !last.plain)
    return 'a value that begins with a quote must end with it; put the whole value in quotes';
  return 'keys of one mapping begin in the same column';
}
