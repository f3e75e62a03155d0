import { expect, test } from 'vitest';
import { type Dialled, read, userPartOf } from './dial-string.ts';

const center = (number?: string): Dialled => ({ kind: 'service', service: { name: 'center', number } });

test.for<readonly [string, Dialled]>([
  ['', { kind: 'empty' }],
  ['  ', { kind: 'empty' }],
  ['101', { kind: 'number', number: '101' }],
  ['(1) 0-1.', { kind: 'number', number: '101' }],
  ['101#', { kind: 'number', number: '101' }],
  ['101##', { kind: 'number', number: '101' }],
  ['٩١١', { kind: 'number', number: '911' }],
  ['112\r\n', { kind: 'emergency', number: '112' }],
  ['1-800-FLOWERS', { kind: 'name', text: '1-800-FLOWERS' }],
  ['#', { kind: 'number', number: '#' }],
  ['*30', center()],
  ['*30101', center('101')],
  ['*30 101#', center('101')],
  ['*3', { kind: 'number', number: '*3' }],
  ['*30*', { kind: 'number', number: '*30*' }],
  ['*97', { kind: 'service', service: { name: 'voicemail' } }],
  ['*97#', { kind: 'service', service: { name: 'voicemail' } }],
  ['*971', { kind: 'number', number: '*971' }],
  ['112', { kind: 'emergency', number: '112' }],
  ['1 12', { kind: 'emergency', number: '112' }],
  ['112#', { kind: 'emergency', number: '112' }],
  ['\u202d112\u202c', { kind: 'emergency', number: '112' }],
  ['１１２', { kind: 'emergency', number: '112' }],
  ['tel:112', { kind: 'emergency', number: '112' }],
  ['\u2066*30\u200a101\u2069', center('101')],
  ['＊９７', { kind: 'service', service: { name: 'voicemail' } }],
  ['sip:101@example.org', { kind: 'number', number: '101' }],
  ['\u202dAda\u202c', { kind: 'name', text: 'Ada' }],
  ['\u200e', { kind: 'empty' }],
  ['1123', { kind: 'number', number: '1123' }],
  [' Ada ', { kind: 'name', text: 'Ada' }],
  ['Ada 2', { kind: 'name', text: 'Ada 2' }],
])('%j reads as %o', ([text, dialled]) => {
  expect(read(text, ['112'])).toEqual(dialled);
});

test.for<readonly [string, boolean, string | undefined]>([
  ['102', false, '102'],
  ['102', true, undefined],
  ['112', true, '112'],
  ['*30', true, '*30'],
  ['*30101', true, '*30101'],
  ['*97', false, '*97'],
  ['*97', true, undefined],
  ['Ada', false, undefined],
  ['', false, undefined],
])('%j, locked %s, calls %s', ([text, locked, userPart]) => {
  expect(userPartOf(read(text, ['112']), locked)).toBe(userPart);
});

test('its own number is the extension’s mailbox, except on a locked phone', () => {
  const dialled = read('101', ['112']);
  expect(userPartOf(dialled, false, '101')).toBe('*97');
  expect(userPartOf(dialled, false, '102')).toBe('101');
  expect(userPartOf(dialled, true, '101')).toBeUndefined();
  expect(userPartOf(read('112', ['112']), false, '112')).toBe('112');
});
