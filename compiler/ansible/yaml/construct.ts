import { Dict } from '../../jinja/values/dict.ts';
import { Tuple } from '../../jinja/values/tuple.ts';
import type { Value } from '../../jinja/values/value.ts';
import { normalArmor } from '../values/secret-envelope.ts';
import { SecretText } from '../values/secret-text.ts';
import { UnsafeText } from '../values/unsafe-text.ts';
import { WrittenSet } from '../values/written-set.ts';
import { constructScalar, ScalarError } from './construct-scalar.ts';
import { flattenMapping, type MergedEntry } from './flatten-mapping.ts';
import type { MappingNode, ScalarNode, SequenceNode, YamlNode } from './node.ts';
import { YamlPlaces } from './places.ts';
import { YamlFailure, type YamlProblem } from './problem.ts';
import { resolvePlain } from './resolve-plain.ts';

const CORE = 'tag:yaml.org,2002:';

/** The warnings after which no more are told. */
const MAX_WARNINGS = 200;

/** Turns nodes into the values that Ansible makes of them. An error is thrown as YamlFailure, warnings are gathered. */
export class Constructor {
  readonly places = new YamlPlaces();
  readonly warnings: YamlProblem[] = [];
  readonly #done = new Map<YamlNode, { value: Value; size: number }>();
  readonly #largest: number;
  readonly #ansible: boolean;
  /** Values that the node under construction holds, aliases counted each time. */
  #size = 0;

  /**
   * @param largest how many values the result may hold, with what an alias stands for counted each time.
   * @param ansible whether Ansible's tags mean something.
   */
  constructor(largest: number, ansible: boolean) {
    this.#largest = largest;
    this.#ansible = ansible;
  }

  construct(node: YamlNode): Value {
    const done = this.#done.get(node);
    if (done) {
      this.#grow(done.size, node);
      return done.value;
    }
    const before = this.#size;
    this.#grow(1, node);
    const value = this.#constructNew(node);
    // Of other values it does not show whether an alias gives the same one or an equal one.
    if (typeof value === 'object') this.#done.set(node, { value, size: this.#size - before });
    return value;
  }

