import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { MANIFEST_PATH, MANIFEST_SCHEMA, Manifest } from '../../../compiler/contract/manifest.ts';
import type { Promotion } from '../../../compiler/contract/promotion.ts';
import { checkArtifacts } from './check-artifacts.ts';
import { checkPaths } from './check-paths.ts';
import { MAX_MANIFEST } from './limits.ts';
import { type AcceptPolicy, quoted, type Refusal } from './verdict.ts';

/** A manifest and the bytes that it was read from. */
export interface ReadManifest {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
}

/** Reads manifest.json, where its SHA-256 is the signed one. */
export function readManifest(blobs: ReadonlyMap<string, Uint8Array>, digest: string): ReadManifest | Refusal {
  const bytes = blobs.get(MANIFEST_PATH);
  if (!bytes) return { code: 'accept/manifest-missing', message: `the tree has no ${MANIFEST_PATH}` };
  if (bytes.length > MAX_MANIFEST) {
    return { code: 'accept/oversize', message: `${MANIFEST_PATH} has more than ${MAX_MANIFEST} bytes` };
  }
  if (createHash('sha256').update(bytes).digest('hex') !== digest) {
    return { code: 'accept/manifest-digest', message: `${MANIFEST_PATH} does not have the signed digest` };
  }
  return parseManifest(bytes);
}

/** Reads the bytes of a manifest in its one spelling. */
export function parseManifest(bytes: Uint8Array): ReadManifest | Refusal {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: 'accept/schema', message: `${MANIFEST_PATH} is not JSON` };
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'string' && schema !== MANIFEST_SCHEMA) {
    return {
      code: 'accept/unknown-schema',
      message: `the schema ${quoted(schema)} is not known to this version, only ${MANIFEST_SCHEMA}`,
    };
  }
  const parsed = Manifest.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return {
      code: 'accept/schema',
      message: `${MANIFEST_PATH}, ${quoted(path.map(String).join('.'))}: ${message.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')}`,
    };
  }
  // Of what was understood, so that nothing in the bytes has gone unread: a repeated key, another spelling of a number.
  if (!Buffer.from(canonicalJson(parsed.data), 'utf8').equals(bytes)) {
    return { code: 'accept/not-canonical', message: `${MANIFEST_PATH} is not in its one spelling` };
  }
  return { manifest: parsed.data, manifestBytes: bytes };
}

/** Whether a manifest is this host's, and asks for nothing that its policy forbids. */
export function checkManifest(
  { manifest, retire }: { readonly manifest: Manifest; readonly retire: Promotion['retire'] },
  policy: AcceptPolicy,
): Refusal | undefined {
  if (manifest.host !== policy.host) {
    return {
      code: 'accept/wrong-host',
      message: `it is a bundle of ${quoted(manifest.host)}, and this is ${policy.host}`,
    };
  }
  return (
    checkRetired(manifest, retire) ??
    checkArtifacts(manifest) ??
    checkPaths(manifest, policy) ??
    checkServices(manifest, policy)
  );
}

/** What is retired is what the manifest names no longer: one that it names would be started again. */
function checkRetired({ services }: Manifest, retire: Promotion['retire']): Refusal | undefined {
  const retired = services.find(({ role }) => retire.includes(role));
  if (!retired) return undefined;
  const message = `it retires ${quoted(retired.role)}, which its manifest has`;
  return { code: 'accept/retired-role', message };
}

function checkServices({ services, metrics, logs }: Manifest, { users }: AcceptPolicy): Refusal | undefined {
  const seen = new Set<string>();
  for (const service of services) {
    const { role, user } = service;
    if (seen.has(role)) {
      return { code: 'accept/role-twice', message: `the role ${quoted(role)} has more than one service` };
    }
    seen.add(role);
    if (user === 'root' || !users.includes(user)) {
      return {
        code: 'accept/user',
        message: `the service ${quoted(role)} is to run as ${quoted(user)}, which is not among users of runner.yml`,
      };
    }
    if (textsIn(service).some(hasControlCharacter)) return controlCharacter(`the service ${quoted(role)}`);
  }
  const paths = [
    ...metrics.flatMap(({ jmx, keep }) => [jmx, ...keep]),
    ...logs.flatMap(({ path, format }) => [path, format]),
  ];
  return paths.some(hasControlCharacter) ? controlCharacter('a metric or a log') : undefined;
}

/** Every text in a value, keys among them. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(textsIn)];
}

function hasControlCharacter(text: string): boolean {
  return /[\u0000-\u001f\u007f]/.test(text);
}

function controlCharacter(where: string): Refusal {
  return { code: 'accept/control-character', message: `${where} has a control character in its definition` };
}
