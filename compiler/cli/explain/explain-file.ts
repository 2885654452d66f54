import type { Place } from '../../contract/diagnostic.ts';
import { JinjaError, str, type TracedText } from '../../jinja/jinja.ts';
import { type Step, stepsOfRender, unsetIn, unsetInRender } from './steps.ts';
import type { Subject, View } from './subject.ts';
import { type TemplateNodes, templateNodes } from './template-nodes.ts';
import { readsOfWorks, type TracedWorks, worksOfLine } from './works-of-line.ts';

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
  /** Of one line: the texts that its lookups took. */
  readonly texts: readonly string[];
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
  const {
    value: traced,
    node,
    works,
  } = view.recorder.trace(() => view.templar.renderFileTraced(source, { name: template }));
  const about = { host: view.host.host, path, template };
  const ofFile = () => ({
    variables: stepsOfRender(subject, view, node)
      .filter(({ shownBefore }) => !shownBefore)
      .map((step) => ({ ...step, reads: [] })),
    unset: unsetIn(view, node),
    texts: [],
  });
  if (line === undefined) return { ...about, line: undefined, ...ofFile() };
  // A template that compares what a macro printed, say, may print another text where places are marked.
  const plain = view.templar.renderFile(source, { name: template });
  const lines = plain === '' ? [] : plain.replace(/\n$/, '').split('\n');
  const text = lines[line - 1];
  if (text === undefined) return undefined;
  const shownText = text.replace(SECRET, '<secret>');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const pieces = traced.text === plain ? piecesIn(traced, start, start + text.length + 1) : [];
  if (pieces.length === 0)
    return { ...about, line: { number: line, text: shownText, writers: [] }, ...ofFile() };
  const nodesOf = templatesOf(subject, template);
  const writers = new Map<string, Writer>();
  for (const index of pieces) {
    const place = placeAt(traced, index, start);
    const via = callersOf(traced, index, { works, nodesOf }).map((one) => shown(subject, one));
    const key = `${place.file} ${place.line} ${JSON.stringify(via)}`;
    if (!writers.has(key)) writers.set(key, { ...shown(subject, place), via });
  }
  const writing = traced.pieces.flatMap(({ work }) => work ?? []);
  const told = { works, writing, nodesOf };
  const written = pieces.flatMap((index) => traced.pieces[index]!.work ?? []);
  const reads = readsOfWorks(told, worksOfLine(told, written));
  const templates = new Set(works.map((work) => work.template));
  const texts = [...reads.own.values()].flatMap((read) =>
    read.kind === 'text' && !templates.has(read.path) ? [read.path] : [],
  );
  return {
    ...about,
    line: { number: line, text: shownText, writers: [...writers.values()] },
    variables: stepsOfRender(subject, view, reads).filter(({ shownBefore }) => !shownBefore),
    unset: unsetInRender(view, reads),
    texts,
  };
}

/** The templates of a render, each read once; what a file includes is read with the file's own delimiters. */
function templatesOf(subject: Subject, main: string): TracedWorks['nodesOf'] {
  const known = new Map<string, TemplateNodes | undefined>();
  const textOf = (name: string) => subject.workspace.texts.get(name) ?? '';
  const first = templateNodes(textOf(main));
  known.set(main, first);
  return (name) => {
    if (name === undefined) return undefined;
    if (!known.has(name)) known.set(name, templateNodes(textOf(name), first?.options));
    return known.get(name);
  };
}

function shown(subject: Subject, place: Place): { place: Place; line: string } {
  return { place, line: subject.lineAt(place) };
}

/** The pieces that wrote something of a range of the text, and outputs in it that wrote nothing. */
function piecesIn({ text, pieces }: TracedText, start: number, end: number): number[] {
  const calls = new Set(pieces.map(({ within }) => within));
  return pieces.flatMap(({ offset }, index) => {
    const stop = pieces[index + 1]?.offset ?? text.length;
    const isThere = stop > offset ? stop > start : offset >= start && !calls.has(index);
    return offset < end && isThere ? [index] : [];
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
  { works, nodesOf }: Pick<TracedWorks, 'works' | 'nodesOf'>,
): Place[] {
  const outputs = new Map(pieces.map((piece) => [piece.work, piece]));
  const chain: Place[] = [];
  const { work } = pieces[index]!;
  for (let at = work && works[work]!.within; at !== undefined; at = works[at]!.within) {
    const { template, at: offset } = works[at]!;
    const output = outputs.get(at);
    const nodes = nodesOf(template);
    const isInclude = nodes?.byOffset.get(offset)?.node.kind === 'include';
    const place = output ?? (isInclude ? nodes?.lineOf(offset) : undefined);
    if (place) chain.push({ file: template ?? '', line: place.line, column: place.column });
  }
  return chain;
}
