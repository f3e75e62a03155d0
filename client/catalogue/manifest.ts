import type { Language } from '@perch/shared';
import { type Catalogue, catalogueOf, type Text } from './catalogue.ts';

/** The texts of the web app manifest. */
const TEXTS = [
  'motto',
  'keypad',
  'recents',
  'voicemail',
  'screenshot_phone',
  'screenshot_call',
  'screenshot_people',
];

const plain = (text: Text | undefined): string => (typeof text === 'string' ? text : '');

/**
 * The web app manifest (W3C) in a language: each text of the English one is one of the catalogue's. The app stays the same, as its `id` does.
 *
 * @throws where the English one says something else
 */
export function manifestIn(english: string, language: Language, catalogue: Catalogue): string {
  const words = new Map(TEXTS.map((key) => [plain(catalogueOf('en')[key]), plain(catalogue[key])]));
  return JSON.stringify(
    JSON.parse(english),
    (key, value: unknown) => {
      if (key === 'lang') return language;
      if (typeof value !== 'string' || !isSaid(key, value)) return value;
      const said = words.get(value);
      if (said === undefined) throw new Error(`no text of the catalogue is the “${value}” of the manifest`);
      return said;
    },
    2,
  );
}

/** Is it a text for people? The product has its name in each language. */
const isSaid = (key: string, value: string): boolean =>
  ['name', 'short_name', 'description', 'label'].includes(key) && value !== 'Perch';
