import { callId } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import type { Party } from '../ports.ts';
import { type Event, type Said, type State, talking } from './call-state.ts';
import { isUnsettled } from './keeping.ts';
import { step } from './step.ts';

const party = (name: string) => ({ name, number: name }) as unknown as Party;
const PARTIES = { caller: party('caller'), callee: party('callee') };
const said = (leg: string, event: Said): Event => ({ kind: 'said', leg, event });

const KEY: Said = { kind: 'info', contentType: 'application/dtmf-relay', body: 'Signal=5\r\nDuration=100' };
const OFFER: Said = { kind: 'offered', sdp: 'offer', method: 'INVITE' };
const BYE: Said = { kind: 'ended', by: 'peer' };

/** `a` talks to `b`, whom it sends on to `t`. */
const TRANSFER: readonly Event[] = [
  {
    ...{ kind: 'refer', by: 'a', id: 1, party: party('target'), branches: ['t'], reseats: true },
  },
];
const ANSWERED: readonly Event[] = [
  ...TRANSFER,
  said('t', { kind: 'answered', sdp: 'answer of t', contact: 'sip:t@t' }),
];
/** `c` takes the place of `a`; until it has it, `a` may hang up. */
const MOVE: readonly Event[] = [
  {
    ...{ kind: 'seat-move', newcomer: 'c', replaced: 'a', sdp: 'offer of c' },
    ...{ party: party('caller'), reseats: false },
  },
];

function after(events: readonly Event[]) {
  let state: State = talking(PARTIES, 'a', 'b');
  for (const event of events) [state] = step(state, event);
  return state;
}

/** What is done about that. */
const effects = (events: readonly Event[], event: Event) => step(after(events), event)[1];

describe('a key', () => {
  test('goes to the other side', () => {
    expect(effects([], said('a', KEY))).toMatchObject([{ kind: 'info', leg: 'b' }]);
    expect(effects([], said('b', KEY))).toMatchObject([{ kind: 'info', leg: 'a' }]);
  });

  test('of one who is about to join is for nobody yet', () => {
    expect(effects(ANSWERED, said('t', KEY))).toEqual([]);
    expect(effects(MOVE, said('c', KEY))).toEqual([]);
  });

  test('has no one to go to where the other side has hung up, and another is about to take its place', () => {
    expect(effects([...TRANSFER, said('a', BYE)], said('b', KEY))).toEqual([]);
  });
});

describe('an offer', () => {
  const refused = (leg: string) => [{ kind: 'refuse-offer', leg, status: 491 }];

  test('goes to the other side', () => {
    expect(effects([], said('a', OFFER))).toEqual([{ kind: 'offer', leg: 'b', sdp: 'offer' }]);
  });

  test('is refused for now (491) while another exchange is under way', () => {
    expect(effects([said('a', OFFER)], said('b', OFFER))).toEqual(refused('b'));
  });

  test('of one who is about to join is refused for now', () => {
    expect(effects(TRANSFER, said('t', OFFER))).toEqual(refused('t'));
    expect(effects(ANSWERED, said('t', OFFER))).toEqual(refused('t'));
  });

  test('is refused for now where the other side has hung up, and another is about to take its place', () => {
    expect(effects([...TRANSFER, said('a', BYE)], said('b', OFFER))).toEqual(refused('b'));
  });
});

describe('what a restart has to know is stored', () => {
  const keeps = (events: readonly Event[], event: Event) =>
    effects(events, event).some(({ kind }) => kind === 'keep');

  test('a REFER that is being carried out, and that it is no longer', () => {
    expect(keeps([], TRANSFER[0] as Event)).toBe(true);
    const isBusy = said('t', { kind: 'failed', status: 486 });
    expect(keeps([...TRANSFER, isBusy], { kind: 'diverted', to: null })).toBe(true);
  });

  test('that two are being joined, from when the first is asked until the last knows', () => {
    expect(keeps(TRANSFER, ANSWERED.at(-1) as Event)).toBe(true);
    expect(keeps([], MOVE[0] as Event)).toBe(true);
    const agreed = said('b', { kind: 'offer-answered', sdp: 'answer of b' });
    expect(effects(MOVE, agreed).map(({ kind }) => kind)).toEqual(['save']);
    expect(keeps([...MOVE, agreed], { kind: 'saved' })).toBe(true);
  });

  test('that the server itself has answered a side, as the page of the other one was loaded anew', () => {
    const hosted: readonly Event[] = [
      { kind: 'reloaded', leg: 'b' },
      said('a', OFFER),
      { kind: 'hosted', leg: 'a', answer: "the server's" },
    ];
    expect(isUnsettled(after(hosted.slice(0, 1)))).toBe(false);
    expect(isUnsettled(after(hosted))).toBe(true);
    const back: readonly Event[] = [...hosted, { kind: 'line-back', leg: 'b' }];
    expect(isUnsettled(after(back))).toBe(true);
  });

  test('that a leg is lent to another call', () => {
    expect(keeps([], { kind: 'lent', leg: 'a', to: callId('other') })).toBe(true);
  });

  test('that a side has hung up, which could not come back', () => {
    expect(keeps(TRANSFER, said('a', BYE))).toBe(true);
  });

  test('but not that a side makes an offer, which moves no sound to anybody else', () => {
    expect(keeps([], said('a', OFFER))).toBe(false);
    expect(keeps([said('a', OFFER)], said('b', { kind: 'offer-answered', sdp: 'answer' }))).toBe(false);
  });
});
