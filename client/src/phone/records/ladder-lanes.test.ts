import type { Ladder, LadderMessage, LadderParty } from '@perch/shared';
import { expect, test } from 'vitest';
import { lanesOf, toneOf } from './ladder-lanes.ts';

const party = (number: string, desk: LadderParty['desk'] = null): LadderParty => ({ number, name: '', desk });
const leg = (number: string, calls: boolean, desk: LadderParty['desk'] = null) => ({
  ...{ party: party(number, desk), calls, callId: number, left: 0 },
});
const message = (at: number, of: number, sent: boolean, status: number | null = null): LadderMessage => ({
  ...{ at, leg: of, sent, method: 'INVITE', status, reason: '', sdp: null, hold: null, text: '' },
});
const ladder = (legs: Ladder['legs'], messages: Ladder['messages']): Ladder => ({
  ...{ id: 'call', startedAt: 1_000, live: false, dialled: '102', legs, messages },
});

test('the caller is before the server, those who are called behind it, in the order in which they came', () => {
  const { lanes, arrows } = lanesOf(
    ladder(
      [leg('102', false), leg('101', true), leg('103', false)],
      [message(1_000, 1, false), message(1_040, 0, true), message(1_050, 2, false, 200)],
    ),
  );
  expect(lanes.map((lane) => lane?.number ?? 'server')).toEqual(['101', 'server', '102', '103']);
  expect(arrows.map(({ after, from, to, leg: which }) => [after, from, to, which])).toEqual([
    [0, 0, 1, null],
    [40, 1, 2, null],
    [50, 3, 1, null],
  ]);
});

test('several legs of one phone are in one column, and told apart; the same person at another desk is in another', () => {
  const desk = { number: '201', name: 'Front desk' };
  const { lanes, arrows } = lanesOf(
    ladder(
      [leg('101', true), leg('102', false), leg('102', false), leg('102', false, desk)],
      [message(1_000, 1, true), message(1_000, 2, true), message(1_000, 3, true)],
    ),
  );
  expect(lanes).toEqual([party('101'), null, party('102'), party('102', desk)]);
  expect(arrows.map(({ to, leg: which }) => [to, which])).toEqual([
    [2, 1],
    [2, 2],
    [3, null],
  ]);
});

test('where the server has called, everybody is behind it', () => {
  expect(lanesOf(ladder([leg('102', false)], [])).lanes).toEqual([null, party('102')]);
});

test.each([
  [null, 'request'],
  [100, 'provisional'],
  [199, 'provisional'],
  [200, 'success'],
  [302, 'refusal'],
  [487, 'refusal'],
])('%s is a %s', (status, tone) => {
  expect(toneOf(message(0, 0, true, status))).toBe(tone);
});
