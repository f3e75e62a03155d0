import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Notices } from './notices.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const texts = (notices: Notices): string[] => notices.list.map(({ text }) => text);

test('a sentence stays long enough to be read, and longer where something can be done about it', () => {
  const notices = new Notices();
  notices.show('Saved');
  notices.show('Deleted', 'plain', { label: 'Undo', run: () => undefined });
  vi.advanceTimersByTime(6_999);
  expect(texts(notices)).toEqual(['Saved', 'Deleted']);
  vi.advanceTimersByTime(1);
  expect(texts(notices)).toEqual(['Deleted']);
  vi.advanceTimersByTime(23_000);
  expect(texts(notices)).toEqual([]);
});

test('the last three are shown, each with its tone', () => {
  const notices = new Notices();
  for (const text of ['1', '2', '3', '4']) notices.show(text, text === '4' ? 'bad' : 'plain');
  expect(texts(notices)).toEqual(['2', '3', '4']);
  expect(notices.list.map(({ tone }) => tone)).toEqual(['plain', 'plain', 'bad']);
});

test('dismissing one leaves the others, even with the same words', () => {
  const notices = new Notices();
  notices.show('Saved');
  notices.show('Saved');
  notices.dismiss(notices.list[0]?.id ?? -1);
  expect(texts(notices)).toEqual(['Saved']);
  notices.dismiss(99);
  expect(texts(notices)).toEqual(['Saved']);
});

test('a new call leaves only notices with an action; a change of person leaves none', () => {
  const notices = new Notices();
  notices.show('Missed');
  notices.show('Deleted', 'plain', { label: 'Undo', run: () => undefined });
  notices.makeWay();
  expect(texts(notices)).toEqual(['Deleted']);
  notices.clear();
  expect(texts(notices)).toEqual([]);
});
