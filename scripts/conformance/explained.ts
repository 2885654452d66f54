import type { Case } from './case.ts';
import type { Results } from './compare.ts';

/** A difference that is meant. */
interface Explanation {
  readonly reason: string;
  readonly fits: (test: Case, results: Results) => boolean;
}

/** Ours is the error of a class with a message that matches. */
function refused(reason: string, errorClass: string, message: RegExp): Explanation {
  return {
    reason,
    fits: (_test, { actual: { error } }) => error?.class === errorClass && message.test(error.message),
  };
}

/** Both end with an error: the real program's and ours, each of a class with a message that matches. */
function otherError(
  reason: string,
  [wanted, wantedMessage]: readonly [string, RegExp],
  [got, gotMessage]: readonly [string, RegExp],
): Explanation {
  return {
    reason,
    fits: (_test, { expected, actual }) =>
      expected.error?.class === wanted &&
      actual.error?.class === got &&
      wantedMessage.test(expected.error.message) &&
      gotMessage.test(actual.error.message),
  };
}

const CONSTANTS =
  'Jinja computes constants while it compiles: where that fails, the expression is undefined or no Python';
const REFUSED_EARLIER = 'of several mistakes in one expression, another is found first';

/** Every difference between the real programs and ours that is there on purpose. */
export const EXPLAINED: readonly Explanation[] = [
  {
    reason: 'endless recursion ends at our limit of depth, not at that of the Python stack',
    fits: (_test, { expected, actual }) =>
      expected.error?.class === 'RecursionError' && actual.error?.class === 'LimitError',
  },
  refused('lipsum() gives other words in every run', 'UnsupportedError', /^lipsum\(\)/u),
  refused('a memory address differs from run to run', 'UnsupportedError', /memory address/u),
  refused('bytes are not a value of templates', 'UnsupportedError', /^bytes are not supported/u),
  refused(
    'names of Unicode characters would need a table of a megabyte',
    'TemplateSyntaxError',
    /^names of Unicode characters/u,
  ),
  refused('the home folder depends on the machine', 'UnsupportedError', /^the home folder/u),
  refused('what a path links to depends on the machine', 'UnsupportedError', /^what a path links to/u),
  refused('the zone of time depends on the machine', 'UnsupportedError', /^strftime gives the time/u),
  refused(
    'a value drawn without a seed differs from run to run',
    'UnsupportedError',
    /another value in ever/u,
  ),
  refused('commands run on the machine', 'UnsupportedError', /runs a command/u),
  refused("Ansible's settings are the machine's", 'UnsupportedError', /Ansible's settings of the machine/u),
  refused('a text that is not UTF-8 has no place in a file', 'ValueError', /^'utf-8' codec can't decode/u),
  refused('complex numbers are not a value of templates', 'UnsupportedError', /complex number/u),
  refused('texts are encoded as UTF-8, UTF-16-LE, Latin-1 or ASCII', 'UnsupportedError', /^the encoding/u),
  refused('a seed is a text or an int', 'UnsupportedError', /^a seed is a text or an int/u),
  {
    reason: 'where constants can not be computed, Ansible prints the template itself; we report the mistake',
    fits: (test, { expected, actual }) =>
      (test.entry === 'var' || test.entry === 'file') &&
      actual.error !== undefined &&
      expected.output !== undefined &&
      plainCharacters(expected.output) === plainCharacters(test.source.replace(/^#jinja2:.*\n/u, '')),
  },
  {
    reason:
      'the order of a set follows memory addresses, or the hashes of texts (two seeds may agree), floats and large numbers',
    fits: (test, { expected, actual }) =>
      /\|\s*(?:ansible\.builtin\.)?(?:union|intersect|difference|symmetric_difference)/u.test(test.source) &&
      /None|nan|'|\d\.\d|\d{10}/u.test(expected.output ?? '') &&
      sortedItems(expected.output ?? '') === sortedItems(actual.output ?? ''),
  },
  {
    reason: 'a lookup takes a range as it is, Ansible makes a list of it',
    fits: (test, { actual }) =>
      /\b(?:lookup|query|q)\(/u.test(test.source) && /\brange\(/u.test(actual.output ?? ''),
  },
  {
    reason:
      'a variable is templated once in a render, so what a template does to it shows in its next block too',
    fits: (test, { expected, actual }) =>
      test.entry === 'file' &&
      expected.output !== undefined &&
      (actual.output ?? expected.output).split('base')[0] === expected.output.split('base')[0] &&
      /\bextends\b/u.test(test.source) &&
      /\.(?:pop|popitem|append|extend|insert|update|setdefault|clear|remove|reverse|sort)\(/u.test(
        test.source,
      ),
  },
  {
    reason: 'as in Jinja, an unknown filter or test in a branch that is not taken does not matter',
    fits: (test, { expected, actual }) =>
      test.entry !== 'render' &&
      actual.error === undefined &&
      /Could not load/u.test(expected.error?.message ?? '') &&
      /\bif\b/u.test(test.source),
  },
  refused('omit is for arguments of tasks', 'UnsupportedError', /^'omit' leaves out/u),
  refused('a range counts within 53 bits', 'UnsupportedError', /^a range counts within/u),
  refused('a range holds at most a million items', 'LimitError', /^more than \d+ items/u),
  refused('a text has at most 8,388,608 characters', 'LimitError', /^a text of more than/u),
  {
    reason: 'batches, lengths and widths are counted by an int',
    fits: (test, { actual: { error } }) =>
      /\|\s*(?:batch|truncate|wordwrap|urlize)\b/u.test(test.source) &&
      error?.class === 'TypeError' &&
      /^'(?!\w*Undefined')\w+' object cannot be interpreted as an integer$/u.test(error.message),
  },
  {
    reason: 'two escapes of surrogates make one character in JavaScript',
    fits: (test, { expected, actual }) =>
      /\\ud83d\\ude00/u.test(test.source) && expected.output !== undefined && actual.output !== undefined,
  },
  {
    reason: CONSTANTS,
    fits: (test, { expected, actual }) =>
      (/\de\+?400/u.test(test.source) && expected.error?.class === 'NameError') ||
      (expected.output !== undefined &&
        /\[[^\]]*:[^\]]*\]/u.test(test.source) &&
        actual.error?.class === 'TypeError' &&
        /^slice indices must be|'slice'$|not subscriptable$/u.test(actual.error.message)),
  },
  {
    reason: 'Jinja fails inside itself while it compiles; we name the mistake',
    fits: (_test, { expected, actual }) =>
      expected.error?.class === 'AssertionError' && actual.error?.class === 'TemplateAssertionError',
  },
  {
    reason: 'in CPython, a format that is nothing but a field of a Markup gives that Markup itself',
    fits: (test, { expected, actual }) =>
      /\}["']\.format\(/u.test(test.source) &&
      expected.output !== undefined &&
      withoutMarkup(expected.output) === withoutMarkup(actual.output ?? ''),
  },
  {
    reason: "`dict[…]` is Python's notation of a type",
    fits: (test, { expected, actual }) =>
      expected.error === undefined &&
      /\bdict\s*[.[]/u.test(test.source) &&
      /^function object has no/u.test(actual.error?.message ?? ''),
  },
  otherError(
    'an undefined argument is refused for its type',
    ['AnsibleUndefinedVariable', /^/u],
    ['TypeError', /^type Undefined doesn't define __round__/u],
  ),
  otherError(
    'an undefined name of a test or filter is refused for what it is',
    ['ValueError', /^key must be a string, got <class '[\w.]*AnsibleUndefined'>/u],
    ['AnsibleUndefinedVariable', /^/u],
  ),
  otherError(
    'an undefined key is refused for what it is',
    ['KeyError', /^AnsibleUndefined\(/u],
    ['AnsibleUndefinedVariable', /^/u],
  ),
  {
    reason: 'the text of a loop shows where it is when the text is made',
    fits: (_test, { expected, actual }) =>
      [expected, actual].every(({ output }) => /<LoopContext/u.test(output ?? '')),
  },
  {
    reason: 'Ansible takes the start string of #jinja2: for a regular expression',
    fits: (test, { expected }) => test.source.startsWith('#jinja2:') && expected.error?.class === 'error',
  },
  {
    reason: "the repr of an undefined value holds Ansible's message, ours says which variable",
    fits: (_test, { expected, actual }) =>
      /AnsibleUndefined\(hint=/u.test(expected.output ?? '') &&
      /AnsibleUndefined\(hint=/u.test(actual.output ?? ''),
  },
  otherError(
    REFUSED_EARLIER,
    ['TemplateSyntaxError', /^/u],
    ['SyntaxError', /^(?:keyword argument repeated|invalid syntax)/u],
  ),
  otherError(
    REFUSED_EARLIER,
    ['TemplateAssertionError', /^No (?:filter|test) named/u],
    ['SyntaxError', /^(?:keyword argument repeated|invalid syntax)/u],
  ),
  otherError(
    REFUSED_EARLIER,
    ['TypeError', /<locals>\.t_\d+\(\) got an unexpected keyword argument/u],
    ['TemplateRuntimeError', /^No (?:filter|test) named/u],
  ),
  {
    reason: 'of several mistakes in one template, a call block that gives no text is found before later ones',
    fits: (test, { expected, actual }) =>
      expected.error !== undefined &&
      /\{%[-+]?\s*(?:call|filter)\b/u.test(test.source) &&
      actual.error?.class === 'TypeError' &&
      /^sequence item 0: expected str instance/u.test(actual.error.message),
  },
  {
    reason: 'an include takes a text or a list; of anything else Jinja names the error of its own code',
    fits: (test, { expected, actual }) =>
      /\binclude\b/u.test(test.source) &&
      (expected.error?.class === 'KeyError' ||
        /not subscriptable|unhashable type/u.test(expected.error?.message ?? '')) &&
      (actual.error?.class === 'TemplatesNotFound' || actual.error === undefined),
  },
];

/** The items of printed lists, in any order. */
function sortedItems(text: string): string {
  return text
    .split(/[[\](){},\s]+/u)
    .sort()
    .join(' ');
}

/** A text without what its notation adds. */
function plainCharacters(text: string): string {
  return text.replace(/\\n|[\\'"\s]/gu, '');
}

function withoutMarkup(text: string): string {
  return text.replace(/Markup\(('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\)/gu, '$1');
}
