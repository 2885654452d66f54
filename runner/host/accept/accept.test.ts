import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import {
  fetchedSample,
  SAMPLE_NOW,
  SAMPLE_POLICY,
  SAMPLE_TRUST,
  sampleManifest,
  sha256,
} from '../sample-bundle.ts';
import { accept } from './accept.ts';
import {
  FILE,
  HOSTILE,
  resigned,
  SAME,
  signedTree,
  TEXT,
  verdictOf,
  withDirectory,
  withEntry,
  withLink,
  withManifestText,
  withSecret,
  withService,
} from './hostile-bundles.ts';
import type { FetchedBundle } from './verdict.ts';

describe('accept', () => {
  test('takes a bundle that breaks no rule, and gives what it holds', () => {
    const verdict = verdictOf({ sample: withService({}) });
    expect(verdict).toMatchObject({
      ok: true,
      bundle: { promotion: { seq: 1, host: 'dn1.example' }, signedAt: SAMPLE_NOW - 60 },
    });
    expect(verdict.ok && [...verdict.bundle.files].map(([path, bytes]) => [path, String(bytes)])).toEqual([
      [FILE, TEXT],
    ]);
  });

  test.each(HOSTILE)('refuses %s: %s', (_, code, hostile) => {
    const verdict = verdictOf(hostile);
    expect(verdict).toMatchObject({ ok: false, refusal: { code } });
    expect(!verdict.ok && verdict.refusal.message).not.toMatch(/[\u0000-\u001f\u007f]/);
  });

  test('each hostile case is refused for its own fault: without it, it passes', () => {
    expect(verdictOf({ sample: withEntry({}) }).ok).toBe(true);
    expect(verdictOf({ sample: withSecret('{{khp:secret:0}}') }).ok).toBe(true);
    expect(verdictOf({ sample: withDirectory('/data/1') }).ok).toBe(true);
    expect(verdictOf({ sample: withLink('/data/hadoop') }).ok).toBe(true);
    expect(verdictOf({ sample: withManifestText((text) => text) }).ok).toBe(true);
    expect(verdictOf({ change: resigned((text) => text) }).ok).toBe(true);
    expect(verdictOf({ change: signedTree(() => {}) }).ok).toBe(true);
    expect(verdictOf({ sample: { promotion: { seq: 1001 } }, watermark: {} }).ok).toBe(true);
    expect(verdictOf({ sample: { signedAt: SAMPLE_NOW + 3600 } }).ok).toBe(true);
    expect(verdictOf({ now: SAMPLE_NOW + 86_399 }).ok).toBe(true);
  });

  test('the same sequence and manifest renews', () => {
    expect(verdictOf({ watermark: { ...SAME, signedAt: SAMPLE_NOW - 60 } }).ok).toBe(true);
    // What an older runner has left says nothing of roles.
    expect(verdictOf({ watermark: { ...SAME, roles: undefined } }).ok).toBe(true);
    const restart = { sample: { promotion: { restart: ['datanode'] } } };
    const roles = { restart: ['datanode'], retire: [] };
    expect(verdictOf({ ...restart, watermark: { ...SAME, roles } }).ok).toBe(true);
    // A renewal behind the end of the grant leaves it out.
    expect(verdictOf({ watermark: { ...SAME, roles } }).ok).toBe(true);
  });

  test('a grant counts for four hours by the later of the clock and the last signed time, and is late then', () => {
    const signedAt = SAMPLE_NOW - 4 * 3600;
    const sample = { ...withService({}), signedAt, promotion: { restart: ['datanode'] } };
    const grantsOf = (more: Parameters<typeof verdictOf>[0]) => {
      const verdict = verdictOf({ sample, ...more });
      return verdict.ok && [verdict.bundle.promotion.restart, verdict.bundle.late];
    };
    expect(grantsOf({ now: SAMPLE_NOW - 1 })).toEqual([['datanode'], undefined]);
    expect(grantsOf({})).toEqual([[], ['datanode']]);
    const watermark = { seq: 1, manifest: sha256(canonicalJson(sampleManifest([]))), signedAt: SAMPLE_NOW };
    expect(grantsOf({ now: SAMPLE_NOW - 3600, watermark: { ...watermark, seq: 0 } })).toEqual([
      [],
      ['datanode'],
    ]);
  });

  const targets: [
    string,
    (bytes: FetchedBundle) => Uint8Array,
    (bytes: FetchedBundle, to: Uint8Array) => FetchedBundle,
  ][] = [
    ['the commit', ({ commit }) => commit, (bytes, commit) => ({ ...bytes, commit })],
    ...['manifest.json', `files${FILE}`].map((path): (typeof targets)[number] => [
      path,
      ({ blobs }) => blobs.get(path)!,
      (bytes, to) => ({ ...bytes, blobs: new Map([...bytes.blobs, [path, to]]) }),
    ]),
  ];
  test.each(targets)('refuses every flip of a bit in %s', (_, read, write) => {
    const bytes = fetchedSample(withService({}));
    const original = read(bytes);
    for (let bit = 0; bit < original.length * 8; bit += original.length > 400 ? 5 : 1) {
      const flipped = Uint8Array.from(original);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const verdict = accept(write(bytes, flipped), SAMPLE_TRUST, SAMPLE_POLICY, undefined, SAMPLE_NOW);
      expect(verdict.ok, `bit ${bit}`).toBe(false);
    }
  });

  test('never throws, whatever the signed manifest says', () => {
    const json = fc.json({ maxDepth: 4 });
    fc.assert(
      fc.property(json, (manifestText) => {
        expect(verdictOf({ sample: { files: {}, manifestText } }).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