  #grow(size: number, node: YamlNode): void {
    this.#size += size;
    if (this.#size > this.#largest) {
      throw failAt(
        node,
        `more than ${this.#largest} values, with what aliases stand for counted each time`,
        'write it with fewer aliases, or with fewer values',
      );
    }
  }

  #constructNew(node: YamlNode): Value {
    const tag = node.tag;
    if (tag === undefined) {
      if (node.kind === 'scalar') return node.plain ? this.#scalar(resolvePlain(node.text), node) : node.text;
      return node.kind === 'sequence' ? this.#list(node) : this.#mapping(node);
    }
    if (this.#ansible) {
      if (tag === '!unsafe') return this.#unsafe(node);
      if (tag === '!vault' || tag === '!vault-encrypted') return new SecretText('vault', this.#text(node));
      if (tag === '!secret') return this.#secret(node);
      if (tag === `${CORE}python/dict`) return this.#mapping(node);
      if (tag === `${CORE}python/unicode`) return this.#text(node);
    }
    if (tag.startsWith(CORE)) return this.#core(tag.slice(CORE.length), node);
    throw unknownTag(node, tag);
  }

  #secret(node: YamlNode): SecretText {
    const ciphertext = normalArmor(this.#text(node));
    if (ciphertext === undefined) {
      throw failAt(node, '!secret is not an armored age file', 'set it with `khp secret set FILE KEY`');
    }
    return new SecretText('age', ciphertext);
  }

  #core(name: string, node: YamlNode): Value {
    switch (name) {
      case 'null':
      case 'bool':
      case 'int':
      case 'float':
      case 'timestamp':
      case 'str':
      case 'binary':
        return this.#scalar(name, node);
      case 'seq':
        return this.#list(node);
      case 'map':
        return this.#mapping(node);
      case 'omap':
      case 'pairs':
        return this.#pairs(node);
      case 'set':
        return this.#set(node);
      default:
        throw unknownTag(node, `!!${name}`);
    }
  }

  #scalar(name: string, node: YamlNode): Value {
    const text = this.#text(node);
    try {
      const value = constructScalar(name, text);
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof ScalarError)) throw error;
      throw failAt(
        node,
        error.message,
        node.tag === undefined ? 'put it in quotes if it is meant as text' : undefined,
      );
    }
    throw failAt(node, `${text} has a meaning of its own in YAML`, 'put it in quotes');
  }

  #text(node: YamlNode): string {
    if (node.kind === 'scalar') return node.text;
    const value = node.kind === 'mapping' && node.entries.find(([key]) => isPlain(key, '='))?.[1];
    if (value) return this.#text(value);
    throw failAt(node, `expected a text for the tag ${node.tag ?? ''}, but found a ${nameOf(node)}`);
  }

  #list(node: YamlNode): Value[] {
    if (node.kind !== 'sequence') throw failAt(node, `expected a list, but found a ${nameOf(node)}`);
    const list = node.items.map((item) => this.construct(item));
    this.places.setList(
      list,
      node.items.map((item) => item.place),
    );
    return list;
  }

  #mapping(node: YamlNode): Dict {
    if (node.kind !== 'mapping') throw failAt(node, `expected a mapping, but found a ${nameOf(node)}`);
    const mapping = new Dict();
    const own = new Dict();
    const entries = flattenMapping(node);
    for (const entry of entries) this.#entry(mapping, entry, own);
    return mapping;
  }

  /** @param own the keys that stand in the mapping itself, so far. */
  #entry(mapping: Dict, { key: keyNode, value: valueNode, merged }: MergedEntry, own: Dict): void {
    const key = isPlain(keyNode, '=') ? '=' : this.construct(keyNode);
    if (!isHashable(key)) throw unhashable(keyNode);
    if (!merged) {
      if (own.has(key)) this.#warnDuplicate(mapping, key, keyNode);
      own.set(key, null);
    }
    mapping.set(key, this.construct(valueNode));
    this.places.setEntry(mapping, key, keyNode.place);
  }

  #warnDuplicate(mapping: Dict, key: Value, node: YamlNode): void {
    if (this.warnings.length >= MAX_WARNINGS) return;
    const first = this.places.of(mapping, key);
    const name = node.kind === 'scalar' ? node.text : 'key';
    this.warnings.push({
      severity: 'warning',
      place: node.place,
      message: `the key ${name} stands twice in this mapping; the last value counts`,
      hint: 'remove one of them',
      ...(first ? { related: { place: first, message: 'first set here' } } : {}),
    });
  }

  #pairs(node: YamlNode): Value[] {
    if (node.kind !== 'sequence')
      throw failAt(node, `expected a list for the tag, but found a ${nameOf(node)}`);
    return node.items.map((item) => {
      if (item.kind !== 'mapping' || item.entries.length !== 1) {
        throw failAt(item, 'expected a mapping of one entry');
      }
      const [key, value] = item.entries[0]!;
      return new Tuple([this.construct(key), this.construct(value)]);
    });
  }

  #set(node: YamlNode): Value {
    return new WrittenSet(this.#mapping(node).keys());
  }

  #unsafe(node: YamlNode): Value {
    if (node.kind === 'scalar') return new UnsafeText(node.text);
    const parts = node.kind === 'sequence' ? node.items : node.entries.map(([, value]) => value);
    const nested = parts.find((part) => part.kind !== 'scalar');
    if (nested) {
      throw failAt(
        nested,
        `Ansible reads a ${nameOf(nested)} within an !unsafe ${nameOf(node)} as empty`,
        'put !unsafe before each text instead',
      );
    }
    const value = node.kind === 'sequence' ? this.#list(node) : this.#mapping(node);
    return this.#protect(value);
  }

  #protect(value: Dict | Value[]): Value {
    const protect = (part: Value): Value => (typeof part === 'string' ? new UnsafeText(part) : part);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) value[index] = protect(item);
    } else for (const [key, item] of value) value.set(key, protect(item));
    return value;
  }
}

function isPlain(node: YamlNode, text: string): boolean {
  return node.kind === 'scalar' && node.plain && node.tag === undefined && node.text === text;
}

function isHashable(value: Value): boolean {
  if (value instanceof Tuple) return value.items.every(isHashable);
  return (
    !Array.isArray(value) &&
    !(value instanceof Dict || value instanceof SecretText || value instanceof WrittenSet)
  );
}

function nameOf(node: YamlNode): string {
  return node.kind === 'scalar' ? 'text' : node.kind === 'sequence' ? 'list' : 'mapping';
}

function unhashable(node: ScalarNode | SequenceNode | MappingNode): YamlFailure {
  const hint =
    node.kind === 'mapping' && node.flow
      ? 'put a value that begins with {{ in quotes'
      : 'a key is a text or a number';
  return failAt(node, `a ${nameOf(node)} cannot be a key`, hint);
}

function unknownTag(node: YamlNode, tag: string): YamlFailure {
  return failAt(node, `unknown tag ${tag}`, 'put a text that begins with ! in quotes');
}

function failAt(node: YamlNode, message: string, hint?: string): YamlFailure {
  return new YamlFailure({ place: node.place, message, ...(hint ? { hint } : {}) });
}
