import { Templar } from '../../compiler/ansible/ansible.ts';
import { repr } from '../../compiler/jinja/jinja.ts';
import type { Case } from './case.ts';
import { untag } from './untag.ts';

/** Renders a case of Ansible's with our engine. @throws what the engine throws */
export function renderAnsible(test: Case): string {
  const variables = Object.fromEntries(
    Object.entries(test.context).map(([name, value]) => [name, untag(value)]),
  );
  const templar = new Templar({ variables, texts: new Map(Object.entries(test.templates)) });
  if (test.entry === 'var') return repr(templar.template(test.source));
  return templar.renderFile(test.source, { name: 'case.j2' });
}
