import { PythonError, TemplateAssertionError, TemplateRuntimeError } from '../../jinja/jinja.ts';
import { AnsibleUndefinedVariable } from '../errors.ts';
import { explainMissingPlugin } from './missing-plugin.ts';

/** An error of a render as Ansible tells it. @param plugins what the repository defines in Python, by name */
export function inWordsOfAnsible(error: unknown, plugins: ReadonlyMap<string, string>): unknown {
  if (error instanceof TemplateAssertionError || error instanceof TemplateRuntimeError) {
    error.message = explainMissingPlugin(error.message, plugins);
  }
  // Ansible's own reading of what Python says of an undefined value.
  if (
    error instanceof PythonError &&
    error.name === 'TypeError' &&
    error.message.includes('AnsibleUndefined')
  ) {
    const { place, source, entered, trace } = error;
    return Object.assign(new AnsibleUndefinedVariable(error.message), { place, source, entered, trace });
  }
  return error;
}
