import type { VarsFile } from '../1-load/workspace.ts';
import { UnsafeText } from '../ansible/values/unsafe-text.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import { layerOfFile, settingAlone, type Vars } from './layer.ts';

/** What Ansible lets no fact set at the top level (clean_facts of ansible/vars/clean.py): how a host is reached. */
const RESTRICTED =
  /^_ansible_|^ansible_(?:become_.*|become|connection|host|user|shell_executable|port|pipelining|password|timeout|shell_type|module_compression|private_key_file|remote_user|rsync_path|.*_interpreter)$|^ansible_(?:local|psrp|winrm|paramiko_ssh|ssh(?!_host_key))_/;

/** `ansible_facts` of a host without any: Ansible has it always. */
export const NO_FACTS: Vars = new Map([
  ['ansible_facts', settingAlone('ansible_facts', { layer: 'khp', value: new Dict(), place: undefined })],
]);

/**
 * The variables that a host's recorded facts give, as Ansible's VariableManager has them: each at the top level, and all
 * of them in `ansible_facts`, without `ansible_` before their names. They come from a host, so no text of theirs is
 * ever a template.
 */
export function factVars(file: VarsFile): Vars {
  const { vars, places } = unsafely(file);
  const top = new Dict([...vars].filter(([name]) => typeof name === 'string' && !RESTRICTED.test(name)));
  const placeOf = {
    ...file,
    vars: top,
    places: { of: (at: Dict | Value[], key: Value) => places.of(at === top ? vars : at, key) },
  };
  const result = new Map(layerOfFile('facts', placeOf));
  const all = new Dict([...vars].map(([name, value]) => [withoutPrefix(name), value]));
  const place = { file: file.file, line: 1, column: 1 };
  const nameInFile = new Map([...vars.keys()].map((name) => [withoutPrefix(name), name]));
  const placesOfAll = {
    of: (at: Dict | Value[], key: Value) =>
      at === all ? places.of(vars, nameInFile.get(key) ?? key) : places.of(at, key),
  };
  result.set(
    'ansible_facts',
    settingAlone('ansible_facts', { layer: 'facts', value: all, place, places: placesOfAll }),
  );
  return result;
}

function withoutPrefix(name: Value): Value {
  const prefixed = typeof name === 'string' && name.startsWith('ansible_') && name !== 'ansible_local';
  return prefixed ? name.slice('ansible_'.length) : name;
}

/** The same file with each text of it marked unsafe. */
function unsafely({ vars, places }: VarsFile): Pick<VarsFile, 'vars' | 'places'> {
  const originals = new Map<Value, Dict | Value[]>();
  const mark = (value: Value): Value => {
    if (typeof value === 'string') return new UnsafeText(value);
    if (Array.isArray(value)) return remember(value.map(mark), value);
    if (!(value instanceof Dict)) return value;
    return remember(new Dict([...value].map(([key, item]) => [key, mark(item)])), value);
  };
  const remember = <T extends Dict | Value[]>(marked: T, original: Dict | Value[]): T => {
    originals.set(marked, original);
    return marked;
  };
  const marked = mark(vars) as Dict;
  return { vars: marked, places: { of: (at, key) => places.of(originals.get(at) ?? at, key) } };
}
