import { expect, test } from 'vitest';
import { mirrored } from './mirrored.ts';

const said = (word: string): string => `\u200F\u202E${word}\u202C\u200F`;

test.for([
  ['Hold', said('Hold')],
  ['Call {who}', `${said('Call')} {who}`],
  ['{count} of {total}, so far', `{count} ${said('of')} {total}${said(',')} ${said('so')} ${said('far')}`],
] as const)('%s: each word backwards, and what is put in as it is', ([text, written]) => {
  expect(mirrored(text)).toBe(written);
});

test('each form of a counted text is mirrored', () => {
  expect(mirrored({ count: { one: '{count} call', other: '{count} calls' } })).toEqual({
    count: { one: `{count} ${said('call')}`, other: `{count} ${said('calls')}` },
  });
});
