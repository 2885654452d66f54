import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Random } from '../../../scripts/conformance/random.ts';
import { EditedWorkspace } from '../../../scripts/memo/edited-workspace.ts';
import { toTree } from '../../4-seal/tree.ts';
import { compile } from '../../compile.ts';
import { memoBytes, readMemo } from './memo-bytes.ts';
import { RenderMemo } from './render-memo.ts';

const { files } = new EditedWorkspace(new Random(3));
const fresh = compile({ files, diagnostics: [] });

/** What a compile gives with a memo, and how much of it was reused and rendered. */
function compiled(memo: RenderMemo) {
  const before = { ...memo.count };
  const { value, diagnostics } = compile({ files, diagnostics: [] }, { memo });
  const reused = memo.count.reused - before.reused;
  return {
    tree: toTree(value.bundles),
    diagnostics,
    reused,
    rendered: memo.count.rendered - before.rendered,
  };
}

const first = new RenderMemo();
compiled(first);
const bytes = memoBytes(first, '1');
const expected = { tree: toTree(fresh.value.bundles), diagnostics: fresh.diagnostics };

test('a memo that was written and read again knows what it knew', () => {
  const { reused, rendered, ...given } = compiled(readMemo(bytes, '1'));
  expect(given).toEqual(expected);
  expect(expected.tree.size).toBeGreaterThan(10);
  const again = compiled(first);
  // What is malformed is known by no seal, and rendered again.
  const malformed = fresh.diagnostics.filter(({ code }) => code.startsWith('seal/')).length;
  expect(rendered).toBeLessThanOrEqual(again.rendered + malformed);
  expect(reused + rendered).toBe(again.reused + again.rendered);
});

test('what was not used is left out, and what was is written again', () => {
  const again = readMemo(bytes, '1');
  expect(memoBytes(again, '1').length).toBeLessThan(300);
  compiled(again);
  const written = readMemo(memoBytes(again, '1'), '1');
  expect(compiled(written)).toEqual(compiled(readMemo(bytes, '1')));
});

test('bytes of another version, cut off, changed or foreign are an empty memo', () => {
  const random = new Random(1);
  const empty = (given: Uint8Array | undefined) => expect(readMemo(given, '1').work.size).toBe(0);
  expect(readMemo(bytes, '1').work.size).toBeGreaterThan(10);
  expect(readMemo(bytes, '2').work.size).toBe(0);
  empty(undefined);
  empty(new Uint8Array());
  empty(Buffer.from('not a memo'));
  empty(Buffer.concat([bytes, Buffer.from(' ')]));
  for (let round = 0; round < 200; round++) {
    empty(bytes.subarray(0, random.below(bytes.length)));
    const changed = Uint8Array.from(bytes);
    changed[random.below(changed.length)]! ^= 1 + random.below(255);
    empty(changed);
    empty(Uint8Array.from({ length: random.below(500) }, () => random.below(256)));
  }
});

test('what the digest fits and nothing of ours wrote is an empty memo', () => {
  const body = Buffer.from(
    JSON.stringify({ version: '1', reads: [7], values: 3, answered: {}, work: { a: [0] } }),
  );
  const digest = createHash('sha256').update(body).digest('hex');
  const given = Buffer.concat([Buffer.from(`khp render memo 1\n${digest}\n`), body]);
  expect(readMemo(given, '1').work.size).toBe(0);
});
