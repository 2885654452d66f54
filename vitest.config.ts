import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Of a machine that does much else; nothing is measured by these.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{compiler,runner,site,tests,scripts}/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'tests/daemons/**'],
        },
      },
      // Daemons want the machine for themselves: after all others.
      {
        extends: true,
        test: { name: 'daemons', include: ['tests/daemons/**/*.test.ts'], sequence: { groupOrder: 1 } },
      },
    ],
  },
});
