import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Environment, JinjaError } from './jinja.ts';

const PIECES =
  '{{ }} {% %} {# #} {%- -%} {{- -}} {%+ raw endraw for in endfor if elif else endif set endset macro endmacro call endcall block endblock extends include import from as with endwith without context ignore missing filter endfilter autoescape endautoescape do break continue recursive not and or is loop self super caller a b x.y [ ] ( ) { } . , : ; | ~ + - * ** / // % == != < > <= >= = 1 2.5 0x 1_0 "s" \'t\' " \' \\ \n \t # ## é 😀 \u0000 \u2028 `${ */ upper join map("upper") range(3) none true is.defined'.split(
    ' ',
  );

const environment = new Environment({
  extensions: ['do', 'loopcontrols'],
  limits: { maxSteps: 20_000, maxString: 100_000 },
});

/** A template gives a text or one of the engine's errors, with its place; anything else is thrown on. */
function tryRender(source: string): void {
  try {
    const text = environment.fromString(source).render({ a: [1, 'x'], b: { c: 2 } });
    expect(typeof text).toBe('string');
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
  }
}

describe('any source is a template or an error', () => {
  it('made of random characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), tryRender), {
      numRuns: 1000,
      seed: 1,
    });
  });

  it('made of pieces of templates', () => {
    const source = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(' '));
    fc.assert(fc.property(source, tryRender), { numRuns: 5000, seed: 2 });
  });

  it('made of pieces of an expression', () => {
    const pieces = fc.array(fc.constantFrom(...PIECES.filter((piece) => !/[{%#}]/.test(piece))), {
      maxLength: 12,
    });
    const source = pieces.map((parts) => `{{ ${parts.join(' ')} }}`);
    fc.assert(fc.property(source, tryRender), { numRuns: 5000, seed: 3 });
  });
});
