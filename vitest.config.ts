/**
 * Three projects: `unit` needs no root and no kernel and runs in parallel; then `live` (test/live/) traces the running
 * kernel, one file at a time and with nothing beside it, so that the tests measure and count only themselves; then `vm`
 * (test/vm/) boots other kernels, two guests at most.
 */
import { defineConfig } from 'vitest/config';

const guestTests = ['test/vm/kernels/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/live/**', ...guestTests],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'vm',
          include: guestTests,
          // A test waits for its case, and the first one for those before it in the guest.
          testTimeout: 1_200_000,
          // On a new machine QEMU, kernels and the tree for arm64 are fetched here, one after the other.
          hookTimeout: 900_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
