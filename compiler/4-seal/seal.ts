import { createHash } from 'node:crypto';
import type { RenderedFile } from '../3-render/rendered-file.ts';
import type { RenderedHost } from '../3-render/rendered-host.ts';
import type { Diagnostic, Outcome, Place } from '../contract/diagnostic.ts';
import { MANIFEST_SCHEMA, Manifest } from '../contract/manifest.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Bundle } from './bundle.ts';
import { checkPaths } from './check-paths.ts';
import { checkFormat, type MalformedText } from './format/check-format.ts';

export interface SealOptions {
  /** Prefixes of absolute paths at or below which a file or directory may be put (khp.yml's `paths`). */
  readonly paths: readonly string[];
  /** The place in a template that wrote a line and column (from 1) of a rendered file. */
  readonly locate: (file: RenderedFile, line: number, column: number) => Place;
}

interface SealedText {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** What would end up as a secret on the host, were it not refused here. */
const SECRET_MARKER = '{{khp:secret:';

/**
 * Checks what was rendered (each file of its format, paths allowed and free of clashes, no forged secret marker) and
 * makes a bundle of each host. A host with an error gets none.
 */
export function seal(hosts: readonly RenderedHost[], options: SealOptions): Outcome<Bundle[]> {
  const diagnostics: Diagnostic[] = [];
  const bundles: Bundle[] = [];
  const sealText = memoizeSeal();
  const problemOf = memoizeFormat();
  for (const host of hosts) {
    const found = [...checkPaths(host, options.paths)];
    for (const file of host.files) {
      const problem = problemOf(file);
      if (problem) found.push(malformed(file, problem, options));
      found.push(...checkMarker(file, options));
    }
    diagnostics.push(...found);
    if (found.length === 0) bundles.push(toBundle(host, sealText));
  }
  return { value: bundles, diagnostics };
}

function malformed(file: RenderedFile, problem: MalformedText, { locate }: SealOptions): Diagnostic {
  const line = file.text.split('\n')[problem.line - 1]?.trim() ?? '';
  return diagnose(`seal/malformed-${problem.format}`, {
    place: locate(file, problem.line, problem.column),
    message: `${file.path} is malformed: ${problem.message} (line ${problem.line} of the rendered file: ${quote(line)})`,
    hosts: [file.host],
  });
}

function quote(line: string): string {
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 79)}…` : line);
}

function* checkMarker(file: RenderedFile, { locate }: SealOptions): Iterable<Diagnostic> {
  const at = file.text.indexOf(SECRET_MARKER);
  if (at < 0) return;
  const before = file.text.slice(0, at).split('\n');
  yield diagnose('seal/secret-marker', {
    place: locate(file, before.length, before.at(-1)!.length + 1),
    message: `${file.path} holds the text "${SECRET_MARKER}", which only khp itself may write`,
    hosts: [file.host],
  });
}

/** Formats are checked once for each distinct text: most files are alike on many hosts. */
function memoizeFormat(): (file: RenderedFile) => MalformedText | undefined {
  const known = new Map<string, Map<string, MalformedText | undefined>>();
  return ({ format, text }) => {
    let texts = known.get(format);
    if (!texts) {
      texts = new Map();
      known.set(format, texts);
    }
    if (!texts.has(text)) texts.set(text, checkFormat(text, format));
    return texts.get(text);
  };
}

function memoizeSeal(): (text: string) => SealedText {
  const known = new Map<string, SealedText>();
  return (text) => {
    let sealed = known.get(text);
    if (!sealed) {
      const bytes = Buffer.from(text, 'utf8');
      sealed = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
      known.set(text, sealed);
    }
    return sealed;
  };
}

function toBundle(host: RenderedHost, sealText: (text: string) => SealedText): Bundle {
  const files = [...host.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const directories = host.directories.map(({ entry }) => entry).sort((a, b) => (a.path < b.path ? -1 : 1));
  const manifest = Manifest.parse({
    schema: MANIFEST_SCHEMA,
    host: host.host,
    cluster: host.cluster,
    type: host.type,
    release: host.release,
    roles: [...host.roles],
    files: files.map(({ path, text, mode, owner, group, restart, reload }) => {
      const { sha256, bytes } = sealText(text);
      return {
        path,
        sha256,
        size: bytes.length,
        mode,
        owner,
        group,
        restart: [...restart],
        reload: [...reload],
      };
    }),
    directories,
    artifacts: host.artifacts.map(({ entry }) => entry).sort((a, b) => (a.component < b.component ? -1 : 1)),
    services: [...host.services],
    secrets: [],
    metrics: host.metrics,
    logs: host.logs,
  } satisfies Manifest);
  return { manifest, files: new Map(files.map(({ path, text }) => [path, sealText(text).bytes])) };
}
