import {
  Dict,
  type EntryNote,
  type MappingWatch,
  TrackedDict,
  UndefinedError,
  type Value,
  type Variables,
} from '../../jinja/jinja.ts';
import { newNode, type ReadNode } from './read-node.ts';
import type { ReadRecorder, VariableRead } from './read-recorder.ts';

/** Whom a templar tells what is read, and as what. */
export interface RecordOf {
  readonly recorder: ReadRecorder;
  /** Names the variables that the templar sees, in the reads. */
  readonly scope: string;
}

interface RawVariable {
  readonly name: string;
  readonly raw: Value;
  readonly template: (value: Value) => Value;
}

/** What a templar tells of its variables: each is evaluated part by part, and a part counts when it is used. */
export class VariableRecord {
  readonly of: RecordOf;
  readonly #recorder: ReadRecorder;
  readonly #scope: string;
  /** What to tell when a variable is used. */
  readonly #notes = new Map<string, EntryNote>();

  constructor(record: RecordOf) {
    this.of = record;
    this.#recorder = record.recorder;
    this.#scope = record.scope;
  }

  /** What a context of a watched environment tells. */
  get watch(): Pick<Variables, 'used' | 'wrote' | 'works'> {
    return {
      works: this.#recorder.works,
      used: (name) => this.used(name),
      wrote: (template, at) => {
        if (template !== undefined) this.#recorder.read({ kind: 'output', template, at });
      },
    };
  }

  used(name: string): void {
    if (name === 'ansible_managed') this.#recorder.read({ kind: 'managed' });
    const note = this.#notes.get(name);
    if (note) note();
    else this.#recorder.read(this.#partOf('value', name, []));
  }

  names(): void {
    this.#recorder.read({ kind: 'names', scope: this.#scope });
  }

  /** Evaluates a variable; what it reads counts for those who use it. */
  templated({ name, raw, template }: RawVariable): Value {
    const parts: ReadNode[] = [];
    const evaluate = (
      value: Value,
      path: readonly Value[],
    ): { value: Value; note: EntryNote | undefined } => {
      if (!(value instanceof Dict)) {
        const read = this.#partOf('value', name, path);
        const node = newNode(read, value);
        parts.push(node);
        const note: EntryNote = (what) => {
          this.#recorder.read(what ? { ...read, kind: what } : read);
          if (what) this.#recorder.literal(node);
          else this.#recorder.through(node);
        };
        if (path.length === 0) this.#notes.set(name, note);
        const { value: result } = this.#recorder.run(() => template(value), node);
        return { value: result, note };
      }
      const mapping = new TrackedDict([this.#watchOf(name, path)]);
      for (const [key, item] of value) {
        const part = evaluate(item, [...path, key]);
        mapping.put(key, part.value, part.note);
      }
      return { value: mapping, note: undefined };
    };
    if (raw instanceof Dict) {
      const read = this.#partOf('presence', name, []);
      this.#notes.set(name, () => {
        this.#recorder.read(read);
        // One part that cannot be evaluated makes all of the variable undefined.
        for (const part of parts) this.#recorder.beside(part);
      });
    }
    try {
      return evaluate(raw, []).value;
    } catch (error) {
      // Who ignores the errors of a lookup goes on without a value that could tell.
      const used = (): void => {
        this.#recorder.read(this.#partOf('value', name, []));
        for (const part of parts) this.#recorder.through(part);
      };
      if (error instanceof UndefinedError) this.#notes.set(name, used);
      else used();
      throw error;
    }
  }

  #partOf(kind: VariableRead['kind'], name: string, path: readonly Value[]): VariableRead {
    return { kind, scope: this.#scope, name, path };
  }

  #watchOf(name: string, path: readonly Value[]): MappingWatch {
    const keys = this.#partOf('keys', name, path);
    const literal = this.#partOf('literal', name, path);
    return {
      key: (key) => this.#recorder.read(this.#partOf('presence', name, [...path, key])),
      keys: () => this.#recorder.read(keys),
      literal: () => this.#recorder.read(literal),
    };
  }
}
