import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, canonicalRecord } from './canonical-json.ts';

test('a record of lists has one text, whichever function tells it', () => {
  const entry = fc.oneof(fc.jsonValue(), fc.constant({ a: undefined, 'b\n': 'c\n  d' }));
  const record = fc.dictionary(
    fc.stringMatching(/^[a-zA-Z_]+$/),
    fc.oneof(fc.array(entry), fc.jsonValue(), fc.constant(undefined)),
  );
  fc.assert(
    fc.property(record, (given) => {
      const expected = canonicalJson(given);
      expect(canonicalRecord(given)).toBe(expected);
      // A second time, from what is known of its entries.
      expect(canonicalRecord({ ...given })).toBe(expected);
    }),
  );
});
