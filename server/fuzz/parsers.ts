import type { Target } from './target.ts';

/** A parser that is fuzzed. */
export interface Parser {
  /** Beginnings of the paths, from the folder `server`, of the files whose branches count. */
  readonly files: readonly string[];
  readonly load: () => Promise<{ readonly target: Target }>;
}

const MESSAGE = 'src/sip/message/';

export const PARSERS: Readonly<Record<string, Parser>> = {
  'sip-message': { files: [MESSAGE], load: () => import('./targets/sip-message.ts') },
  uri: { files: [`${MESSAGE}fields/`, `${MESSAGE}octets.ts`], load: () => import('./targets/uri.ts') },
};
