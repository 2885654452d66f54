import { JinjaError, valueError } from '../../jinja/errors.ts';
import { steps } from '../../jinja/limits.ts';
import { sorted } from '../../jinja/values/compare.ts';
import { Dict } from '../../jinja/values/dict.ts';
import { Float } from '../../jinja/values/float.ts';
import { reprFloat } from '../../jinja/values/float-text.ts';
import { typeName } from '../../jinja/values/inspect.ts';
import { intText } from '../../jinja/values/numbers.ts';
import { PySet } from '../../jinja/values/set.ts';
import { Tuple } from '../../jinja/values/tuple.ts';
import { PyObject, PyText, type Value } from '../../jinja/values/value.ts';
import { Bytes } from '../values/bytes.ts';
import { PyDate, PyDateTime } from '../values/date-time.ts';
import { NativeText } from '../values/native-text.ts';
import { UnsafeText } from '../values/unsafe-text.ts';
import { resolvePlain } from './resolve-plain.ts';
import { type ScalarEvent, YamlWriter } from './yaml-writer.ts';

export interface DumpOptions {
  /** Columns a level; 2 to 9. */
  readonly indent?: number;
  /** Columns after which a line is folded. */
  readonly width?: number;
  readonly sortKeys?: boolean;
  /** Brackets everywhere (true), nowhere (false), or around what holds no other collection (undefined). */
  readonly flow?: boolean | undefined;
  readonly explicitStart?: boolean;
  readonly explicitEnd?: boolean;
}

/** The text that `yaml.dump(value, Dumper=AnsibleDumper, allow_unicode=True)` makes with libyaml 0.2.5. */
export function dumpYaml(value: Value, options: DumpOptions = {}): string {
  const node = new Representer(options).represent(value);
  const step = options.indent !== undefined && options.indent > 1 && options.indent < 10 ? options.indent : 2;
  const asked = options.width ?? 80;
  const width = asked < 0 ? Number.POSITIVE_INFINITY : asked <= step * 2 ? 80 : asked;
  const writer = new YamlWriter(step, width);
  if (options.explicitStart) writer.indicator('---', true);
  emit(writer, node, { mapping: false, simpleKey: false });
  writer.writeIndent();
  if (options.explicitEnd) {
    writer.indicator('...', true);
    writer.writeIndent();
  }
  return writer.text;
}

interface Common {
  /** Its number where it is used more than once. */
  anchor: number;
  emitted: boolean;
}
type Node = Common &
  (
    | { readonly kind: 'scalar'; readonly event: ScalarEvent }
    | { readonly kind: 'list'; readonly items: readonly Node[]; readonly flow: boolean }
    | {
        readonly kind: 'mapping';
        readonly entries: readonly (readonly [Node, Node])[];
        readonly flow: boolean;
        readonly tag: string | undefined;
      }
  );

class Representer {
  readonly #options: DumpOptions;
  readonly #known = new Map<Value, Node>();
  #anchors = 0;

  constructor(options: DumpOptions) {
    this.#options = options;
  }

  represent(value: Value): Node {
    steps(6);
    const shared = isShared(value);
    const known = shared ? this.#known.get(value) : undefined;
    if (known) {
      if (known.anchor === 0) known.anchor = ++this.#anchors;
      return known;
    }
    const node = this.#represent(value);
    if (shared) this.#known.set(value, node);
    return node;
  }

  #represent(value: Value): Node {
    if (Array.isArray(value)) return this.#list(value);
    if (value instanceof Tuple) return this.#list(value.items);
    if (value instanceof Dict) return this.#mapping(this.#sorted(value), undefined);
    if (value instanceof PySet) {
      const entries = this.#sorted([...value.members().keys()].map((item) => [item, null] as const));
      return this.#mapping(entries, '!!set');
    }
    if (value instanceof PyObject && value.pyMapping) {
      const keys = [...(value.pyIterate?.() ?? [])];
      return this.#mapping(
        this.#sorted(keys.map((key) => [key, value.pyGetItem?.(key) ?? null] as const)),
        undefined,
      );
    }
    return { kind: 'scalar', event: scalarEvent(value), anchor: 0, emitted: false };
  }

  #sorted(entries: Iterable<readonly [Value, Value]>): (readonly [Value, Value])[] {
    const list = [...entries];
    if (this.#options.sortKeys === false) return list;
    try {
      return sorted(list, ([key]) => key);
    } catch (error) {
      // PyYAML leaves keys of several types as they are.
      if (error instanceof JinjaError && error.name === 'TypeError') return list;
      throw error;
    }
  }

  #list(values: readonly Value[]): Node {
    const items = values.map((item) => this.represent(item));
    return {
      kind: 'list',
      items,
      flow: this.#options.flow ?? items.every(isPlain),
      anchor: 0,
      emitted: false,
    };
  }

  #mapping(entries: readonly (readonly [Value, Value])[], tag: string | undefined): Node {
    const nodes = entries.map(([key, item]) => [this.represent(key), this.represent(item)] as const);
    const flow = this.#options.flow ?? nodes.every(([key, item]) => isPlain(key) && isPlain(item));
    return { kind: 'mapping', entries: nodes, flow, tag, anchor: 0, emitted: false };
  }
}

