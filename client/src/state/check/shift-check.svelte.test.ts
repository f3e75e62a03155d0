import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeMicrophone, noMicrophone } from '../../media/support/fake-microphone.ts';
import { FakeSession } from '../../sip/support/fake-session.ts';
import { browserWorld } from '../../world/world.ts';
import { Settings } from '../page/settings.svelte.ts';
import { FakeSound } from '../support/fake-sound.ts';
import { type CheckParts, ShiftCheck } from './shift-check.svelte.ts';

const SPEECH = { rmsDb: -25, peakDb: -12 };
const ROOM = { rmsDb: -62, peakDb: -50 };
const NOTHING = { rmsDb: -120, peakDb: -120 };

/** What the server was told, newest last. */
let told: unknown[];
let reachable: boolean;
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  told = [];
  reachable = true;
  vi.stubGlobal('fetch', (_url: string, { body }: { body: string }) => {
    if (!reachable) return Promise.reject(new TypeError('no network'));
    told.push(JSON.parse(body));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A phone that is checked: everything is in order unless the test changes it. */
function phone(changes: Partial<CheckParts> = {}) {
  const { microphone, track } = fakeMicrophone('Headset');
  const now = { echo: true, rings: 0, closed: 0 };
  const echo = {
    stream: microphone.stream,
    listen: () => undefined,
    isHeard: () => now.echo,
    close: () => {
      now.closed++;
    },
  };
  const ring = () => {
    now.rings++;
    return () => {
      now.rings--;
    };
  };
  const sound = Object.assign(new FakeSound(), {
    obstacle: null,
    devices: { microphones: [], speakers: [{ id: 'hall', label: 'Hall', group: '' }] },
    ring,
    echoTone: () => echo,
  });
  sound.loudness = SPEECH;
  sound.microphones.push(microphone);
  const session = new FakeSession('*43');
  const settings = new Settings();
  const invited: string[] = [];
  const check = new ShiftCheck({
    sound,
    settings,
    world: browserWorld,
    token: 't',
    line: () => ({ isReady: true, serverIsLate: false }),
    invite: (number) => {
      invited.push(number);
      return session;
    },
    notifications: () => 'granted',
    ...changes,
  });
  const begin = async () => {
    void check.begin();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { check, sound, session, settings, invited, track, now, begin };
}
const seconds = (count: number) => vi.advanceTimersByTimeAsync(1_000 * count);

test('a phone on which all is in order is ready after 6 s, and the server is told', async () => {
  const { check, session, invited, track, now, begin } = phone();
  await begin();
  expect([check.stage, invited, now.rings]).toEqual(['running', ['*43'], 1]);
  session.says?.onAccepted();
  await seconds(5.9);
  expect([check.stage, session.asked]).toEqual(['running', ['digit 1']]);
  await seconds(0.1);
  expect(check.stage).toBe('done');
  expect(told).toEqual([{ verdict: 'ready', parts: [] }]);
  expect([track.readyState, session.asked, now.rings, now.closed]).toEqual([
    'ended',
    ['digit 1', 'hang up'],
    0,
    1,
  ]);
});

describe('what is not in order is found', () => {
  type Phone = ReturnType<typeof phone>;
  test.for<[string, (phone: Phone) => void, object]>([
    [
      'a microphone that is blocked',
      ({ sound }) => void sound.microphones.splice(0, 1, noMicrophone('refused')),
      { microphone: 'refused' },
    ],
    ['a microphone without a signal', ({ sound }) => (sound.loudness = NOTHING), { microphone: 'silent' }],
    ['a person who says nothing', ({ sound }) => (sound.loudness = ROOM), { microphone: 'quiet' }],
    ['sound that does not come back', ({ now }) => (now.echo = false), { line: 'not-heard' }],
    ['a ringer that is not there', ({ settings }) => settings.change({ ringer: 'usb' }), { ring: 'gone' }],
    ['a ringer that is there', ({ settings }) => settings.change({ ringer: 'hall' }), { ring: 'good' }],
  ])('%s', async ([, change, found]) => {
    const one = phone();
    change(one);
    await one.begin();
    one.session.says?.onAccepted();
    await seconds(6);
    expect(one.check.findings).toMatchObject(found);
  });

  test('a call that is not answered, or cannot be made', async () => {
    const { check, session, begin } = phone();
    await begin();
    session.says?.onOver('not-available');
    await seconds(6);
    expect(check.findings?.line).toBe('unreachable');
    const other = phone({
      invite: () => {
        throw new Error('no address');
      },
    });
    await other.begin();
    await seconds(6);
    expect(other.check.findings?.line).toBe('unreachable');
  });

  test('no server, and notifications that are not allowed', async () => {
    const { check, begin } = phone({
      line: () => ({ isReady: false, serverIsLate: true }),
      notifications: () => 'denied',
    });
    await begin();
    await seconds(6);
    expect(check.findings).toMatchObject({ network: 'offline', notifications: 'blocked' });
  });
});

test('what is heard while it rings is not taken for a voice', async () => {
  const { check, sound, begin } = phone();
  await begin();
  await seconds(1.7);
  sound.loudness = ROOM;
  await seconds(4.3);
  expect(check.findings?.microphone).toBe('quiet');
});

test('the microphone that is allowed after the check was stopped is not kept', async () => {
  const { check, sound, invited, track, begin } = phone();
  const [allowed] = sound.microphones.splice(0);
  await begin();
  await seconds(1);
  expect(check.isAsked).toBe(true);
  check.stop();
  if (allowed) sound.allow(allowed);
  await seconds(7);
  expect([check.stage, invited, track.readyState, told]).toEqual(['idle', [], 'ended', []]);
});

test('one that is stopped closes all and tells nothing', async () => {
  const { check, session, track, now, begin } = phone();
  await begin();
  await seconds(0.5);
  check.stop();
  await seconds(7);
  expect([check.stage, session.asked, track.readyState, now.rings, now.closed, told]).toEqual([
    'idle',
    ['hang up'],
    'ended',
    0,
    1,
    [],
  ]);
});

test('a server that cannot be told is said', async () => {
  const { check, begin } = phone();
  reachable = false;
  await begin();
  await seconds(6);
  expect([check.stage, check.isUntold]).toEqual(['done', true]);
});

test('notifications that are allowed afterwards are told too', async () => {
  let answer: NotificationPermission = 'default';
  const { check, session, begin } = phone({ notifications: () => answer });
  await begin();
  session.says?.onAccepted();
  await seconds(6);
  answer = 'granted';
  check.notificationsAnswered();
  await seconds(0);
  expect(told).toEqual([
    { verdict: 'limited', parts: ['notifications'] },
    { verdict: 'ready', parts: [] },
  ]);
});
