import { NAME } from './names.ts';

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
  /**
   * Roles whose services may be restarted, or started for the first time, where they are in debt; sorted. The grant is
   * part of this Seq: it is given by a new Seq of the same manifest, and it ends with the next Seq that does not repeat it,
   * with Expires, or GRANT_LASTS after its commit's time. A renewal keeps it where it has not ended. An older runner, which
   * knows no end by the commit's time, acts on it until the others.
   */
  readonly restart: readonly string[];
  /**
   * Roles whose services are to be stopped for good and forgotten, sorted; RETIRE_ALL for everything on the host. Files
   * and data stay. Of single roles the manifest must name none, of RETIRE_ALL it may. An older runner refuses the whole.
   */
  readonly retire: readonly string[];
}

/**
 * Seconds from the signature of a grant within which a host begins the restart. A host that was away for longer comes back
 * with its debt, and restarts when somebody is there to see it.
 */
export const GRANT_LASTS = 4 * 3_600;

/** Whether the restarts that were granted by a commit of this time may still be begun; both in seconds since the epoch. */
export function isGrantOpen(signedAt: number, now: number): boolean {
  return now - signedAt < GRANT_LASTS;
}

/** Stands for the whole host in `retire`. */
export const RETIRE_ALL = '*';

/** Whether a promotion ends all that the host runs. */
export function retiresAll({ retire }: Pick<Promotion, 'retire'>): boolean {
  return retire.includes(RETIRE_ALL);
}

/** The commit message of a promotion. `Expires` is RFC 3339, UTC, whole seconds. */
export function formatPromotion(promotion: Promotion): string {
  const expires = new Date(promotion.expires * 1000).toISOString().replace('.000Z', 'Z');
  const list = (key: string, roles: readonly string[]): string =>
    roles.length > 0 ? `${key}: ${roles.join(',')}\n` : '';
  return (
    `promote ${promotion.host}\n\n` +
    `Host: ${promotion.host}\nSeq: ${promotion.seq}\nExpires: ${expires}\n` +
    `Manifest: sha256:${promotion.manifest}\n` +
    list('Restart', promotion.restart) +
    list('Retire', promotion.retire)
  );
}

/**
 * Reads a promotion from a commit's message: exactly the text that formatPromotion writes, and nothing else. Returns
 * undefined for any other text, so that two readers can never disagree about a message.
 */
export function parsePromotion(message: string): Promotion | undefined {
  const match =
    /^promote \S+\n\nHost: (\S+)\nSeq: ([1-9]\d{0,14})\nExpires: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\nManifest: sha256:([0-9a-f]{64})\n(?:Restart: (\S+)\n)?(?:Retire: (\S+)\n)?$/.exec(
      message,
    );
  if (!match) return undefined;
  const [, host, seq, expires, manifest, restart, retire] = match;
  const promotion: Promotion = {
    host: host!,
    seq: Number(seq),
    expires: Date.parse(expires!) / 1000,
    manifest: manifest!,
    restart: restart?.split(',') ?? [],
    retire: retire?.split(',') ?? [],
  };
  const isSound =
    Number.isFinite(promotion.expires) &&
    areRoles(promotion.restart) &&
    (retire === RETIRE_ALL ? promotion.restart.length === 0 : areRoles(promotion.retire));
  return isSound && formatPromotion(promotion) === message ? promotion : undefined;
}

/** Names of roles in their one order, none twice. */
function areRoles(roles: readonly string[]): boolean {
  return roles.every((role, index) => NAME.test(role) && (index === 0 || roles[index - 1]! < role));
}
