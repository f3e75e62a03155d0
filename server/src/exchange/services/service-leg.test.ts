import { expect, test } from 'vitest';
import type { EndpointClosed } from '../../media/endpoint.ts';
import { type FakeEndpoint, FakeMediaEngine } from '../../media/support/fake-media.ts';
import type { HeaderField } from '../../sip/message/message.ts';
import { FakeFlow } from '../../sip/transport/support/fake-flow.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { FakeLeg } from '../../sip/user-agent/support/fake-leg.ts';
import type { LegEvent } from '../../sip/user-agent/leg.ts';
import type { Said } from './caller-line.ts';
import { ServiceLeg } from './service-leg.ts';
import { AUDIO, VIDEO } from './support/incoming-calls.ts';

const flow = new FakeFlow({ opened: () => undefined, received: () => undefined, closed: () => undefined });

const NO_AUDIO: HeaderField = ['Warning', '304 perch "No audio over DTLS-SRTP is offered"'];

interface CallOptions {
  readonly sdp?: string;
  readonly prepare?: (endpoint: FakeEndpoint) => void;
}

/** A call comes in; `heard` collects what its attendant is told. */
function callComes({ sdp = AUDIO, prepare }: CallOptions = {}) {
  const clock = new VirtualClock();
  const endpoint = new FakeMediaEngine(clock).endpoint();
  prepare?.(endpoint);
  const leg = new FakeLeg({ id: 'a', target: { flow, contact: 'sip:a@a.invalid' }, sdp });
  const heard: string[] = [];
  const call = new ServiceLeg({ leg, endpoint, clock });
  call.attend({
    confirmed: () => heard.push('confirmed'),
    digit: (digit) => heard.push(digit),
    gone: () => heard.push('gone'),
  });
  return { clock, endpoint, leg, heard, call };
}

/** The same, answered and acknowledged. */
async function answeredCall() {
  const made = callComes();
  await made.clock.advance(0);
  made.leg.says({ kind: 'acknowledged' });
  return made;
}

const info = (digit: string): LegEvent => ({
  kind: 'info',
  contentType: 'application/dtmf-relay',
  body: `Signal=${digit}\r\nDuration=100`,
});

test('the call is answered with our sound, and the attendant hears of its ACK', async () => {
  const { clock, leg, heard } = callComes();
  await clock.advance(0);
  expect(leg.told('answer')).toEqual([{ kind: 'answer', sdp: expect.stringContaining('a=ice-lite') }]);
  expect(heard).toEqual([]);
  leg.says({ kind: 'acknowledged' });
  expect(heard).toEqual(['confirmed']);
});

test.for<[string, CallOptions, number, readonly HeaderField[]]>([
  ['an offer without sound for us', { sdp: VIDEO }, 488, [NO_AUDIO]],
  [
    'an engine that fails',
    {
      prepare: (endpoint) => void (endpoint.answer = () => Promise.reject(new Error('no port'))),
    },
    500,
    [],
  ],
])('%s: refused with the reason, and over', async ([, options, status, fields]) => {
  const { clock, leg, endpoint, heard } = callComes(options);
  await clock.advance(0);
  expect(leg.told('reject')).toEqual([{ kind: 'reject', status, fields }]);
  expect(endpoint.closedAs).toBe('local');
  expect(heard).toEqual(['gone']);
});

test('a caller who cancels while the answer is being made is not answered', async () => {
  const { clock, leg, endpoint, heard } = callComes();
  leg.says({ kind: 'cancelled' });
  await clock.advance(0);
  expect(leg.commands).toEqual([]);
  expect(endpoint.closedAs).toBe('local');
  expect(heard).toEqual(['gone']);
});

test('a key counts once, whichever way or ways it is reported', async () => {
  const { leg, endpoint, heard } = await answeredCall();
  endpoint.press('1');
  leg.says(info('1'));
  leg.says(info('2'));
  endpoint.press('2');
  endpoint.press('2');
  leg.says({ kind: 'info', contentType: 'text/plain', body: '3' });
  expect(heard).toEqual(['confirmed', '1', '2', '2']);
});

