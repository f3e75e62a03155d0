import { defineConfig } from 'vitest/config';

/** Two projects: `unit` beside the code, `integration` in server/tests with real sockets and storage. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 20_000,
          include: ['{shared,server,client}/src/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['server/tests/**/*.test.ts'],
          testTimeout: 20_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