/** Whether PyYAML tells its uses apart by identity, so that the second one is an alias. */
function isShared(value: Value): boolean {
  if (value === null || typeof value !== 'object' || value instanceof Float) return false;
  if (value instanceof PyText || value instanceof Bytes) return false;
  return !(value instanceof Tuple && value.items.length === 0);
}

function isPlain(node: Node): boolean {
  return node.kind === 'scalar' && node.event.style === undefined;
}

function scalarEvent(value: Value): ScalarEvent {
  const plain = (text: string): ScalarEvent => ({
    text,
    style: undefined,
    plainImplicit: true,
    tag: undefined,
  });
  if (typeof value === 'string') return textEvent(value);
  if (value === null) return plain('null');
  if (typeof value === 'boolean') return plain(String(value));
  if (typeof value === 'number' || typeof value === 'bigint') return plain(intText(value));
  if (value instanceof Float) return plain(floatText(value.value));
  if (value instanceof UnsafeText || value instanceof NativeText) return textEvent(value.text);
  if (value instanceof PyDate) return plain(value.isoformat());
  if (value instanceof PyDateTime) return plain(value.isoformat(' '));
  if (value instanceof Bytes)
    return { text: base64Lines(value), style: '|', plainImplicit: false, tag: '!!binary' };
  // An undefined value and a secret raise their own error.
  if (value instanceof PyObject && value.pyTruth) value.pyTruth();
  throw valueError(`cannot represent an object of type '${typeName(value)}'`);
}

function textEvent(text: string): ScalarEvent {
  return { text, style: undefined, plainImplicit: resolvePlain(text) === 'str', tag: undefined };
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = reprFloat(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

/** base64.encodebytes: lines of 76 characters. */
function base64Lines(value: Bytes): string {
  const text = Buffer.from(value.data).toString('base64');
  return text.replace(/.{1,76}/g, '$&\n');
}

interface Position {
  readonly mapping: boolean;
  readonly simpleKey: boolean;
}

function emit(writer: YamlWriter, node: Node, at: Position): void {
  if (node.anchor > 0) {
    const name = `id${String(node.anchor).padStart(3, '0')}`;
    if (node.emitted) {
      writer.indicator(`*${name}`, true);
      if (at.simpleKey) writer.indicator('', true);
      return;
    }
    node.emitted = true;
    writer.indicator(`&${name}`, true);
  }
  if (node.kind === 'scalar') writer.scalar(node.event, at);
  else if (node.kind === 'list') emitList(writer, node, at);
  else emitMapping(writer, node);
}

function emitList(writer: YamlWriter, node: Node & { kind: 'list' }, at: Position): void {
  if (writer.flowLevel > 0 || node.flow || node.items.length === 0) {
    writer.indicator('[', true, { whitespace: true });
    writer.increaseIndent(true);
    writer.flowLevel++;
    for (const [index, item] of node.items.entries()) {
      if (index > 0) writer.indicator(',', false);
      if (writer.tooWide) writer.writeIndent();
      emit(writer, item, { mapping: false, simpleKey: false });
    }
    writer.flowLevel--;
    writer.decreaseIndent();
    writer.indicator(']', false);
    return;
  }
  writer.increaseIndent(false, at.mapping && !writer.indention);
  for (const item of node.items) {
    writer.writeIndent();
    writer.indicator('-', true, { indention: true });
    emit(writer, item, { mapping: false, simpleKey: false });
  }
  writer.decreaseIndent();
}

const VALUE: Position = { mapping: true, simpleKey: false };
const SIMPLE_KEY: Position = { mapping: true, simpleKey: true };

function emitMapping(writer: YamlWriter, node: Node & { kind: 'mapping' }): void {
  if (node.tag !== undefined) writer.indicator(node.tag, true);
  const flow = writer.flowLevel > 0 || node.flow || node.entries.length === 0;
  if (flow) writer.indicator('{', true, { whitespace: true });
  writer.increaseIndent(flow);
  if (flow) writer.flowLevel++;
  for (const [index, [key, value]] of node.entries.entries()) {
    if (flow && index > 0) writer.indicator(',', false);
    if (!flow || writer.tooWide) writer.writeIndent();
    if (isSimpleKey(key)) {
      emit(writer, key, SIMPLE_KEY);
      writer.indicator(':', false);
    } else {
      writer.indicator('?', true, { indention: !flow });
      emit(writer, key, VALUE);
      if (!flow || writer.tooWide) writer.writeIndent();
      writer.indicator(':', true, { indention: !flow });
    }
    emit(writer, value, VALUE);
  }
  if (flow) writer.flowLevel--;
  writer.decreaseIndent();
  if (flow) writer.indicator('}', false);
}

function isSimpleKey(node: Node): boolean {
  if (node.anchor > 0 && node.emitted) return true;
  if (node.kind === 'list') return node.items.length === 0;
  if (node.kind === 'mapping') return node.entries.length === 0;
  const { text } = node.event;
  return !/[\n\r\x85\u2028\u2029]/.test(text) && Buffer.byteLength(text) <= 128;
}
