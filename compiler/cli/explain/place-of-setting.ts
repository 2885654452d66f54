import type { SourceFiles } from '../../1-load/workspace.ts';
import { placeAt, readYaml } from '../../1-load/yaml-source.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { Dict } from '../../jinja/jinja.ts';

const FILE = 'khp.yml';

/** Where khp.yml has a setting; undefined where it counts without being written. */
export function placeOfSetting(files: SourceFiles, path: readonly string[]): Place | undefined {
  const { value: source } = readYaml(FILE, new TextDecoder().decode(files.get(FILE)));
  const isSet = source?.value instanceof Dict && source.value.has(path[0]!);
  return isSet ? placeAt(source, path) : undefined;
}
