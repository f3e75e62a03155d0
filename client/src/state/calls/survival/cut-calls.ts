import { party, type Party } from '@perch/shared';
import * as z from 'zod/mini';

/** A call that ended with its page. */
const cutCall = z.object({
  /** The other side; `null` where the browser may not keep a name: on a station, and of a guest. */
  with: z.nullable(party),
  /** The id by which it may go on. */
  id: z.nullable(z.string()),
  /** When the stay of the guest who made the call began, by the server's clock; `null` for an owner's call. */
  stay: z.nullable(z.number()),
  /** The code of the service of the server that it was with. */
  code: z._default(z.nullable(z.string()), null),
});

export interface CutCall {
  readonly id: string | null;
  readonly with: Party | null;
  readonly stay: number | null;
  readonly code: string | null;
}

const keyOf = (terminal: string): string => `perch.cut-call.${terminal}`;

/** The page of that terminal closes in the middle of these calls: the next page in this tab can say so. */
export function keepCutCalls(terminal: string, calls: readonly CutCall[]): void {
  if (calls.length === 0) return;
  try {
    sessionStorage.setItem(keyOf(terminal), JSON.stringify(calls));
  } catch {
    // With a full storage the sentence is not shown.
  }
}

/** The calls that the previous page cut off; returned once. */
export function takeCutCalls(terminal: string): readonly CutCall[] {
  try {
    const kept = sessionStorage.getItem(keyOf(terminal));
    sessionStorage.removeItem(keyOf(terminal));
    return kept === null ? [] : z.array(cutCall).parse(JSON.parse(kept));
  } catch {
    return [];
  }
}
