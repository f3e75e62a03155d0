import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { bundledWorkers } from './server/scripts/bundled-workers.ts';

/** How long what is polled may take on a busy machine (milliseconds); vitest's own is 1,000. */
const PATIENCE = { expect: { poll: { timeout: 10_000 } } };
/** The files of one worker share what they import: loading it anew for each was half of the cost of unit tests, and a fifth of the others'. */
const SHARED_IMPORTS = { isolate: false };
const INTEGRATION = {
  include: ['server/tests/**/*.test.ts'],
  testTimeout: 20_000,
  ...PATIENCE,
  ...SHARED_IMPORTS,
};

/** What would be a quarter of the work where tests sign somebody in. The integration tests have the product's own. */
const QUICK_ARGON2 = fileURLToPath(new URL('server/src/management/support/quick-argon2.ts', import.meta.url));

/** Files that are small and take long: if one of them were last, the other workers would wait for it. */
const LONG = /(?:simulator|release)\.test\.ts$/;
const rank = ({ project, moduleId }: TestSpecification): string =>
  `${project.name} ${LONG.test(moduleId) ? 'first' : 'others'}`;

/** The projects one after the other, and their files by size, as vitest has them, but for those that take long. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    return bySize.sort((one, other) => (rank(one) < rank(other) ? -1 : Number(rank(one) > rank(other))));
  }
}

/**
 * Four projects: `unit` beside the code, `state` for the client's rune classes (client/vitest.config.ts), `integration`
 * in server/tests with real sockets and storage, and `border`, the same tests once more with every organization behind bytes, as if it were
 * in another process.
 */
export default defineConfig({
  test: {
    // One a core: left to itself, vitest keeps a core free, which is half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongFirst },
    projects: [
      {
        plugins: [bundledWorkers],
        resolve: { alias: [{ find: /^@node-rs\/argon2$/, replacement: QUICK_ARGON2 }] },
        test: {
          name: 'unit',
          testTimeout: 20_000,
          ...PATIENCE,
          include: [
            '{shared,server,client}/src/**/*.test.ts',
            'server/{bench,figures,fuzz,scripts,simulator}/**/*.test.ts',
            'client/{*,catalogue/*,service-worker/*}.test.ts',
          ],
          exclude: ['**/*.svelte.test.ts'],
          ...SHARED_IMPORTS,
        },
      },
      'client/vitest.config.ts',
      { test: { name: 'integration', ...INTEGRATION } },
      {
        test: {
          name: 'border',
          ...INTEGRATION,
          // These start no organization, or not by the demo's command.
          exclude: [
            'command-line',
            'deploy',
            'dev',
            'layers',
            'lint-rules',
            'pages-build',
            'release',
            'seeded-run',
            'slow-hash',
            'traces',
            'lies/lies',
          ].map((file) => `server/tests/${file}.test.ts`),
          env: { PERCH_TEST_BORDER: 'bytes' },
        },
      },
    ],
  },
});
