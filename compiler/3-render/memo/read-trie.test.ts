import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answers, ReadTrie } from './read-trie.ts';
import { UNKNOWN } from './value-numbers.ts';

/** Work whose next read, of 0 to 7, follows from the answers so far, which are 1 to 3. */
function work(seed: number, answerOf: (read: number) => number) {
  const reads: number[] = [];
  const answers: number[] = [];
  const left = [0, 1, 2, 3, 4, 5, 6, 7];
  let state = seed;
  for (let more = 1 + (seed % 5); more > 0 && left.length > 0; more--) {
    const [read] = left.splice(state % left.length, 1);
    const answer = answerOf(read!);
    reads.push(read!);
    answers.push(answer);
    state = (state * 31 + answer * 7) % 1009;
    if (answer === 3) more++;
  }
  return { reads, answers, result: `${reads} → ${answers}` };
}

function answersOf(host: readonly number[]): Answers {
  const of = (read: number) => host[read]!;
  return { of, fit: ({ reads, answers }) => reads.every((read, index) => of(read) === answers[index]) };
}

test('a result is found for exactly those that answer as it was asked', () => {
  const host = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.array(host, { maxLength: 40 }), (seed, hosts) => {
      const trie = new ReadTrie<string>();
      const kept = new Set<string>();
      for (const one of hosts) {
        const { reads, answers, result } = work(seed, (read) => one[read]!);
        const found = trie.find(answersOf(one));
        expect(found).toBe(kept.has(result) ? result : undefined);
        if (found === undefined) trie.keep({ reads, answers }, result);
        kept.add(result);
      }
      for (const one of hosts) {
        expect(trie.find(answersOf(one))).toBe(work(seed, (read) => one[read]!).result);
      }
    }),
  );
});

test('what came of an answer that cannot be told apart is not kept', () => {
  const trie = new ReadTrie<string>();
  trie.keep({ reads: [1, 2], answers: [5, UNKNOWN] }, 'x');
  expect(trie.find({ of: () => UNKNOWN, fit: () => true })).toBeUndefined();
});

test('after the same answers only the last reads and result are known', () => {
  const trie = new ReadTrie<string>();
  const host = answersOf([0, 1, 1, 1]);
  trie.keep({ reads: [1, 2], answers: [1, 1] }, 'a');
  trie.keep({ reads: [1, 3], answers: [1, 1] }, 'b');
  expect(trie.find(host)).toBe('b');
  trie.keep({ reads: [1], answers: [1] }, 'c');
  expect(trie.find(host)).toBe('c');
  trie.keep({ reads: [1, 2, 3], answers: [1, 1, 1] }, 'd');
  expect(trie.find(host)).toBe('d');
});
