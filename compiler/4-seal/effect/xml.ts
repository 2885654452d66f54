import { SaxesParser } from 'saxes';
import { plainXml, type XmlElement } from '../format/plain-xml.ts';
import { type Meaning, mapping } from './meaning.ts';

interface Element extends XmlElement {
  /** None where not said. */
  readonly attributes?: Meaning;
  readonly children: (Element | string)[];
}

/** What a well-formed XML document means; Hadoop's `<property>` elements may stand in any order while their names differ. */
export function xmlMeaning(text: string): Meaning {
  const root = plainXml(text);
  return root ? elementMeaning({ name: '', attributes: [], children: [root] }) : parsedMeaning(text);
}

/** xmlMeaning by the parser, whatever the document has. */
export function parsedMeaning(text: string): Meaning {
  const document: Element = { name: '', attributes: [], children: [] };
  const open: Element[] = [document];
  const parser = new SaxesParser();
  const addText = (part: string) => {
    const { children } = open.at(-1)!;
    // A comment splits a text in two events; it does not count.
    if (typeof children.at(-1) === 'string') children[children.length - 1] += part;
    else children.push(part);
  };
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: mapping(Object.entries(attributes)), children: [] };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  return elementMeaning(document);
}

const NO_ATTRIBUTES = mapping([]);

function elementMeaning(element: Element): Meaning {
  const { attributes = NO_ATTRIBUTES } = element;
  const elements = element.children.filter((child) => typeof child !== 'string');
  const children = element.children.filter(
    (child) => typeof child !== 'string' || elements.length === 0 || !/^[ \t\r\n]*$/.test(child),
  );
  const meanings = children.map((child) => (typeof child === 'string' ? child : elementMeaning(child)));
  const names = element.name === 'configuration' ? propertyNames(children) : undefined;
  if (names) return [element.name, attributes, mapping(names.map((name, i) => [name, meanings[i]!]))];
  return [element.name, attributes, meanings];
}

/** The names of `<property>` elements, when there is nothing else; undefined otherwise. */
function propertyNames(children: readonly (Element | string)[]): string[] | undefined {
  const names: string[] = [];
  for (const child of children) {
    if (typeof child === 'string' || child.name !== 'property') return undefined;
    const named = child.children.filter(
      (part) => typeof part !== 'string' && part.name === 'name',
    ) as Element[];
    const text = named[0]?.children;
    if (named.length !== 1 || text?.length !== 1 || typeof text[0] !== 'string') return undefined;
    // Hadoop trims the name.
    names.push(text[0].trim());
  }
  return names;
}
