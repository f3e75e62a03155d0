import { callId, type CallId, type CallView } from '@perch/shared';
import { FakeSession } from '../../sip/support/fake-session.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import { Calls } from '../calls/calls.svelte.ts';
import type { CallsParts } from '../calls/calls-parts.ts';
import { Settings } from '../page/settings.svelte.ts';
import { FakeSound } from './fake-sound.ts';

/** The calls of a phone, with a clock, a server and sound that the test controls. */
export function testCalls(changes: Partial<CallsParts> = {}) {
  const sound = new FakeSound();
  const clock = { now: 1_000_000 };
  const word = { heardAt: clock.now, calls: [] as readonly CallView[] };
  const over: ActiveCall[] = [];
  /** The sessions of the calls that were made, in the order of their INVITEs. */
  const invited: FakeSession[] = [];
  const calls = new Calls({
    most: 1,
    inEmergency: () => false,
    sound,
    settings: new Settings(),
    clock,
    now: () => clock.now,
    lastWord: () => word,
    serverIsLate: () => false,
    session: () => 'owner ',
    iceServers: () => [],
    invite: (number) => {
      const session = new FakeSession(number);
      invited.push(session);
      return session;
    },
    takeUp: (number, id) => {
      const session = new FakeSession(number, '', id);
      invited.push(session);
      return session;
    },
    askLine: () => undefined,
    speaker: () => '101',
    onMicrophone: () => undefined,
    onOver: (call) => over.push(call),
    ...changes,
  });
  /** Lets time pass, in which the server is heard, or not. */
  const pass = (ms: number, { heard = true } = {}) => {
    clock.now += ms;
    if (heard) word.heardAt = clock.now;
    calls.dropStaleRings();
  };
  /** A call from `number` comes in, whose INVITE names it `id`. */
  const offer = (number = '102', id: CallId | null = callId(`from ${number}`)) => {
    const session = new FakeSession(number, 'Ben', id);
    calls.offer(session);
    return session;
  };
  return { calls, sound, clock, word, over, invited, pass, offer };
}

/** A call as the server tells it to the page. */
export const callView = (id: string, changes: Partial<CallView> = {}): CallView => ({
  id,
  state: 'ringing',
  direction: 'incoming',
  with: { number: '102', name: 'Ben' },
  as: { number: '101', name: 'Ada' },
  since: 0,
  hold: { here: false, there: false },
  otherSide: 'connected',
  here: 'here',
  parked: null,
  conference: null,
  ...changes,
});
