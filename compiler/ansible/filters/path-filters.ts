import {
  asText,
  type PyFunction,
  pyFunction,
  steps,
  str,
  Tuple,
  typeError,
  typeName,
  Undefined,
  UnsupportedError,
  type Value,
  valueError,
  willMake,
} from '../../jinja/jinja.ts';
import { AnsibleFilterError } from '../errors.ts';
import { activeTemplar } from '../templar/active-templar.ts';
import { sequenceItems } from './sequence-items.ts';

/** Python's os.path of POSIX and ntpath, as far as they don't ask the machine. */
function pathText(value: Value): string {
  const text = asText(value);
  if (text === undefined) {
    if (value !== null && typeof value === 'object' && 'fail' in value) str(value);
    throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`);
  }
  return text;
}

/** os.path.basename */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** os.path.dirname */
export function dirName(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

/** os.path.join */
export function joinPaths(paths: readonly string[]): string {
  let joined = [paths[0] ?? ''];
  let last = joined[0]!;
  for (const path of paths.slice(1)) {
    if (path.startsWith('/')) joined = [path];
    else joined.push(last === '' || last.endsWith('/') ? path : `/${path}`);
    last = joined.at(-1)! || last;
  }
  return joined.join('');
}

/** os.path.normpath */
export function normalizePath(path: string): string {
  if (path === '') return '.';
  const root = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return root + parts.join('/') || '.';
}

function splitExtension(path: string): Tuple {
  const dot = path.lastIndexOf('.');
  const start = path.lastIndexOf('/') + 1;
  const leading = /^\.*/.exec(path.slice(start))![0].length;
  if (dot < start + leading) return new Tuple([path, '']);
  return new Tuple([path.slice(0, dot), path.slice(dot)]);
}

function relativePath(path: string, start: string): string {
  if (path === '') throw valueError('no path specified');
  const [to, from] = [normalizePath(path), normalizePath(start)];
  if (to.startsWith('/') !== from.startsWith('/') || to.startsWith('..') || from.startsWith('..')) {
    throw new UnsupportedError(
      'the relative path depends on the folder that Ansible runs in; give two absolute paths',
    );
  }
  const split = (text: string) => text.split('/').filter((part) => part !== '' && part !== '.');
  const [toParts, fromParts] = [split(to), split(from)];
  let common = 0;
  while (common < toParts.length && toParts[common] === fromParts[common]) common++;
  return [...fromParts.slice(common).map(() => '..'), ...toParts.slice(common)].join('/') || '.';
}

function commonPath(paths: readonly string[]): string {
  if (paths.length === 0) throw valueError('commonpath() arg is an empty sequence');
  const absolute = paths.map((path) => path.startsWith('/'));
  if (new Set(absolute).size > 1) throw valueError("Can't mix absolute and relative paths");
  const parts = paths.map((path) => {
    steps(path.length >> 2);
    return path.split('/').filter((part) => part !== '' && part !== '.');
  });
  const [first] = parts;
  let common = 0;
  while (common < first!.length && parts.every((other) => other[common] === first![common])) common++;
  return (absolute[0] ? '/' : '') + first!.slice(0, common).join('/');
}

function splitDrive(path: string): [string, string] {
  const normal = path.replaceAll('/', '\\');
  if (normal.startsWith('\\\\')) {
    const start = normal.slice(0, 8).toUpperCase() === '\\\\?\\UNC\\' ? 8 : 2;
    const server = normal.indexOf('\\', start);
    if (server === -1) return [path, ''];
    const share = normal.indexOf('\\', server + 1);
    if (share === -1) return [path, ''];
    return [path.slice(0, share), path.slice(share)];
  }
  return normal[1] === ':' ? [path.slice(0, 2), path.slice(2)] : ['', path];
}

function splitWindows(path: string): [string, string] {
  const [drive, rest] = splitDrive(path);
  const at = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\')) + 1;
  const head = rest.slice(0, at);
  return [drive + (head.replace(/[\\/]+$/, '') || head), rest.slice(at)];
}

function expandVariables(path: string): string {
  const { env, recorder } = activeTemplar();
  const expand = (whole: string, plain: string | undefined, braced?: string): string => {
    const name = plain ?? braced ?? '';
    recorder?.read({ kind: 'env', name });
    return Object.hasOwn(env, name) ? env[name]! : whole;
  };
  // Behind the last brace no brace is closed, and looking for one at each ${ would take quadratic time.
  const end = path.lastIndexOf('}') + 1;
  const head = path.slice(0, end).replace(/\$(?:(\w+)|\{([^}]*)\})/g, expand);
  return head + path.slice(end).replace(/\$(\w+)/g, (whole, plain: string) => expand(whole, plain));
}

function expandUser(path: string): string {
  if (!path.startsWith('~')) return path;
  throw new UnsupportedError(
    'the home folder depends on the machine; write the path, or keep it in a variable',
  );
}

function joinAll(value: Value): string {
  if (value instanceof Undefined) value.fail();
  const text = asText(value);
  if (text !== undefined) return text;
  const items = sequenceItems(value);
  if (!items)
    throw new AnsibleFilterError(
      `|path_join expects string or sequence, got <class '${typeName(value)}'> instead.`,
    );
  if (items.length === 0) throw typeError("join() missing 1 required positional argument: 'a'");
  const paths = items.map(pathText);
  willMake(paths.reduce((size, path) => size + path.length + 1, 0));
  return joinPaths(paths);
}

function commonOf(value: Value): string {
  const items = sequenceItems(value);
  if (!items)
    throw new AnsibleFilterError(`|commonpath expects sequence, got <class '${typeName(value)}'> instead.`);
  return commonPath(items.map(pathText));
}

function refused(what: string, instead: string): PyFunction {
  return pyFunction('*args **kw', () => {
    throw new UnsupportedError(`${what} depends on the machine; ${instead}`);
  });
}

const onPath = (transform: (path: string) => Value) =>
  pyFunction('path', (path: Value) => transform(pathText(path)));

/** Filters on paths. */
export const PATH_FILTERS: Record<string, PyFunction> = {
  basename: onPath(baseName),
  dirname: onPath(dirName),
  normpath: onPath(normalizePath),
  splitext: onPath(splitExtension),
  relpath: pyFunction('path start?', (path: Value, start: Value = '.') =>
    relativePath(pathText(path), start === null ? '.' : pathText(start)),
  ),
  path_join: pyFunction('paths', joinAll),
  commonpath: pyFunction('paths', commonOf),
  win_basename: onPath((path) => splitWindows(path)[1]),
  win_dirname: onPath((path) => splitWindows(path)[0]),
  win_splitdrive: onPath((path) => new Tuple(splitDrive(path))),
  expandvars: onPath(expandVariables),
  expanduser: onPath(expandUser),
  realpath: refused('what a path links to', 'use normpath, which resolves . and .. alone'),
};
