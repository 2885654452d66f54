import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, 'styles');
const css = readdirSync(folder)
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }] as const,
  ),
);

/** Relative luminance, by WCAG 2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(left: string, right: string): number {
  const [low, high] = [luminance(left), luminance(right)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

const TEXTS = ['text', 'quiet', 'link', 'bad', 'warn', 'wait', 'good'];
const PAIRS = [
  ...TEXTS.flatMap((text) => [
    [text, 'ground'],
    [text, 'raised'],
  ]),
  ...['bad', 'warn', 'wait', 'good'].map((tone) => [tone, `${tone}-ground`]),
  ['text', 'wait-ground'],
] as [string, string][];

test.each(PAIRS)('%s can be read on %s, light and dark (WCAG AA: 4.5)', (text, ground) => {
  for (const scheme of ['light', 'dark'] as const) {
    expect(contrast(colours.get(text)![scheme], colours.get(ground)![scheme])).toBeGreaterThanOrEqual(4.5);
  }
});

test('the contrast of WCAG is measured as WCAG says', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

test('every colour is one of the palette, and nothing is loaded from elsewhere', () => {
  const rest = css.replace(/^ {2}--[\w-]+: .*$/gm, '');
  expect(rest).not.toMatch(/#[0-9a-f]{3,8}\b|rgb\(|url\(|@import (?!"\.\/)|https?:/i);
});
