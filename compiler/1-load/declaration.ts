import * as z from 'zod';
import { Regex } from '../ansible/regex/regex.ts';
import { JinjaError } from '../jinja/jinja.ts';

/** The types of Ansible's argument_specs that say something of a variable. */
const TYPES = ['str', 'int', 'float', 'bool', 'list', 'dict', 'path', 'raw', 'json', 'bytes'] as const;
export type VariableType = (typeof TYPES)[number];

const NUMBERS: readonly VariableType[] = ['int', 'float', 'bytes'];
const TEXTS: readonly VariableType[] = ['str', 'path'];
const SIZED: readonly VariableType[] = [...TEXTS, 'list', 'dict'];

/** What a variable must be: the words are those of Ansible's argument_specs, and ours where it has none. */
export const Declaration = z
  .strictObject({
    type: z.enum(TYPES).default('str'),
    description: z.union([z.string(), z.array(z.string())]).optional(),
    /** What to do about a wrong value; said with each of them. */
    hint: z.string().optional(),
    /** Whether every host with a role of the component must have it, with a value. */
    required: z.boolean().default(false),
    choices: z.array(z.unknown()).min(1).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    /** Of a text its characters, of a list its items, of a mapping its keys. */
    min_length: z.int().min(0).optional(),
    max_length: z.int().min(0).optional(),
    /** A regular expression of Python that the whole text must match. */
    pattern: z.string().optional(),
    /** The type of each item of a list. */
    elements: z.enum(TYPES).optional(),
    /** The keys of a mapping, or of each mapping in a list; no others are taken. */
    get options() {
      return z.record(z.string(), Declaration).optional();
    },
  })
  .superRefine((declaration, context) => {
    for (const [key, message] of misfits(declaration)) {
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });
export type Declaration = z.infer<typeof Declaration>;

/** templates/<component>/vars.yml: the variables of a component, by name. */
export const DeclarationsFile = z.record(
  z.string().regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, 'the name of a variable'),
  Declaration,
);
export type DeclarationsFile = z.infer<typeof DeclarationsFile>;

type Words = Omit<z.input<typeof Declaration>, 'options'> & { readonly options?: unknown };

/** Keys that do not fit the type, each with what it must be. */
function* misfits(words: Words): Iterable<[keyof Words, string]> {
  const { type = 'str', elements, min, max, min_length: least, max_length: most, pattern } = words;
  const only = (key: keyof Words, types: readonly VariableType[]): [keyof Words, string][] =>
    words[key] === undefined || types.includes(type)
      ? []
      : [[key, `left out, or \`type\` one of ${types.join(', ')}`]];
  yield* [...only('min', NUMBERS), ...only('max', NUMBERS)];
  yield* [...only('min_length', SIZED), ...only('max_length', SIZED)];
  yield* [...only('pattern', TEXTS), ...only('elements', ['list'])];
  if (type !== 'dict' && !(type === 'list' && elements === 'dict') && words.options !== undefined)
    yield ['options', 'left out, or `type` dict, or list with `elements: dict`'];
  if (min !== undefined && max !== undefined && min > max) yield ['max', `at least \`min\`, which is ${min}`];
  if (least !== undefined && most !== undefined && least > most)
    yield ['max_length', `at least \`min_length\`, which is ${least}`];
  const reason = pattern === undefined ? undefined : patternProblem(pattern);
  if (reason !== undefined) yield ['pattern', `a regular expression of Python: ${reason}`];
}

function patternProblem(pattern: string): string | undefined {
  try {
    new Regex(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof JinjaError) return error.message;
    throw error;
  }
}
