import { expect, test } from 'vitest';
import { keptLanguage, languageFor, languageToKeep } from './page-language.ts';

const NONE = { person: null, page: null, organization: null };

test.for([
  ['the person who is there', { person: 'ro', page: 'de', organization: 'fr' }, 'es', 'ro'],
  ['the page itself', { ...NONE, page: 'de', organization: 'fr' }, 'es', 'de'],
  ['the device', { ...NONE, organization: 'fr' }, 'es', 'es'],
  ['the organization', { ...NONE, organization: 'fr' }, 'system', 'fr'],
  ['the browser', NONE, 'system', 'en'],
] as const)('a page speaks the language of %s before others', ([, here, device, language]) => {
  expect(languageFor(here, device, ['tlh', 'en-GB', 'de'])).toBe(language);
});

test.for([
  [{ person: 'ro', page: 'de', organization: 'fr' }, 'es', 'de'],
  [{ person: 'ro', page: null, organization: 'fr' }, 'es', null],
  [{ person: 'ro', page: null, organization: 'fr' }, 'system', 'fr'],
  [{ ...NONE, person: 'ro' }, 'system', null],
] as const)(
  'of %j with %s on the device, a page keeps %s for its next load: nothing of a guest',
  ([here, device, kept]) => {
    expect(languageToKeep(here, device)).toBe(kept);
  },
);

test.for([
  [['de', 'es'], 'es', 'de'],
  [['es'], 'es', undefined],
  [['de'], 'system', 'de'],
  [[], 'system', undefined],
] as const)(
  'the cookies %j of a browser with %s on the device keep %s for the page',
  ([values, device, kept]) => {
    expect(keptLanguage(values, device)).toBe(kept);
  },
);
