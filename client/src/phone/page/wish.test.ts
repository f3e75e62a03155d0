import { expect, test } from 'vitest';
import { wishIn } from './wish.ts';

test.for([
  // Any website can open an address, and a caller knows the id of the call.
  ['#answer=463c3eba-8f56-4fe0-af03-bd4441cc78fa', null],
  ['#decline=463c3eba', null],
  ['#notification', null],
  ['#dial=101', { kind: 'dial', text: '101' }],
  ['#dial=tel%3A101', { kind: 'dial', text: '101' }],
  ['#dial=TEL:1-0-1', { kind: 'dial', text: '1-0-1' }],
  ['#dial=tel%3A%2B49%2030%201234', { kind: 'dial', text: '+49 30 1234' }],
  ['#dial=tel%3A101%3Bext%3D7', { kind: 'dial', text: '101' }],
  ['#dial=tel%3A%252A30101', { kind: 'dial', text: '*30101' }],
  ['#dial=web%2Bcall%3A101', { kind: 'dial', text: '101' }],
  ['#dial=web%2Bcall%3A%2F%2F101%2F', { kind: 'dial', text: '101' }],
  [`#dial=${'1'.repeat(100)}`, { kind: 'dial', text: '1'.repeat(64) }],
  ['#show=voicemail', { kind: 'show', view: 'voicemail' }],
  ['#show=elsewhere', null],
  ['#dial=', null],
  ['#dial=tel%3A', null],
  ['#dial=%E0%A4%A', null],
  ['#', null],
  ['', null],
  // The code of an enrolment link.
  ['#Zk3v0Yw8c1m4Zk3v0Yw8c1m4Zk3v0Yw8c1m4Zk3v0Yw', null],
] as const)('%s', ([hash, wish]) => {
  expect(wishIn(hash)).toEqual(wish);
});
