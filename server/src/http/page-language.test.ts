import { expect, test } from 'vitest';
import { pageLanguage } from './page-language.ts';

test.for([
  ['', 'de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['', 'nl, en;q=0.5, de;q=0.7', 'de'],
  ['', 'de;q=0, en-GB', 'en'],
  ['', 'de;q=much', 'en'],
  ['', '*', 'en'],
  ['', '', 'en'],
  ['perch-language=de', 'en', 'de'],
  ['a=b; perch-language=en; c=d', 'de', 'en'],
  ['perch-language=xx', 'de', 'de'],
  ['perch-language=', 'de', 'de'],
  ['not-perch-language=en', 'de', 'de'],
] as const)(
  'with the cookies "%s" and Accept-Language "%s", a page is in %s',
  ([cookie, accepted, language]) => {
    expect(pageLanguage(cookie, accepted)).toBe(language);
  },
);
