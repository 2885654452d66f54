import type { Environment } from '../environment.ts';
import { lineAndColumn, PythonError, TemplateAssertionError } from '../errors.ts';
import type { Source } from '../lexer/lexer.ts';
import type { Block, Node } from '../parser/nodes.ts';
import type { Symbols } from '../parser/scope.ts';
import { traceMark } from '../trace.ts';
import type { PyFunction } from '../values/function.ts';
import type { Value } from '../values/value.ts';
import type { EscapeMode, Frame } from './frame.ts';

/** Whether a template makes a text or keeps values. */
export type OutputMode = 'text' | 'native';

/** One function of the generated code, with the locals that it declares. */
interface FunctionScope {
  readonly locals: Set<string>;
}

/**
 * The state of one template's code generation. Code refers to the template's texts and values only as JSON strings or
 * as elements of `constants`; locals are numbered. So no text of a template is ever code.
 */
export class Generator {
  readonly environment: Environment;
  readonly source: Source;
  readonly mode: OutputMode;
  readonly ids = new Map<string, number>();
  readonly constants: unknown[] = [];
  readonly blocks = new Map<string, Block>();
  readonly #constantIndex = new Map<unknown, number>();
  readonly #scopes: FunctionScope[] = [];
  readonly assignments: Set<string>[] = [];
  readonly undeclaredParameters: Set<string>[] = [];
  /** For each loop around the current place in its function: code to run before its next round. */
  readonly loopDepth: string[] = [];
  extendsSoFar = 0;
  hasKnownExtends = false;
  /** The locals that hold a `loop`. */
  readonly loops = new Set<string>();
  #last = 0;

  constructor(environment: Environment, source: Source, mode: OutputMode) {
    this.environment = environment;
    this.source = source;
    this.mode = mode;
  }

  fail(message: string, at: number): never {
    const place = { template: this.source.name, ...lineAndColumn(this.source.text, at) };
    throw new TemplateAssertionError(message, { place, source: this.source.text });
  }

  /** What Python's own compiler refuses. */
  failPython(message: string, at: number): never {
    const error = new PythonError('SyntaxError', message);
    error.place = { template: this.source.name, ...lineAndColumn(this.source.text, at) };
    error.source = this.source.text;
    throw error;
  }

  get inLoop(): boolean {
    return this.loopDepth.length > 0;
  }

  beforeContinue(): string {
    return `${this.loopDepth.at(-1)};`;
  }

  /** Can escaping be on anywhere in this template? */
  get canEscape(): boolean {
    return this.environment.autoescape !== false || this.source.text.includes('autoescape');
  }

  /** A new name for a local. */
  temporary(prefix = 't'): string {
    return `${prefix}${++this.#last}`;
  }

  /** A new local of the current function. */
  local(prefix = 't'): string {
    const name = this.temporary(prefix);
    this.declare(name);
    return name;
  }

  declare(name: string): void {
    this.#scopes.at(-1)!.locals.add(name);
  }

  /** Code for a function's body, before it the declaration of the locals that it used. */
  functionBody(parameters: readonly string[], body: () => string): string {
    this.#scopes.push({ locals: new Set() });
    const code = body();
    const { locals } = this.#scopes.pop()!;
    for (const parameter of parameters) locals.delete(parameter);
    return locals.size === 0 ? code : `let ${[...locals].join(',')};${code}`;
  }

  /** A value that the code can't write down: an element of the array that it is called with. */
  constant(value: unknown): string {
    let index = this.#constantIndex.get(value);
    if (index === undefined) {
      index = this.constants.push(value) - 1;
      this.#constantIndex.set(value, index);
    }
    return `k${index}`;
  }

