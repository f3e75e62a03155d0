import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { languages } from '@perch/shared';
import { type Plugin, type ResolvedConfig, build } from 'vite';
import { catalogueOf } from '../catalogue/catalogue.ts';
import { NOTIFICATION_TEXTS } from '../src/state/system/notifications.ts';

/**
 * What the pages need without a network; of the fonts, the alphabet of their texts. What is shown only to people who install a phone is not among it. A
 * phone is there in each language; of other pages, which need the server anyway, one copy is enough. */
const STORED =
  /^(?!screenshots\/|manifest\.\w+\.|(?!terminal)[\w-]+\.\w+\.html$).*\.(js|css|html|svg|png|webmanifest)$|\/inter-latin-opsz-normal-[^/]*\.woff2$/;
/** What has a hash of its content in its name. */
const HASHED = /^assets\//;

/**
 * Builds the service worker, `sw.js`, with the list of the files that it stores; it comes after what writes them.
 *
 * @param plugins of its build
 */
export function serviceWorker(...plugins: readonly Plugin[]): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: (resolved) => void (config = resolved),
    closeBundle: {
      sequential: true,
      async handler() {
        const folder = resolve(config.root, config.build.outDir);
        await build({
          configFile: false,
          root: config.root,
          logLevel: 'warn',
          publicDir: false,
          plugins: [...plugins],
          define: {
            STORED_FILES: JSON.stringify(await storedFiles(folder)),
            NOTIFICATION_WORDS: JSON.stringify(notificationWords()),
          },
          build: {
            outDir: folder,
            emptyOutDir: false,
            target: config.build.target,
            rolldownOptions: {
              input: resolve(config.root, 'service-worker/worker.ts'),
              output: { format: 'iife', entryFileNames: 'sw.js' },
            },
          },
        });
      },
    },
  };
}

const notificationWords = () =>
  Object.fromEntries(
    languages.map((language) => {
      const catalogue = catalogueOf(language);
      return [language, Object.fromEntries(NOTIFICATION_TEXTS.map((key) => [key, catalogue[key]]))];
    }),
  );

/** The files as Workbox wants them: a file whose name stays is fetched again when its revision changes. */
async function storedFiles(folder: string): Promise<object[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => STORED.test(file)).toSorted();
  return Promise.all(
    files.map(async (url) => ({
      url,
      revision: HASHED.test(url) ? null : hash(await readFile(join(folder, url))),
    })),
  );
}

const hash = (octets: Buffer) => createHash('sha256').update(octets).digest('hex').slice(0, 16);
