import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invited, stable, step } from './offer-answer.ts';
import type { Effect, Event, OfferAnswer, State, Turn } from './offer-answer.ts';

const offer = (sdp: string, glares = 0, origin: 'call' | 'refresh' = 'call'): Turn => ({
  kind: 'offer',
  sdp,
  origin,
  glares,
});
const ask: Turn = { kind: 'ask', glares: 0 };
const at = (exchange: OfferAnswer, ...waiting: Turn[]): State => ({ exchange, waiting });
const offering = (turn: Turn, ...waiting: Turn[]) => at({ kind: 'offering', turn }, ...waiting);
const one = offer('one');
const two = offer('two');
const crossed = at({ kind: 'offering', turn: one, crossed: true });
const offered: State = at({ kind: 'offered', method: 'INVITE' });
const unacknowledged: State = at({ kind: 'unacknowledged' });

test.for<[from: State, event: Event, to: State, effects: Effect[]]>([
  [stable, { kind: 'offer', sdp: 'one', origin: 'call' }, offering(one), [{ kind: 'send', turn: one }]],
  [stable, { kind: 'ask' }, offering(ask), [{ kind: 'send', turn: ask }]],
  [offering(one), { kind: 'offer', sdp: 'two', origin: 'call' }, offering(one, two), []],
  [offering(one), { kind: 'answered', sdp: 'a' }, stable, [{ kind: 'report-answer', sdp: 'a' }]],
  [
    offering(one, two),
    { kind: 'answered', sdp: 'a' },
    offering(two),
    [
      { kind: 'report-answer', sdp: 'a' },
      { kind: 'send', turn: two },
    ],
  ],
  [offering(offer('r', 0, 'refresh')), { kind: 'answered', sdp: 'a' }, stable, []],
  [
    offering(ask),
    { kind: 'answered', sdp: 'theirs' },
    at({ kind: 'answer-due' }),
    [{ kind: 'report-offer', sdp: 'theirs' }],
  ],
  [
    at({ kind: 'answer-due' }, two),
    { kind: 'settled', accepted: true },
    offering(two),
    [{ kind: 'send', turn: two }],
  ],
  [offering(one), { kind: 'refused', status: 488 }, stable, [{ kind: 'report-refusal', status: 488 }]],
  [offering(ask), { kind: 'refused', status: 488 }, stable, [{ kind: 'report-refusal', status: 488 }]],
  [
    offering(one),
    { kind: 'refused', status: 491 },
    at({ kind: 'backing-off', turn: offer('one', 1) }),
    [{ kind: 'arm-retry', crossed: false }],
  ],
  [
    offering(offer('one', 3)),
    { kind: 'refused', status: 491 },
    stable,
    [{ kind: 'report-refusal', status: 491 }],
  ],
  [offering(offer('r', 3, 'refresh')), { kind: 'refused', status: 491 }, stable, []],
  [at({ kind: 'backing-off', turn: one }), { kind: 'retry' }, offering(one), [{ kind: 'send', turn: one }]],
  [offering(one), { kind: 'unsendable', flowOpen: false }, at({ kind: 'stranded', turn: one }), []],
  [offering(one), { kind: 'unsendable', flowOpen: true }, offering(one), [{ kind: 'send', turn: one }]],
  [at({ kind: 'stranded', turn: one }), { kind: 'rebound' }, offering(one), [{ kind: 'send', turn: one }]],
  [stable, { kind: 'peer-offered', method: 'INVITE' }, offered, [{ kind: 'present' }]],
  [stable, { kind: 'peer-asked' }, unacknowledged, [{ kind: 'offer-again' }]],
  [
    offering(one),
    { kind: 'peer-offered', method: 'INVITE' },
    crossed,
    [{ kind: 'refuse-peer', status: 491 }],
  ],
  [
    crossed,
    { kind: 'refused', status: 491 },
    at({ kind: 'backing-off', turn: offer('one', 1) }),
    [{ kind: 'arm-retry', crossed: true }],
  ],
  [
    at({ kind: 'answer-due' }),
    { kind: 'peer-offered', method: 'UPDATE' },
    at({ kind: 'answer-due' }),
    [{ kind: 'refuse-peer', status: 491 }],
  ],
  [offered, { kind: 'peer-offered', method: 'INVITE' }, offered, [{ kind: 'refuse-peer', status: 500 }]],
  [offered, { kind: 'peer-asked' }, offered, [{ kind: 'refuse-peer', status: 500 }]],
  [
    at({ kind: 'backing-off', turn: one }, two),
    { kind: 'peer-offered', method: 'INVITE' },
    at({ kind: 'offered', method: 'INVITE' }, one, two),
    [{ kind: 'disarm-retry' }, { kind: 'present' }],
  ],
  [
    at({ kind: 'stranded', turn: one }),
    { kind: 'peer-offered', method: 'INVITE' },
    at({ kind: 'offered', method: 'INVITE' }, one),
    [{ kind: 'present' }],
  ],
  [unacknowledged, { kind: 'peer-offered', method: 'INVITE' }, offered, [{ kind: 'present' }]],
  [offered, { kind: 'settled', accepted: true }, unacknowledged, []],
  [offered, { kind: 'settled', accepted: false }, stable, []],
  [at({ kind: 'offered', method: 'UPDATE' }), { kind: 'settled', accepted: true }, stable, []],
  [unacknowledged, { kind: 'acknowledged' }, stable, []],
  [
    at({ kind: 'unacknowledged' }, one),
    { kind: 'acknowledged' },
    offering(one),
    [{ kind: 'send', turn: one }],
  ],
  // An event that does not belong to the state changes nothing.
  [stable, { kind: 'answered', sdp: 'a' }, stable, []],
  [stable, { kind: 'refused', status: 491 }, stable, []],
  [stable, { kind: 'settled', accepted: true }, stable, []],
  [stable, { kind: 'retry' }, stable, []],
  [offering(one), { kind: 'rebound' }, offering(one), []],
  [offered, { kind: 'acknowledged' }, offered, []],
])('%j, on %j', ([from, event, to, effects]) => {
  expect(step(from, event)).toEqual([to, effects]);
});

