/** An element of an XML document; its texts are decoded. */
export interface XmlElement {
  readonly name: string;
  readonly children: (XmlElement | string)[];
}

/** A comment, an instruction, an end tag, a start tag without attributes, or a text. */
const TOKEN =
  /<!--(?:[^-]|-[^-])*-->|<\?(?![xX][mM][lL][ \t\n?])[A-Za-z_][\w.-]*(?:[ \t\n][^?]*)?\?>|<\/([A-Za-z_][\w.-]*)[ \t\n]*>|<([A-Za-z_][\w.-]*)[ \t\n]*(\/?)>|([^<]+)/gy;

const DECLARATION = /^<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?\?>/;

/** What needs a closer look: characters that XML does not have, those that it changes, and the end of a CDATA section. */
const SPECIAL = /[^\t\n\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|\]\]>/u;

const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

let last: { readonly text: string; readonly root: XmlElement | undefined } = { text: '', root: undefined };

/**
 * The root of a well-formed document as most configuration is: elements without attributes, texts, comments,
 * instructions. Undefined for any other text, well-formed or not.
 */
export function plainXml(text: string): XmlElement | undefined {
  // A text is checked, and then its meaning is asked for.
  if (last.text !== text) last = { text, root: parse(text) };
  return last.root;
}

function parse(text: string): XmlElement | undefined {
  if (SPECIAL.test(text)) return undefined;
  const document: XmlElement = { name: '', children: [] };
  const open = [document];
  let at = DECLARATION.exec(text)?.[0].length ?? 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    at = TOKEN.lastIndex;
    const [, closed, opened, empty, raw] = match;
    const current = open.at(-1)!;
    if (raw !== undefined) {
      const decoded = decode(raw);
      if (decoded === undefined || (open.length === 1 && /[^ \t\n]/.test(raw))) return undefined;
      if (open.length > 1) addText(current, decoded);
    } else if (opened !== undefined) {
      if (open.length === 1 && document.children.length > 0) return undefined;
      const element: XmlElement = { name: opened, children: [] };
      current.children.push(element);
      if (empty === '') open.push(element);
    } else if (closed !== undefined) {
      if (open.length === 1 || open.pop()!.name !== closed) return undefined;
    }
  }
  const [root] = document.children;
  return open.length === 1 && typeof root === 'object' ? root : undefined;
}

/** A comment splits a text in two; it does not count. */
function addText({ children }: XmlElement, text: string): void {
  if (typeof children.at(-1) === 'string') children[children.length - 1] += text;
  else children.push(text);
}

/** Undefined where there is an `&` of anything but XML's own five entities. */
function decode(raw: string): string | undefined {
  if (!raw.includes('&')) return raw;
  if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(raw)) return undefined;
  return raw.replace(/&(\w+);/g, (_, name: string) => REFERENCES[name]!);
}
