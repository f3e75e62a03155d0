import { expect, test } from 'vitest';
import { digitsPath } from './digits-path.ts';

test.for([
  ['automatic', 'none', true, 'info'],
  ['automatic', 'stands', true, 'info'],
  ['automatic', 'heard', true, 'rfc4733'],
  ['automatic', 'heard', false, 'rfc4733'],
  ['automatic', 'stands', false, null],
  ['info', 'heard', true, 'info'],
  ['info', 'heard', false, null],
  ['rfc4733', 'stands', true, 'rfc4733'],
  ['rfc4733', 'none', true, null],
] as const)('%s, media %s, line up %s: %s', ([setting, media, lineStands, path]) => {
  expect(digitsPath(setting, media, lineStands)).toBe(path);
});
