import { expect, it } from 'vitest';
import { explainInventory } from './explained-inventories.ts';
import type { InventoryCase, InventoryResult } from './inventory-case.ts';

const TEST: InventoryCase = {
  id: 0,
  feature: 'ini',
  files: { hosts: '\ufeffa\n', 'group_vars/web.yml': 'a: [\n' },
  sources: ['hosts'],
  hashBehaviour: 'replace',
  ask: ['list'],
};

/** What explains our answer, where Ansible's to the case as it is asked again is `asked`. */
function reasonFor(
  actual: Partial<InventoryResult>,
  asked: (test: InventoryCase) => Partial<InventoryResult>,
): Promise<string | undefined> {
  const full = (result: Partial<InventoryResult>): InventoryResult => ({ id: 0, ...result });
  const results = { expected: full({}), again: full({}), actual: full(actual) };
  return explainInventory({
    test: TEST,
    results,
    ask: async (test) => {
      const answer = full(asked(test));
      return { expected: answer, again: answer, actual: full(actual) };
    },
  });
}

const MARK = {
  problems: ['load/bad-ini hosts', 'load/bad-ini hosts'],
  messages: ['the file begins with a byte order mark', 'another one'],
};

it('takes a byte order mark for a reason where all else is as Ansible prints it without the file', async () => {
  const actual = { output: 'rest', ...MARK };
  const asked = ({ files }: InventoryCase) => ({
    output: files.hosts!.includes('\ufeff') ? 'more' : 'rest',
    problems: ['hosts'],
  });
  await expect(reasonFor(actual, asked)).resolves.toMatch(/^a byte order mark is refused/);
  await expect(reasonFor({ ...actual, output: 'other' }, asked)).resolves.toBeUndefined();
  const more = { problems: [...MARK.problems, 'load/bad-ini b'], messages: [...MARK.messages, 'wrong'] };
  await expect(reasonFor({ ...actual, ...more }, asked)).resolves.toBeUndefined();
});

it('takes it for a reason where Ansible finds no such host without the file either', async () => {
  const error = { class: 'AnsibleError', message: 'no host' };
  const actual = { error: { class: 'UsageError', message: 'no host' }, ...MARK };
  await expect(reasonFor(actual, () => ({ error }))).resolves.toMatch(/^a byte order mark is refused/);
  await expect(reasonFor(actual, () => ({ output: '{}' }))).resolves.toBeUndefined();
  await expect(reasonFor({ error: actual.error }, () => ({ error }))).resolves.toBeUndefined();
});

it('takes it for a reason beside another source that Ansible refuses too, and finds no such host', async () => {
  const error = { class: 'AnsibleError', message: 'no host' };
  const problems = [...MARK.problems, 'load/bad-ini b'];
  const actual = { error, problems, messages: [...MARK.messages, 'wrong'] };
  await expect(reasonFor(actual, () => ({ error, problems: ['hosts', 'b'] }))).resolves.toMatch(
    /^a byte order mark is refused/,
  );
  await expect(reasonFor(actual, () => ({ error, problems: ['hosts'] }))).resolves.toBeUndefined();
});

it('takes the marks of names for a reason where Ansible prints the same without them', async () => {
  const asked = ({ plainNames }: InventoryCase) => ({ output: plainNames ? 'rest' : 'more' });
  await expect(reasonFor({ output: 'rest' }, asked)).resolves.toMatch(/^a name of a host or group is text/);
  await expect(reasonFor({ output: 'other' }, asked)).resolves.toBeUndefined();
});

it.each([
  ["Skipping 'web' as this is not a valid group definition", true],
  ["Skipping 'db' as this is not a valid group definition", false],
])('takes a warning of what our error names for a reason: %s', async (warning, isReason) => {
  const actual = {
    output: 'x',
    problems: ['load/bad-inventory hosts'],
    messages: ['group `web` must be a mapping of hosts, children and vars'],
  };
  const reason = await reasonFor(actual, () => ({ output: 'x', skipped: [warning] }));
  expect(reason !== undefined).toBe(isReason);
});

it.each([
  [[], true],
  [['group_vars/web.yml'], false],
])('takes it for a reason that Ansible read of the broken files %j', async (read, isReason) => {
  const actual = { output: 'x', problems: ['load/bad-yaml group_vars/web.yml'], messages: ['wrong'] };
  const reason = await reasonFor(actual, () => ({ output: 'x', read }));
  expect(reason !== undefined).toBe(isReason);
});

it('has no reason for what Ansible refuses and ours does not', async () => {
  await expect(
    reasonFor({ output: 'x' }, () => ({ output: 'x', problems: ['hosts'] })),
  ).resolves.toBeUndefined();
});
