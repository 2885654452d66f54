import { JinjaError } from '../../jinja/jinja.ts';

/** The folders of a template, the innermost first, each after its `templates`. */
export function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  const folders: string[] = [];
  for (let length = parts.length; length >= 0; length--) {
    const folder = parts.slice(0, length).join('/');
    folders.push(folder === '' ? 'templates' : `${folder}/templates`, folder);
  }
  return folders;
}

/** Corrects the lines of errors in a template whose first lines were cut off. */
export function shiftingLines<T>(name: string, lines: number, render: () => T): T {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof JinjaError) || lines === 0) throw error;
    if (error.place?.template === name) error.place = { ...error.place, line: error.place.line + lines };
    for (const [index, step] of error.trace.entries()) {
      if (step.template === name) error.trace[index] = { ...step, line: step.line + lines };
    }
    throw error;
  }
}
