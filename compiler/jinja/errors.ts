/** Where in which template. Lines and columns count from 1, columns in UTF-16 code units. */
export interface TemplatePlace {
  /** The template's name, or undefined for one made from a string without a name. */
  readonly template: string | undefined;
  readonly line: number;
  readonly column: number;
}

/** A step between the error and the template that was rendered, innermost first. */
export interface TraceStep extends TemplatePlace {
  /** What was entered at that place: `macro 'x'`, `block 'x'`, `include`, `import`, `extends`. */
  readonly what: string;
}

/**
 * The base of everything that the engine throws for a template's mistake. `name` is the class that Python raises for
 * it (`UndefinedError`, `TypeError` …). Compile errors have their place from the start; render errors get the place of
 * the innermost expression, and a trace of the macros, blocks and includes between.
 */
export class JinjaError extends Error {
  place: TemplatePlace | undefined;
  /** The source (newlines normalized to \n) of the template of `place`, for a code frame. */
  source: string | undefined;
  readonly trace: TraceStep[] = [];
  /** What was entered where the error crossed last; the next place that catches it turns it into a trace step. */
  entered: string | undefined;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The base of Jinja's own errors. */
export class TemplateError extends JinjaError {}

/** The template isn't valid; always thrown by the compiler. */
export class TemplateSyntaxError extends TemplateError {
  constructor(message: string, at?: { place: TemplatePlace; source: string }) {
    super(message);
    this.place = at?.place;
    this.source = at?.source;
  }
}

/** Valid syntax that can't be compiled: an unknown filter, a block defined twice … */
export class TemplateAssertionError extends TemplateSyntaxError {}

export class TemplateRuntimeError extends TemplateError {}

/** An operation on an undefined value. */
export class UndefinedError extends TemplateRuntimeError {}

/** An access that a template must not have, such as Python's `__class__`. */
export class SecurityError extends TemplateRuntimeError {}

/** A filter was called with arguments that it can't take. */
export class FilterArgumentError extends TemplateRuntimeError {}

/** The loader has no such template. */
export class TemplateNotFound extends TemplateError {
  readonly templates: readonly string[];

  constructor(name: string, message: string = name) {
    super(message);
    this.templates = [name];
  }
}

/** None of several templates exists. */
export class TemplatesNotFound extends TemplateNotFound {
  override readonly templates: readonly string[];

  constructor(names: readonly string[], message?: string) {
    const text = message ?? `none of the templates given were found: ${names.join(', ')}`;
    super(names.at(-1) ?? '', text);
    this.templates = names;
  }
}

/** Something that Python or Jinja can do and this engine refuses, because it depends on the moment or the machine. */
export class UnsupportedError extends TemplateRuntimeError {}

/** A limit of the engine was exceeded; `limit` is the option's name. */
export class LimitError extends JinjaError {
  readonly limit: string;

  constructor(limit: string, message: string) {
    super(message);
    this.limit = limit;
  }
}

export type PythonErrorName =
  | 'TypeError'
  | 'ValueError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'KeyError'
  | 'IndexError'
  | 'AttributeError'
  | 'AssertionError'
  | 'RuntimeError'
  | 'SyntaxError';

/** One of Python's built-in errors; `name` is its class. */
export class PythonError extends JinjaError {
  constructor(name: PythonErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

export function typeError(message: string): PythonError {
  return new PythonError('TypeError', message);
}

export function valueError(message: string): PythonError {
  return new PythonError('ValueError', message);
}

/** The line and column (from 1) of an offset. */
export function lineAndColumn(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: Math.min(offset, source.length) - start + 1 };
}

/**
 * Gives an error on its way out of a template's function its place, or a trace step when it has one already.
 * JavaScript's stack overflow becomes a LimitError; anything else unknown is a bug of ours and passes unchanged.
 */
export function locate(
  error: unknown,
  template: { name: string | undefined; source: string },
  at: { offset: number; entered: string | undefined },
): unknown {
  const known = fromStackOverflow(error);
  if (!(known instanceof JinjaError)) return known;
  const place = { template: template.name, ...lineAndColumn(template.source, at.offset) };
  if (known.place === undefined) {
    known.place = place;
    known.source = template.source;
  } else if (known.trace.length < 50) {
    known.trace.push({ ...place, what: known.entered ?? 'template' });
  }
  known.entered = at.entered;
  return known;
}

/** A LimitError for JavaScript's stack overflow and too long strings, everything else unchanged. */
export function fromStackOverflow(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  if (error.message.includes('string length')) return new LimitError('maxString', 'a text is too long');
  return new LimitError('maxDepth', 'the template nests too deeply');
}
