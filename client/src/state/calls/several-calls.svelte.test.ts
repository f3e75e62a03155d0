import { callId, type CallId, type VoicemailEvent } from '@perch/shared';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeMicrophone } from '../../media/support/fake-microphone.ts';
import { follow, type MailboxDialogue } from '../../phone/calls/mailbox-dialogue.ts';
import type { FakeSession } from '../../sip/support/fake-session.ts';
import { callView, testCalls } from '../support/test-calls.ts';
import type { ActiveCall } from './active-call.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets the browser give the microphone. */
const settle = () => vi.advanceTimersByTimeAsync(0);

/** A phone that can show many calls, where a microphone is always at hand. */
function phone(changes: Parameters<typeof testCalls>[0] = {}) {
  const parts = testCalls({ most: 100, ...changes });
  const microphone = () => parts.sound.microphones.push(fakeMicrophone('Headset').microphone);
  const place = async (number: string) => {
    microphone();
    parts.calls.place(number);
    await settle();
    const [call, session] = [parts.calls.all.at(-1), parts.invited.at(-1)];
    if (call === undefined || session === undefined) throw new Error('nothing was called');
    return { call, session };
  };
  const ring = (number: string, id: string) => {
    const session = parts.offer(number, callId(id));
    const call = parts.calls.byId(callId(id));
    if (call === undefined) throw new Error('it does not ring');
    return { call, session };
  };
  const answer = async ({ call, session }: { call: ActiveCall; session: FakeSession }) => {
    microphone();
    parts.calls.answer(call);
    await settle();
    session.says?.onAccepted();
  };
  return { ...parts, place, ring, answer };
}

describe('a call that rings once more after it was answered', () => {
  test('is answered again by itself where the answer was lost with the line: it is still one call', async () => {
    const { calls, ring, answer, offer } = phone();
    const { call, session } = ring('102', 'a');
    await answer({ call, session });
    session.isConfirmed = false;
    const again = offer('102', callId('a'));
    session.says?.onMedia('interrupted');
    calls.lineRestored(true);
    expect([isSame(calls.all, [call]), again.asked]).toEqual([true, ['answer']]);
    again.says?.onAccepted();
    session.says?.onOver('failed');
    expect([isSame(calls.all, [call]), call.state.kind]).toEqual([true, 'talking']);
    again.says?.onOver('there');
    expect(calls.all).toEqual([]);
  });

  test('goes on with the new ring where the server does not know the session whose answer was lost', async () => {
    const { calls, over, ring, answer, offer } = phone();
    const { call, session } = ring('102', 'a');
    await answer({ call, session });
    session.isConfirmed = false;
    const again = offer('102', callId('a'));
    session.says?.onOver('connection');
    expect([isSame(calls.all, [call]), call.state.kind, again.asked]).toEqual([true, 'talking', ['answer']]);
    again.says?.onAccepted();
    expect([isSame(calls.all, [call]), call.state.kind, over.length]).toEqual([true, 'talking', 0]);
    again.says?.onOver('there');
    expect(isSame(over, [call])).toBe(true);
  });

  test('is over where the new ring is, too', async () => {
    const { over, ring, answer, offer } = phone();
    const { call, session } = ring('102', 'a');
    await answer({ call, session });
    session.isConfirmed = false;
    const again = offer('102', callId('a'));
    session.says?.onOver('connection');
    again.says?.onOver('connection');
    expect([isSame(over, [call]), call.state]).toEqual([true, { kind: 'over', ending: 'connection' }]);
  });

  test('is another ring where the answer was heard', async () => {
    const { calls, ring, answer, offer } = phone();
    const { call, session } = ring('102', 'a');
    await answer({ call, session });
    expect(offer('102', callId('a')).asked).toEqual([]);
    expect([calls.all.length, call.state.kind]).toEqual([2, 'talking']);
  });
});

