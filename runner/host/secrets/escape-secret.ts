import type { SecretEntry } from '../../../compiler/contract/manifest.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * A clear text as it is written in the place of a marker in a file of a format, so that the file's reader reads it whole
 * and as nothing else; or why it cannot be written there, without a word of it.
 */
export function escapeSecret(
  clear: string,
  format: SecretEntry['escape'],
): { readonly text: string } | { readonly problem: string } {
  if (!clear.isWellFormed()) return { problem: 'it is no text' };
  switch (format) {
    case 'text':
      return { text: clear };
    case 'xml':
      if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(clear))
        return { problem: 'it holds a character that XML cannot' };
      // White space as references: that of an attribute would be read as spaces.
      return {
        text: clear.replace(/[&<>"'\t\n\r]/g, (char) => ENTITIES[char] ?? `&#${char.charCodeAt(0)};`),
      };
    case 'json':
      return { text: JSON.stringify(clear).slice(1, -1) };
    case 'yaml':
      return { text: yamlEscaped(clear) };
    case 'properties':
      return { text: propertiesEscaped(clear) };
    case 'ini':
      if (/[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/.test(clear))
        return { problem: 'it holds a line break or another control character, which INI has no escape for' };
      if (/^\s|\s$|^["']|\s[;#]|^[;#]|\\$/.test(clear)) {
        return { problem: 'it begins or ends with what one reader of INI cuts off and another does not' };
      }
      return { text: clear };
  }
}

/**
 * For a double-quoted scalar: what is not plain ASCII as an escape, which YAML 1.1 and 1.2 read alike. So is a space at
 * an end, where a scalar of several lines would lose it.
 */
function yamlEscaped(clear: string): string {
  return clear.replace(/["\\]|[^ -~]|^ | $/gu, (char) => {
    if (char === ' ') return '\\x20';
    if (char === '"' || char === '\\') return `\\${char}`;
    const code = char.codePointAt(0)!;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
}

/** As java.util.Properties.store writes a value. */
function propertiesEscaped(clear: string): string {
  const named: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' };
  return clear.replace(/^ +|[\\=:#!]|[^ -~]/g, (part) => {
    if (part.startsWith(' ')) return part.replaceAll(' ', '\\ ');
    if (/[\\=:#!]/.test(part)) return `\\${part}`;
    return named[part] ?? `\\u${hex(part.charCodeAt(0), 4)}`;
  });
}

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
