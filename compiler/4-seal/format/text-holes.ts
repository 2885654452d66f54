import type { Format } from '../../1-load/component.ts';
import type { TextWithHoles } from '../../3-render/rendered-file.ts';
import { propertiesMeaning } from '../effect/lines.ts';
import { checkFormat } from './check-format.ts';
import { plainXml, type XmlElement } from './plain-xml.ts';

/**
 * Whether each text that a host's names make of one with holes is well-formed, and means what the marked one means with
 * the names in its holes. A name is letters, digits, single dots and dashes, begins with a letter and ends with a letter
 * or digit, as the mark does; so where readers of a format look at single characters only, they go the same way in both:
 * - XML: in a text between tags, or in a comment, which has no two dashes in a row. Not within `<name>`, by which
 *   properties are sorted, nor in a tag, an instruction or an entity.
 * - properties: in a value, and not behind a backslash, which could make an escape of a name's `u`.
 * - text: anywhere.
 * Of other formats, and where two braces could begin the marker of a secret, each text is to be looked at.
 */
export function holesAreTexts(text: TextWithHoles, format: Format): boolean {
  const { marked } = text;
  if (marked.includes('{{') || checkFormat(marked, format)) return false;
  switch (format) {
    case 'xml':
      return inXml(text);
    case 'properties':
      return inProperties(text);
    case 'text':
      return true;
    default:
      return false;
  }
}

/** A comment, or an instruction: in that, what looks like the begin of a comment is none. */
const BESIDE_ELEMENTS = /<!--.*?-->|<\?.*?\?>/gs;

function inXml({ marked, cut }: TextWithHoles): boolean {
  const root = plainXml(marked);
  if (!root) return false;
  const holes = (text: string) => cut(text).names.length;
  const inTexts = ({ name, children }: XmlElement): number =>
    children.reduce((sum, child) => {
      if (typeof child !== 'string') return sum + inTexts(child);
      return sum + (name === 'name' ? 0 : holes(child));
    }, 0);
  return (
    inTexts(root) === holes(marked.replace(BESIDE_ELEMENTS, (part) => (part.startsWith('<!') ? '' : part)))
  );
}

function inProperties({ marked, cut, holdsHole }: TextWithHoles): boolean {
  const { pieces } = cut(marked);
  if (pieces.slice(0, -1).some((piece) => piece.endsWith('\\'))) return false;
  const [, ...entries] = propertiesMeaning(marked);
  return entries.every(([key]) => typeof key === 'string' && !holdsHole(key));
}
