import { describe, expect, it } from 'vitest';
import { DictLoader, Environment, JinjaError } from './jinja.ts';

const LOADER = new DictLoader({
  inc: 'a\n{{ x.y.z }}\n',
  mac: '{% macro m(a) %}\n  {{ a + 1 }}\n{% endmacro %}',
  base: '{% block b %}{{ 1/0 }}{% endblock %}',
  bad: 'ok\n{% if %}',
});

/** The error of a template: its class, place and trace, on one line. */
function errorOf(source: string): string {
  try {
    const environment = new Environment({ undefined: 'strict', loader: LOADER });
    return `text ${environment.fromString(source, 'main').render({ d: { a: 1 }, x: { y: {} } })}`;
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    const { place, trace } = error;
    const steps = trace.map(({ template, line, column, what }) => ` < ${what} ${template}:${line}:${column}`);
    return `${error.name} ${place?.template}:${place?.line}:${place?.column}${steps.join('')}`;
  }
}

describe('an error stands at its expression', () => {
  it.each([
    ['a\n {{ foo }}', 'UndefinedError main:2:5'],
    ['{{ d.nope.x }}', 'UndefinedError main:1:11'],
    ['{{ d.a }} {{ [1,\n  foo] | join }}', 'UndefinedError main:2:10'],
    ['{{ 1 if 1 else 2 }}{{ (1 + "a") }}', 'TypeError main:1:24'],
    ['{% if d.b.c %}{% endif %}', 'UndefinedError main:1:11'],
    ['{% for x in 5 %}{% endfor %}', 'TypeError main:1:13'],
    ['{% for x in [1] if x.a.b %}{% endfor %}', 'UndefinedError main:1:24'],
    ['{{ "x".foo() }}', 'UndefinedError main:1:8'],
    ['{{ [3, "a"] | sort }}', 'TypeError main:1:15'],
    ['{{ foo(', 'TemplateSyntaxError main:1:8'],
    ['x {{ a b }}', 'TemplateSyntaxError main:1:8'],
    ['\n{% if z %}\n{% endfor %}', 'TemplateSyntaxError main:3:4'],
    ['{{ 1 | nope }}', 'TemplateAssertionError main:1:8'],
    ['{% if 0 %}{% macro m(a, b, a=1) %}{% endmacro %}{% endif %}', 'SyntaxError main:1:28'],
    ['{% call(x, x) f() %}{% endcall %}', 'SyntaxError main:1:12'],
    ['{% include "none" %}', 'TemplateNotFound main:1:4'],
    ['\n{% include "bad" %}', 'TemplateSyntaxError bad:2:7 < template main:2:4'],
    ['{% include "inc" %}', 'UndefinedError inc:2:8 < include main:1:4'],
    ['{% from "mac" import m %}\n\n{{ m("1") }}', "TypeError mac:2:6 < macro 'm' main:3:4"],
    ['{% extends "base" %}', "ZeroDivisionError base:1:17 < block 'b' base:1:4 < extends main:1:4"],
    [
      '{% macro f() %}{{ caller() }}{% endmacro %}\n{% call f() %}\n {{ zz }}\n{% endcall %}',
      "UndefinedError main:3:5 < call block main:1:19 < macro 'f' main:2:9",
    ],
  ])('%j', (source, expected) => {
    expect(errorOf(source)).toBe(expected);
  });
});
