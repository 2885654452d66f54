import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { accept } from '../accept/accept.ts';
import type { AcceptedBundle } from '../accept/verdict.ts';
import { observe } from '../observe/observe.ts';
import { pathsToObserve, plan } from '../plan/plan.ts';
import {
  fetchedSample,
  SAMPLE_NOW,
  SAMPLE_POLICY,
  SAMPLE_TRUST,
  sampleFile,
  sampleManifest,
} from '../sample-bundle.ts';
import { makeState, readState } from '../state/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { apply, recover } from './apply.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { DISK_WRITES } from './disk-writes.ts';
import type { Engine } from './stage.ts';

interface Content {
  readonly [path: string]: { readonly text: string; readonly mode?: string; readonly owner?: string };
}

function bundleOf(content: Content, seq: number): AcceptedBundle {
  const files = Object.fromEntries(Object.entries(content).map(([path, { text }]) => [path, text]));
  const entries = Object.entries(content).map(([path, { text, mode = '0644', owner = 'root' }]) =>
    sampleFile(path, text, { mode, owner }),
  );
  const manifest = sampleManifest(entries.sort((a, b) => (a.path < b.path ? -1 : 1)));
  const fetched = fetchedSample({ files, manifest, promotion: { seq } });
  const verdict = accept(fetched, SAMPLE_TRUST, SAMPLE_POLICY, undefined, SAMPLE_NOW);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  return verdict.bundle;
}

/** No power is cut here, so nothing need reach the platters; the operation itself still counts. */
const QUICK: Disk = { ...nodeDisk, sync: () => {} };

function engineOf(root: string, disk: Disk = QUICK): Engine {
  return { rooted: { disk, root }, ownership: { kind: 'record' }, moment: () => ({ boot: 'b', ticks: 1 }) };
}

const NO_LINKS = { wanted: [], switchable: new Set<string>(), staged: new Set<string>() };

function planOf(engine: Engine, bundle: AcceptedBundle) {
  const state = readState(engine.rooted);
  const active = state.active && { ...state.active.record, manifest: state.active.manifest };
  const paths = pathsToObserve(bundle.manifest, active?.manifest);
  const observation = observe(paths, { ...engine, ledger: state.ledger });
  const target = { seq: bundle.promotion.seq, manifest: bundle.manifest };
  return { state, plan: plan({ target, active, observation, drift: 'keep', links: NO_LINKS }) };
}

function applyOnce(engine: Engine, bundle: AcceptedBundle) {
  makeState(engine.rooted);
  return apply(engine, { ...planOf(engine, bundle), bundle });
}

/** Files of the sandbox outside the state, with their bytes and modes. */
function filesIn(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('var') && lstatSync(join(root, name)).isFile(),
  );
  return Object.fromEntries(
    names.sort().map((name) => {
      const path = join(root, name);
      return [`/${name}`, `${(lstatSync(path).mode & 0o7777).toString(8)} ${readFileSync(path, 'utf8')}`];
    }),
  );
}

class Killed extends Error {}

/** A disk that stops before the n-th change, and all after it, as a killed process does; `error` fails only that one. */
function failingDisk(before: number, error?: NodeJS.ErrnoException): { disk: Disk; count: () => number } {
  let count = 0;
  const disk: Record<string, unknown> = { ...QUICK };
  for (const name of DISK_WRITES) {
    disk[name] = (...args: never[]) => {
      count += 1;
      if (error ? count === before : count >= before) throw error ?? new Killed();
      return (QUICK[name] as (...all: never[]) => unknown)(...args);
    };
  }
  return { disk: disk as unknown as Disk, count: () => count };
}

const A = '/etc/hadoop/conf/a.xml';
const BEFORE: Content = {
  [A]: { text: 'a1' },
  '/etc/hadoop/conf/b.xml': { text: 'b1' },
  '/etc/hadoop/old/c': { text: 'c1' },
};
const AFTER: Content = {
  [A]: { text: 'a2', mode: '0640' },
  '/etc/hadoop/conf/b.xml': { text: 'b1' },
  '/etc/hadoop/new/deep/d': { text: 'd2', owner: 'hdfs' },
};

/** A sandbox that holds BEFORE, with one file edited by hand. */
async function prepared(): Promise<string> {
  const root = temporaryFolder();
  expect(applyOnce(engineOf(root), bundleOf(BEFORE, 1))).toMatchObject({ ok: true, changed: true });
  writeFileSync(join(root, A), 'by hand');
  return root;
}

const FILES_BEFORE = {
  [A]: '644 by hand',
  '/etc/hadoop/conf/b.xml': '644 b1',
  '/etc/hadoop/old/c': '644 c1',
};
const FILES_AFTER = {
  [A]: '640 a2',
  [`${A}.khp-saved-2`]: '644 by hand',
  '/etc/hadoop/conf/b.xml': '644 b1',
  '/etc/hadoop/new/deep/d': '644 d2',
};

