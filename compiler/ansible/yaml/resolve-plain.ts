export type ImplicitTag = 'bool' | 'float' | 'int' | 'merge' | 'null' | 'timestamp' | 'value' | 'str';

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$/;

/** The type that a scalar without quotes has by its text: PyYAML 6.0's resolver, in its order. */
export function resolvePlain(text: string): ImplicitTag {
  if (text === '') return 'null';
  const first = text[0]!;
  if ('yYnNtTfFoO~'.includes(first)) {
    if (BOOL.test(text)) return 'bool';
    return /^(?:~|null|Null|NULL)$/.test(text) ? 'null' : 'str';
  }
  if ('-+0123456789.'.includes(first)) {
    if (FLOAT.test(text)) return 'float';
    if (first !== '.' && INT.test(text)) return 'int';
    return first >= '0' && first <= '9' && TIMESTAMP.test(text) ? 'timestamp' : 'str';
  }
  if (text === '<<') return 'merge';
  return text === '=' ? 'value' : 'str';
}
