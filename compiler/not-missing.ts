import { type Role, roleOf } from './1-load/layout.ts';
import type { Diagnostic } from './contract/diagnostic.ts';

/** What is told where a file is missing, and the files that it is told of. */
const MISSING: Readonly<Record<string, readonly Role['is'][]>> = {
  'load/missing-cluster': ['cluster vars'],
  'load/orphan-folder': ['cluster vars'],
  'load/missing-inventory': ['ini', 'yaml inventory'],
  'load/missing-component-file': ['component'],
  'load/missing-template': ['template'],
};

/**
 * The problems without those that say that a file is missing, where it is there and could not be read. That has been
 * told, and to add the file would be the wrong thing to do.
 * @param reading what was found wrong in reading the files
 */
export function notMissing(diagnostics: readonly Diagnostic[], reading: readonly Diagnostic[]): Diagnostic[] {
  const unread = reading.flatMap(({ place }) => (place ? [place.file] : []));
  if (unread.length === 0) return [...diagnostics];
  return diagnostics.filter((problem) => !unread.some((file) => isMissed(file, problem)));
}

function isMissed(file: string, { code, place, message }: Diagnostic): boolean {
  const role = roleOf(file);
  if (!place || !MISSING[code]?.includes(role.is)) return false;
  if (ownerOf(roleOf(place.file)) !== ownerOf(role)) return false;
  return role.is !== 'template' || message.includes(`\`${file.split('/').slice(2).join('/')}\``);
}

/** The cluster or the component that a file is of. */
function ownerOf(role: Role): string | undefined {
  if ('cluster' in role) return `${role.type}/${role.cluster}`;
  return 'component' in role ? role.component : undefined;
}
