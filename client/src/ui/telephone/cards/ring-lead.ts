import type { Party } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import { nameOf } from '../shown-number.ts';

/** What a ringing call is: one that is back from a slot, one for somebody who has to be named, or just one. */
export function ringLead(slot: string | null, callee: Party | null): string {
  if (slot !== null) return m.ring_back({ slot });
  return callee === null ? m.incoming_call() : m.call_for({ who: nameOf(callee) });
}
