import { join } from 'node:path';
import { describe } from 'vitest';
import { hostileSuite } from '../../jinja/hostile/hostile-suite.ts';
import { HOSTILE_CASES } from './hostile-cases.ts';

describe('a hostile template ends as in Ansible or by a limit that says where, within 2 s and 512 MB', () => {
  hostileSuite(join(import.meta.dirname, 'hostile-child.ts'), {
    'when it would exhaust the compiler': HOSTILE_CASES,
  });
});