const events = fc.oneof(
  fc.record({ kind: fc.constant('offer' as const), sdp: fc.string(), origin: fc.constant('call' as const) }),
  fc.constant<Event>({ kind: 'ask' }),
  fc.constant<Event>({ kind: 'answered', sdp: 'a' }),
  fc.constantFrom(488, 491).map((status): Event => ({ kind: 'refused', status })),
  fc.boolean().map((flowOpen): Event => ({ kind: 'unsendable', flowOpen })),
  fc
    .constantFrom('INVITE', 'UPDATE')
    .map((method): Event => ({ kind: 'peer-offered', method: method as 'INVITE' })),
  fc.boolean().map((accepted): Event => ({ kind: 'settled', accepted })),
  fc
    .constantFrom<Event['kind'][]>('retry', 'peer-asked', 'acknowledged', 'rebound')
    .map((kind) => ({ kind }) as Event),
);

test('every exchange that the call starts ends in exactly one report, and none is out while the peer has an offer open', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 60 }), (run) => {
      let state: State = invited;
      let asked = 0;
      let reported = 0;
      for (const event of run) {
        const before = state.exchange.kind;
        const [next, effects] = step(state, event);
        if (event.kind === 'offer' || event.kind === 'ask') asked += 1;
        reported += effects.filter(({ kind }) => kind.startsWith('report-')).length;
        const sends = effects.filter(({ kind }) => kind === 'send').length;
        expect(sends).toBeLessThanOrEqual(1);
        if (sends === 1) expect(next.exchange.kind).toBe('offering');
        if (before === 'offered' && event.kind !== 'settled') expect(next.exchange).toEqual(state.exchange);
        const underWay = ['offering', 'backing-off', 'stranded'].includes(next.exchange.kind) ? 1 : 0;
        expect(reported + underWay + next.waiting.length).toBe(asked);
        state = next;
      }
    }),
  );
});
