import { party, type Party } from '@perch/shared';
import * as z from 'zod/mini';

/** A call that went with its page. */
const cutCall = z.object({
  /** The other side; `null` where the browser may not keep a name: on a station, and of a guest. */
  with: z.nullable(party),
  /** When the stay of the guest began whose call it was, by the server's clock; `null` where it was the owner's. */
  stay: z.nullable(z.number()),
});

export interface CutCall {
  readonly with: Party | null;
  readonly stay: number | null;
}

const keyOf = (terminal: string): string => `perch.cut-call.${terminal}`;

/** The page of that terminal goes in the middle of a call: the next page in this tab may say so. */
export function keepCutCall(terminal: string, call: CutCall): void {
  try {
    sessionStorage.setItem(keyOf(terminal), JSON.stringify(call));
  } catch {
    // A full storage costs a sentence.
  }
}

/** The call that the page before this one has cut off, once. */
export function takeCutCall(terminal: string): CutCall | null {
  try {
    const kept = sessionStorage.getItem(keyOf(terminal));
    sessionStorage.removeItem(keyOf(terminal));
    return kept === null ? null : cutCall.parse(JSON.parse(kept));
  } catch {
    return null;
  }
}
