import { expect, test } from 'vitest';
import { type Business, isOnTop, type Layer, takenBy } from './layers.ts';

const business = (...parts: readonly (keyof Business)[]): Business => ({
  emergency: parts.includes('emergency'),
  ringing: parts.includes('ringing'),
  atCenter: parts.includes('atCenter'),
});

test.for<readonly [Business, Layer | null]>([
  [business(), null],
  [business('atCenter'), 'center'],
  [business('ringing'), 'ringing'],
  [business('emergency'), 'emergency'],
  [business('emergency', 'ringing'), 'emergency'],
])('%o takes the layer %s', ([given, layer]) => {
  expect(takenBy(given)).toBe(layer);
});

test.for<readonly [Layer, Layer | null, boolean]>([
  ['dialog', null, true],
  ['notice', null, true],
  ['dialog', 'ringing', false],
  ['dialog', 'center', false],
  ['dialog', 'emergency', false],
  ['notice', 'dialog', false],
  ['ringing', 'center', true],
  ['center', 'emergency', false],
])('%s with %s on the page is on top: %s', ([layer, taken, onTop]) => {
  expect(isOnTop(layer, taken)).toBe(onTop);
});
