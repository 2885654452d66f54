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
  refused('omit is for arguments of tasks', 'UnsupportedError', /^'omit' leaves out/u),
];
