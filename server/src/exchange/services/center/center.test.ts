import { type CallId, extensionId, type CenterEvent } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMediaEngine, type FakeEndpoint } from '../../../media/support/fake-media.ts';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { codeOf, terminal, TestHouse } from '../../support/test-desk.ts';
import type { Happened } from '../../happenings.ts';
import { AUDIO, incomingFrom } from '../support/incoming-calls.ts';
import { centerService } from './service.ts';
import type { ServicePorts } from '../service.ts';

const id = (number: string) => extensionId(`id-${number}`);

async function openCenter(spokenTo: ServicePorts['languages']['spokenTo'] = () => 'en') {
  const house = new TestHouse();
  const { clock, store, codes, directory } = house;
  const desk = await house.desk();
  const engine = new FakeMediaEngine(clock);
  const told = new Map<CallId, CenterEvent[]>();
  const failures: unknown[] = [];
  const happened: Happened = (happening) => {
    if (happening.kind === 'failed') failures.push(happening.error);
    if (happening.kind === 'center-event') told.get(happening.call)?.push(happening.event);
  };
  const center = centerService({ desk, directory, happened });
  /** The phone of `on` dials `*30…`. */
  const call = (on: string, number?: string, sdp = AUDIO) => {
    const { leg, incoming } = incomingFrom(terminal(on), on, on, sdp);
    const events: CenterEvent[] = [];
    told.set(incoming.id, events);
    center.take(incoming, { name: 'center', number }, { engine, clock, languages: { spokenTo } });
    return { leg, told: events };
  };
  /** The same, answered and acknowledged. */
  const dial = async (on: string, number?: string, sdp = AUDIO) => {
    const { leg, told } = call(on, number, sdp);
    await clock.advance(0);
    leg.says({ kind: 'acknowledged' });
    await clock.advance(0);
    return { leg, told, endpoint: engine.last };
  };
  return { clock, store, codes, directory, desk, engine, failures, call, dial };
}

/** Presses keys by INFO, as JsSIP does. */
function info(leg: FakeLeg, keys: string): void {
  for (const key of keys) {
    const body = `Signal=${key}\r\nDuration=100`;
    leg.says({ kind: 'info', contentType: 'application/dtmf-relay', body });
  }
}

/** What the page has been told, abbreviated. */
const inWords = (told: readonly CenterEvent[]): string[] =>
  told.map((event) => {
    switch (event.kind) {
      case 'opened':
        return `opened ${event.number ?? 'to return'}`;
      case 'prompt':
        return event.text;
      case 'digit':
        return '•'.repeat(event.entered);
      case 'tries-left':
        return `${event.tries} left`;
      case 'outcome':
        return event.outcome;
      case 'closed':
        return event.kind;
    }
  });

const lastPlayed = (endpoint: FakeEndpoint) => endpoint.utterances.at(-1)?.sounds;

