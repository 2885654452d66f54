/**
 * Jinja 3.1 for JavaScript: Python's values, Jinja's names in camelCase, templates compiled to functions. The one door
 * of this folder.
 */
export {
  Environment,
  type EnvironmentOptions,
  type FunctionLike,
  NativeEnvironment,
  type Policies,
} from './environment.ts';
export {
  FilterArgumentError,
  JinjaError,
  LimitError,
  lineAndColumn,
  PythonError,
  type PythonErrorName,
  SecurityError,
  TemplateAssertionError,
  TemplateError,
  TemplateNotFound,
  type TemplatePlace,
  TemplateRuntimeError,
  TemplateSyntaxError,
  TemplatesNotFound,
  type TraceStep,
  typeError,
  UndefinedError,
  UnsupportedError,
  valueError,
} from './errors.ts';
export {
  counted,
  DEFAULT_LIMITS,
  type Limits,
  made,
  step,
  steps,
  used,
  willCompute,
  willHold,
  willMake,
} from './limits.ts';
export { DictLoader, type Loader } from './loader.ts';
export { nativeConcat } from './native.ts';
export { children, descendants, type Expression, type Node } from './parser/nodes.ts';
export { callValue as call, getAttribute, getItem } from './runtime/attributes.ts';
export { Context, type RenderContext, type Variables, type Works } from './runtime/context.ts';
export { escapeHtml } from './runtime/runtime.ts';
export {
  ChainableUndefined,
  DebugUndefined,
  type Origin,
  StrictUndefined,
  Undefined,
  type UndefinedClass,
} from './runtime/undefined.ts';
export { type CompiledExpression, expressionTree, type Template, templateTree } from './template.ts';
export { type Piece, placeOfOffset, readTrace, type TracedText } from './trace.ts';
export { compare, contains, equals, sorted } from './values/compare.ts';
export { CopiedDict } from './values/copied-dict.ts';
export { Dict, UnhashableError } from './values/dict.ts';
export { pairsOf } from './values/dict-methods.ts';
export { Float } from './values/float.ts';
export { reprFloat } from './values/float-text.ts';
export { bindArguments, contextFunction, functionTable, PyFunction, pyFunction } from './values/function.ts';
export {
  isCallable,
  isMapping,
  iterate,
  iterateOrUndefined,
  length,
  mappingItems,
  objectTypeRepr,
  repr,
  str,
  toArray,
  truth,
  typeName,
} from './values/inspect.ts';
export { fromJson, toJson } from './values/json.ts';
export { parseJson } from './values/json-parse.ts';
export { type JsonOptions, jsonString, jsonText } from './values/json-text.ts';
export { Lazy } from './values/lazy.ts';
export { literalEval } from './values/literal.ts';
export { Markup } from './values/markup.ts';
export {
  asInt,
  asNumber,
  asText,
  type Int,
  int,
  parseFloatText,
  parseIntText,
  toDouble,
} from './values/numbers.ts';
export * as operators from './values/operators.ts';
export { percentFormat } from './values/percent-format.ts';
export { PySet } from './values/set.ts';
export { reprText } from './values/text.ts';
export { type EntryNote, type MappingWatch, TrackedDict, untold } from './values/tracked-dict.ts';
export { Tuple } from './values/tuple.ts';
export { type Keywords, PyObject, PyText, type Value } from './values/value.ts';
