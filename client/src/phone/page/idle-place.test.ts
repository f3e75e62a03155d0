import { expect, test } from 'vitest';
import { placeAt } from './idle-place.ts';

test('in an hour it is in every part of the screen, and never near where it was a minute ago', () => {
  const start = Math.floor(Date.parse('2026-11-27T09:00:00Z') / 60_000);
  const places = Array.from({ length: 60 }, (_, minute) => placeAt(start + minute));
  const parts = new Set(
    places.map(({ across, down }) => `${Math.floor(across * 4)} ${Math.floor(down * 4)}`),
  );
  expect(parts.size).toBe(16);
  for (const [at, place] of places.entries()) {
    const before = places[at - 1];
    if (before === undefined) continue;
    expect(Math.hypot(place.across - before.across, place.down - before.down)).toBeGreaterThan(0.2);
  }
});
