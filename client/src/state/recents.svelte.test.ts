import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import { Recents } from './recents.svelte.ts';

const BEN = { number: '102', name: 'Ben' };

describe('the calls of this session', () => {
  test('begin with the last one', () => {
    const recents = new Recents();
    recents.add({ with: BEN, direction: 'incoming', answered: true, at: 1 });
    recents.add({ with: BEN, direction: 'outgoing', answered: true, at: 2 });
    expect(recents.list.map(({ at }) => at)).toEqual([2, 1]);
  });

  test('are shown anew when one is added', () => {
    const recents = new Recents();
    const seen: number[] = [];
    const stop = $effect.root(() => {
      $effect(() => {
        seen.push(recents.list.length);
      });
    });
    flushSync();
    recents.add({ with: BEN, direction: 'incoming', answered: false, at: 1 });
    flushSync();
    stop();
    expect(seen).toEqual([0, 1]);
  });
});
