import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** What shrinks; pictures and fonts are compressed already. */
const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest)$/;

const ENCODINGS = {
  '.br': (octets: Buffer) =>
    promisify(brotliCompress)(octets, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: octets.length,
      },
    }),
  '.gz': (octets: Buffer) => promisify(gzip)(octets, { level: constants.Z_BEST_COMPRESSION }),
};

/**
 * Puts a Brotli and a gzip copy beside each file of the build that they make smaller, for `http/pages.ts` to send. It comes after
 * the plugins that write files of their own.
 */
export function compressedFiles(): Plugin {
  let folder = '';
  return {
    name: 'compressed-files',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const files = await readdir(folder, { recursive: true });
        await Promise.all(
          files.filter((file) => COMPRESSIBLE.test(file)).map((file) => compress(join(folder, file))),
        );
      },
    },
  };
}

async function compress(path: string): Promise<void> {
  const octets = await readFile(path);
  for (const [ending, encode] of Object.entries(ENCODINGS)) {
    const encoded = await encode(octets);
    if (encoded.length < octets.length) await writeFile(path + ending, encoded);
  }
}
