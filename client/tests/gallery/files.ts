import type { Language } from '@perch/shared';
import { mirroredCatalogue } from '../../catalogue/mirrored.ts';
import de from '../../messages/de.json' with { type: 'json' };
import en from '../../messages/en.json' with { type: 'json' };
import es from '../../messages/es.json' with { type: 'json' };
import fr from '../../messages/fr.json' with { type: 'json' };
import ro from '../../messages/ro.json' with { type: 'json' };
import type { Words } from '../../src/words/wording.ts';

const WORDS = { en, de, es, fr, ro };

/** What the gallery has in place of `client/src/words/files.ts`: all languages at once, and on a page from right to left each of them mirrored. */
export const builtIn: Words = {};

export const loadWords = (language: Language): Promise<Words> =>
  Promise.resolve(
    document.documentElement.dir === 'rtl' ? mirroredCatalogue(WORDS[language]) : WORDS[language],
  );
