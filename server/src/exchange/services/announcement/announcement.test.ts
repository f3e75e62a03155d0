import { terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { AUDIO, incomingFrom, VIDEO } from '../support/incoming-calls.ts';
import { announcementService } from './service.ts';
import { everyoneIn } from '../support/languages.ts';

const reason = { protocol: 'SIP', cause: 480, text: 'Away' } as const;
const utterance = [{ digits: '201' }, { prompt: 'not-available' } as const];

function announced(sdp = AUDIO) {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const { leg, incoming, ends } = incomingFrom(terminalId('terminal-101'), '101', 'Ada', sdp);
  const refusal = { status: 480, reason };
  const call = announcementService().take(
    incoming,
    { name: 'announcement', utterance, refusal },
    { engine, clock, languages: everyoneIn('en') },
  );
  return { clock, engine, leg, ends, call };
}

test('the refusal is spoken as early media, and then given', async () => {
  const { clock, engine, leg, ends } = announced();
  await clock.advance(0);
  expect(leg.told('progress')).toEqual([
    { kind: 'progress', status: 183, sdp: expect.stringContaining('a=ice-lite') },
  ]);
  expect(engine.last.playing).toEqual(['digit-2', 'digit-0', 'digit-1', 'not-available']);
  await clock.advance(3_999);
  expect(leg.told('reject')).toEqual([]);
  await clock.advance(1);
  expect(leg.told('reject')).toEqual([{ kind: 'reject', status: 480, reason }]);
  await clock.advance(0);
  expect(ends()).toBe(1);
  expect(engine.last.closedAs).toBe('local');
  expect(clock.pending).toBe(0);
});

test('an offer without audio is refused at once', async () => {
  const { clock, engine, leg, ends } = announced(VIDEO);
  await clock.advance(0);
  expect(ends()).toBe(1);
  expect(leg.told('progress')).toEqual([]);
  expect(leg.told('reject')).toEqual([{ kind: 'reject', status: 480, reason }]);
  expect(engine.last.closedAs).toBe('local');
  expect(clock.pending).toBe(0);
});

test.for([0, 500, 3_999])('a caller who gives up after %i ms hears no more', async (ms) => {
  const { clock, engine, leg, ends } = announced();
  await clock.advance(ms);
  leg.says({ kind: 'cancelled' });
  await clock.advance(0);
  expect(ends()).toBe(1);
  expect(engine.last.playing).toEqual([]);
  expect(engine.last.closedAs).toBe('local');
  expect(leg.told('reject')).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('a phone that may no longer be used hears no more, and is refused', async () => {
  const { clock, engine, leg, ends, call } = announced();
  await clock.advance(500);
  call?.on({ kind: 'barred' });
  await clock.advance(0);
  expect(leg.told('reject')).toEqual([{ kind: 'reject', status: 480, reason }]);
  expect([engine.last.playing, ends(), clock.pending]).toEqual([[], 1, 0]);
});
