import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { compressedFiles } from './compressed-files.ts';

/** The pages that the server sends `index.html` for; everything else belongs to the API or to SIP. */
const pages = [/^\/$/, /^\/(station|phone|admin|setup)(\/|$)/];

export default defineConfig({
  plugins: [
    paraglideVitePlugin({ project: './project.inlang', outdir: './src/paraglide', strategy: ['baseLocale'] }),
    svelte(),
    VitePWA({
      // A page never reloads under a call: `state/update.svelte.ts` chooses the moment.
      registerType: 'prompt',
      injectRegister: false,
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,png}', '**/inter-latin-opsz-normal*.woff2'],
        navigateFallback: '/index.html',
        navigateFallbackAllowlist: pages,
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
  build: { target: 'es2023', assetsInlineLimit: 0 },
  server: {
    proxy: {
      '/api': { target: 'http://localhost:8080', ws: true },
      '/sip': { target: 'http://localhost:8080', ws: true },
    },
  },
});
