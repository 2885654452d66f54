import type { SourceFiles } from '../../../compiler/1-load/workspace.ts';
import type { Diagnostic } from '../../../compiler/contract/diagnostic.ts';
import { compiled, EVERYTHING } from '../rendered-state.ts';
import { type Draft, filesOf, type Piece, pieceAt, without } from './draft.ts';

/** How often pieces with an error are left out. */
const ROUNDS = 30;

/** The files of a draft, without the pieces that have it not compile; undefined where it does not without them either. */
export function mended(draft: Draft): SourceFiles | undefined {
  let best = draft;
  for (let round = 0; round < ROUNDS; round++) {
    const files = filesOf(best);
    const { errors } = compiled(files, EVERYTHING);
    if (errors.length === 0) return files;
    const dropped = new Set(errors.flatMap((error) => blamed(error, best)));
    if (dropped.size === 0) return undefined;
    best = without(best, dropped);
  }
  return undefined;
}

/** The pieces that an error is left out with: of templates rather than of what they read. */
function blamed({ place, related = [] }: Diagnostic, draft: Draft): Piece[] {
  const places = [...(place ? [place] : []), ...related.map((one) => one.place)];
  const inTemplates = places.filter(({ file }) => file.endsWith('.j2'));
  const found = (of: typeof places) =>
    of.map((one) => pieceAt(draft, one)).filter((piece) => piece !== undefined && !piece.needed) as Piece[];
  const ofTemplates = found(inTemplates);
  if (ofTemplates.length > 0) return ofTemplates;
  // A template with nothing left that could be left out is left out itself.
  const names = inTemplates.map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
  const entries = [...draft].flatMap(([path, pieces]) =>
    path.endsWith('/component.yml')
      ? pieces.filter(
          ({ text, needed }) => !needed && names.some((name) => text.includes(`template: ${name}`)),
        )
      : [],
  );
  return entries.length > 0 ? entries : found(places);
}