  /** A value as code. */
  literal(value: Value): string {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'number' && !Object.is(value, -0)) return value < 0 ? `(${value})` : String(value);
    if (typeof value === 'boolean' || value === null) return String(value);
    return this.constant(value);
  }

  /** Does every part of the output begin with a mark of its place? */
  get traced(): boolean {
    return this.environment.traced && this.mode === 'text';
  }

  /** Code of a value whose making is told of, in a traced template, as work at a place. */
  told({ at }: Pick<Node, 'at'>, code: string): string {
    return this.traced ? `toldWork(c,${this.workPlace(at)},()=>(${code}))` : code;
  }

  /** The place of work as code. */
  workPlace(at: number): string {
    return `[${JSON.stringify(this.source.name)},${at}]`;
  }

  /** Code between which the statement's work is told of, and the local with its number; none in an untraced template. */
  work({ at }: Pick<Node, 'at'>): { begin: string; end: string; work: string } {
    if (!this.traced) return { begin: '', end: '', work: '' };
    const work = this.local('w');
    const begin = `${work}=beginWork(c,...${this.workPlace(at)});`;
    return { begin, end: `endWork(c,${work});`, work };
  }

  /** The mark of a part of the output, or of a statement that writes. */
  mark({ kind, at }: Pick<Node, 'kind' | 'at'>): string {
    const { name, text } = this.source;
    return traceMark({ template: name, ...lineAndColumn(text, at), copied: kind === 'data' });
  }

  /** Code of a value that a filter looks at, without marks. */
  withoutMarks(code: string): string {
    return this.traced ? `withoutMarks(${code})` : code;
  }

  /** Code that takes the marks out of a frame's buffer, which becomes a value. */
  forgetMarks({ buffer }: Frame): string {
    return this.traced ? `${buffer}=${this.withoutMarks(buffer)};` : '';
  }

  /** Code that sets the position for errors of the call that it is the last argument of. */
  at(offset: number): string {
    return `p=${offset}`;
  }

  /** Code that appends an expression's text (or value) to the output. */
  append(frame: Frame, code: string): string {
    if (this.mode === 'native') return `${frame.buffer}.push(${code});`;
    return `${frame.buffer}+=${code};`;
  }

  /** Code that appends the whole output of a block or template. */
  appendAll(frame: Frame, code: string): string {
    if (this.mode === 'native') return `for(const part of ${code})${frame.buffer}.push(part);`;
    return `${frame.buffer}+=${code};${this.checkOutput(frame)}`;
  }

  checkOutput(frame: Frame): string {
    return this.mode === 'native' ? '' : `if(${frame.buffer}.length>L)failOutput();`;
  }

  /** Code that starts a buffer of its own for the frame. */
  startBuffer(frame: Frame): string {
    frame.buffer = this.local('o');
    return `${frame.buffer}=${this.emptyBuffer()};`;
  }

  emptyBuffer(): string {
    return this.mode === 'native' ? '[]' : "''";
  }

  /** The content of a frame's buffer as one value. */
  bufferContent(frame: Frame): string {
    if (this.mode === 'native') return `nativeConcat(${frame.buffer})`;
    return this.environment.capture ? `capture(c,${frame.buffer})` : frame.buffer;
  }

  /** The content of a frame's buffer, Markup where escaping is on. */
  markedContent(frame: Frame): string {
    return this.marked(this.bufferContent(frame), frame.escaping);
  }

  marked(code: string, escaping: EscapeMode): string {
    if (escaping.volatile) return `(c.evalContext.autoescape?mark(${code}):${code})`;
    return escaping.autoescape ? `mark(${code})` : code;
  }

  /** Code that gives a frame's locals their values when it is entered. */
  enterFrame(frame: Frame): string {
    let code = '';
    for (const [local, load] of frame.symbols.loads) {
      if (load.how === 'parameter') continue;
      this.declare(local);
      if (load.how === 'resolve') code += `${local}=c.get(${JSON.stringify(load.name)});`;
      else code += `${local}=${load.how === 'alias' ? load.of : 'undefined'};`;
    }
    return code;
  }

  /** Code that empties a frame's locals when it is left. */
  leaveFrame(frame: Frame): string {
    const locals = [...frame.symbols.loads.keys()];
    for (const local of locals) this.declare(local);
    return locals.length === 0 ? '' : `${locals.join('=')}=undefined;`;
  }

  /** The names assigned so far, with their values, as a Map. */
  localContext(symbols: Symbols): string {
    const entries = [...symbols.allStores()].map(([name, local]) => `${JSON.stringify(name)},${local}`);
    return `localsOf([${entries.join(',')}])`;
  }

  filter(name: string): PyFunction | undefined {
    return this.environment.filters.get(name);
  }

  test(name: string): PyFunction | undefined {
    return this.environment.tests.get(name);
  }

  pushAssignments(): void {
    this.assignments.push(new Set());
  }

  /** Code that makes the names just assigned known to the context, loop or block. */
  popAssignments(frame: Frame): string {
    const names = [...this.assignments.pop()!];
    if (names.length === 0 || !(frame.blockFrame || frame.loopFrame || frame.toplevel)) return '';
    if (frame.loopFrame || frame.blockFrame) {
      frame.assigned.local ??= this.local('a');
      const { local } = frame.assigned;
      const sets = names.map((name) => `.set(${JSON.stringify(name)},${frame.symbols.findRef(name)})`);
      return `${local}=(${local}??new Map())${sets.join('')};`;
    }
    return names.map((name) => this.export(name, frame.symbols.findRef(name)!)).join('');
  }

  /** Code that gives the template a variable, which importers see unless its name starts with an underscore. */
  export(name: string, local: string): string {
    const text = JSON.stringify(name);
    const exported = name.startsWith('_') ? '' : `c.exported.add(${text});`;
    return `c.vars.set(${text},${local});${exported}`;
  }
}