test.for([
  [AUDIO, 'accept-offer'],
  [VIDEO, 'refuse-offer'],
] as const)('a later offer %o: %s', async ([sdp, answer]) => {
  const { clock, leg, heard } = await answeredCall();
  leg.says({ kind: 'offered', sdp, method: 'INVITE' });
  await clock.advance(0);
  expect(leg.commands.map(({ kind }) => kind)).toEqual(['answer', answer]);
  expect(heard).toEqual(['confirmed']);
});

test('a later offer that is refused is told why', async () => {
  const { clock, leg } = await answeredCall();
  leg.says({ kind: 'offered', sdp: VIDEO, method: 'INVITE' });
  await clock.advance(0);
  expect(leg.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 488, fields: [NO_AUDIO] }]);
});

test('a REFER is refused: the server cannot be transferred', async () => {
  const { leg } = await answeredCall();
  const referTo = { uri: 'sip:102@example.org', displayName: undefined, replaces: undefined };
  leg.says({ kind: 'refer', id: 7, referTo });
  expect(leg.told('refuse-refer')).toEqual([{ kind: 'refuse-refer', id: 7, status: 403 }]);
});

test('the caller’s phone can be asked to call a number', async () => {
  const { leg, call } = await answeredCall();
  const status = call.refer('sip:102@example.org');
  expect(leg.commands.at(-1)).toEqual({ kind: 'refer', uri: 'sip:102@example.org' });
  leg.answersRefer(202);
  expect(await status).toBe(202);
});

test.for<[EndpointClosed, 'ends' | 'goes on']>([
  ['peer-closed', 'ends'],
  ['timeout', 'ends'],
  ['handshake-failed', 'goes on'],
  ['unauthenticated', 'goes on'],
])('the sound is no more (%s): the call %s', async ([reason, fate]) => {
  const { clock, leg, endpoint, heard } = await answeredCall();
  endpoint.lose(reason);
  await clock.advance(0);
  expect(leg.told('end')).toHaveLength(fate === 'ends' ? 1 : 0);
  expect(heard).toEqual(fate === 'ends' ? ['confirmed', 'gone'] : ['confirmed']);
});

test('when the caller hangs up, the call and its sound are gone', async () => {
  const { leg, endpoint, heard } = await answeredCall();
  leg.says({ kind: 'ended', by: 'peer' });
  expect(endpoint.closedAs).toBe('local');
  endpoint.press('1');
  expect(heard).toEqual(['confirmed', 'gone']);
});

test('when we hang up, the phone is told why, and the attendant hears `gone` once', async () => {
  const { clock, leg, call, heard } = await answeredCall();
  const reason = { protocol: 'Q.850', cause: 16 } as const;
  call.hangUp(reason);
  call.hangUp(reason);
  expect(heard).toEqual(['confirmed']);
  await clock.advance(0);
  expect(leg.told('end')).toEqual([{ kind: 'end', reason }]);
  expect(heard).toEqual(['confirmed', 'gone']);
});

test.for<[string, (made: { call: ServiceLeg; endpoint: FakeEndpoint }) => void, Said]>([
  ['all of it was heard', () => undefined, 'whole'],
  ['it was interrupted', ({ call }) => call.interrupt(), 'overtaken'],
  ['something else was said', ({ call }) => void call.say(['goodbye']), 'overtaken'],
  ['the call was lost', ({ endpoint }) => endpoint.lose('peer-closed'), 'cut-off'],
])('what is said resolves when %s', async ([, happens, expected]) => {
  const made = await answeredCall();
  const said = made.call.say(['beep']);
  happens(made);
  await made.clock.advance(1_000);
  expect(await said).toBe(expected);
});

test('what cannot be played is passed over', async () => {
  const { call, endpoint } = await answeredCall();
  endpoint.play = () => Promise.reject(new Error('no such sound'));
  expect(await call.say(['nothing'])).toBe('whole');
});
