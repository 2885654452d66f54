import {
  JinjaError,
  PythonError,
  type RenderContext,
  readTrace,
  TemplateAssertionError,
  TemplateRuntimeError,
  type TracedText,
  UndefinedError,
  type Value,
} from '../../jinja/jinja.ts';
import { AnsibleError, AnsibleUndefinedVariable } from '../errors.ts';
import { OMIT } from '../values/omit.ts';
import { Refused } from '../values/refused.ts';
import { captureSecrets, type PlacedSecret, placeSecrets, wholeSecret } from '../values/secret-text.ts';
import { withTemplar } from './active-templar.ts';
import { AnsibleUndefined } from './ansible-undefined.ts';
import { convertText, readBack } from './convert-text.ts';
import { copied } from './copied.ts';
import { eachText } from './each-text.ts';
import { environmentFor } from './environments.ts';
import { escapeBackslashes } from './escape-backslashes.ts';
import { foldersOf, shiftingLines } from './file-places.ts';
import { forOthers } from './for-others.ts';
import { lastPrinted } from './last-printed.ts';
import { MACHINE_NAMES } from './machine-names.ts';
import { explainMissingPlugin } from './missing-plugin.ts';
import { readOverrides } from './overrides.ts';
import { holdsTemplate, isPlain } from './raw-values.ts';
import type { ReadRecorder } from './read-recorder.ts';
import type { FileOptions, LookupTemplate, TemplarOptions } from './templar-options.ts';
import { withNativeNewlines, withNewlines } from './trailing-newlines.ts';
import { VariableRecord } from './variable-record.ts';
import { layered, toSource, type VariableSource } from './variable-source.ts';

export type { FileOptions, TemplarOptions } from './templar-options.ts';
export type { VariableSource } from './variable-source.ts';

const NO_TEXTS: ReadonlyMap<string, string> = new Map();
const TEMPLATE = /\{[{%#]/;
const SINGLE_VARIABLE = /^\{\{\s*([\p{L}\p{N}_]*)\s*\}\}\n?$/u;

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
  readonly recorder: ReadRecorder | undefined;
  readonly #record: VariableRecord | undefined;
  readonly #managed: string;
  readonly #plugins: ReadonlyMap<string, string>;
  readonly #known = new Map<string, Value>();
  readonly #forOthers = new Map<string, Value>();
  /** Names of the variables that are being templated, the outermost first. */
  readonly #open: string[] = [];
  #searchPath: readonly string[] = [''];

  constructor(options: TemplarOptions = {}) {
    this.variables = toSource(options.variables ?? {});
    this.texts = options.texts ?? NO_TEXTS;
    this.env = options.env ?? {};
    this.#managed = options.ansibleManaged ?? 'Ansible managed';
    this.#plugins = options.plugins ?? NO_TEXTS;
    this.recorder = options.record?.recorder;
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
    const raw = this.variables.get(name);
    if (raw === undefined) return this.get(name);
    let value = this.#forOthers.get(name);
    if (value === undefined) {
      value = this.#templateVariable(name, raw, (one) =>
        forOthers(one, { name, template: (text) => this.#templateText(text) }),
      );
      this.#forOthers.set(name, value);
    }
    this.#record?.used(name);
    return copied(value);
  }

  /** Tells that a variable is read by who looks it up elsewhere. */
  noteRead(name: string): void {
    this.#record?.used(name);
  }

  #look(name: string): Value | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return copied(known);
    const raw = this.variables.get(name);
    if (raw === undefined) return name === 'omit' ? OMIT : undefined;
    const value = this.#templateVariable(name, raw, (one) => this.template(one));
    this.#known.set(name, value);
    return copied(value);
  }

  #templateVariable(name: string, raw: Value, template: (value: Value) => Value): Value {
    if (this.#open.includes(name)) {
      const chain = [...this.#open.slice(this.#open.indexOf(name)), name].join(' → ');
      throw new AnsibleError(`recursive loop detected: ${chain}`);
    }
    this.#open.push(name);
    try {
      const record = this.#record;
      return record ? record.templated({ name, raw, template }) : template(raw);
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
    if (!text.startsWith('#jinja2:') && !TEMPLATE.test(text)) return text;
    const single = SINGLE_VARIABLE.exec(text)?.[1];
    if (single !== undefined) {
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
    try {
      const escaped = escapeBackslashes(source, environment.syntax);
      const rendered = this.#run(() => environment.compile(escaped, undefined).render(this.#context()));
      const secret = wholeSecret(withNewlines(rendered, text));
      if (secret) return secret;
      const converted = convertText(rendered, lastPrinted.value);
      const value = this.#record ? readBack(converted, rendered, lastPrinted.unread) : converted;
      if (typeof value === 'string') return withNewlines(value, text);
      return withNativeNewlines(value, text);
    } finally {
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
      if (error instanceof TemplateAssertionError || error instanceof TemplateRuntimeError) {
        error.message = explainMissingPlugin(error.message, this.#plugins);
      }
      // Ansible's own reading of what Python says of an undefined value.
      if (
        error instanceof PythonError &&
        error.name === 'TypeError' &&
        error.message.includes('AnsibleUndefined')
      ) {
        const { place, source, entered, trace } = error;
        throw Object.assign(new AnsibleUndefinedVariable(error.message), { place, source, entered, trace });
      }
      throw error;
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
      this.#record?.text(name);
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
      ...this.#record?.of,
    });
    templar.#open.push(...this.#open);
    const before = { ...lastPrinted };
    const options = { name, searchPath: this.#searchPath };
    const text = captureSecrets(templar.#renderFile(source, options, { traced: false }).text);
    Object.assign(lastPrinted, before);
    return convert && typeof text === 'string' ? convertText(text, null) : text;
  }

  #fileContext(): RenderContext {
    return {
      ...this.#told,
      get: (name: string) => {
        if (name === 'ansible_managed') return this.#managed;
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
