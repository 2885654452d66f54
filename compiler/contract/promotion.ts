/**
 * What a host's commit (refs/khp/hosts/<xx>/<host>) says, as trailers of its message. The tree of the commit is the
 * host's bundle; the commit is SSH-signed, so the signature covers both.
 */
export interface Promotion {
  readonly host: string;
  /** 1 for the first promotion, then one more for each; a host never goes back. */
  readonly seq: number;
  /** Seconds since the epoch; past it nothing new is applied. */
  readonly expires: number;
  /** SHA-256 of manifest.json, hex. */
  readonly manifest: string;
  /** Roles that may be restarted under this promotion. */
  readonly restart: readonly string[];
}

/** The commit message of a promotion. `Expires` is RFC 3339, UTC, whole seconds. */
export function formatPromotion(promotion: Promotion): string {
  const expires = new Date(promotion.expires * 1000).toISOString().replace('.000Z', 'Z');
  const restart = promotion.restart.length > 0 ? `Restart: ${promotion.restart.join(',')}\n` : '';
  return (
    `promote ${promotion.host}\n\n` +
    `Host: ${promotion.host}\nSeq: ${promotion.seq}\nExpires: ${expires}\n` +
    `Manifest: sha256:${promotion.manifest}\n${restart}`
  );
}

/**
 * Reads a promotion from a commit's message: exactly the text that formatPromotion writes, and nothing else. Returns
 * undefined for any other text, so that two readers can never disagree about a message.
 */
export function parsePromotion(message: string): Promotion | undefined {
  const match =
    /^promote \S+\n\nHost: (\S+)\nSeq: ([1-9]\d{0,14})\nExpires: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\nManifest: sha256:([0-9a-f]{64})\n(?:Restart: (\S+)\n)?$/.exec(
      message,
    );
  if (!match) return undefined;
  const [, host, seq, expires, manifest, restart] = match;
  const promotion: Promotion = {
    host: host!,
    seq: Number(seq),
    expires: Date.parse(expires!) / 1000,
    manifest: manifest!,
    restart: restart?.split(',') ?? [],
  };
  return Number.isFinite(promotion.expires) && formatPromotion(promotion) === message ? promotion : undefined;
}
