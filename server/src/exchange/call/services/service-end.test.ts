import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import type { LegEvent } from '../../../sip/user-agent/leg.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { ServiceEnd } from './service-end.ts';

const PHONE = 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';

/** An end whose session with a phone is agreed on, and all that it says. */
async function agreed() {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const said: LegEvent['kind'][] = [];
  const end = new ServiceEnd('end', {
    endpoint: () => engine.endpoint(),
    attach: () => () => undefined,
    left: () => undefined,
  });
  end.listen(({ kind }) => said.push(kind));
  end.askOffer();
  await clock.advance(0);
  end.acceptOffer(PHONE);
  await clock.advance(0);
  const offer = engine.last.offer.bind(engine.last);
  const failing = () => Promise.reject(new Error('there is no socket left'));
  /** Whether its present session can be offered. */
  const works = (can: boolean): void => void (engine.last.offer = can ? offer : failing);
  return { clock, engine, end, said, works, session: engine.last };
}

test('an offer of the present session that cannot be made is told, and the next one can', async () => {
  const { clock, end, said, works, session } = await agreed();
  let failures = 0;
  const again = (): boolean => end.offerAgain('sendonly', () => failures++);
  works(false);
  expect(again()).toBe(true);
  await clock.advance(0);
  expect([failures, said]).toEqual([1, ['offer-made']]);
  works(true);
  expect(again()).toBe(true);
  await clock.advance(0);
  expect([failures, said]).toEqual([1, ['offer-made', 'offered']]);
  expect(session.closedAs).toBeUndefined();
});

test('nobody is told of an offer that fails because the call is over', async () => {
  const { clock, end, works } = await agreed();
  let failures = 0;
  works(false);
  end.offerAgain('sendonly', () => failures++);
  end.end();
  await clock.advance(0);
  expect(failures).toBe(0);
});

test('a new session that cannot be offered is let go: the present one goes on, and can be offered', async () => {
  const { clock, engine, end, said, session } = await agreed();
  const make = engine.endpoint.bind(engine);
  engine.endpoint = () =>
    Object.assign(make(), { offer: () => Promise.reject(new Error('there is no socket left')) });
  end.askOffer();
  await clock.advance(0);
  expect(said).toEqual(['offer-made', 'offer-refused']);
  expect(engine.endpoints.filter(({ closedAs }) => closedAs === undefined)).toEqual([session]);
  expect(end.offerAgain('sendrecv', () => expect.unreachable())).toBe(true);
});
