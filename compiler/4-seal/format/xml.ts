import { SaxesParser } from 'saxes';
import { plainXml } from './plain-xml.ts';
import type { FormatProblem } from './problem.ts';

const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/;

/** The first reason why a text is no well-formed XML document, or undefined. Entities beyond XML's five are problems. */
export function checkXml(text: string): FormatProblem | undefined {
  return plainXml(text) ? undefined : checkParsed(text);
}

/** checkXml by the parser, whatever the document has. */
export function checkParsed(text: string): FormatProblem | undefined {
  return checkReferences(text) ?? checkStructure(text);
}

/** The parser reads from a bare `&` up to the next `;`, however far, and tells the place of the latter: looked for first. */
function checkReferences(text: string): FormatProblem | undefined {
  const bare = text.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>/gs, (part) => part.replace(/[^\n]/g, ' '));
  const match = REFERENCE.exec(bare);
  if (!match) return undefined;
  const lines = bare.slice(0, match.index).split('\n');
  const entity = /^&[^\s;<]+;/.exec(bare.slice(match.index))?.[0];
  const message = entity ? `undefined entity ${entity}` : 'a bare "&", which XML writes as "&amp;"';
  return { line: lines.length, column: lines.at(-1)!.length + 1, message };
}

function checkStructure(text: string): FormatProblem | undefined {
  const parser = new SaxesParser();
  let problem: FormatProblem | undefined;
  const at = () => ({ line: parser.line, column: Math.max(1, parser.columnIndex) });
  parser.on('error', (error) => {
    // saxes prefixes `line:column: `; the place is kept apart.
    const message = error.message.replace(/^(?:\d+:\d+: )+/, '').replace(/\.$/, '');
    problem ??= { ...at(), message };
  });
  parser.on('doctype', () => {
    // Hadoop's Configuration expands entities of a DTD; a bundle says everything itself.
    problem ??= { ...at(), message: 'a document type declaration is not allowed' };
  });
  parser.write(text).close();
  return problem;
}
