import type { SourceFiles } from '../../../compiler/1-load/workspace.ts';
import type { Place } from '../../../compiler/contract/diagnostic.ts';

/** Whole lines of a file. */
export interface Piece {
  readonly text: string;
  /** Whether the file is nothing without it. */
  readonly needed: boolean;
}

/** Files of a workspace that is being made, by path: in pieces, of which some may be left out. */
export type Draft = ReadonlyMap<string, readonly Piece[]>;

export const needed = (...lines: readonly string[]): Piece => ({ text: lines.join('\n'), needed: true });
export const optional = (...lines: readonly string[]): Piece => ({ text: lines.join('\n'), needed: false });

export function filesOf(draft: Draft): SourceFiles {
  const encoder = new TextEncoder();
  return new Map(
    [...draft].map(([path, pieces]) => [
      path,
      encoder.encode(pieces.map(({ text }) => `${text}\n`).join('')),
    ]),
  );
}

/** The piece that a place is in. */
export function pieceAt(draft: Draft, { file, line }: Place): Piece | undefined {
  let left = line;
  return draft.get(file)?.find(({ text }) => {
    left -= text.split('\n').length;
    return left <= 0;
  });
}

/** The draft without some of its pieces. */
export function without(draft: Draft, dropped: ReadonlySet<Piece>): Draft {
  return new Map([...draft].map(([path, pieces]) => [path, pieces.filter((piece) => !dropped.has(piece))]));
}
