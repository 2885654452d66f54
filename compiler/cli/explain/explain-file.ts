import type { Place } from '../../contract/diagnostic.ts';
import { JinjaError, type Piece, str, type TracedText } from '../../jinja/jinja.ts';
import { type Step, stepsOf, stepsOfPart, unsetIn, unsetOfPart } from './explain-variable.ts';
import type { Subject, View } from './subject.ts';
import { namesOfOutput } from './template-names.ts';

/** What stands in a rendered text for a secret. */
const SECRET = /\{\{khp:secret:\d+\}\}/g;

/** A file of a host. */
export interface HostFile {
  readonly view: View;
  readonly path: string;
  readonly template: string;
}

/** A line of a template that wrote a part of a line of a file. */
export interface Writer {
  readonly place: Place;
  /** The text of the template's line. */
  readonly line: string;
  /** The calls and includes that led there, the innermost first. */
  readonly via: readonly { readonly place: Place; readonly line: string }[];
}

export interface FileExplanation {
  readonly host: string;
  readonly path: string;
  readonly template: string;
  /** Of one line: its text, and what wrote it; no writers where that cannot be told, and then all variables of the file. */
  readonly line:
    | { readonly number: number; readonly text: string; readonly writers: readonly Writer[] }
    | undefined;
  readonly variables: readonly Step[];
  /** Names that were asked for, and that nothing sets. */
  readonly unset: readonly string[];
}

/** The files of a host, as its components name them. */
export function filesOf(views: readonly View[]): HostFile[] {
  return views.flatMap((view) => {
    const { component } = view;
    if (!component) return [];
    return component.content.files
      .filter(({ roles }) => !roles || roles.some((role) => view.roles.includes(role)))
      .flatMap(({ path, template }) => {
        const rendered = attempt(() => str(view.templar.template(path)));
        const file = `templates/${component.name}/${template}`;
        return rendered === undefined ? [] : [{ view, path: rendered, template: file }];
      });
  });
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return undefined;
  }
}

/**
 * Explains a file, or a line (from 1) of it; undefined where it has no such line.
 * @throws JinjaError where it cannot be rendered
 */
export function explainFile(
  subject: Subject,
  file: HostFile,
  line: number | undefined,
): FileExplanation | undefined {
  const { view, path, template } = file;
  const source = subject.workspace.texts.get(template) ?? '';
  const { value: traced, node } = view.recorder.run(() =>
    view.templar.renderFileTraced(source, { name: template }),
  );
  const about = { host: view.host.host, path, template };
  const unset = unsetIn(view, node);
  const ofFile = () => ({ variables: stepsOf(view, node).map((step) => ({ ...step, reads: [] })), unset });
  if (line === undefined) return { ...about, line: undefined, ...ofFile() };
  // A template that compares what a macro printed, say, may print another text where places are marked.
  const plain = view.templar.renderFile(source, { name: template });
  const lines = plain === '' ? [] : plain.replace(/\n$/, '').split('\n');
  const text = lines[line - 1];
  if (text === undefined) return undefined;
  const shownText = text.replace(SECRET, '<secret>');
  if (traced.text !== plain)
    return { ...about, line: { number: line, text: shownText, writers: [] }, ...ofFile() };
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const pieces = piecesIn(traced, start, start + text.length + 1);
  const writers = new Map<string, Writer>();
  const outputs = new Map<string, Output>();
  for (const index of pieces) {
    const piece = traced.pieces[index]!;
    const chain = callersOf(traced, index, { subject, template });
    for (const one of [piece, ...chain]) outputs.set(`${one.template} ${one.line} ${one.column}`, one);
    const place = placeAt(traced, index, start);
    const via = chain.map((one) =>
      shown(subject, { file: one.template!, line: one.line, column: one.column }),
    );
    const key = `${place.file} ${place.line} ${JSON.stringify(via)}`;
    if (!writers.has(key)) writers.set(key, { ...shown(subject, place), via });
  }
  const seen = new Set<string>();
  const names = [...outputs.values()].flatMap((one) =>
    namesOfOutput(subject.workspace.texts.get(one.template ?? '') ?? '', one),
  );
  const variables = names
    .filter(({ name }) => view.scope.get(name) !== undefined && name !== 'hostvars')
    .flatMap((name) => stepsOfPart(view, name, seen));
  const asked = new Set(names.map(({ name }) => name));
  const through = names.flatMap((name) => unsetOfPart(view, name));
  const shownOnce = variables.filter(({ shownBefore }) => !shownBefore);
  return {
    ...about,
    line: { number: line, text: shownText, writers: [...writers.values()] },
    variables: shownOnce,
    unset: [...new Set([...unset.filter((name) => asked.has(name)), ...through])].sort(),
  };
}

type Output = Pick<Piece, 'template' | 'line' | 'column'>;

function shown(subject: Subject, place: Place): { place: Place; line: string } {
  return { place, line: subject.lineAt(place) };
}

/** The pieces that wrote something of a range of the text. */
function piecesIn({ text, pieces }: TracedText, start: number, end: number): number[] {
  return pieces.flatMap(({ offset }, index) => {
    const stop = pieces[index + 1]?.offset ?? text.length;
    return offset < end && stop > start && stop > offset ? [index] : [];
  });
}

/** Where a piece was written in its template, or as much of it as stands behind an offset of the text. */
function placeAt({ text, pieces }: TracedText, index: number, start: number): Place {
  const { template, line, column, copied, offset } = pieces[index]!;
  const file = template ?? '';
  if (!copied || offset >= start) return { file, line, column };
  const before = text.slice(offset, start).split('\n');
  return {
    file,
    line: line + before.length - 1,
    column: before.length === 1 ? column + before[0]!.length : 1,
  };
}

/** The outputs and includes through which a piece of another template, or of a macro, came into the text. */
function callersOf(
  { pieces }: TracedText,
  index: number,
  { subject, template }: { subject: Subject; template: string },
): Output[] {
  const { texts } = subject.workspace;
  const chain: Output[] = [];
  for (let at = pieces[index]!.within; at !== undefined; at = pieces[at]!.within) chain.push(pieces[at]!);
  const last = chain.at(-1)?.template ?? pieces[index]!.template;
  const name = last?.split('/').at(-1);
  const lines = (texts.get(template) ?? '').split('\n');
  const including = lines.findIndex(
    (line) => /\{%-?\s*include/.test(line) && name !== undefined && line.includes(name),
  );
  return last === template || including < 0
    ? chain
    : [...chain, { template, line: including + 1, column: 1 }];
}