describe('two calls that come in from the same number', () => {
  test('are two: the one that is answered goes on when the other one is over', async () => {
    const { calls, over, ring, answer } = phone();
    const [first, second] = [ring('102', 'a'), ring('102', 'b')];
    await answer(second);
    first.session.says?.onOver('there');
    expect(isSame(calls.all, [second.call])).toBe(true);
    expect(isSame(over, [first.call])).toBe(true);
    expect(second.call.state.kind).toBe('talking');
  });

  test('have each the view that the server has of it: one is held by the other side, the other still rings', async () => {
    const { calls, word, ring, answer } = phone();
    const [first, second] = [ring('102', 'a'), ring('102', 'b')];
    await answer(first);
    word.calls = [callView('b'), callView('a', { hold: { here: true, there: false } })];
    expect(calls.viewOf(first.call)?.hold.here).toBe(true);
    expect(calls.viewOf(second.call)?.state).toBe('ringing');
  });

  test('stop ringing one by one, when the server no longer mentions them', () => {
    const { calls, word, pass, ring } = phone();
    const [, second] = [ring('102', 'a'), ring('102', 'b')];
    word.calls = [callView('a'), callView('b')];
    pass(5_000);
    word.calls = [callView('b')];
    pass(0);
    pass(1_000);
    expect(isSame(calls.all, [second.call])).toBe(true);
    expect(calls.ringing).toBe(second.call);
  });
});

test('each call has its own sound, keys, mute and keypad', async () => {
  const { place, ring, answer } = phone();
  const made = await place('103');
  made.session.says?.onAccepted();
  const taken = ring('102', 'a');
  await answer(taken);
  const stream = { getTracks: () => [] } as unknown as MediaStream;
  made.session.says?.onRemoteStream(stream);
  made.call.press('1');
  taken.call.toggleMute();
  expect([made.call.audio.remote, made.call.digits, made.call.keypadOpen, made.call.muted]).toEqual([
    stream,
    '1',
    true,
    false,
  ]);
  expect([taken.call.audio.remote, taken.call.digits, taken.call.keypadOpen, taken.call.muted]).toEqual([
    null,
    '',
    false,
    true,
  ]);
  expect(made.session.asked).toEqual(['hold', 'digit 1']);
});

describe('what the server says in a call', () => {
  const opened = (number: string): VoicemailEvent => ({
    kind: 'opened',
    service: 'deposit',
    mailbox: { number, name: '' },
  });
  const say = (calls: ReturnType<typeof phone>['calls'], id: string, event: VoicemailEvent) =>
    calls.hear(callId(id), { kind: 'voicemail', event, at: 1 });

  test('before the page knows its id belongs to it once it does', async () => {
    const { calls, place } = phone();
    const [first, second] = [await place('102'), await place('102')];
    say(calls, 'b', opened('2'));
    say(calls, 'a', opened('1'));
    first.session.named(callId('a'));
    second.session.named(callId('b'));
    expect([first, second].map(({ call }) => call.dialogue.mailbox?.mailbox.number)).toEqual(['1', '2']);
  });

  test('of another browser at the terminal changes nothing here, though the same number is called', async () => {
    const { calls, place } = phone();
    const { call, session } = await place('102');
    session.named(callId('a'));
    expect(say(calls, 'b', opened('102'))).toBe(false);
    expect(call.dialogue.mailbox).toBeNull();
  });

  test('before a call was made is not about it', async () => {
    const { calls, place } = phone();
    say(calls, 'a', opened('102'));
    const { call, session } = await place('102');
    session.named(callId('a'));
    expect(call.dialogue.mailbox).toBeNull();
  });

  test('under its new id belongs to a call that was joined with another', async () => {
    const { calls, place } = phone();
    const { call, session } = await place('102');
    session.named(callId('a'));
    session.named(callId('b'));
    expect([say(calls, 'a', opened('1')), say(calls, 'b', opened('2'))]).toEqual([false, true]);
    expect(call.dialogue.mailbox?.mailbox.number).toBe('2');
  });
});

