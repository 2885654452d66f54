import { type FileScope, scopeOfFile } from './1-load/file-scope.ts';
import { roleOf } from './1-load/layout.ts';
import type { Diagnostic } from './contract/diagnostic.ts';

/** Files that say who there is: operators, hosts, their keys, and which hosts have a component. */
const SAYERS: ReadonlySet<string> = new Set(['settings', 'ini', 'yaml inventory', 'recipients', 'component']);

/** Problems of a cluster's file of settings that leave its hosts unknown; others leave its variables unknown only. */
const WITHOUT_HOSTS: ReadonlySet<string> = new Set(['load/missing-inventory', 'load/two-inventories']);

/**
 * Why it cannot be told who is to read the secrets of a file: a mistake in one of the files that say so. To take those
 * who are known for all would take the secret from the others, the operators perhaps.
 */
export function unknownReaders(diagnostics: readonly Diagnostic[]): (file: string) => Diagnostic | undefined {
  const mistakes = diagnostics.filter(
    ({ severity, code, place }) =>
      severity === 'error' &&
      place !== undefined &&
      // The key of a host that is no more is nobody's.
      code !== 'load/unknown-recipient' &&
      (SAYERS.has(roleOf(place.file).is) || WITHOUT_HOSTS.has(code)),
  );
  return (file) => mistakes.find(({ place }) => saysOf(place!.file, file));
}

function saysOf(sayer: string, file: string): boolean {
  const role = roleOf(sayer);
  if (role.is === 'settings') return true;
  const of = roleOf(file);
  if (role.is === 'component') return of.is === 'defaults' && of.component === role.component;
  return overlap(scopeOfFile(sayer), scopeOfFile(file));
}

/** Whether the hosts of a cluster are among those that a file is for. */
function overlap(sayer: FileScope, file: FileScope): boolean {
  if (sayer.of !== 'cluster' || file.of === 'fleet') return true;
  if (file.of === 'type') return file.type === sayer.type;
  return file.of === 'cluster' && file.cluster === sayer.cluster;
}
