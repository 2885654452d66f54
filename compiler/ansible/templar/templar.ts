import {
  counted,
  DEFAULT_LIMITS,
  JinjaError,
  type RenderContext,
  readTrace,
  type TracedText,
  UndefinedError,
  used,
  type Value,
} from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import { HoleText } from '../values/hole-text.ts';
import { OMIT } from '../values/omit.ts';
import { Refused } from '../values/refused.ts';
import { type PlacedSecret, placeSecrets, wholeSecret } from '../values/secret-text.ts';
import { withTemplar } from './active-templar.ts';
import { AnsibleUndefined } from './ansible-undefined.ts';
import { captured } from './captured.ts';
import { convertText, readBack } from './convert-text.ts';
import { copied } from './copied.ts';
import { eachText } from './each-text.ts';
import { environmentFor } from './environments.ts';
import { escapeBackslashes } from './escape-backslashes.ts';
import { evaluated, LOOP, noteLoop, type OpenVariable, opened } from './evaluation.ts';
import { foldersOf, shiftingLines } from './file-places.ts';
import { forOthers } from './for-others.ts';
import { inWordsOfAnsible } from './in-words-of-ansible.ts';
import { KnownValues } from './known-values.ts';
import { lastPrinted } from './last-printed.ts';
import { MACHINE_NAMES } from './machine-names.ts';
import { changesVariables, readOverrides } from './overrides.ts';
import { holdsTemplate, isPlain, mayBeTemplate, singleVariable } from './raw-values.ts';
import type { Recorder } from './read-recorder.ts';
import type { FileOptions, LookupTemplate, TemplarOptions } from './templar-options.ts';
import { withNativeNewlines, withNewlines } from './trailing-newlines.ts';
import { VariableRecord } from './variable-record.ts';
import { layered, toSource, type VariableSource } from './variable-source.ts';

export type { FileOptions, TemplarOptions } from './templar-options.ts';
export type { VariableSource } from './variable-source.ts';

const NO_TEXTS: ReadonlyMap<string, string> = new Map();

/**
 * Templates as ansible-core 2.18 does: `template` what the value of a variable goes through, `renderFile` what the
 * `template` module does to a file. A variable is templated when it is first asked for, once. Errors are JinjaErrors
 * with their place; `name` is the class that Ansible raises.
 */
export class Templar {
  readonly variables: VariableSource;
  readonly texts: ReadonlyMap<string, string>;
  readonly env: { readonly [name: string]: string };
  /** Who is told what is read. */
  readonly recorder: Recorder | undefined;
  readonly #log: Recorder | undefined;
  readonly #record: VariableRecord | undefined;
  readonly #managed: string;
  readonly #plugins: ReadonlyMap<string, string>;
  readonly #known: KnownValues;
  readonly #forOthers = new KnownValues();
  /** The variables that are being templated, the outermost first. */
  readonly #open: OpenVariable[] = [];
  #searchPath: readonly string[] = [''];
  /** Whether a text that is one variable alone keeps its type: the first after a change of delimiters does not. */
  #keepsTypes = true;

  constructor(options: TemplarOptions = {}) {
    this.variables = toSource(options.variables ?? {});
    this.texts = options.texts ?? NO_TEXTS;
    this.env = options.env ?? {};
    this.#managed = options.ansibleManaged ?? 'Ansible managed';
    this.#plugins = options.plugins ?? NO_TEXTS;
    this.#log = options.log;
    this.#known = new KnownValues(options.common);
    this.recorder = options.record?.recorder ?? options.log;
    this.#record = options.record && new VariableRecord(options.record);
  }

  /** Where the file that is being rendered finds others. */
  get searchPath(): readonly string[] {
    return this.#searchPath;
  }

