import { expect, test } from 'vitest';
import { pageLanguage } from './page-language.ts';

test.for([
  ['', 'nl, en;q=0.5', 'en'],
  ['', '', 'en'],
  ['perch-language=en', '', 'en'],
  ['perch-language=xx', 'en', 'en'],
] as const)(
  'with the cookies "%s" and Accept-Language "%s", a page is in %s',
  ([cookie, accepted, language]) => {
    expect(pageLanguage(cookie, accepted)).toBe(language);
  },
);
