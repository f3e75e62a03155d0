import { expect, test } from 'vitest';
import { isWaking } from './waking.ts';

const withServer = { isWithServer: true };
const withPerson = { isWithServer: false };

test.each([
  ['a page that has heard from the server', false, null, false],
  ['one after a sleep, without a call', true, null, true],
  ['one after a sleep, in a call with the server', true, withServer, true],
  ['one after a sleep, in a call with a person', true, withPerson, false],
])('%s: is it waking?', (_, doubted, focused, waking) => {
  expect(isWaking({ word: { doubted }, calls: { focused } })).toBe(waking);
});
