/** What a commit of refs/heads/bundles says of itself, as trailers of its message. */
export interface Publication {
  /** The id of the commit that was compiled. */
  readonly source: string;
  /** The compiler's version. */
  readonly compiler: string;
}

/** The message of a commit of refs/heads/bundles. `subject` is the first line of the source commit's. */
export function formatPublication({ source, compiler }: Publication, subject: string): string {
  const line = subject.replace(/[\0-\x1f\x7f]+/g, ' ').trim();
  return `${line === '' ? `compile ${source.slice(0, 12)}` : line}\n\nSource: ${source}\nCompiler: ${compiler}\n`;
}

/** Reads what formatPublication wrote; undefined for any other text. */
export function parsePublication(message: string): Publication | undefined {
  const match = /^[^\n]+\n\nSource: ([0-9a-f]{40})\nCompiler: (\S+)\n$/.exec(message);
  return match ? { source: match[1]!, compiler: match[2]! } : undefined;
}
