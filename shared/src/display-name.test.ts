import { expect, test } from 'vitest';
import { extensionChange, newExtension } from './api/extension-values.ts';
import { setup } from './api/people-values.ts';
import { displayName, organizationName } from './display-name.ts';

test.for([
  ['Ada'],
  ['Jean-Luc O’Neill'],
  ['Dr. Ğülşen Çağlar 2'],
  ['יעל כהן'],
  ['مها'],
  ['می‌خواهم'],
  ['क्‍ष'],
  ['山田 太郎'],
  ['Reception ☎️'],
  ['👩‍💻 Support'],
  ['1&1 Telecom'],
  ['Nguyễn Thị Ánh'],
])('%s is a name', ([name]) => {
  expect(displayName.parse(name)).toBe(name);
});

test.for([
  ['  Ada \u00a0 Lovelace\u3000', 'Ada Lovelace'],
  ['Zoe\u0308', 'Zo\u00eb'],
  ['\nAda\t', 'Ada'],
])('%j is tidied', ([name, tidy]) => {
  expect(displayName.parse(name)).toBe(tidy);
});

test.for([
  ['nothing', ''],
  ['spaces', ' \u00a0\u3000 '],
  ['too long a name', 'x'.repeat(65)],
  ['a line break', 'Ada\r\nBcc: eve@evil.test'],
  ['a tab', 'Ada\tLovelace'],
  ['NUL', 'Ada\u0000'],
  ['C1', 'Ada\u0085x'],
  ['DEL', 'Ada\u007f'],
  ['a line separator', 'Ada\u2028Eve'],
  ['an override', 'Desk \u202e evil 99'],
  ['an embedding', 'Desk \u202b 99'],
  ['an isolate', 'Desk \u2067 99 \u2069'],
  ['a mark of direction', '\u200fDesk'],
  ['a zero-width space', 'A\u200bda'],
  ['a soft hyphen', 'A\u00adda'],
  ['a byte order mark', 'A\ufeffda'],
  ['a word joiner', 'A\u2060da'],
  ['a joiner that joins nothing', 'Ada\u200d'],
  ['a joiner between Latin and a space', 'Ada\u200c Eve'],
  ['a lone surrogate', 'Ada \ud83d'],
  ['the other half', 'Ada \ude00'],
  ['a filler', '\u3164'],
  ['an empty Braille cell', '\u2800'],
  ['a tag', 'Ada\u{e0041}'],
  ['a variation selector on a letter', 'A\ufe0fda'],
  ['a private character', 'Ada\ue000'],
  ['no character', 'Ada\uffff'],
  ['a pile of accents', `A${'\u0316'.repeat(12)}da`],
  ['a number', '102'],
  ['a number in other digits', '١٠٢'],
  ['a number as it is written', '+49 (30) 123-456'],
  ['a feature code', '*30#'],
  ['dots', '...'],
] as const)('a name is refused with a sentence: %s', ([, name]) => {
  const { success, error } = displayName.safeParse(name);
  expect(success).toBe(false);
  for (const { message } of error?.issues ?? []) expect(message).toMatch(/^(A|Give a) name.*\.$/);
});

test('all names are checked in the same way', () => {
  const name = 'Desk \u202e 99';
  expect(extensionChange.safeParse({ name }).success).toBe(false);
  expect(newExtension.safeParse({ number: '201', name, kind: 'station' }).success).toBe(false);
  const administrator = { email: 'a@b.test', password: 'correct horse' };
  const organization = { name, domain: 'demo.test' };
  expect(setup.safeParse({ token: 't', organization, administrator }).success).toBe(false);
});

test.for(['4711', '1&1'])('an organization may be called %s', (name) => {
  expect(organizationName.parse(name)).toBe(name);
});
