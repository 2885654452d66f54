import { describe, expect, it } from 'vitest';
import {
  contextFunction,
  Dict,
  DictLoader,
  Environment,
  Float,
  fromJson,
  Markup,
  NativeEnvironment,
  type Origin,
  PyObject,
  PySet,
  pyFunction,
  StrictUndefined,
  str,
  Tuple,
  type Value,
} from './jinja.ts';
import type { Context } from './runtime/context.ts';

describe('the variables of a render', () => {
  it('are looked up by name, each once, through includes, macros and loops', () => {
    const asked: string[] = [];
    const values: Record<string, Value> = { a: 1, l: [1, 2] };
    const variables = {
      get(name: string) {
        asked.push(name);
        return values[name];
      },
    };
    const loader = new DictLoader({ inc: '{{ a }}{{ range(2) | list }}' });
    const source =
      '{% for x in l %}{{ a }}{{ b }}{% include "inc" %}{% endfor %}{% macro m() %}{{ a }}{% endmacro %}{{ m() }}';
    expect(new Environment({ loader }).fromString(source).render(variables)).toBe('11[0, 1]11[0, 1]1');
    expect(asked.toSorted()).toEqual(['a', 'b', 'l', 'range']);
  });

  it('are plain JSON, a Dict, or values among JSON', () => {
    const template = new Environment().fromString('{{ n }} {{ f }} {{ d }} {{ t }}');
    const plain = { n: 1, f: 1.5, d: { a: [1, 2.5, null] }, t: new Tuple([1]) };
    expect(template.render(plain)).toBe("1 1.5 {'a': [1, 2.5, None]} (1,)");
    const dict = new Dict([
      ['n', 2 ** 53 - 1],
      ['f', new Float(2)],
      ['d', fromJson({ 1: 2 })],
      ['t', new Markup('<b>')],
    ]);
    expect(template.render(dict)).toBe("9007199254740991 2.0 {'1': 2} <b>");
  });

  it('never come from the prototype of a plain object', () => {
    const template = new Environment().fromString('{{ toString is defined }}{{ constructor is defined }}');
    expect(template.render({})).toBe('FalseFalse');
  });

  it('have no item of a key that Python cannot hash', () => {
    const template = new Environment().fromString('[{{ d[s] }}{{ d[d.items()] }}{{ d[[]] }}{{ d[([],)] }}]');
    expect(template.render({ d: {}, s: new PySet([1]) })).toBe('[]');
  });
});

describe('functions of a caller', () => {
  const environment = new Environment({
    filters: {
      wrap: pyFunction('value by? times?', (value: Value, by: Value = '*', times: Value = 1) => {
        return str(by).repeat(Number(times)) + str(value) + str(by).repeat(Number(times));
      }),
      count_args: (...args) => args.length,
      read: contextFunction('value', (context: Context, name: Value) => context.resolve(str(name))),
    },
    tests: { long: pyFunction('value', (value: Value) => str(value).length > 3) },
    globals: { answer: 42, twice: (value: Value) => [value, value] },
  });

  it.each([
    ['{{ 1 | wrap }}{{ 1 | wrap("-", 2) }}{{ 1 | wrap(times=2) }}', '*1*--1--**1**'],
    ['{{ 1 | count_args(2, 3) }}', '3'],
    ['{{ "abcd" is long }}{{ ["a", "abcd"] | select("long") | list }}', "True['abcd']"],
    ['{{ answer }}{{ twice(1) }}', '42[1, 1]'],
    ['{% for x in [1] %}{% set y = 5 %}{{ "z" | read }}{% endfor %}', 'Z'],
  ])('%j', (source, expected) => {
    expect(environment.fromString(source).render({ z: 'Z' })).toBe(expected);
  });

  it.each([
    '{{ 1 | wrap(1, 2, 3) }}',
    '{{ 1 | wrap(nope=1) }}',
    '{{ 1 | wrap("a", by="b") }}',
    '{{ "z" | read(1) }}',
  ])('refuse arguments that do not fit: %j', (source) => {
    expect(() => environment.fromString(source).render()).toThrow(
      expect.objectContaining({ name: 'TypeError' }),
    );
  });
});

describe('an undefined of a caller', () => {
  class Listed extends StrictUndefined {
    override pyGetAttribute(): Value {
      return this;
    }

    override pyStr(): string {
      return `<${this.message}>`;
    }
  }

  it('is made for variables, attributes and items', () => {
    const made: (new (origin: Origin) => Listed)[] = [Listed];
    const environment = new Environment({ undefined: made[0]! });
    const text = environment.fromString('{{ a.b.c }} {{ d.x }} {{ d[1] }}').render({ d: {} });
    expect(text).toBe(
      "<'a' is undefined> <'dict object' has no attribute 'x'> <dict object has no element 1>",
    );
  });
});

describe('an object of a caller', () => {
  class Lazy extends PyObject {
    readonly typeName = 'Lazy';
    override readonly pyMapping = true;

    override pyGetItem(key: Value): Value | undefined {
      return key === 'a' ? 1 : undefined;
    }

    override pyIterate(): Iterable<Value> {
      return ['a'];
    }

    override pyLength(): number {
      return 1;
    }
  }

  it('is a mapping when it says so', () => {
    const source =
      '{{ m.a }}{{ m.b is defined }}{{ m is mapping }}{{ m | length }}{{ m | dictsort }}{{ m | list }}';
    expect(new Environment().fromString(source).render({ m: new Lazy() })).toBe("1FalseTrue1[('a', 1)]['a']");
  });
});

describe('compileExpression', () => {
  it('gives a value, and None or the undefined itself for undefined', () => {
    const environment = new Environment();
    expect(environment.compileExpression('a + 1')({ a: 2 })).toBe(3);
    expect(environment.compileExpression('nope')()).toBeNull();
    const kept = environment.compileExpression('nope', { undefinedToNone: false })();
    expect(kept).toMatchObject({ typeName: 'Undefined' });
    expect(() => environment.compileExpression('a b')).toThrow(
      expect.objectContaining({ name: 'TemplateSyntaxError' }),
    );
  });
});

describe('a native environment', () => {
  it.each<[string, Value]>([
    ['{{ [1, 2] }}', [1, 2]],
    ['{{ a }}', 'x'],
    ['{{ 1 }}{{ 2 }}', 12],
    ['', null],
    ['a{{ 1 }}', 'a1'],
  ])('%j', (source, expected) => {
    expect(new NativeEnvironment().fromString(source).renderValue({ a: 'x' })).toEqual(expected);
  });
});

describe('finalize', () => {
  it('changes what is printed, and not what is set or joined', () => {
    const environment = new Environment({ finalize: (value) => value ?? '' });
    expect(environment.fromString('[{{ none }}{{ n }}{{ [none] }}{{ 1 }}x]').render({ n: null })).toBe(
      '[[None]1x]',
    );
  });
});