test('another person inherits the calls that are under way, not those that ring', async () => {
  const { calls, place, ring } = phone();
  const made = await place('103');
  const rings = ring('102', 'a');
  const center = await place('*30');
  calls.inherit();
  expect([made, center, rings].map(({ call }) => call.isInherited)).toEqual([true, false, false]);
});

const isSame = (calls: readonly ActiveCall[], expected: readonly ActiveCall[]): boolean =>
  calls.length === expected.length && calls.every((call, index) => call === expected[index]);

/** What a test knows of a call, beside the phone. */
interface Known {
  readonly call: ActiveCall;
  readonly session: FakeSession;
  readonly id: CallId;
  isNamed: boolean;
  state: ActiveCall['state']['kind'];
  digits: string;
  muted: boolean;
  /** This side has put the other one on hold. */
  held: boolean;
  /** What the server has said in it since it began. */
  dialogue: MailboxDialogue | null;
}

const STEPS = [
  'place',
  'offer',
  'name',
  'answer',
  'accept',
  'say',
  'say to a stranger',
  'press',
  'mute',
  'hold',
  'resume',
  'over',
  'hang up',
  'focus',
] as const;

test('in any order of events, calls are never mixed up', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(9)), {
    minLength: 1,
    maxLength: 40,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const { calls, over, place, ring, answer } = phone();
      const known: Known[] = [];
      const ended: ActiveCall[] = [];
      let [made, said] = [0, 0];
      const end = (one: Known) => {
        known.splice(known.indexOf(one), 1);
        ended.push(one.call);
      };
      /** All calls are with the same number: nothing but the id tells them apart. */
      const begin = (parts: Pick<Known, 'call' | 'session' | 'id' | 'isNamed' | 'state'>) =>
        known.push({ ...parts, digits: '', muted: false, held: false, dialogue: null });
      /** Another call is spoken in: people wait, and calls with the server end. */
      const makeWay = (next: Known | null) => {
        for (const one of [...known]) {
          if (one === next) one.held = false;
          else if (one.state === 'offered') continue;
          else if (one.dialogue === null || !one.isNamed) one.held = true;
          else end(one);
        }
      };

      for (const [step, which] of sequence) {
        const id = callId(`call ${String(made)}`);
        const one = known[which % Math.max(1, known.length)];
        if (step === 'place') {
          made++;
          makeWay(null);
          begin({ ...(await place('102')), id, isNamed: false, state: 'dialling' });
        } else if (step === 'offer') {
          made++;
          begin({ ...ring('102', id), id, isNamed: true, state: 'offered' });
        } else if (step === 'say to a stranger') {
          const event: VoicemailEvent = {
            kind: 'opened',
            service: 'deposit',
            mailbox: { number: '102', name: '' },
          };
          calls.hear(callId('of another browser'), { kind: 'voicemail', event, at: said++ });
        } else if (one !== undefined) {
          switch (step) {
            case 'name':
              one.session.named(one.id);
              one.isNamed = true;
              break;
            case 'answer':
              if (one.state !== 'offered') break;
              makeWay(one);
              await answer(one);
              one.state = 'talking';
              expect(calls.focused).toBe(one.call);
              break;
            case 'accept':
              one.session.says?.onAccepted();
              if (one.state !== 'offered') one.state = 'talking';
              break;
            case 'say': {
              const at = said++;
              const mailbox = { number: String(at), name: '' };
              const event: VoicemailEvent = { kind: 'opened', service: 'deposit', mailbox };
              one.dialogue = follow(one.dialogue, event, at);
              calls.hear(one.id, { kind: 'voicemail', event, at });
              break;
            }
            case 'press':
              one.call.press('7');
              one.digits += '7';
              break;
            case 'mute':
              one.call.toggleMute();
              one.muted = !one.muted;
              break;
            case 'hold':
              calls.toggleHold(one.call);
              if (one.state === 'talking') one.held = !one.held;
              break;
            case 'resume':
              makeWay(one);
              calls.resume(one.call);
              expect(calls.focused).toBe(one.call);
              break;
            case 'over':
              end(one);
              one.session.says?.onOver('there');
              break;
            case 'hang up':
              end(one);
              one.call.hangUp();
              break;
            case 'focus':
              calls.focus(one.call);
              expect(calls.focused).toBe(one.call);
              break;
          }
        }

        const begun = known.map(({ call }) => call);
        expect(isSame(calls.all, begun)).toBe(true);
        expect(isSame(over, ended)).toBe(true);
        expect(calls.focused === null).toBe(known.length === 0);
        expect([calls.focused, ...calls.others, ...calls.waiting].length).toBe(Math.max(1, known.length));
        for (const { call, session, isNamed, state, digits, muted, held, dialogue, ...rest } of known) {
          expect([call.state.kind, call.digits, call.muted, call.hold.here]).toEqual([
            state,
            digits,
            muted,
            held,
          ]);
          expect(session.asked.filter((what) => what.endsWith('hold')).at(-1) ?? 'unhold').toBe(
            held ? 'hold' : 'unhold',
          );
          expect(call.id).toBe(isNamed ? rest.id : null);
          expect(calls.byId(rest.id)).toBe(isNamed ? call : undefined);
          expect(call.dialogue.mailbox).toEqual(isNamed ? dialogue : null);
        }
      }
    }),
    {
      numRuns: 200,
      examples: [
        [
          [
            ['place', 0],
            ['place', 1],
            ['say', 1],
            ['name', 0],
            ['name', 1],
          ],
        ],
      ],
    },
  );
});

