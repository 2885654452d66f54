import { keyText } from '../ansible/values/key-text.ts';
import { UnsafeText } from '../ansible/values/unsafe-text.ts';
import type { LoadedYaml } from '../ansible/yaml/load-yaml.ts';
import type { Diagnostic, Outcome, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { Dict } from '../jinja/values/dict.ts';
import { truth } from '../jinja/values/inspect.ts';
import type { Value } from '../jinja/values/value.ts';
import { decodeText } from './decode-text.ts';
import type { SourceFiles, VarsFile } from './workspace.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** Reads the files of a workspace one by one, and keeps what is wrong with them. */
export class SourceReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #files: SourceFiles;
  readonly #texts = new Map<string, string | undefined>();
  readonly #loaded: Map<string, LoadedYaml>;

  /** @param loaded what texts were loaded before, and later those of this one too: most files of a fleet are alike */
  constructor(files: SourceFiles, loaded: Map<string, LoadedYaml> = new Map()) {
    this.#files = files;
    this.#loaded = loaded;
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** The paths that begin with a prefix, sorted. */
  filesBelow(prefix: string): string[] {
    return [...this.#files.keys()].filter((path) => path.startsWith(prefix)).sort();
  }

  /** What a stage found, with its problems kept here. */
  take<T>({ value, diagnostics }: Outcome<T>): T {
    this.diagnostics.push(...diagnostics);
    return value;
  }

  /** The text of a file; undefined where there is none, or no text. */
  text(file: string): string | undefined {
    const bytes = this.#files.get(file);
    if (bytes && !this.#texts.has(file)) this.#texts.set(file, this.take(decodeText(file, bytes)));
    return this.#texts.get(file);
  }

  /** A YAML file; undefined where there is none, or no YAML. */
  yaml(file: string): YamlSource | undefined {
    const text = this.text(file);
    return text === undefined ? undefined : this.take(readYaml(file, text, this.#loaded));
  }

  /** A file of variables of a workspace. What is not named by text is told, and left out. */
  vars(file: string): VarsFile | undefined {
    const vars = this.mapping(file);
    if (!vars) return undefined;
    this.#checkNames(vars);
    return namedByText(vars);
  }

  /** A file of variables; undefined where there is none, or no mapping. What is false to Python has no variables. */
  mapping(file: string): VarsFile | undefined {
    const source = this.yaml(file);
    if (!source) return undefined;
    const { value, places } = source;
    if (value instanceof Dict) return { file, vars: value, places };
    if (!truth(value)) return { file, vars: new Dict(), places };
    const place: Place = { file, line: 1, column: 1 };
    const message = 'a file of variables holds a mapping, `name: value`';
    this.diagnostics.push(diagnose('load/not-a-mapping', { place, message }));
    return undefined;
  }

  #checkNames({ file, vars, places }: VarsFile): void {
    for (const name of vars.keys()) {
      if (typeof name === 'string' && /^[a-z_]\w*$/.test(name) && name !== 'ansible_group_priority') continue;
      const place = places.of(vars, name) ?? { file, line: 1, column: 1 };
      if (name === 'ansible_group_priority') {
        const message = '`ansible_group_priority` has no effect in a file of variables';
        this.diagnostics.push(diagnose('load/misplaced-priority', { place, message }));
      } else if (!isText(name)) {
        const message = `the variable \`${keyText(name)}\` is left out, for it is not named by text`;
        this.diagnostics.push(diagnose('load/bad-variable-name', { place, message }));
      } else if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(keyText(name))) {
        const message = `no template can name the variable \`${keyText(name)}\``;
        this.diagnostics.push(diagnose('load/bad-variable-name', { place, message }));
      }
    }
  }
}

function isText(name: Value): boolean {
  return typeof name === 'string' || name instanceof UnsafeText;
}

function namedByText(file: VarsFile): VarsFile {
  const { vars, places } = file;
  if ([...vars.keys()].every(isText)) return file;
  const named = new Dict([...vars].filter(([name]) => isText(name)));
  return { ...file, vars: named, places: { of: (at, key) => places.of(at === named ? vars : at, key) } };
}
