import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = dirname(import.meta.dirname);
const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const sources = tracked.filter((path) => /\.(?:ts|astro)$/.test(path));
const PHASES = ['1-load', '2-resolve', '3-render', '4-seal', '5-publish'];

interface Import {
  readonly from: string;
  /** A path of the project, or the name of a module. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** The real imports of a file: static, re-exported, dynamic and of types; parsed, not searched. */
function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  const code = path.endsWith('.astro') ? (/^---\n(.*?)\n---/s.exec(text)?.[1] ?? '') : text;
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const local = specifier.text.startsWith('.');
    const to = local ? relative(root, resolve(root, dirname(path), specifier.text)) : specifier.text;
    imports.push({ from: path, to, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, onlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal as ts.Expression, true);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return imports;
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    !clause.name &&
    !!names &&
    ts.isNamedImports(names) &&
    names.elements.every((element) => element.isTypeOnly)
  );
}

/** Tests, and what only they use: fixtures are named by their first word, hostile input has folders of its own. */
const isTest = (path: string) =>
  path.endsWith('.test.ts') ||
  /^tests\/|\/hostile\/|\/(?:temporary|sample|test|hostile)-[a-z-]+\.ts$/.test(path);
const imports = sources.filter((path) => !isTest(path)).flatMap(importsOf);
const local = imports.filter(({ to }) => /^(?:compiler|runner|agent|site|scripts|tests)\//.test(to));

/** The room of a path: `compiler/jinja`, `runner/host`, `site`. */
function room(path: string): string {
  const [first, second] = path.split('/') as [string, string?];
  if (first === 'site' || first === 'scripts' || first === 'tests') return first;
  return !second || second.endsWith('.ts') ? first : `${first}/${second}`;
}

const phaseOf = (path: string) => PHASES.findIndex((phase) => room(path) === `compiler/${phase}`);

/** Whether an import is allowed by ARCHITECTURE.md, "Who may import whom". */
function isAllowed({ from, to, typeOnly }: Import): boolean {
  const [source, target] = [room(from), room(to)];
  if (source === target) return true;
  if (source === 'scripts') return true;
  if (source === 'compiler/cli') {
    return target.startsWith('compiler') || ['runner/fleet', 'agent/fleet', 'site'].includes(target);
  }
  if (['compiler/contract', 'compiler/git', 'compiler/jinja'].includes(source)) return false;
  if (source === 'compiler/ansible') return target === 'compiler/jinja';
  if (source === 'compiler/age') return target === 'compiler/git';
  if (source === 'compiler/diagnostics') return target === 'compiler/contract';
  if (source === 'compiler')
    return !['compiler/cli', 'compiler/git'].includes(target) && target.startsWith('compiler');
  if (/^(?:runner|agent)\//.test(source) || source === 'site') {
    return ['compiler/contract', 'compiler/git', 'compiler/age'].includes(target);
  }
  const [phase, other] = [phaseOf(from), phaseOf(to)];
  if (phase < 0) return false;
  if (target === 'compiler/contract' || target === 'compiler/diagnostics') return true;
  if (target === 'compiler/jinja' || target === 'compiler/ansible') return phase <= 2;
  if (target === 'compiler/git') return phase === 4;
  if (target === 'compiler/age') return phase <= 3;
  return other >= 0 && other < phase && typeOnly;
}

test('every import is one that the house allows', () => {
  expect(local.length).toBeGreaterThan(50);
  const wrong = local.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} → ${to}`);
  expect(wrong).toEqual([]);
});

const PURE = [
  'compiler/2-resolve',
  'compiler/3-render',
  'compiler/4-seal',
  'compiler/jinja',
  'compiler/diagnostics',
];
const EFFECTS =
  /^(?:node:)?(?:fs|fs\/promises|child_process|net|http|https|os|process|worker_threads|timers)$/;

test('pure rooms import no file, process, network or machine', () => {
  const pure = imports.filter(
    ({ from }) => PURE.includes(room(from)) || /^runner\/host\/(?:accept|plan)/.test(from),
  );
  expect(pure.length).toBeGreaterThan(20);
  expect(pure.filter(({ to }) => EFFECTS.test(to)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

/** Uses of the moment, the machine or chance in the code itself, found in the syntax tree. */
function effectsIn(path: string): string[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(root, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const name = `${node.expression.text}.${node.name.text}`;
      if (/^(?:process\.|console\.|Math\.random$|Date\.now$|performance\.)/.test(name))
        found.push(`${path}: ${name}`);
    }
    if (ts.isNewExpression(node) && node.expression.getText(file) === 'Date' && !node.arguments?.length) {
      found.push(`${path}: new Date()`);
    }
    if (ts.isIdentifier(node) && (node.text === 'localeCompare' || node.text === 'toLocaleString'))
      found.push(`${path}: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test('pure rooms read no clock, locale, environment or chance', () => {
  const pure = sources.filter((path) => path.includes('/') && PURE.includes(room(path)) && !isTest(path));
  expect(pure.flatMap(effectsIn)).toEqual([]);
});

test('only the command line prints and exits, in the compiler', () => {
  const others = sources.filter((path) => /^compiler\/(?!cli\/)/.test(path) && !isTest(path));
  const found = others
    .flatMap(effectsIn)
    .filter((effect) => /console\.|process\.(?:exit|stdout|stderr)/.test(effect));
  expect(found).toEqual([]);
});

test('files stay under 300 lines, tables of data excepted', () => {
  const isTable = (path: string) => /(?:catalogue|-table|-cases)\.ts$|\/grammar\//.test(path);
  const long = sources
    .filter((path) => !isTable(path))
    .map((path) => ({
      path,
      lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1,
    }));
  expect(long.filter(({ lines }) => lines > 300)).toEqual([]);
});

test('names say what is inside', () => {
  const empty = /(?:^|\/)(?:utils?|helpers?|manager|common|misc)(?:\/|\.[a-z]+$)/;
  expect(tracked.filter((path) => empty.test(path))).toEqual([]);
  const named = sources.filter((path) => path.endsWith('.ts') && !path.includes('['));
  expect(named.filter((path) => !/^[a-z0-9.-]+$/.test(path.split('/').at(-1)!))).toEqual([]);
});