test('a takeover: asked, entered, moved, told, and hung up by the server', async () => {
  const { clock, desk, dial } = await openCenter();
  const { leg, told, endpoint } = await dial('201', '101');
  expect(leg.told('answer')).toEqual([{ kind: 'answer', sdp: expect.stringContaining('a=ice-lite') }]);
  expect(endpoint.playing).toEqual(['enter-code']);
  endpoint.press(`${codeOf('101')}#`);
  await clock.advance(0);
  expect(desk.speaksFor(terminal('201'))).toBe(id('101'));
  expect(endpoint.playing).toEqual(['digit-1', 'digit-0', 'digit-1', 'now-on-this-phone']);
  expect(inWords(told)).toEqual([
    'opened 101',
    'Please enter your secret code',
    ...['•', '••', '•••', '••••', '•••••'],
    '101 is now on this phone.',
    'accepted',
  ]);
  expect(told.at(-1)).toMatchObject({
    consequences: [
      { kind: 'moved', extension: { number: '101' }, base: { number: '201' } },
      { kind: 'to-voicemail', extension: { number: '201' } },
    ],
  });
  expect(leg.told('end')).toEqual([]);
  await clock.advance(4_000);
  expect(leg.told('end')).toEqual([
    { kind: 'end', reason: { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' } },
  ]);
  expect(told.at(-1)).toEqual({ kind: 'closed' });
  expect(endpoint.closedAs).toBe('local');
  expect(clock.pending).toBe(0);
});

test('who stands at the phone is spoken to: the code is asked for in its language, no matter who was dialled; who has come hears theirs', async () => {
  const { clock, directory, dial } = await openCenter(({ extension }) =>
    extension === id('101') ? 'ro' : 'de',
  );
  const { endpoint, told } = await dial('201', '101');
  expect(endpoint.utterances.at(-1)).toMatchObject({ language: 'de', sounds: ['enter-code'] });
  endpoint.press(`${codeOf('101')}#`);
  await clock.advance(0);
  expect(endpoint.utterances.at(-1)).toMatchObject({ language: 'ro' });
  expect(inWords(told)).toEqual(
    expect.arrayContaining(['Bitte geben Sie Ihren Geheimcode ein', '101 este acum la acest telefon.']),
  );
  expect(directory.byNumber('101')?.language).toBeNull();
  await clock.advance(10_000);
  const other = await dial('201', '999');
  expect(other.endpoint.utterances.at(-1)).toMatchObject({ language: 'de', sounds: ['enter-code'] });
});

test('the confirmation is spoken only when it would survive a crash', async () => {
  const { clock, store, dial } = await openCenter();
  const { endpoint, told } = await dial('201', '101');
  const written = store.holdUp();
  endpoint.press(`${codeOf('101')}#`);
  await clock.advance(5_000);
  expect(endpoint.playing).toEqual([]);
  expect(inWords(told).at(-1)).toBe('•••••');
  written();
  await clock.advance(0);
  expect(inWords(told).at(-1)).toBe('accepted');
});

test('where nothing can be stored the Center says so, the log says why, and nothing has changed', async () => {
  const { clock, store, desk, failures, dial } = await openCenter();
  const { endpoint, told } = await dial('201', '101');
  store.broken = true;
  endpoint.press(`${codeOf('101')}#`);
  await clock.advance(0);
  expect(inWords(told).at(-1)).toBe('failed');
  expect(failures).toMatchObject([
    { call: expect.any(String) as unknown, cause: new Error('the disk is full') },
  ]);
  expect(desk.speaksFor(terminal('201'))).toBe(id('201'));
});

test('digits by INFO count from the ACK on, while media is still connecting', async () => {
  const { clock, desk, dial } = await openCenter();
  const { leg, endpoint } = await dial('201', '101');
  expect(endpoint.connected).toBe(false);
  info(leg, `${codeOf('101')}#`);
  await clock.advance(0);
  expect(desk.speaksFor(terminal('201'))).toBe(id('101'));
});

test('a key that comes both ways counts once, and two quick ones count twice', async () => {
  const { clock, codes, dial } = await openCenter();
  const { leg, endpoint } = await dial('201', '101');
  for (const key of '4401#') {
    info(leg, key);
    await clock.advance(100);
    endpoint.press(key);
    await clock.advance(20);
  }
  expect(codes.verified).toEqual([[id('101'), '4401']]);
});

test('three wrong codes: the server says goodbye and hangs up', async () => {
  const { clock, desk, store, dial } = await openCenter();
  const { leg, told, endpoint } = await dial('201', '101');
  for (const code of ['0001#', '0002#', '0003#']) {
    endpoint.press(code);
    await clock.advance(0);
  }
  expect(inWords(told).filter((words) => !words.startsWith('•'))).toEqual([
    'opened 101',
    'Please enter your secret code',
    '2 left',
    'That code is wrong. You have two tries left. Please enter your secret code',
    '1 left',
    'That code is wrong. You have one try left. Please enter your secret code',
    '0 left',
    'That code is wrong. There are no tries left. Goodbye.',
    'refused',
  ]);
  await clock.advance(1_000);
  expect(leg.told('end')).toMatchObject([{ reason: { protocol: 'Q.850', cause: 21 } }]);
  expect(desk.speaksFor(terminal('201'))).toBe(id('201'));
  expect(store.written.map((record) => record.result)).toEqual([
    'wrong-code',
    'wrong-code',
    'wrong-code',
    'dropped',
  ]);
});

test.for([
  ['an unknown number', '999'],
  ['a suspended extension', '104'],
  ['an extension that is locked out', '103'],
  ['a wrong code', '102'],
] as const)('to the caller the same, sound by sound and instant by instant: %s', async ([, number]) => {
  const { clock, desk, dial, directory } = await openCenter();
  const suspended = directory.byNumber('104');
  if (suspended) directory.set({ ...suspended, suspended: true });
  for (let n = 0; n < 5; n += 1) await desk.verifyAndMove(terminal('202'), '103', '0000');
  const { leg, told, endpoint } = await dial('201', number);
  const started = clock.now();
  const heard: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    endpoint.press('4711#');
    await clock.advance(0);
    heard.push(`${clock.now() - started} ${lastPlayed(endpoint)?.map(String).join(' ') ?? ''}`);
    await clock.advance(1_000);
  }
  expect(heard).toEqual([
    '0 wrong-code-two-left enter-code',
    '1000 wrong-code-one-left enter-code',
    '2000 goodbye-wrong-code',
  ]);
  expect(told.at(-2)).toEqual({ kind: 'outcome', outcome: 'refused', consequences: [] });
  expect(leg.told('end')).toHaveLength(1);
});

test('203 denies before any code', async () => {
  const { clock, codes, dial } = await openCenter();
  const { leg, told } = await dial('203', '101');
  await clock.advance(1_000);
  expect(inWords(told)).toEqual([
    'opened 101',
    'This phone does not accept other extensions.',
    'not-allowed',
    'closed',
  ]);
  expect(codes.verified).toEqual([]);
  expect(leg.told('end')).toHaveLength(1);
});

test.for([
  ['the guest, home', '201', '', ['101 is back on its own phone.', 'returned']],
  [
    'the guest, home to an occupied phone',
    '201',
    '102 on 101',
    ['101 has left this phone. Somebody else is on its own phone, so it rings nowhere.', 'returned'],
  ],
  ['the owner, home', '101', '', ['101 is back on this phone.', 'returned']],
  ['nobody', '202', '', ['There is nothing to return.', 'nothing-to-return']],
] as const)('*30 alone sends %s, and asks for no code', async ([, on, before, words]) => {
  const { clock, codes, desk, dial } = await openCenter();
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  if (before !== '') await desk.verifyAndMove(terminal('101'), '102', codeOf('102'));
  codes.verified.length = 0;
  const { leg, told } = await dial(on);
  await clock.advance(10_000);
  expect(inWords(told)).toEqual(['opened to return', ...words, 'closed']);
  expect(codes.verified).toEqual([]);
  expect(leg.told('end')).toHaveLength(1);
});

test('a caller who waits for an emergency call to end is told so, and then the outcome', async () => {
  const { clock, desk, dial } = await openCenter();
  const ended = desk.emergencyCallOn(terminal('201'));
  const { told, endpoint } = await dial('201', '101');
  endpoint.press(`${codeOf('101')}#`);
  await clock.advance(30_000);
  expect(inWords(told).at(-1)).toBe('An emergency call is in progress. Please wait until it has ended.');
  expect(desk.speaksFor(terminal('201'))).toBe(id('201'));
  ended();
  await clock.advance(0);
  expect(inWords(told).at(-1)).toBe('accepted');
  expect(desk.speaksFor(terminal('201'))).toBe(id('101'));
});

test('an emergency call that ends while the Center asks to wait: the outcome is still spoken to its end', async () => {
  const { clock, desk, dial } = await openCenter();
  const ended = desk.emergencyCallOn(terminal('201'));
  const { leg, endpoint } = await dial('201', '101');
  endpoint.press(`${codeOf('101')}#`);
  await clock.advance(500);
  expect(endpoint.playing).toEqual(['wait-for-emergency-call']);
  ended();
  await clock.advance(3_999);
  expect(endpoint.playing).toContain('now-on-this-phone');
  expect(leg.told('end')).toEqual([]);
  await clock.advance(1);
  expect(leg.told('end')).toHaveLength(1);
});

test('a caller who hangs up while waiting for an emergency call to end is not moved when it does', async () => {
  const { clock, desk, store, dial } = await openCenter();
  const ended = desk.emergencyCallOn(terminal('201'));
  const { leg, endpoint } = await dial('201', '101');
  endpoint.press(`${codeOf('101')}#`);
  await clock.advance(0);
  leg.says({ kind: 'ended', by: 'peer' });
  ended();
  await clock.advance(0);
  expect(desk.speaksFor(terminal('201'))).toBe(id('201'));
  expect(store.written.map((record) => record.result)).toEqual(['dropped']);
});

test('an offer without audio: 488', async () => {
  const { dial, clock } = await openCenter();
  const { leg, endpoint } = await dial('201', '101', 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n');
  expect(leg.told('reject')).toMatchObject([{ kind: 'reject', status: 488 }]);
  expect(endpoint.closedAs).toBe('local');
  expect(clock.pending).toBe(0);
});

test('a caller who cancels before the answer changes nothing, even by *30 alone', async () => {
  const { clock, desk, engine, call } = await openCenter();
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  const { leg, told } = call('201');
  leg.says({ kind: 'cancelled' });
  await clock.advance(0);
  expect(desk.speaksFor(terminal('201'))).toBe(id('101'));
  expect(engine.last.closedAs).toBe('local');
  expect(inWords(told)).toEqual(['dropped', 'closed']);
});

test('hold and ICE restarts are answered; an unacceptable offer leaves the session as it was', async () => {
  const { clock, dial } = await openCenter();
  const { leg } = await dial('201', '101');
  leg.says({ kind: 'offered', sdp: AUDIO, method: 'INVITE' });
  leg.says({ kind: 'offered', sdp: 'v=0\r\n', method: 'UPDATE' });
  await clock.advance(0);
  expect(leg.told('accept-offer')).toHaveLength(1);
  expect(leg.told('refuse-offer')).toMatchObject([{ kind: 'refuse-offer', status: 488 }]);
  leg.says({
    kind: 'refer',
    id: 7,
    referTo: { uri: 'sip:102@demo.perch.test', displayName: undefined, replaces: undefined },
  });
  expect(leg.told('refuse-refer')).toEqual([{ kind: 'refuse-refer', id: 7, status: 403 }]);
});

test.for([
  ['the caller hangs up', (leg: FakeLeg) => leg.says({ kind: 'ended', by: 'peer' }), 0],
  ['the page closes', (_: FakeLeg, endpoint: FakeEndpoint) => endpoint.lose('peer-closed'), 1],
  ['the sound stops for good', (_: FakeLeg, endpoint: FakeEndpoint) => endpoint.lose('timeout'), 1],
] as const)('everything ends with the call: %s', async ([, end, byUs]) => {
  const { clock, store, dial } = await openCenter();
  const { leg, told, endpoint } = await dial('201', '101');
  endpoint.press('40');
  end(leg, endpoint);
  await clock.advance(0);
  expect(leg.told('end')).toHaveLength(byUs);
  expect(inWords(told).slice(-2)).toEqual(['dropped', 'closed']);
  expect(store.written.map((record) => record.result)).toEqual(['dropped']);
  expect(clock.pending).toBe(0);
});

test('a caller whose handshake fails gets the same dialogue', async () => {
  const { clock, desk, dial } = await openCenter();
  const { leg, endpoint } = await dial('201', '101');
  endpoint.lose('handshake-failed');
  info(leg, `${codeOf('101')}#`);
  await clock.advance(0);
  expect(desk.speaksFor(terminal('201'))).toBe(id('101'));
});
