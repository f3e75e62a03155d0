import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { compressedFiles } from './compressed-files.ts';
import { pageFiles, pageInputs, storedPages } from './page-files.ts';

/** What pages have in common, but for what only their dialogs and switches need. */
const isForEveryPage = (module: string): boolean =>
  !/(bits-ui|tabbable|svelte-toolbelt|runed|style-to-object|inline-style-parser)\/|\/ui\/(dialog|switch|select)|\/pages\//.test(
    module,
  );

export default defineConfig({
  plugins: [
    paraglideVitePlugin({ project: './project.inlang', outdir: './src/paraglide', strategy: ['baseLocale'] }),
    svelte(),
    ...pageFiles(),
    VitePWA({
      // A page never reloads under a call: `state/update.svelte.ts` chooses the moment.
      registerType: 'prompt',
      injectRegister: false,
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,png}', '**/inter-latin-opsz-normal*.woff2'],
        navigateFallback: null,
        runtimeCaching: [storedPages],
        cleanupOutdatedCaches: true,
      },
      manifest: {
        id: '/phone',
        name: 'Perch',
        short_name: 'Perch',
        description: 'Sit anywhere; your extension follows.',
        start_url: '/phone',
        scope: '/',
        display: 'standalone',
        background_color: '#f6f7f9',
        theme_color: '#f6f7f9',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
    }),
    compressedFiles(),
  ],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    // One file of styles, and one of what the pages share: a request costs more than what is not needed in them.
    cssCodeSplit: false,
    rolldownOptions: {
      input: pageInputs,
      output: { codeSplitting: { groups: [{ name: 'base', minShareCount: 2, test: isForEveryPage }] } },
    },
  },
  server: {
    proxy: {
      '/api': { target: 'http://localhost:8080', ws: true },
      '/sip': { target: 'http://localhost:8080', ws: true },
    },
  },
});
