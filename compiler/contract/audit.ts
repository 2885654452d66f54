import * as z from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { HOST_NAME, NAME } from './names.ts';

export const AUDIT_SCHEMA = 'khp.audit/1';

/** What was done. */
export const AuditAction = z.enum(['compile', 'promote', 'restart', 'renew', 'retire', 'collect']);
export type AuditAction = z.infer<typeof AuditAction>;

const clusterPath = z.string().refine((text) => {
  const parts = text.split('/');
  return parts.length === 2 && parts.every((part) => NAME.test(part));
}, 'not <type>/<cluster>');

/**
 * `operation.json`, the only file of a commit of refs/heads/audit: one operation. The commit's author is who did it, its
 * subject is the summary, its parent is the operation before.
 */
export const AuditEntry = z.strictObject({
  schema: z.literal(AUDIT_SCHEMA),
  /** RFC 3339, UTC, whole seconds. */
  at: z.iso.datetime(),
  who: z.strictObject({ name: z.string(), email: z.string() }),
  action: AuditAction,
  /** `<type>/<cluster>`, sorted. */
  clusters: z.array(clusterPath),
  /** The hosts that it touched, sorted. */
  hosts: z.array(z.string().regex(HOST_NAME)),
  /** `refused`: stopped by a check before anything moved; `failed`: stopped by something else. */
  result: z.enum(['done', 'refused', 'failed']),
  /** One line for people. */
  summary: z.string().regex(/^[^\u0000-\u001f\u007f]+$/),
  /** Codes of the diagnostics that stopped it, sorted. */
  problems: z.array(z.string()),
  /** The commit of refs/heads/bundles that it was about. */
  bundles: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** The entry's path in its commit. */
export const AUDIT_PATH = 'operation.json';

/** The message of the entry's commit. */
export function formatAuditMessage({ action, summary, clusters, result }: AuditEntry): string {
  const lines = clusters.map((cluster) => `Cluster: ${cluster}\n`).join('');
  return `${action}: ${summary}\n\nAction: ${action}\n${lines}Result: ${result}\n`;
}

/** Reads an entry from the bytes of its file; undefined where they are none. */
export function parseAuditEntry(bytes: Uint8Array): AuditEntry | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return AuditEntry.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The bytes of the entry's file. */
export function formatAuditEntry(entry: AuditEntry): Uint8Array {
  return new TextEncoder().encode(canonicalJson(AuditEntry.parse(entry)));
}
