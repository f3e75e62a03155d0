import { describe, expect, test } from 'vitest';
import type { Layer } from '../../phone/page/layers.ts';
import { type DialogName, Layers } from './layers.svelte.ts';

function page({ unfinished = false } = {}) {
  let taken: Layer | null = $state(null);
  const said: string[] = [];
  const layers = new Layers({
    taken: () => taken,
    isUnfinished: () => unfinished,
    onClosed: (dialog: DialogName) => said.push(`${dialog} closed`),
    onGaveWay: (dialog, to, waits) => said.push(`${dialog} gave way to ${to}${waits ? ' and waits' : ''}`),
  });
  const take = (layer: Layer | null): void => {
    taken = layer;
    layers.giveWay();
  };
  return { layers, said, take };
}

describe('a dialog', () => {
  test.for(['ringing', 'center', 'emergency'] as const)('is closed by %s, which says so', (layer) => {
    const { layers, said, take } = page();
    layers.open('settings');
    expect(layers.shows('settings')).toBe(true);
    take(layer);
    expect(layers.shows('settings')).toBe(false);
    expect(said).toEqual(['settings closed', `settings gave way to ${layer}`]);
    take(null);
    expect(layers.shows('settings')).toBe(false);
  });

  test('with something unfinished in it waits below a ring, and comes back afterwards', () => {
    const { layers, said, take } = page({ unfinished: true });
    layers.open('mailbox-setup');
    take('ringing');
    expect(layers.shows('mailbox-setup')).toBe(false);
    take(null);
    expect(layers.shows('mailbox-setup')).toBe(true);
    expect(said).toEqual(['mailbox-setup gave way to ringing and waits']);
  });

  test('cannot be opened while something else occupies the page', () => {
    const { layers, take } = page();
    take('ringing');
    layers.open('settings');
    take(null);
    expect(layers.shows('settings')).toBe(false);
  });

  test('with something unfinished in it is closed only after a question', () => {
    const { layers, said } = page({ unfinished: true });
    layers.open('mailbox-setup');
    expect(layers.close()).toBe(false);
    expect([layers.asking, layers.shows('mailbox-setup')]).toEqual([true, true]);
    layers.open('settings');
    expect(layers.shows('settings')).toBe(false);
    layers.closeNow();
    expect([layers.asking, layers.shows('mailbox-setup')]).toEqual([false, false]);
    expect(said).toEqual(['mailbox-setup closed']);
  });

  test('makes room for another', () => {
    const { layers, said } = page();
    layers.open('settings');
    layers.open('mailbox-setup');
    expect([layers.shows('settings'), layers.shows('mailbox-setup')]).toEqual([false, true]);
    expect(said).toEqual(['settings closed']);
  });
});
