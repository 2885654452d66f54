import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{compiler,runner,site,tests,scripts}/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
