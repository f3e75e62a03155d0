import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** A module's path from the root of the repository, and its text. */
export type Modules = ReadonlyMap<string, string>;

const SHARED = 'shared/src/index.ts';
/** A path to a module in a string: of an import, or of a worker's URL. `.js` is as long as `.ts`, so that columns stay. */
const RELATIVE = /(?<=(['"]))(\.{1,2}\/[^'"\n]+)\.ts(?=\1)/g;

/**
 * The module at `entry` and all that it imports, as JavaScript. Types become blanks, so that every line and column in a stack trace
 * is that of the source, and every file keeps its path, so that paths from `import.meta.url` hold.
 *
 * @param repository its folder
 * @param entry from there, such as `server/bin/perch.mjs`
 * @throws where an imported module does not exist
 */
export async function asJavaScript(repository: string, entry: string): Promise<Modules> {
  const modules = new Map<string, string>();
  const found = [entry];
  for (let path = found.pop(); path !== undefined; path = found.pop()) {
    const written = path.replace(/\.ts$/, '.js');
    if (modules.has(written)) continue;
    const folder = dirname(path);
    const source = await readFile(join(repository, path), 'utf8');
    const text = (path.endsWith('.ts') ? stripTypeScriptTypes(source) : source).replaceAll(
      "'@perch/shared'",
      `'${relative(folder, SHARED)}'`,
    );
    found.push(...[...text.matchAll(RELATIVE)].map((match) => join(folder, match[0])));
    modules.set(written, text.replace(RELATIVE, '$2.js'));
  }
  return modules;
}
