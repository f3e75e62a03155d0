import { expect, test } from 'vitest';
import { type AskedCalls, askedIn, queryOf, searchOf } from './asked-calls.ts';

const NOTHING: AskedCalls = { extension: '', station: '', kind: 'all', result: '', from: '', until: '' };

test('what stands in the fields is asked for; a number that is not whole yet is not', () => {
  const asked = (given: Partial<AskedCalls>) => queryOf({ ...NOTHING, ...given }, 'Europe/Berlin');
  expect(asked({})).toEqual({});
  expect(asked({ extension: '1', station: '201' })).toEqual({ station: '201' });
  expect(asked({ kind: 'made', result: 'busy' })).toEqual({ direction: 'made', result: 'busy' });
  expect(asked({ kind: 'missed' })).toEqual({ missed: 'all' });
  expect(asked({ kind: 'unreturned' })).toEqual({ missed: 'unreturned' });
  expect(asked({ from: '2026-03-29', until: '2026-03-29' })).toEqual({
    from: String(Date.UTC(2026, 2, 28, 23)),
    until: String(Date.UTC(2026, 2, 29, 22)),
  });
});

test('what a link asks for comes out of the address as it went in', () => {
  const asked: AskedCalls = { ...NOTHING, extension: '101', kind: 'unreturned', result: 'no-answer' };
  expect(askedIn(searchOf(asked))).toEqual(asked);
  expect(searchOf(NOTHING)).toBe('');
  expect(askedIn('?kind=odd&result=odd')).toEqual(NOTHING);
});
