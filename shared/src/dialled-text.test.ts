import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialledText, isDialled, keyOf } from './dialled-text.ts';

describe('what is dialled by a text', () => {
  test.for([
    ['101', '101'],
    ['+49 30 1234', '+49301234'],
    ['(1) 0-1.', '101'],
    ['*30 101#', '*30101#'],
    // Direction marks and isolates, as contact lists and spreadsheets copy them.
    ['\u202d112\u202c', '112'],
    ['\u2066101\u2069', '101'],
    ['\u200e*30\u200f101\u200b', '*30101'],
    ['\ufeff101\u2060', '101'],
    ['10\u00ad1', '101'],
    // Every dash and every space.
    ['1\u20110\u20121', '101'],
    ['1\u20130\u20141', '101'],
    ['1\u22120\uff0d1', '101'],
    ['1\u00a00\u202f1', '101'],
    ['*30\u200a101', '*30101'],
    ['1\u30000\t1', '101'],
    ['1/0·1', '101'],
    // Digits of other scripts.
    ['１０１', '101'],
    ['＊３０１０１＃', '*30101#'],
    ['＋４９', '+49'],
    ['١٠١', '101'],
    ['۱۰۱', '101'],
    ['१०१', '101'],
    ['๑๐๑', '101'],
    ['𝟙𝟘𝟙', '101'],
    ['1\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e3', '101'],
    ['\u066d٣٠', '*30'],
    // Addresses.
    ['tel:101', '101'],
    ['TEL:+1-201-555-0123;ext=4', '+12015550123'],
    ['tel:101;phone-context=example.org', '101'],
    ['tel://101', '101'],
    ['tel:%2A30101%23', '*30101#'],
    ['tel:%D9%A1%D9%A0%D9%A1', '101'],
    ['\u200etel:\u202a101', '101'],
    ['ｔｅｌ：１０１', '101'],
    ['sip:101@10.0.0.1:5060;transport=ws', '101'],
    ['sips:101:secret@example.org', '101'],
    ['sip:*30101@example.org?Subject=101', '*30101'],
    ['sip:101', '101'],
    ['"Ada 3" <sip:101@example.org>;tag=5', '101'],
    ['<tel:101>', '101'],
    ['callto:101', '101'],
    ['101@example.org', '101'],
    ['101;ext=5', '101'],
    ['web+call:101', '101'],
    ['tel: 101', '101'],
    ['tel:112;phone-context=+49', '112'],
    ['0049 (0) 30/1234', '00490301234'],
    ['+49\u202f30\u202f1234', '+49301234'],
    ['\u202bالطوارئ\u202c <tel:١١٢>', '112'],
    // As cells of a spreadsheet and lines of a mail are copied.
    ['101\r\n', '101'],
    ['\n 101\t', '101'],
    ['"101"', '101'],
    ['„101“', '101'],
    ['９ 1 1\n', '911'],
    ['٩١١', '911'],
    // The dashes of other keyboards.
    ['０３ー１２３４', '031234'],
    ['1\u20430\u02d71', '101'],
  ] as const)('%j: %s', ([text, dialled]) => {
    expect(dialledText(text)).toBe(dialled);
    expect(isDialled(dialled)).toBe(true);
  });

  test.for([
    'Ada',
    'Ada 2',
    'ada@example.org',
    '2nd floor',
    'sip:ada@example.org',
    'tel:%',
    '½',
    '10\r\n1',
    '1\u00001',
    '1-800-FLOWERS',
    'O12',
    '101, 102',
    `1${' '.repeat(256)}1`,
  ])('%j is no number', (text) => {
    expect(isDialled(dialledText(text))).toBe(false);
  });

  test('every decimal digit of Unicode is one of ten', () => {
    const seen = new Map<string, number>();
    for (let point = 0; point <= 0x10_ff_ff; point += 1) {
      const character = String.fromCodePoint(point);
      if (!/^\p{Nd}$/u.test(character)) continue;
      const key = keyOf(character) ?? character;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual([...'0123456789']);
    expect(new Set(seen.values()).size).toBe(1);
  });
});

/** Texts of what numbers are written with, and of what they are not. */
const written = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'0123456789*#+-./()@;:<>" \t\n', ...'١٢٣۱१１＊＃＋ー\u200e\u202a\u2066\u00a0\u2011'),
      fc.constantFrom('tel:', 'sip:', '%2A', '%D9%A1', 'Ada', ';phone-context=+49', '@perch.example'),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

test('what has been read once is read the same again', () => {
  fc.assert(
    fc.property(written, (text) => {
      const once = dialledText(text);
      expect(dialledText(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});

test.for([
  ['1', '1'],
  ['٤', '4'],
  ['＊', '*'],
  ['#', '#'],
  ['a', undefined],
  ['Enter', undefined],
  ['10', undefined],
  ['', undefined],
] as const)('%j is the key %s', ([character, key]) => {
  expect(keyOf(character)).toBe(key);
});
