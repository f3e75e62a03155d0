import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommonEffect, CommonEvent, Dialogue } from '../dialogue.ts';

interface DialogueContract<State extends { readonly kind: string }, Event, Effect, Sight> {
  readonly dialogue: Dialogue<State, Event | CommonEvent, Effect | CommonEffect<unknown>, Sight>;
  /** Any event of the service's own; none where it has none. */
  readonly events: readonly fc.Arbitrary<Event>[];
  /** Anything that the dialogue may see. */
  readonly sights: fc.Arbitrary<Sight>;
}

const COMMON_EVENTS: readonly fc.Arbitrary<CommonEvent>[] = [
  fc.constantFrom('confirmed' as const, 'spoken' as const, 'timeout' as const).map((kind) => ({ kind })),
  fc.constantFrom(...'0123456789*#A').map((digit) => ({ kind: 'digit', digit })),
  fc.constantFrom(...'12#').map((digit) => ({ kind: 'digit', digit })),
];

/** One step of a dialogue: the kinds of its effects, and the state before and after it. */
interface Taken {
  readonly from: string;
  readonly to: string;
  readonly kinds: readonly string[];
}

/** What every dialogue of a service must keep to, whatever happens in whatever order. */
export function dialogueContract<
  State extends { readonly kind: string },
  Event extends { readonly kind: string },
  Effect extends { readonly kind: string },
  Sight,
>(name: string, { dialogue, events, sights }: DialogueContract<State, Event, Effect, Sight>): void {
  type Happening = readonly [Event | CommonEvent, Sight];
  const happening: fc.Arbitrary<Happening> = fc.tuple(
    fc.oneof(...[...COMMON_EVENTS, ...events].map((arbitrary) => ({ weight: 6, arbitrary })), {
      weight: 1,
      arbitrary: fc.constant({ kind: 'barred' as const }),
    }),
    sights,
  );
  const confirmed: CommonEvent = { kind: 'confirmed' };
  const gone: CommonEvent = { kind: 'gone' };

  function play(
    state: State,
    happenings: readonly Happening[],
  ): { readonly steps: readonly Taken[]; state: State } {
    const steps: Taken[] = [];
    for (const [event, sight] of happenings) {
      const [next, effects] = dialogue.step(state, event, sight);
      steps.push({ from: state.kind, to: next.kind, kinds: effects.map(({ kind }) => kind) });
      state = next;
      if (effects.some(({ kind }) => kind === 'hang-up')) break; // the leg is over: only `gone` follows
    }
    return { steps, state };
  }

  const says = ({ kinds }: Taken, ...effects: readonly string[]): boolean =>
    kinds.some((kind) => effects.includes(kind));

  /**
   * A call that is acknowledged, its end, and what still arrives after that: verdicts, timers, the end of a sound. `wrong` gives the steps
   * that must not be: looking at each of them with `expect` would be most of the time of these tests.
   */
  const check = (
    wrong: (during: readonly Taken[], end: Taken, after: readonly Taken[]) => readonly Taken[],
  ): void => {
    const some = (maxLength: number) => fc.array(happening, { maxLength });
    fc.assert(
      fc.property(sights, some(40), sights, some(10), (first, before, last, late) => {
        const during = play(dialogue.initial, [[confirmed, first], ...before]);
        const end = play(during.state, [[gone, last]]);
        const after = play(end.state, late);
        expect(wrong(during.steps, end.steps[0] as Taken, after.steps)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  };

  test(`${name}: it hangs up only as it ends, and never after the caller is gone`, () => {
    check((during, end, after) => [
      ...during.filter(({ from, to, kinds }) => {
        const ends = kinds.filter((kind) => kind === 'hang-up').length;
        return ends > (from === 'over' ? 0 : 1) || (ends > 0 && to !== 'over');
      }),
      ...[end, ...after].filter((taken) => says(taken, 'hang-up')),
    ]);
  });

  test(`${name}: once the caller is gone, nothing is said and no timer is started`, () => {
    check((_during, end, after) => [end, ...after].filter((taken) => says(taken, 'speak', 'start-timer')));
  });

  test(`${name}: once it is over, nothing is said or shown, and it stays over`, () => {
    check((during, end, after) =>
      [...during, end, ...after]
        .filter(({ from }) => from === 'over')
        .filter((taken) => taken.to !== 'over' || says(taken, 'speak', 'tell', 'start-timer', 'hang-up')),
    );
  });

  test(`${name}: until something can be heard, nothing is said, whatever keys are pressed`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(...COMMON_EVENTS.slice(1)), sights)), (keys) => {
        expect(play(dialogue.initial, keys).steps.flatMap(({ kinds }) => kinds)).toEqual([]);
      }),
    );
  });
}
