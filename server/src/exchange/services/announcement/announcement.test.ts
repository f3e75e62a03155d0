import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import { FakeFlow } from '../../../sip/transport/support/fake-flow.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { announce } from './announcement.ts';

const AUDIO = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
const reason = { protocol: 'SIP', cause: 480, text: 'Away' } as const;
const utterance = [{ digits: '201' }, { prompt: 'not-available' } as const];

function announced(sdp = AUDIO) {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const flow = new FakeFlow({ opened: () => undefined, received: () => undefined, closed: () => undefined });
  const leg = new FakeLeg({ id: 'a', target: { flow, contact: 'sip:a@a.invalid' }, sdp });
  const over = announce(leg, { engine }, utterance, { status: 480, reason });
  return { clock, engine, leg, over };
}

test('the refusal is spoken as early media, and then given', async () => {
  const { clock, engine, leg, over } = announced();
  await clock.advance(0);
  expect(leg.told('progress')).toEqual([
    { kind: 'progress', status: 183, sdp: expect.stringContaining('a=ice-lite') },
  ]);
  expect(engine.last.playing).toEqual(['digit-2', 'digit-0', 'digit-1', 'not-available']);
  await clock.advance(3_999);
  expect(leg.told('reject')).toEqual([]);
  await clock.advance(1);
  expect(leg.told('reject')).toEqual([{ kind: 'reject', status: 480, reason }]);
  await over;
  expect(engine.last.closedAs).toBe('local');
  expect(clock.pending).toBe(0);
});

test('an offer without audio is refused at once', async () => {
  const { clock, engine, leg, over } = announced('v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n');
  await over;
  expect(leg.told('progress')).toEqual([]);
  expect(leg.told('reject')).toEqual([{ kind: 'reject', status: 480, reason }]);
  expect(engine.last.closedAs).toBe('local');
  expect(clock.pending).toBe(0);
});

test.for([0, 500, 3_999])('a caller who gives up after %i ms hears no more', async (ms) => {
  const { clock, engine, leg, over } = announced();
  await clock.advance(ms);
  leg.says({ kind: 'cancelled' });
  await over;
  expect(engine.last.playing).toEqual([]);
  expect(engine.last.closedAs).toBe('local');
  expect(leg.told('reject')).toEqual([]);
  expect(clock.pending).toBe(0);
});
