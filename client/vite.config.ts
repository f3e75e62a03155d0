import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type ResolveModulePreloadDependenciesFn, type UserConfig } from 'vite';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundledPackages } from './bundled-packages.ts';
import { MIRRORED } from './catalogue/mirrored.ts';
import { wordFiles } from './catalogue/word-files.ts';
import { compressedFiles } from './compressed-files.ts';
import { pageFiles, pageInputs } from './page-files.ts';
import { serviceWorker } from './service-worker/build.ts';
import { sharedFiles } from './shared-files.ts';
import { styleFiles } from './style-files.ts';

/** The server behind Vite's, while developing (`dev.ts`). */
const PERCH = `http://localhost:${process.env['PERCH_PORT'] || '8080'}`;

/** Of the product: pages say by which they were built (`src/version.ts`). */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const SILENT_DEBUG = fileURLToPath(new URL('silent-debug.cjs', import.meta.url));

const bundled = bundledPackages();

/** What the pages of phones begin with, and have their later parts imported by. */
const PHONE = /^assets\/(terminal|show)-/;

/**
 * Which files a script that imports another one has preloaded. A phone's have none: it gets its later parts one after another when nobody waits, and a
 * link for each of their files takes a slow device longer than it saves.
 */
const preloadedBy: ResolveModulePreloadDependenciesFn = (_file, files, { hostId, hostType }) =>
  hostType === 'js' && PHONE.test(hostId) ? [] : files;

const configOf = (mode: string): UserConfig => ({
  define: { 'import.meta.env.PERCH_VERSION': JSON.stringify(version) },
  plugins: [
    svelte(),
    ...pageFiles(),
    styleFiles(),
    wordFiles(mode === MIRRORED),
    serviceWorker(bundled.worker),
    bundled.pages,
    compressedFiles(),
  ],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false, resolveDependencies: preloadedBy },
    // One file of what the pages share: a request costs more than what is not needed in it. Of styles, see `style-files.ts`.
    rolldownOptions: {
      input: pageInputs,
      output: { codeSplitting: { groups: sharedFiles() } },
    },
  },
  server: {
    proxy: { '/api': { target: PERCH, ws: true }, '/sip': { target: PERCH, ws: true } },
  },
});

export default defineConfig(({ command, mode }) => {
  const config = configOf(mode);
  // What is built is for people, wherever it is built: in a shell or a test run that has set another NODE_ENV as well.
  if (command !== 'build') return config;
  process.env['NODE_ENV'] = 'production';
  return { ...config, resolve: { alias: { debug: SILENT_DEBUG } } };
});
