/**
 * What Ansible adds to Jinja, as ansible-core 2.18 does it: the Templar with its filters, tests and lookups, YAML and
 * INI values, the dumps. The one door of this folder.
 */
export { AnsibleError, AnsibleFilterError, AnsibleUndefinedVariable } from './errors.ts';
export { type HostLine, type HostToken, parseIniValue, splitHostLine } from './ini.ts';
export { dumpJson, type JsonOptions } from './json/dump-json.ts';
export { type Literal, literalEval } from './literal-eval.ts';
export { AnsibleUndefined } from './templar/ansible-undefined.ts';
export { type Evaluation, evaluated, readsOf } from './templar/evaluation.ts';
export { globalNames } from './templar/global-names.ts';
export type { CommonValues, KnownValue } from './templar/known-values.ts';
export { ReadLog } from './templar/read-log.ts';
export { newNode, type ReadNode } from './templar/read-node.ts';
export {
  allReads,
  keyOf,
  type Read,
  ReadRecorder,
  type ReadsApart,
  type Recorder,
  readsApart,
  readsByKey,
  type Switch,
  type VariableRead,
} from './templar/read-recorder.ts';
export { type FileOptions, Templar, type TemplarOptions, type VariableSource } from './templar/templar.ts';
export type { TemplateWork } from './templar/template-work.ts';
export type { RecordOf } from './templar/variable-record.ts';
export { Bytes } from './values/bytes.ts';
export { PyDate, PyDateTime } from './values/date-time.ts';
export {
  type CutText,
  cutAtHoles,
  fillHoles,
  fitsHole,
  giveUpHoles,
  HOLE_NAMES,
  type HoleName,
  HoleText,
  type HoleValues,
  holdsHole,
  textOf,
  withHoles,
} from './values/hole-text.ts';
export { normalArmor, normalVault } from './values/secret-envelope.ts';
export { type PlacedSecret, SecretText } from './values/secret-text.ts';
export { UnsafeText } from './values/unsafe-text.ts';
export { type DumpOptions, dumpYaml } from './yaml/dump-yaml.ts';
export {
  type LoadedYaml,
  loadAllYaml,
  loadYaml,
  YAML_LIMITS,
  type YamlLimits,
  type YamlPlace,
  type YamlPlaces,
  type YamlProblem,
} from './yaml/load-yaml.ts';
