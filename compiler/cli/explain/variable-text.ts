import type { Place } from '../../contract/diagnostic.ts';
import { displayText } from '../../diagnostics/display-width.ts';
import type { ShownSetting, VariableExplanation } from './explain-variable.ts';
import type { Step } from './steps.ts';
import { longText, shortText } from './value-text.ts';

/** The explanation of a variable for a person. */
export function variableText(explanations: readonly VariableExplanation[]): string {
  const [only] = explanations;
  const several = explanations.length > 1;
  const parts = explanations.map((one) => {
    const head = several ? `as templates of ${one.components.join(', ')} see it:\n` : '';
    return `${head}${oneText(one)}`;
  });
  return `${only!.variable} on ${only!.host}\n\n${parts.join('\n')}`;
}

function oneText({ settings, leaves, steps, unset, value, failure }: VariableExplanation): string {
  const lines = ['set, the highest first:'];
  for (const setting of settings) lines.push(...settingLines(setting));
  if (leaves.length > 0) {
    lines.push('merged of:');
    for (const leaf of leaves)
      lines.push(`  ${shortText(leaf.variable)} = ${shortText(leaf.value)}  (${placeText(leaf.place)})`);
  }
  if (steps.some(({ template }) => template !== undefined)) {
    lines.push('steps:', ...stepLines(steps, 1));
  }
  lines.push(...unsetLines(unset));
  lines.push(
    value === undefined ? `it has no value: ${displayText(failure ?? '')}` : `value: ${longText(value)}`,
  );
  return `${lines.join('\n')}\n`;
}

function settingLines({ layer, place, line, written, counts, overridden }: ShownSetting): string[] {
  const state = overridden ? ', overridden' : '';
  const where = place ? `${placeText(place)}  (${layer}${state})` : `set by khp itself${state}`;
  if (!counts && !overridden) return [`  ${where}: nothing there`];
  const text = place ? line : (written ?? '');
  return [`  ${where}`, `      ${shortText(text)}`];
}

/** What was asked for and is not there: to set it would change what is explained. */
export function unsetLines(unset: readonly string[]): string[] {
  return unset.length > 0 ? [`asked for, and not set on the host: ${unset.map(shortText).join(', ')}`] : [];
}

/** Each step on a line, what it read below it. */
export function stepLines(steps: readonly Step[], depth: number): string[] {
  return steps.flatMap((step) => {
    const indent = '  '.repeat(depth);
    const where = step.place ? placeText(step.place) : 'set by khp itself';
    if (step.shownBefore) return [`${indent}${shortText(step.variable)} = ${shortText(step.value)}  (above)`];
    const template = step.template === undefined ? [] : [`${indent}    ${shortText(step.template.trim())}`];
    return [
      `${indent}${shortText(step.variable)} = ${shortText(step.value)}  (${where}${step.place ? `, ${step.layer}` : ''})`,
      ...template,
      ...stepLines(step.reads, depth + 1),
    ];
  });
}

/** `file:line:column`. */
export function placeText(place: Place | undefined): string {
  return place ? `${displayText(place.file)}:${place.line}:${place.column}` : 'set by khp itself';
}
