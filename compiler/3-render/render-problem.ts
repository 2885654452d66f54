import type { Diagnostic, Place, Related } from '../contract/diagnostic.ts';
import type { Code } from '../diagnostics/catalogue.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { JinjaError, TemplateSyntaxError } from '../jinja/jinja.ts';

/**
 * An error of the template engine as a diagnostic: in the template where it says so, else at `fallback`, the place of
 * the text that was rendered. Anything but an error of the engine is a bug of ours and thrown on.
 */
export function renderProblem(
  error: unknown,
  fallback: Place,
  hosts: readonly string[] | undefined,
): Diagnostic {
  if (!(error instanceof JinjaError)) throw error;
  const { place, trace } = error;
  const at = place?.template ? { file: place.template, line: place.line, column: place.column } : fallback;
  const related: Related[] = trace.flatMap((step) =>
    step.template
      ? {
          place: { file: step.template, line: step.line, column: step.column },
          message: `from this ${step.what}`,
        }
      : [],
  );
  return diagnose(codeOf(error), {
    place: at,
    message: error.message.replace(/\.$/, ''),
    ...(related.length > 0 ? { related } : {}),
    ...(hosts ? { hosts } : {}),
  });
}

function codeOf(error: JinjaError): Code {
  if (error instanceof TemplateSyntaxError) return 'render/template-syntax';
  if (/Undefined/.test(error.name)) return 'render/undefined-variable';
  return error.name === 'TypeError' ? 'render/type-error' : 'render/failed';
}
