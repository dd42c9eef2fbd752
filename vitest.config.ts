import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/support/reporter.ts';

// The tier is in the file name. One project for everything that needs the database: it is started once for all of them.
const systemTiers = ['**/*.int.test.ts', '**/*.e2e.test.ts', '**/*.web.test.ts'];
const verifyTier = ['**/*.verify.test.ts'];
const elsewhere = ['**/node_modules/**', 'dist/**', '.build/**'];
const globalSetup = ['test/support/global-setup.ts'];

export default defineConfig({
  test: {
    reporters: [new SummaryReporter()],
    silent: 'passed-only',
    allowOnly: false,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,test,tools,bench,clients,web}/**/*.test.ts'],
          exclude: [...elsewhere, ...systemTiers, ...verifyTier],
          pool: 'threads',
          isolate: false,
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: systemTiers,
          exclude: elsewhere,
          globalSetup,
          pool: 'forks',
          // The program is loaded once a process, not once a file: a second of each file's time.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'verify',
          include: verifyTier,
          exclude: elsewhere,
          globalSetup,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 30 * 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
