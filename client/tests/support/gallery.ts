import { fileURLToPath } from 'node:url';
import type { Language } from '@perch/shared';
import type { Page } from '@playwright/test';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin } from 'vite';
import { pageFiles } from '../../page-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const HTML = 'tests/gallery/gallery.html';
/** Nothing is ever sent there: a secure origin, so that devices can be asked for. */
const ORIGIN = 'https://gallery.test/';

/** The pages of a gallery never speak SIP. */
const withoutSip: Plugin = {
  name: 'without-sip',
  enforce: 'pre',
  resolveId: (source) =>
    source.endsWith('/sip/user-agent.ts') ? `${root}tests/gallery/user-agent.ts` : undefined,
};

/** Their words come in every language, and mirrored. */
const withAllWords: Plugin = {
  name: 'with-all-words',
  enforce: 'pre',
  resolveId: (source) => (source === './files.ts' ? `${root}tests/gallery/files.ts` : undefined),
};

/**
 * The pages of a phone in every state that has a scene, without a server: the components of the product with its own
 * state, and everything that they depend on in the hands of a scene (`gallery/scenes.ts`).
 */
export class Gallery {
  static #files: ReturnType<typeof built> | undefined;
  readonly names: readonly string[];
  readonly #page: Page;
  readonly #errors: Error[] = [];

  private constructor(page: Page, names: readonly string[]) {
    this.#page = page;
    this.names = names;
    page.on('pageerror', (error) => this.#errors.push(error));
  }

  static async open(page: Page): Promise<Gallery> {
    const files = await (Gallery.#files ??= built());
    await page.route(`${ORIGIN}**`, (route) => {
      const file = files.get(new URL(route.request().url()).pathname.slice(1));
      return file === undefined ? route.fulfill({ status: 404 }) : route.fulfill(file);
    });
    await page.clock.install();
    await page.exposeFunction('pass', (ms: number) => page.clock.runFor(ms));
    await page.goto(ORIGIN + HTML);
    return new Gallery(page, await page.evaluate(() => window.gallery.names));
  }

  /** Has something happen in the world of the scene. */
  async happen(what: (world: GalleryWorld) => unknown): Promise<void> {
    await this.#page.evaluate(`(${String(what)})(window.gallery.world())`);
  }

  /** What the page has asked of its calls. */
  asked(): Promise<readonly string[]> {
    return this.#page.evaluate(() => window.gallery.world()?.asked ?? []);
  }

  /** Says everything in that language; mirrored, in English from right to left. */
  async speak(tongue: Language | 'mirrored'): Promise<void> {
    await this.#page.evaluate(
      (given) => window.gallery.speak(given === 'mirrored' ? 'en' : given, given === 'mirrored'),
      tongue,
    );
  }

  /** Throws where the page does. */
  async show(name: string): Promise<void> {
    await this.#page.evaluate((shown) => window.gallery.show(shown), name);
    const [error] = this.#errors;
    if (error !== undefined) throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

interface BuiltFile {
  readonly body: string | Buffer;
  readonly contentType: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  woff2: 'font/woff2',
};

async function built(): Promise<ReadonlyMap<string, BuiltFile>> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [withoutSip, withAllWords, svelte(), ...pageFiles()],
    build: {
      write: false,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { input: root + HTML },
    },
  });
  if (!('output' in result)) throw new Error('the gallery was not built');
  return new Map(
    result.output.map((file) => {
      const contentType = TYPES[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      const body = file.type === 'chunk' ? file.code : file.source;
      return [file.fileName, { contentType, body: typeof body === 'string' ? body : Buffer.from(body) }];
    }),
  );
}
