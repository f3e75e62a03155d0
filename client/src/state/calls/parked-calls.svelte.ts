import { callId, type CallView, digitsFor, type ParkedCall, parkedCall, type Party } from '@perch/shared';
import { Topic } from '../line/topic.svelte.ts';
import type { ServerWord } from '../line/server-word.svelte.ts';
import type { Calls } from './calls.svelte.ts';

export interface ParkedCallsParts {
  readonly calls: Pick<Calls, 'byId'>;
  readonly word: Pick<ServerWord, 'calls'>;
  /** Calls that number, with the person who waits there, and puts the call that is under way on hold. */
  readonly dialBeside: (number: string, waiting: Party) => void;
}

/** Calls that wait in a slot to be picked up. */
export class ParkedCalls {
  /** Those of everyone in the organization, while a part of the page shows them. */
  readonly all = new Topic('parked', parkedCall);
  readonly #parts: ParkedCallsParts;

  constructor(parts: ParkedCallsParts) {
    this.#parts = parts;
  }

  /** Those that the person here has parked, with their slots; oldest first. */
  get own(): readonly (readonly [slot: string, CallView])[] {
    const { calls, word } = this.#parts;
    return word.calls.flatMap((view) =>
      view.here === 'left' && view.parked !== null && calls.byId(callId(view.id)) === undefined
        ? [[view.parked, view] as const]
        : [],
    );
  }

  /** Those that others have parked, as far as the page shows them. */
  get others(): readonly ParkedCall[] {
    const own = this.own.map(([slot]) => slot);
    return this.all.lines.filter(({ number }) => !own.includes(number));
  }

  /** Speaks to the person who waits in that slot. */
  readonly pickUp = (slot: string, waiting: Party): void =>
    this.#parts.dialBeside(digitsFor({ name: 'pick-up', slot }), waiting);
}
