import assert from 'node:assert/strict';
import { dialledText, meaningOf } from '@perch/shared';
import { displayName, organizationName } from '../../../shared/src/display-name.ts';
import { digitsIn, targetOf } from '../../src/exchange/numbering/numbering.ts';
import type { Target } from '../target.ts';

/** The API takes no longer ones (`http-server.ts` limits bodies, and the numbers in them are short). */
const LONGEST = 1_024;

export const target: Target = {
  seeds: [
    'Ada',
    'Zo\u00eb \u{1f469}\u200d\u{1f680}',
    '\u65e5\u672c\u8a9e',
    '*30101',
    '%2A30101#',
    '"Ada" <tel:+49-30-1234>',
    '\u0661\u0662',
  ].map((text) => Buffer.from(text)),
  dictionary: [
    '*30',
    '*97',
    '#',
    '%23',
    '%2a',
    'tel:',
    'sip:',
    '@',
    '<',
    '>',
    '\u200d',
    '\ufe0f',
    '\u0301',
    '\u202e',
    ' ',
    '\t',
    '+',
    '-',
  ].map((text) => Buffer.from(text).toString('latin1')),
  parse(input) {
    const text = input.toString('utf8').slice(0, LONGEST);
    const names = [displayName.safeParse(text), organizationName.safeParse(text)];
    for (const { success, data } of names) {
      if (!success) continue;
      assert.equal(organizationName.parse(data), data, 'a name that is tidied once more');
      assert.ok(!/[\p{Cc}\p{Zl}\p{Zp}]/u.test(data), 'a name with a control character');
    }
    const dialled = dialledText(text);
    assert.equal(dialledText(dialled), dialled, 'a number that is read otherwise');
    return [names, dialled, meaningOf(dialled, ['112']), digitsIn(text), targetOf(text, ['112'], '101')];
  },
};
