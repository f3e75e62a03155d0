import { expect, test } from 'vitest';
import { digitsPath } from './digits-path.ts';

test.for([
  ['automatic', false, 'info'],
  ['automatic', true, 'rfc4733'],
  ['info', true, 'info'],
  ['rfc4733', false, 'rfc4733'],
] as const)('%s, media up %s: %s', ([setting, mediaCanCarry, path]) => {
  expect(digitsPath(setting, mediaCanCarry)).toBe(path);
});
