import type { Templar } from '../ansible/ansible.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { around, type ComponentOnHost } from './component-on-host.ts';
import type { PartPath } from './render-part.ts';
import { renderProblem } from './render-problem.ts';

/** The templar of each turn of a loop; of the one turn of none. */
export function templarsOf(loop: string | undefined, path: PartPath, on: ComponentOnHost): Templar[] {
  if (loop === undefined) return [on.templar];
  return loopItems(loop, path, on).map((item) => on.templarWith(new Map([['item', item]])));
}

/** The items of the list that a loop names. */
function loopItems(loop: string, path: PartPath, on: ComponentOnHost) {
  const place = on.component.placeOf([...path, 'loop']);
  const problem = (code: 'render/undefined-variable' | 'render/bad-value', message: string) => {
    on.report(diagnose(code, { place, message, hosts: [on.host.host] }));
    return [];
  };
  const raw = on.scope.get(loop);
  on.templar.noteRead(loop);
  if (raw === undefined) return problem('render/undefined-variable', `'${loop}' is undefined`);
  try {
    const list = on.templar.template(raw);
    return Array.isArray(list)
      ? list
      : problem('render/bad-value', `'${loop}' is no list, which \`loop\` takes`);
  } catch (error) {
    on.report(renderProblem(error, around(on, on.scope.placeOf(loop) ?? place)));
    return [];
  }
}
