import {
  DictLoader,
  Environment,
  type EnvironmentOptions,
  NativeEnvironment,
  repr,
} from '../../compiler/jinja/jinja.ts';
import type { Case } from './case.ts';
import { untag } from './untag.ts';

/** Renders a case of Jinja's with our engine. @throws what the engine throws */
export function renderJinja(test: Case): string {
  const options: EnvironmentOptions = {
    ...Object.fromEntries(Object.entries(test.env).map(([name, value]) => [camelCase(name), value])),
    loader: new DictLoader(test.templates),
  };
  const env = test.entry === 'native' ? new NativeEnvironment(options) : new Environment(options);
  const context = Object.fromEntries(
    Object.entries(test.context).map(([name, value]) => [name, untag(value)]),
  );
  if (test.entry === 'expression') return repr(env.compileExpression(test.source)(context));
  const template = env.fromString(test.source);
  return test.entry === 'native' ? repr(template.renderValue(context)) : template.render(context);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}
