/** Three groups, run one after another: fast tests, whole-station tests, and tests in a real Chromium (one at a time). */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const never = ['**/node_modules/**', 'dist/**', 'release/**', 'tools/boundaries/fixtures/**'];

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '#contract': `${root}preload/contract/index.ts` } },
  test: {
    root,
    environment: 'node',
    // Two workers: the promise is a full run on two cores.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{main,preload,native,renderer,tools}/**/*.test.{ts,tsx}'],
          exclude: never,
          // A healthy test takes milliseconds; the limit only ends one that hangs, on a machine that is busy.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,golden,crash,electron,bench}/**/*.test.{ts,tsx}'],
          exclude: never,
          testTimeout: 60_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
