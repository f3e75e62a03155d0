import { callId } from '@perch/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Effect,
  type Event,
  type Pending,
  type Said,
  type State,
  type Step,
  type Talking,
  talking,
} from './call-state.ts';
import type { LegId } from './fork.ts';
import type { Party } from '../ports.ts';
import { start } from './ringing.ts';
import { isReplaceable, otherSide } from './sides.ts';
import { step } from './step.ts';
import { ringingIn } from './visible.ts';

const party = (name: string) => ({ name, number: name }) as unknown as Party;
const PARTIES = { caller: party('caller'), callee: party('callee') };
const OVER: State = { kind: 'over', parties: PARTIES };

/** What a leg may report at any time, whether or not it makes sense. */
const SAID: readonly Said[] = [
  { kind: 'progress', status: 180 },
  { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' },
  { kind: 'failed', status: 486 },
  { kind: 'failed', status: 503 },
  { kind: 'failed', status: 603 },
  { kind: 'cancelled' },
  { kind: 'acknowledged' },
  { kind: 'offered', sdp: 'offer', method: 'INVITE' },
  { kind: 'offer-made', sdp: 'made' },
  { kind: 'offer-made', sdp: 'm=audio 9\r\na=recvonly\r\n' },
  { kind: 'offer-answered', sdp: 'answered' },
  { kind: 'offer-refused', status: 488 },
  { kind: 'info', contentType: 'application/dtmf-relay', body: '' },
  { kind: 'ended', by: 'peer' },
];

const PENDING: readonly Pending[] = ['nothing', 'answer', 'offer', { sdp: 'made' }];
const LAST_WORDS: readonly Said['kind'][] = ['failed', 'cancelled', 'ended'];

/** A call and its legs, which live until they report that they have ended, or are told to end. */
class Simulation {
  state: State;
  /** Legs that have not ended. */
  readonly alive = new Set<LegId>(['caller', 'branch-0', 'branch-1']);
  /** Offers of peers that are neither accepted nor refused yet, by leg. */
  readonly unanswered = new Set<LegId>();
  readonly outcomes: string[] = [];
  #made = 2;

  constructor() {
    const [state] = start(PARTIES, 'caller', ['branch-0', 'branch-1']);
    this.state = state;
  }

  newLeg(): LegId {
    const leg = `leg-${this.#made++}`;
    this.alive.add(leg);
    return leg;
  }

  take(event: Event): void {
    if (event.kind === 'said') {
      if (!this.alive.has(event.leg)) return;
      if (LAST_WORDS.includes(event.event.kind)) this.#forget(event.leg);
      if (event.event.kind === 'offered') this.unanswered.add(event.leg);
    }
    const [state, effects]: Step = step(this.state, event);
    this.state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #forget(leg: LegId): void {
    this.alive.delete(leg);
    this.unanswered.delete(leg);
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'end':
      case 'reject':
      case 'give-back':
        this.#forget(effect.leg);
        return;
      case 'refuse':
        this.#forget('caller');
        this.outcomes.push(effect.failure);
        return;
      case 're-seat':
        // About every second phone cannot be called.
        this.take({ kind: 're-seat-called', newcomer: this.#made % 2 === 1 ? this.newLeg() : null });
        return;
      case 'finish':
        this.outcomes.push(effect.outcome);
        return;
      case 'accept-offer':
      case 'refuse-offer':
        this.unanswered.delete(effect.leg);
    }
  }

  /** The legs that the state knows of. */
  get known(): ReadonlySet<LegId> {
    const { state } = this;
    switch (state.kind) {
      case 'over':
        return new Set();
      case 'ringing':
        return new Set([state.caller, ...state.fork.branches]);
      case 'answering':
        return new Set([state.caller, state.callee]);
      case 'talking':
        return new Set(legsIn(state));
    }
  }
}

function legsIn({ caller, callee, exchange, transfer }: Talking): LegId[] {
  const legs = [caller, callee];
  if (transfer !== null) {
    legs.push(transfer.by);
    if (transfer.target.kind === 'ringing') legs.push(...transfer.target.fork.branches);
    else if (transfer.target.kind === 'answered') legs.push(transfer.target.leg);
  }
  if (exchange.kind === 'asking' || exchange.kind === 'offering') legs.push(exchange.source, exchange.sink);
  if (exchange.kind === 'settling') legs.push(exchange.source, ...exchange.retired);
  if (exchange.kind === 're-seating' && exchange.newcomer !== null) legs.push(exchange.newcomer);
  if (exchange.kind === 're-seating' && exchange.goal === 'move') legs.push(exchange.source);
  return legs;
}

/** The event that advances the call, so that walks get far. */
function awaited(state: State): Event | undefined {
  if (state.kind !== 'talking') return undefined;
  const { exchange, transfer } = state;
  if (exchange.kind === 're-seating' && exchange.newcomer !== null) {
    const event = { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' } as const;
    return { kind: 'said', leg: exchange.newcomer, event };
  }
  if (exchange.kind === 'asking') {
    return { kind: 'said', leg: exchange.source, event: { kind: 'offer-made', sdp: 'made' } };
  }
  if (exchange.kind === 'offering') {
    return { kind: 'said', leg: exchange.sink, event: { kind: 'offer-answered', sdp: 'answered' } };
  }
  if (transfer?.target.kind !== 'ringing') return undefined;
  const leg = transfer.target.fork.branches[0] ?? 'nobody';
  return { kind: 'said', leg, event: { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' } };
}

/** Turns two numbers into an event that could happen now. */
function eventFor(simulation: Simulation, kind: number, choice: number): Event | undefined {
  const { state } = simulation;
  const legs = [...simulation.alive];
  const leg = legs[choice % Math.max(legs.length, 1)] ?? 'nobody';
  const isRinging =
    state.kind === 'ringing' || (state.kind === 'talking' && state.transfer?.target.kind === 'ringing');
  const free = state.kind === 'talking' && isReplaceable(state) ? state : undefined;
  const side = choice % 2 === 0 ? free?.caller : free?.callee;
  switch (kind % 25) {
    case 0:
      return { kind: 'no-answer' };
    case 1:
    case 2:
      return { kind: 'saved' };
    case 3:
      return isRinging
        ? { kind: 'extension-moved', party: party('moved'), branches: [simulation.newLeg()] }
        : undefined;
    case 4:
      return isRinging ? { kind: 'extension-gone', failure: 'homeless' } : undefined;
    case 5:
      return isRinging ? { kind: 'phone-appeared', branch: simulation.newLeg(), instead: null } : undefined;
    case 6:
      return { kind: 'peer-gone', leg, why: choice % 2 === 0 ? 'lost' : 'reloaded' };
    case 7:
      return side === undefined
        ? undefined
        : {
            kind: 'refer',
            by: side,
            id: 1,
            party: party('target'),
            branches: [simulation.newLeg()],
            reseats: choice % 3 > 0,
          };
    case 8:
      return side === undefined
        ? undefined
        : {
            kind: 'join',
            by: side,
            id: 1,
            party: party('target'),
            leg: simulation.newLeg(),
            lender: callId('lender'),
            reseats: choice % 3 > 0,
          };
    case 9:
      return side === undefined
        ? undefined
        : {
            kind: 'seat-move',
            newcomer: simulation.newLeg(),
            replaced: side,
            sdp: 'offer',
            party: party('moved'),
            reseats: choice % 3 > 0,
          };
    case 10:
      return side === undefined ? undefined : { kind: 'lent', leg: side, to: callId('borrower') };
    case 11:
      return state.kind === 'talking' && state.exchange.kind === 'lent'
        ? { kind: 'given-back', pending: PENDING[choice % PENDING.length] ?? 'nothing' }
        : undefined;
    case 24: {
      const branches = ringingIn(state)?.branches ?? [];
      const branch = branches[choice % Math.max(branches.length, 1)];
      return branch === undefined ? undefined : { kind: 'phone-asleep', branch };
    }
    case 12:
    case 13:
    case 14:
      return awaited(state);
    default: {
      const event = SAID[(kind + choice) % SAID.length];
      return event && { kind: 'said', leg, event };
    }
  }
}

/** The rules that are broken; empty as long as all is well. */
function faultsOf({ state, alive, known, unanswered, outcomes }: Simulation): string[] {
  const faults: string[] = [];
  for (const leg of alive) if (!known.has(leg)) faults.push(`${leg} is forgotten`);
  if (outcomes.length !== (state.kind === 'over' ? 1 : 0)) faults.push(`ended as ${outcomes.join()}`);
  const isExchanging = state.kind === 'talking' && state.exchange.kind !== 'idle';
  if (!isExchanging && unanswered.size > 0) faults.push(`offers of ${[...unanswered].join()} are left open`);
  return faults;
}

test('whatever happens in whatever order: no leg is forgotten, no call ends twice, no re-offer is left open', () => {
  const steps = fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { maxLength: 60, size: 'max' });
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.boolean(), steps, (isAnswered, numbers) => {
      const simulation = new Simulation();
      if (isAnswered) {
        simulation.take({
          kind: 'said',
          leg: 'branch-0',
          event: { kind: 'answered', sdp: 'a', contact: 'sip:x@x' },
        });
        simulation.take({ kind: 'saved' });
      }
      for (const [kind, choice] of numbers) {
        const event = eventFor(simulation, kind, choice);
        if (event === undefined) continue;
        simulation.take(event);
        const { state } = simulation;
        const exchange = state.kind === 'talking' ? state.exchange : undefined;
        reached.add(
          exchange === undefined ? state.kind : `${exchange.kind} ${'goal' in exchange ? exchange.goal : ''}`,
        );
        const faults = faultsOf(simulation);
        if (faults.length > 0)
          throw new Error(`${faults.join('; ')} after ${JSON.stringify([event, state])}`);
      }
    }),
    { numRuns: 2_000 },
  );
  // A walk that never gets anywhere would prove nothing.
  expect([...reached]).toEqual(
    expect.arrayContaining([
      'relaying ',
      'lent ',
      'offering transfer',
      'settling transfer',
      'settling move',
      'asking re-seat',
      're-seating re-seat',
      're-seating move',
      'offering move',
      'offering re-seat',
      'offering abandoned',
      'asking restored',
    ]),
  );
});

test('a call that is over stays so, and does nothing', () => {
  for (const event of SAID) {
    expect(step(OVER, { kind: 'said', leg: 'caller', event })).toEqual([OVER, []]);
  }
});

test('a page that is loaded anew while it is asked for an offer leaves the two apart, to be joined once it is back', () => {
  const state: Talking = {
    ...talking(PARTIES, 'caller', 'callee'),
    exchange: { kind: 'asking', source: 'caller', sink: 'callee', goal: 'restored' },
  };
  const [apart, effects] = step(state, { kind: 'reloaded', leg: 'caller' });
  expect([apart, effects]).toMatchObject([{ kind: 'talking', apart: true, exchange: { kind: 'idle' } }, []]);
  expect(step(apart, { kind: 'line-back', leg: 'caller' })).toMatchObject([
    { exchange: { kind: 'asking', goal: 'meet' } },
    [{ kind: 'ask-offer' }],
  ]);
});

test('the two sides of a call are each other’s other side', () => {
  const state = { caller: 'a', callee: 'b' } as Talking;
  expect([otherSide(state, 'a'), otherSide(state, 'b')]).toEqual(['b', 'a']);
});

describe('a transferee whose phone can be re-seated', () => {
  const answer = { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' } as const;
  const said = (leg: LegId, event: Said): Event => ({ kind: 'said', leg, event });
  const transfer = { kind: 'refer', by: 'a', id: 1, party: party('target'), branches: ['t'] } as const;
  /** `a` has transferred `b` to `t`, which has answered and made its offer; the phone of `b` has been called as `n`. */
  const before: readonly Event[] = [
    { ...transfer, reseats: true },
    said('t', answer),
    said('t', { kind: 'offer-made', sdp: 'of t' }),
    { kind: 're-seat-called', newcomer: 'n' },
  ];
  const after = (events: readonly Event[]): Step =>
    events.reduce<Step>(([state], event) => step(state, event), [talking(PARTIES, 'a', 'b'), []]);
  const ends = (effects: readonly Effect[]) =>
    effects.flatMap((effect) => (effect.kind === 'end' ? [effect.leg] : [])).sort();

  test.for<readonly [name: string, events: readonly Event[], exchange: string, effects: readonly unknown[]]>([
    [
      'the target makes the offer',
      before.slice(0, 2),
      'asking re-seat',
      [{ kind: 'stop-no-answer' }, { kind: 'ask-offer', leg: 't' }, { kind: 'keep' }],
    ],
    [
      'which goes to a new session',
      before.slice(0, 3),
      're-seating re-seat',
      [{ kind: 're-seat', leg: 'b', from: party('target'), sdp: 'of t' }],
    ],
    [
      'a phone that cannot be called gets it in its old session',
      [...before.slice(0, 3), { kind: 're-seat-called', newcomer: null }],
      'offering re-seat',
      [{ kind: 'stop-no-answer' }, { kind: 'offer', leg: 'b', sdp: 'of t' }],
    ],
    [
      'a target that makes no offer is offered that of the transferee',
      [...before.slice(0, 2), said('t', { kind: 'offer-refused', status: 488 })],
      'asking transfer',
      [{ kind: 'ask-offer', leg: 'b' }],
    ],
    ...[408, 481, 486, 488].map(
      (status) =>
        [
          `one that says ${String(status)} as well`,
          [...before, said('n', { kind: 'failed', status })],
          'offering re-seat',
          [{ kind: 'stop-no-answer' }, { kind: 'offer', leg: 'b', sdp: 'of t' }],
        ] as const,
    ),
  ])('%s', ([, events, exchange, effects]) => {
    const [state, done] = after(events);
    const now = state.kind === 'talking' ? state.exchange : undefined;
    expect(now && `${now.kind} ${'goal' in now ? now.goal : ''}`).toBe(exchange);
    expect(done).toEqual(effects);
  });

  test('nothing ends before the new pair is in storage; then both old sessions do', () => {
    const answered = [...before, said('n', answer)];
    const [joined, atOnce] = after(answered);
    expect(ends(atOnce)).toEqual([]);
    expect(atOnce.at(-1)).toEqual({ kind: 'save' });
    expect(joined).toMatchObject({ caller: 't', callee: 'n', transfer: null });
    const [state, effects] = after([...answered, { kind: 'saved' }]);
    expect(ends(effects)).toEqual(['a', 'b']);
    expect(effects).toContainEqual({ kind: 'accept-offer', leg: 't', sdp: 'answer' });
    expect(effects).toContainEqual({ kind: 'refer-progress', leg: 'a', id: 1, status: 200 });
    expect(state).toMatchObject({ caller: 't', callee: 'n', exchange: { kind: 'idle' } });
  });

  test('the phone itself ends its old session: it is not ended again', () => {
    const [, effects] = after([
      ...before,
      said('n', answer),
      said('b', { kind: 'ended', by: 'peer' }),
      { kind: 'saved' },
    ]);
    expect(ends(effects)).toEqual(['a']);
  });

  test('it hangs up on the old session before it has answered: everyone is told once', () => {
    const [state, effects] = after([...before, said('b', { kind: 'ended', by: 'peer' })]);
    expect(state.kind).toBe('over');
    expect(ends(effects)).toEqual(['a', 'n', 't']);
    expect(effects.filter(({ kind }) => kind === 'finish')).toHaveLength(1);
  });

  const targetGone = said('t', { kind: 'ended', by: 'peer' });

  test('the target hangs up: the new session is withdrawn, and the old one was never disturbed', () => {
    const [, withdrawn] = after([...before, targetGone]);
    expect(withdrawn).toContainEqual(expect.objectContaining({ kind: 'withdraw', leg: 'n' }));
    const [state, effects] = after([...before, targetGone, said('n', { kind: 'failed', status: 487 })]);
    expect(state).toMatchObject({ caller: 'a', callee: 'b', exchange: { kind: 'idle' }, transfer: null });
    expect([ends(withdrawn), ends(effects)]).toEqual([['t'], []]);
  });

  test('the target hangs up, but the phone has answered for it: its new session is joined with the referrer', () => {
    const answer = said('n', { kind: 'answered', sdp: 'of n', contact: 'n' });
    const [state, effects] = after([...before, targetGone, answer]);
    expect(state).toMatchObject({
      caller: 'a',
      callee: 'n',
      exchange: { kind: 'asking', source: 'a', sink: 'n' },
    });
    expect(ends(effects)).toEqual(['b']);
    expect(effects).toContainEqual({ kind: 'ask-offer', leg: 'a' });
  });

  test('the phone refuses the offer in both sessions: it keeps the referrer', () => {
    const [state, effects] = after([
      ...before,
      said('n', { kind: 'failed', status: 488 }),
      said('b', { kind: 'offer-refused', status: 488 }),
    ]);
    expect(state).toMatchObject({ caller: 'a', callee: 'b', exchange: { kind: 'idle' }, transfer: null });
    expect(effects).toContainEqual({ kind: 'refer-progress', leg: 'a', id: 1, status: 488 });
    expect(ends(effects)).toEqual(['t']);
  });

  test('an INVITE that takes too long is withdrawn; once it has failed, its offer goes to the old session', () => {
    const [waiting, withdrawn] = after([...before, { kind: 'no-answer' }]);
    expect(waiting).toMatchObject({ exchange: { kind: 're-seating', newcomer: 'n' } });
    expect(withdrawn).toContainEqual(expect.objectContaining({ kind: 'withdraw', leg: 'n' }));
    const [state] = after([...before, { kind: 'no-answer' }, said('n', { kind: 'failed', status: 487 })]);
    expect(state).toMatchObject({ exchange: { kind: 'offering', sink: 'b' } });
  });
});
