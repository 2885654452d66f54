import type { Diagnostic, Place, Related } from '../contract/diagnostic.ts';
import type { Code } from '../diagnostics/catalogue.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { JinjaError, TemplateNotFound, TemplateSyntaxError } from '../jinja/jinja.ts';

/** What is known around a text that failed to render. */
export interface Surroundings {
  /** The place of the text itself, for errors that no template or variable is named with. */
  readonly fallback: Place;
  readonly hosts?: readonly string[];
  /** Where a variable's value was set. */
  readonly placeOf: (variable: string) => Place | undefined;
}

/**
 * An error of the template engine as a diagnostic: in the template, or at the variable whose value holds the mistake,
 * with the places that led there. Anything but an error of the engine is a bug of ours and thrown on.
 */
export function renderProblem(error: unknown, around: Surroundings): Diagnostic {
  if (!(error instanceof JinjaError)) throw error;
  const { hosts, fallback } = around;
  const { place, trace } = error;
  // What encloses the error, then what encloses each step of its trace: the innermost variable or template first.
  const enclosing = [...trace.map(({ what }) => variableIn(what)), undefined];
  const placeAt = (at: typeof place, index: number): Place | undefined => {
    if (at?.template) return { file: at.template, line: at.line, column: at.column };
    const variable = enclosing[index];
    return variable === undefined ? undefined : around.placeOf(variable);
  };
  // A template that includes itself comes through the same place at every level: it is shown once.
  const steps = new Map<string, Related>();
  for (const [index, step] of trace.entries()) {
    const at = placeAt(step, index + 1);
    if (!at) continue;
    const message = `from this ${step.what}`;
    steps.set(`${at.file}:${at.line}:${at.column} ${message}`, { place: at, message });
  }
  const related = [...steps.values()];
  const setAt = undefinedIn(error.message, around);
  if (setAt) related.unshift(setAt);
  const code = codeOf(error);
  const message = messageOf(error);
  return diagnose(code, {
    place: placeAt(place, 0) ?? fallback,
    message,
    ...(code === 'render/undefined-variable' && asksForFact(error) && { hint: FACTS_HINT }),
    ...(related.length > 0 ? { related } : {}),
    ...(hosts ? { hosts } : {}),
  });
}

const FACTS_HINT =
  'if it is a fact of the host, record its facts: `khp collect --facts`, or <host>.facts.yml beside its settings; or write `| default(…)`';

/** Whether what is undefined is, by its name, a fact: `ansible_memtotal_mb`, or `ansible_facts.memtotal_mb`. */
function asksForFact({ message, source, place }: JinjaError): boolean {
  if (/^'ansible_\w+' is undefined/.test(message)) return true;
  const name = /has no attribute '(\w+)'/.exec(message)?.[1];
  const line = place && source?.split('\n')[place.line - 1];
  return name !== undefined && new RegExp(`\\bansible_facts\\W+${name}\\b`).test(line ?? '');
}

/** The variable that a step of a trace entered. */
function variableIn(what: string): string | undefined {
  return /^variable '(.*)'$/.exec(what)?.[1];
}

/** An undefined value is found where it is used; the variable that it came from is named in the message. */
function undefinedIn(message: string, { placeOf }: Surroundings): Related | undefined {
  const variable = /\(in the variable '([^']*)'\)/.exec(message)?.[1];
  const place = variable === undefined ? undefined : placeOf(variable);
  return place && { place, message: `\`${variable}\` is set here` };
}

// Of a template that is not there, Python says the name alone.
function messageOf(error: JinjaError): string {
  const { message } = error;
  if (error instanceof TemplateNotFound && error.templates.includes(message))
    return `there is no template \`${message}\` beside this one or in its component`;
  return message.replace(/\.$/, '');
}

function codeOf(error: JinjaError): Code {
  if (error instanceof TemplateSyntaxError) return 'render/template-syntax';
  if (error.name === 'SecretError') return 'render/secret-use';
  if (error.name === 'MalformedSecret') return 'render/secret-malformed';
  if (error.name === 'LongSecret') return 'render/secret-too-long';
  if (/Undefined/.test(error.name)) return 'render/undefined-variable';
  return error.name === 'TypeError' ? 'render/type-error' : 'render/failed';
}
