import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const support = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

/** The rune classes (`*.svelte.test.ts`), compiled as the page compiles them and run where a browser's effects run. */
export default defineConfig({
  plugins: [svelte({ configFile: false })],
  resolve: {
    conditions: ['browser'],
    alias: [
      { find: 'workbox-window', replacement: support('state/support/fake-service-worker.ts') },
      { find: /^.*\/sip\/user-agent\.ts$/, replacement: support('sip/support/fake-user-agent.ts') },
    ],
  },
  test: {
    name: 'state',
    environment: 'happy-dom',
    testTimeout: 20_000,
    include: ['src/**/*.svelte.test.ts'],
    setupFiles: [support('state/support/settled-imports.ts')],
    // As those of `unit`: what files share is loaded once for each worker.
    isolate: false,
  },
});
