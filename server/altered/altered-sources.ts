import { registerHooks } from 'node:module';

/** `file` is where it lies from the folder `server`, such as `../shared/src/names.ts`; `undefined` where it stays as it is. */
type Alter = (file: string, source: string) => string | undefined;

const [REPOSITORY, SERVER] = [new URL('../..', import.meta.url).href, new URL('..', import.meta.url).href];

const fromServer = (url: string): string =>
  url.startsWith(SERVER) ? url.slice(SERVER.length) : `../${url.slice(REPOSITORY.length)}`;

/** Every TypeScript file of ours that this process loads from now on is as `alter` makes it; the files themselves stay as they are. */
export function alterSources(alter: Alter): void {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.startsWith(REPOSITORY) || !url.endsWith('.ts')) return loaded;
      // Before its types are stripped, and as those have made it who altered it before.
      const altered = alter(fromServer(url), Buffer.from(loaded.source as Buffer).toString());
      return altered === undefined ? loaded : { ...loaded, source: altered };
    },
  });
}