  /**
   * A value with the templates in it rendered, to any depth: lists and mappings are fresh, what a template gives keeps
   * or gets its type by Ansible's rules, and texts marked unsafe stay as they are.
   * @throws JinjaError
   */
  template(value: Value): Value {
    return eachText(value, (text) => this.#templateText(text));
  }

  /** The value of a variable, templated; undefined where there is none. */
  get(name: string): Value | undefined {
    const value = this.#look(name);
    this.#record?.used(name);
    return value;
  }

  /**
   * A variable as `hostvars` gives it. Where a text in it names what is undefined, Ansible gives the text itself, braces
   * and all; here whoever uses that text gets an error, and the rest of the variable is there.
   */
  getForOthers(name: string): Value | undefined {
    const value = this.#evaluate(name, this.#forOthers, (raw) =>
      forOthers(raw, { name, template: (text) => this.#templateText(text) }),
    );
    this.#record?.used(name);
    return value;
  }

  /** Tells that a variable is read by who looks it up elsewhere. */
  noteRead(name: string): void {
    this.#record?.used(name);
  }

  #look(name: string): Value | undefined {
    return this.#evaluate(name, this.#known, (raw) => this.template(raw));
  }

  #evaluate(name: string, known: KnownValues, template: (raw: Value) => Value): Value | undefined {
    // A variable is charged to one account, also where nothing renders around it.
    if (!used.active) return counted(DEFAULT_LIMITS, () => this.#evaluate(name, known, template));
    const evaluate = () => {
      const raw = this.variables.get(name);
      return raw === undefined ? undefined : this.#templateVariable(name, raw, template);
    };
    const value = this.#keepsTypes ? known.get(name, this.#searchPath, evaluate) : evaluated(evaluate).value;
    if (value !== undefined) return copied(value);
    return name === 'omit' ? OMIT : undefined;
  }

  #templateVariable(name: string, raw: Value, template: (value: Value) => Value): Value {
    const first = this.#open.findIndex((one) => one.name === name);
    if (first !== -1) {
      const { height: at } = this.#open[first]!;
      noteLoop(at);
      const chain = [...this.#open.slice(first).map((one) => one.name), name].join(' → ');
      throw new AnsibleError(`${LOOP}: ${chain}`);
    }
    try {
      const record = this.#record;
      return opened((height) => {
        this.#open.push({ name, height });
        return record ? record.templated({ name, raw, template }) : template(raw);
      });
    } catch (error) {
      if (error instanceof UndefinedError) {
        return new AnsibleUndefined({ hint: `${error.message} (in the variable '${name}')`, name });
      }
      if (error instanceof JinjaError) error.entered = `variable '${name}'`;
      throw error;
    } finally {
      this.#open.pop();
    }
  }

  #templateText(text: string): Value {
    if (!mayBeTemplate(text)) return text;
    const single = singleVariable(text);
    if (single !== undefined && this.#keepsTypes) {
      const raw = this.variables.get(single);
      if (raw === null || isPlain(raw)) {
        if (this.#record) this.get(single);
        return raw;
      }
    }
    const { source, options } = readOverrides(text);
    if (!holdsTemplate(source, options)) return text;
    const environment = environmentFor('variable', this.texts, {
      searchPath: this.#searchPath,
      overrides: this.#record ? { ...options, watched: true } : options,
    });
    const before = { ...lastPrinted };
    Object.assign(lastPrinted, { value: null, unread: [] });
    this.#keepsTypes = !changesVariables(options);
    try {
      const escaped = escapeBackslashes(source, environment.syntax);
      const rendered = this.#run(() => environment.compile(escaped, undefined).render(this.#context()));
      const secret = wholeSecret(withNewlines(rendered, text));
      if (secret) return secret;
      const hole = HoleText.converted(withNewlines(rendered, text), lastPrinted.value);
      if (hole) return hole;
      const converted = convertText(rendered, lastPrinted.value);
      const value = this.#record ? readBack(converted, rendered, lastPrinted.unread) : converted;
      return typeof value === 'string' ? withNewlines(value, text) : withNativeNewlines(value, text);
    } finally {
      this.#keepsTypes = true;
      Object.assign(lastPrinted, before);
    }
  }

  #context(): RenderContext {
    return { ...this.#told, get: (name: string) => this.#look(name) };
  }

  /** What contexts have in common. */
  get #told() {
    return { keys: () => this.names(), ...this.#record?.watch };
  }

  /** The names of all variables. */
  *names(): Iterable<string> {
    this.#record?.names();
    for (const name of this.variables.keys()) if (typeof name === 'string') yield name;
  }

  #run<T>(render: () => T): T {
    try {
      return withTemplar(this, render);
    } catch (error) {
      throw inWordsOfAnsible(error, this.#plugins);
    }
  }

  /**
   * The text that the `template` module makes of a file: blocks' first newline removed, trailing newlines kept, the
   * `#jinja2:` line obeyed, None printed as nothing, undefined values refused.
   * @throws JinjaError
   */
  renderFile(source: string, options: FileOptions): string {
    return this.renderFileWithSecrets(source, options).text;
  }

  /** renderFile, and where it holds the marker of a secret. @throws JinjaError */
  renderFileWithSecrets(source: string, options: FileOptions): { text: string; secrets: PlacedSecret[] } {
    return placeSecrets(this.#renderFile(source, options, { traced: false }).text);
  }

  /** renderFile, and which place of which template wrote what. @throws JinjaError */
  renderFileTraced(source: string, options: FileOptions): TracedText {
    return this.#renderFile(source, options, { traced: true });
  }

  #renderFile(
    source: string,
    { name, searchPath }: FileOptions,
    { traced }: { traced: boolean },
  ): TracedText {
    const before = this.#searchPath;
    this.#searchPath = searchPath ?? foldersOf(name);
    try {
      const { source: body, lines, options } = readOverrides(source, name);
      this.#keepsTypes = !changesVariables(options);
      this.recorder?.read({ kind: 'text', path: name });
      const watched = this.#record !== undefined;
      const overrides = traced || watched ? { ...options, traced, watched } : options;
      const environment = environmentFor('file', this.texts, { searchPath: this.#searchPath, overrides });
      const rendered = shiftingLines(name, lines, () => {
        return this.#run(() => environment.compile(body, name).render(this.#fileContext()));
      });
      const { text, pieces } = traced
        ? readTrace(placeSecrets(rendered).text)
        : { text: rendered, pieces: [] };
      return { text: withNewlines(text, source, environment.syntax.newlineSequence), pieces };
    } finally {
      this.#keepsTypes = true;
      this.#searchPath = before;
    }
  }

  /** What `lookup('template')` gives: a text of the workspace rendered with some more variables. */
  renderLookup(source: string, { name, variables, convert }: LookupTemplate): Value {
    const templar = new Templar({
      variables: layered(variables, this.variables),
      texts: this.texts,
      env: this.env,
      ansibleManaged: this.#managed,
      plugins: this.#plugins,
      record: this.#record?.of,
      log: this.#log,
    });
    templar.#open.push(...this.#open);
    const before = { ...lastPrinted };
    const options = { name, searchPath: this.#searchPath };
    const { text } = templar.#renderFile(source, options, { traced: false });
    Object.assign(lastPrinted, before);
    const kept = (convert ? HoleText.converted(text, null) : undefined) ?? captured(text);
    return convert && typeof kept === 'string' ? convertText(kept, null) : kept;
  }

  #fileContext(): RenderContext {
    return {
      ...this.#told,
      get: (name: string) => {
        if (name === 'ansible_managed') {
          this.#log?.read({ kind: 'managed' });
          return this.#managed;
        }
        if (MACHINE_NAMES.has(name)) {
          return new Refused(
            `'${name}' depends on the machine and the moment of rendering; write a variable instead`,
          );
        }
        return this.#look(name);
      },
    };
  }
}