describe('a call that comes in during another', () => {
  test('waits, is answered with the first one on hold, and the first is one step away when it is over', async () => {
    const { calls, word, place, ring } = phone();
    const first = await place('103');
    first.session.says?.onAccepted();
    const second = ring('102', 'b');
    word.calls = [callView('b')];
    expect([calls.ringing, isSame(calls.waiting, [second.call])]).toEqual([null, true]);
    calls.answer(second.call);
    expect([first.call.hold.here, first.call.hold.since, calls.focused === second.call]).toEqual([
      true,
      1_000_000,
      true,
    ]);
    expect([calls.waiting, isSame(calls.others, [first.call])]).toEqual([[], true]);
    second.session.says?.onOver('there');
    expect([calls.focused === first.call, first.call.hold.here]).toEqual([true, true]);
    calls.resume(first.call);
    expect(first.call.hold.here).toBe(false);
  });

  test('is told that this phone is busy while the Center is on the line, and in a call for help', async () => {
    const atCenter = phone();
    await atCenter.place('*30101');
    expect(atCenter.offer('102', callId('b')).asked).toEqual(['reject 486']);
    const helped = testCalls({ most: 4, inEmergency: () => true });
    expect(helped.offer('102').asked).toEqual(['reject 486']);
  });

  test('can neither be held nor left for another in a call for help', async () => {
    const help = { is: false };
    const { calls, place } = phone({ inEmergency: () => help.is });
    const [ben, dispatcher] = [await place('102'), await place('112')];
    for (const { session } of [ben, dispatcher]) session.says?.onAccepted();
    help.is = true;
    calls.toggleHold(dispatcher.call);
    calls.resume(ben.call);
    expect([dispatcher.call.hold.here, calls.focused === dispatcher.call]).toEqual([false, true]);
    help.is = false;
    calls.resume(ben.call);
    expect([dispatcher.call.hold.here, calls.focused === ben.call]).toEqual([true, true]);
  });
});

test('a call to a third person that is on hold before they answer makes no ringback, and holds them then', async () => {
  const { calls, sound, place, ring } = phone();
  const tones: string[] = [];
  sound.tone = (name?: string) => {
    tones.push(name ?? '');
    return () => tones.push('ends');
  };
  const { call, session } = await place('103');
  session.says?.onProgress(false);
  expect(tones).toEqual(['ringback']);
  calls.answer(ring('102', 'b').call);
  expect([tones, session.asked]).toEqual([['ringback', 'ends'], ['hold']]);
  calls.resume(call);
  expect(tones.at(-1)).toBe('ringback');
});
