import { steps, UnsupportedError } from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import { normalizePath } from '../filters/path-filters.ts';
import { Regex } from '../regex/regex.ts';
import { activeTemplar } from '../templar/active-templar.ts';
import { noteSearch } from '../templar/evaluation.ts';

/** The path of a text of the workspace, searched as Ansible does: in a subfolder of each folder, then in the folder. */
export function findPath(name: string, subfolder: string): string | undefined {
  const { texts, searchPath, recorder } = activeTemplar();
  if (name.startsWith('/') || name.startsWith('~')) {
    throw new UnsupportedError(
      `'${name}' is a file of the machine; only the files of the workspace can be read`,
    );
  }
  noteSearch();
  steps((2 + (name.length >> 3)) * (1 + searchPath.length));
  for (const folder of ['', ...searchPath]) {
    for (const path of [`${folder}/${subfolder}/${name}`, `${folder}/${name}`]) {
      const found = normalizePath(path.replace(/^\/+/, ''));
      const exists = texts.has(found);
      recorder?.read({ kind: exists ? 'text' : 'absent', path: found });
      if (exists) return found;
    }
  }
  return undefined;
}

/** A text of the workspace and its path; an error where there is none. */
export function readText(name: string, subfolder: string): { path: string; text: string } {
  const path = findPath(name, subfolder);
  if (path === undefined) {
    throw new AnsibleError(`could not locate file in lookup: ${name}`);
  }
  return { path, text: activeTemplar().texts.get(path)! };
}

/** A text of the workspace that is no template: any change of it may count. */
export function readData(name: string, subfolder: string): string {
  const { path, text } = readText(name, subfolder);
  activeTemplar().recorder?.read({ kind: 'output', template: path, at: undefined });
  return text;
}

/** The paths of the workspace's texts that a glob fits, sorted; `*`, `?` and sets never fit a slash or a leading dot. */
export function globTexts(pattern: string): string[] {
  const { texts, recorder } = activeTemplar();
  steps(texts.size);
  recorder?.read({ kind: 'glob', pattern });
  // Counted on the render's account: a glob of many stars backtracks.
  const regex = new Regex(`${globSource(normalizePath(pattern))}\\Z`);
  return [...texts.keys()].filter((path) => regex.match(path) !== undefined).sort();
}

function globSource(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const starts = at === 0 || pattern[at - 1] === '/';
    if (char === '*') source += `${starts ? '(?!\\.)' : ''}[^/]*`;
    else if (char === '?') source += starts ? '[^/.]' : '[^/]';
    else if (char === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end === -1) source += '\\[';
      else {
        const body = pattern.slice(at + 1, end).replace(/[\\\]^]/g, '\\$&');
        source += `(?!/)[${body.startsWith('!') ? `^${body.slice(1)}` : body}]`;
        at = end;
      }
    } else source += char.replace(/[.+^${}()|\\]/, '\\$&');
  }
  return source;
}
