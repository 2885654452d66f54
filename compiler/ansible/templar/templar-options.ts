import type { Value } from '../../jinja/jinja.ts';
import type { CommonValues } from './known-values.ts';
import type { Recorder } from './read-recorder.ts';
import type { RecordOf } from './variable-record.ts';
import type { VariableSource } from './variable-source.ts';

export interface TemplarOptions {
  /** Where variables come from: an object that looks them up, a Map, a Dict, or plain JSON. */
  readonly variables?: VariableSource | { readonly [name: string]: unknown };
  /** Every text that includes, imports and lookups can read, by path. */
  readonly texts?: ReadonlyMap<string, string>;
  /** What `lookup('env')` sees. */
  readonly env?: { readonly [name: string]: string };
  /** What `ansible_managed` is in files. */
  readonly ansibleManaged?: string;
  /** Filters and tests that the repository defines in Python, by name, with the file of each. */
  readonly plugins?: ReadonlyMap<string, string>;
  /** Who is told what is read; nobody where not said. */
  readonly record?: RecordOf | undefined;
  /** Who is told of texts and settings alone; whoever gives the variables knows when they are looked up. */
  readonly log?: Recorder | undefined;
  /** Values of variables that other templars may have evaluated. */
  readonly common?: CommonValues | undefined;
}

export interface FileOptions {
  /** The template's path, which errors name and includes start from. */
  readonly name: string;
  /** Folders in which includes, imports and lookups are searched; those of `name`, the innermost first, where not said. */
  readonly searchPath?: readonly string[];
}

export interface LookupTemplate {
  readonly name: string;
  readonly variables: ReadonlyMap<Value, Value>;
  /** Whether a text that looks like a list or mapping becomes one. */
  readonly convert: boolean;
}
