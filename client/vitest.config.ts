import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** The rune classes (`*.svelte.test.ts`), compiled as the page compiles them and run where a browser's effects run. */
export default defineConfig({
  plugins: [svelte({ configFile: false })],
  resolve: {
    conditions: ['browser'],
    alias: {
      'workbox-window': fileURLToPath(new URL('src/state/support/fake-service-worker.ts', import.meta.url)),
    },
  },
  test: {
    name: 'state',
    environment: 'happy-dom',
    testTimeout: 20_000,
    include: ['src/**/*.svelte.test.ts'],
  },
});
