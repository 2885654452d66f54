import { expect, test } from 'vitest';
import { sampleService } from '../../../compiler/contract/sample-service.ts';
import {
  fetchedSample,
  SAMPLE_NOW,
  SAMPLE_POLICY,
  SAMPLE_TRUST,
  type SampleOptions,
  sampleFile,
  sampleManifest,
} from '../sample-bundle.ts';
import { accept } from './accept.ts';
import type { FetchedBundle } from './verdict.ts';

/** Different bundles: of one file and of many, with services, artifacts, secrets and directories. */
function bundleOf(number: number): FetchedBundle {
  const files = Object.fromEntries(
    Array.from({ length: 1 + number }, (_, index) => [
      `/etc/hadoop/conf/part-${index}.xml`,
      `<a>${number * index}</a>\n`,
    ]),
  );
  const path = '/etc/hadoop/secret';
  const secret: Record<string, string> = number % 3 === 0 ? { [path]: 'word={{khp:secret:0}}\n' } : {};
  const content = { ...files, ...secret };
  const entries = Object.entries(content).map(([each, text]) =>
    sampleFile(each, text, { mode: '0640', restart: ['datanode'] }),
  );
  const artifact = {
    component: 'hadoop',
    version: '3',
    url: 'https://a/b.tgz',
    sha256: '0'.repeat(64),
    size: 1,
    link: '/data/hadoop',
  };
  const directory = { path: '/data/1', mode: '0700', owner: 'hdfs', group: 'hdfs', mountpoint: true };
  const manifest = sampleManifest(entries, {
    services: number % 2 ? [sampleService()] : [],
    artifacts: number % 4 ? [artifact] : [],
    directories: number % 5 ? [directory] : [],
    secrets: number % 3 === 0 ? [{ kind: 'age', ciphertext: 'age...', escape: 'text' }] : [],
  });
  const options: SampleOptions = { files: content, manifest, promotion: { seq: number + 1 } };
  return fetchedSample(options);
}

/** Changes one byte anywhere in what was fetched: the commit, a file, the name or the mode of an entry. */
function flip(bytes: FetchedBundle, random: () => number): FetchedBundle {
  const pieces = [bytes.commit, ...bytes.blobs.values()];
  const names = bytes.entries.map(({ path, mode }) => Buffer.from(`${mode} ${path}`));
  const all = [...pieces, ...names];
  let at = Math.floor(random() * all.reduce((sum, { length }) => sum + length, 0));
  const piece = all.findIndex(({ length }) => {
    at -= length;
    return at < 0;
  });
  const flipped = Buffer.from(all[piece]!);
  flipped[flipped.length + at]! ^= 1 + Math.floor(random() * 255);
  if (piece === 0) return { ...bytes, commit: flipped };
  if (piece < pieces.length) {
    const path = [...bytes.blobs.keys()][piece - 1]!;
    return { ...bytes, blobs: new Map([...bytes.blobs, [path, flipped]]) };
  }
  // A name that is no UTF-8 any more is another name.
  const [mode, path] = [flipped.toString('latin1', 0, 6), flipped.toString('utf8', 7)];
  const separator = flipped[6];
  const index = piece - pieces.length;
  const entry = { mode, path: separator === 0x20 ? path : `${separator}${path}` };
  return { ...bytes, entries: bytes.entries.map((each, other) => (other === index ? entry : each)) };
}

/** The same numbers each time; the constants of Numerical Recipes. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test.each(Array.from({ length: 12 }, (_, number) => number))(
  'bundle %i, one byte of it flipped 1,000 times, is always refused',
  (number) => {
    const bytes = bundleOf(number);
    const verdictOf = (fetched: FetchedBundle) =>
      accept(fetched, SAMPLE_TRUST, SAMPLE_POLICY, undefined, SAMPLE_NOW);
    expect(verdictOf(bytes)).toMatchObject({ ok: true });
    const random = numbers(number + 1);
    const codes = new Set<string>();
    for (let count = 0; count < 1000; count += 1) {
      const verdict = verdictOf(flip(bytes, random));
      if (verdict.ok) throw new Error(`flip ${count} was accepted`);
      codes.add(verdict.refusal.code);
    }
    expect(codes.size).toBeGreaterThan(3);
  },
);