describe('apply', () => {
  test('writes, saves, removes, and remembers', async () => {
    const root = await prepared();
    const engine = engineOf(root, nodeDisk);
    expect(applyOnce(engine, bundleOf(AFTER, 2))).toEqual({
      ok: true,
      changed: true,
      written: [A, '/etc/hadoop/new/deep/d', '/etc/hadoop/old/c'],
    });
    expect(filesIn(root)).toEqual(FILES_AFTER);
    const state = readState(engine.rooted);
    expect(state).toMatchObject({
      watermark: { seq: 2 },
      active: { record: { generation: 2 } },
      journal: undefined,
    });
    expect(state.ledger['/etc/hadoop/new/deep/d']).toEqual({ owner: 'hdfs', group: 'root' });
    expect(state.ledger['/etc/hadoop/old/c']).toBeUndefined();
  });

  test('killed before any operation, and before any of the recovery: then all is old or all is new', async () => {
    const total = await (async () => {
      const root = await prepared();
      const { disk, count } = failingDisk(Number.POSITIVE_INFINITY);
      applyOnce(engineOf(root, disk), bundleOf(AFTER, 2));
      return count();
    })();
    expect(total).toBeGreaterThan(50);
    const seen = { before: 0, after: 0 };
    for (let kill = 1; kill <= total; kill += 1) {
      const root = await prepared();
      expect(() => applyOnce(engineOf(root, failingDisk(kill).disk), bundleOf(AFTER, 2))).toThrow(Killed);
      const { watermark, active: reached } = readState(engineOf(root).rooted);
      if (watermark?.seq !== 1) {
        expect(reached?.record.seq).toBe(watermark?.seq);
        expect(filesIn(root)).toEqual(FILES_AFTER);
      }
      for (let again = 1; ; again += 7) {
        const engine = engineOf(root, failingDisk(again).disk);
        try {
          recover(engine, readState(engine.rooted));
          break;
        } catch (error) {
          expect(error).toBeInstanceOf(Killed);
        }
      }
      const files = filesIn(root);
      const isNew = existsSync(join(root, '/etc/hadoop/new/deep/d'));
      seen[isNew ? 'after' : 'before'] += 1;
      expect(files, `killed before operation ${kill}`).toEqual(isNew ? FILES_AFTER : FILES_BEFORE);
      const state = readState(engineOf(root).rooted);
      expect(state.active?.record.seq).toBe(isNew ? 2 : 1);
      expect(state.watermark?.seq).toBe(isNew ? 2 : 1);
      expect(state.journal).toBeUndefined();
      expect(applyOnce(engineOf(root), bundleOf(AFTER, 2))).toMatchObject({ ok: true });
      expect(filesIn(root)).toEqual(FILES_AFTER);
    }
    expect(seen.before).toBeGreaterThan(10);
    expect(seen.after).toBeGreaterThan(10);
  });

  test('an operation that fails leaves all old, or is finished by the next run', async () => {
    for (let at = 1; ; at += 1) {
      const root = await prepared();
      const full = Object.assign(new Error('ENOSPC: no space left on device'), {
        code: 'ENOSPC',
        syscall: 'write',
      });
      const { disk, count } = failingDisk(at, full);
      const engine = engineOf(root, disk);
      let outcome: ReturnType<typeof apply> | undefined;
      try {
        outcome = applyOnce(engine, bundleOf(AFTER, 2));
      } catch (error) {
        // Before the engine: the state directory itself could not be made.
        expect(error).toBe(full);
      }
      if (count() < at) {
        expect(outcome).toMatchObject({ ok: true });
        break;
      }
      const { journal } = readState(engine.rooted);
      if (outcome?.ok === false && outcome.code === 'apply/interrupted') {
        // Without a journal all was done, and the last sync alone did not say so.
        if (!journal) expect(filesIn(root)).toEqual(FILES_AFTER);
      } else {
        expect(filesIn(root)).toEqual(FILES_BEFORE);
        expect(journal?.phase).not.toBe('swapping');
      }
      recover(engineOf(root), readState(engine.rooted));
      expect(applyOnce(engineOf(root), bundleOf(AFTER, 2))).toMatchObject({ ok: true });
      expect(filesIn(root)).toEqual(FILES_AFTER);
    }
  });

  test('keeps five generations', async () => {
    const root = temporaryFolder();
    for (let seq = 1; seq <= 8; seq += 1)
      applyOnce(engineOf(root), bundleOf({ [A]: { text: `${seq}` } }, seq));
    expect(readdirSync(join(root, 'var/lib/khp/gens')).sort()).toEqual(['4', '5', '6', '7', '8']);
    expect(readState(engineOf(root).rooted).active?.record.generation).toBe(8);
  });

  const name = fc.constantFrom('a', 'b', 'c-d', 'e.xml', 'ü');
  const path = fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map(
      (parts) =>
        `/etc/hadoop/${parts.map((part, index) => (index < parts.length - 1 ? `${part}.d` : part)).join('/')}`,
    );
  const content = fc.dictionary(
    path,
    fc.record({
      text: fc.string({ maxLength: 20 }),
      mode: fc.constantFrom('0644', '0600', '0755'),
      owner: fc.constantFrom('root', 'hdfs'),
    }),
    { maxKeys: 6, noNullPrototype: true },
  );

  test("property: after an apply the plan is empty, the files are the bundle's, and strangers are untouched", async () => {
    const folder = temporaryFolder();
    let run = 0;
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 3 }), content, (history, edits) => {
        run += 1;
        const root = join(folder, String(run));
        for (const [path, { text }] of [
          ...Object.entries(edits),
          ['/etc/hadoop/stranger', { text: 'mine' }] as const,
        ]) {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          writeFileSync(join(root, path), text);
        }
        const engine = engineOf(root);
        for (const [index, each] of history.entries()) {
          const bundle = bundleOf(each, index + 1);
          expect(applyOnce(engine, bundle)).toMatchObject({ ok: true });
          expect(planOf(engine, bundle).plan).toMatchObject({
            steps: [],
            drift: [],
            left: [],
            advances: false,
          });
          expect(applyOnce(engine, bundle)).toEqual({ ok: true, changed: false, written: [] });
          const files = filesIn(root);
          for (const [path, { text, mode = '' }] of Object.entries(each)) {
            expect(files[path]).toBe(`${mode.slice(1)} ${text}`);
          }
          expect(files['/etc/hadoop/stranger']).toBe('644 mine');
        }
        expect(canonicalJson(readState(engine.rooted).journal ?? null)).toBe('null\n');
      }),
      { numRuns: 40 },
    );
  });
});
