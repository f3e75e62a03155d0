import { expect, test } from 'vitest';
import { localeOf, timeParts } from './locale.ts';

const afternoon = new Date(2026, 10, 26, 17, 51);
const morning = new Date(2026, 10, 26, 9, 2);

test.for([
  [['de-DE', 'en-US'], 'en-DE'],
  [['en-GB'], 'en-GB'],
  [['de'], 'en-DE'],
  [['zh-Hant-TW'], 'en-TW'],
  [['not a tag', 'fr-CH'], 'en-CH'],
  [[], 'en'],
] as const)('with a browser in %j, English is that of %s', ([languages, locale]) => {
  expect(localeOf('en', languages)).toBe(locale);
});

test.for([
  ['en-US', '9:02 AM', '5:51 PM'],
  ['en-DE', '09:02', '17:51'],
  ['en-GB', '09:02', '17:51'],
] as const)('times in %s: %s and %s', ([locale, early, late]) => {
  const format = new Intl.DateTimeFormat(locale, timeParts(locale));
  const plain = (date: Date): string => format.format(date).replace(/\s/g, ' ');
  expect([plain(morning), plain(afternoon)]).toEqual([early, late]);
});

test('days are named in the language of the page, whatever the browser’s is', () => {
  const locale = localeOf('en', ['de-DE']);
  expect(new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(afternoon)).toBe('Thursday');
});
