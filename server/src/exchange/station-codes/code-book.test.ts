import { extensionId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { type CodeBook, emptyBook, found, givenBack, issued, seen, used, withdrawn } from './code-book.ts';

const place = { terminal: terminalId('station'), occupant: 'nobody' };
const one = { link: 'one', typed: 'ONE' };
const two = { link: 'two', typed: 'TWO' };

test('a code is found by either spelling, for a minute', () => {
  const [book] = issued(emptyBook, place, one, 0);
  expect(found(book, { link: 'one', typed: '' }, 59_999)?.state).toBe('open');
  expect(found(book, { link: '', typed: 'ONE' }, 59_999)?.state).toBe('open');
  expect(found(book, one, 60_000)?.state).toBe('expired');
  expect(found(book, two, 0)).toBeUndefined();
});

test('a new code ends the one before', () => {
  const [first] = issued(emptyBook, place, one, 0);
  const [book, code] = issued(first, place, two, 45_000);
  expect([code.link, found(book, one, 45_000)?.state]).toEqual(['two', 'gone']);
});

test('who has been told which station it is has a minute to confirm, once', () => {
  const [first, code] = issued(emptyBook, place, one, 0);
  const told = seen(first, code, 50_000);
  const known = found(told, one, 109_999);
  expect(known?.state).toBe('open');
  expect(found(told, one, 110_000)?.state).toBe('expired');
  const again = known && seen(told, known.code, 100_000);
  expect(again && found(again, one, 110_000)?.state).toBe('expired');
});

test('the station goes on showing the code that somebody is about to confirm, as long as that is worth while', () => {
  const [first, code] = issued(emptyBook, place, one, 0);
  const told = seen(first, code, 40_000);
  expect(issued(told, place, two, 45_000)[1].link).toBe('one');
  expect(issued(told, place, two, 80_000)[1].link).toBe('two');
  expect(issued(told, { ...place, occupant: 'Ada' }, two, 45_000)[1].link).toBe('two');
});

test('what became of old codes is forgotten', () => {
  const [first] = issued(emptyBook, place, one, 0);
  const [book] = issued(first, place, two, 11 * 60_000);
  expect(found(book, one, 11 * 60_000)).toBeUndefined();
});

test('a code that nothing came of is open again, unless it was withdrawn or replaced meanwhile', () => {
  const [shown, code] = issued(emptyBook, place, one, 0);
  const using = used(shown, code, extensionId('id-101'));
  const stateOf = (book: CodeBook) => found(givenBack(book, code), one, 1)?.state;
  expect(stateOf(using)).toBe('open');
  expect(stateOf(withdrawn(using, place.terminal))).toBe('gone');
  expect(stateOf(issued(using, place, two, 0)[0])).toBe('gone');
});
