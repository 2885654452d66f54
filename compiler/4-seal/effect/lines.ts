import { type Meaning, mapping } from './meaning.ts';

/** What an INI file means: its sections, each a mapping; comments and blank lines left out. */
export function iniMeaning(text: string): Meaning {
  const sections: { name: string; entries: [string, string][] }[] = [{ name: '', entries: [] }];
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const { entries } = sections.at(-1)!;
    const last = entries.at(-1);
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header) sections.push({ name: header[1]!, entries: [] });
    else if (/^\s/.test(line) && last) last[1] += `\n${line.trim()}`;
    else entries.push(keyAndValue(line, /[=:]/));
  }
  return mapping(sections.map(({ name, entries }) => [name, mapping(entries)]));
}

/** What a file of Java properties means: a mapping; comments, blank lines and continuations left out. */
export function propertiesMeaning(text: string): Meaning {
  const entries: [string, string][] = [];
  let continued = '';
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = continued + line.trimStart();
    continued = '';
    if (content === '' || /^[#!]/.test(content)) continue;
    if (/(?<!\\)(?:\\\\)*\\$/.test(content)) continued = content.slice(0, -1);
    else entries.push(keyAndValue(content, /(?<!\\)(?:\s*[=:]\s*|\s+)/));
  }
  if (continued !== '') entries.push(keyAndValue(continued, /(?<!\\)(?:\s*[=:]\s*|\s+)/));
  return mapping(entries);
}

/** A line cut at its first separator; white space around it does not count. */
function keyAndValue(line: string, separator: RegExp): [string, string] {
  const match = separator.exec(line);
  if (!match) return [line.trim(), ''];
  return [line.slice(0, match.index).trim(), line.slice(match.index + match[0].length).trimStart()];
}
