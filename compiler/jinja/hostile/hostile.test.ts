import { join } from 'node:path';
import { describe } from 'vitest';
import { EXHAUST_CASES } from './exhaust-cases.ts';
import { hostileSuite } from './hostile-suite.ts';
import { REACH_CASES } from './reach-cases.ts';
import { SHORT_CASES } from './short-cases.ts';

describe('a hostile template ends as in Jinja or by a limit that says where, within 2 s and 512 MB', () => {
  hostileSuite(join(import.meta.dirname, 'hostile-child.ts'), {
    'when it reaches for what is behind the values': REACH_CASES,
    'when it would hang or exhaust the compiler': EXHAUST_CASES,
    'when it is one trick': SHORT_CASES,
  });
});
