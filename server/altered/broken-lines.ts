import { readFileSync } from 'node:fs';
import { alterSources } from './altered-sources.ts';

/** One place of the product, and what stands there instead where the product is to be without it. */
export interface BrokenLine {
  /** From the folder `server`. */
  readonly file: string;
  /** Occurs once in it. */
  readonly text: string;
  readonly replacement: string;
}

/** The product that this process loads from now on is broken in these places. Throws where a text is not once in its file. */
export function breakLines(lines: readonly BrokenLine[]): void {
  for (const line of lines) if (!isOnce(line)) throw new Error(`not once in ${line.file}: ${line.text}`);
  alterSources((file, source) => {
    const here = lines.filter((line) => line.file === file);
    if (here.length === 0) return undefined;
    return here.reduce((broken, { text, replacement }) => {
      if (!broken.includes(text)) throw new Error(`two texts overlap in ${file}: ${text}`);
      return broken.replace(text, () => replacement);
    }, source);
  });
}

/** Is the text there, once? */
export function isOnce({ file, text }: BrokenLine): boolean {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').split(text).length === 2;
}
