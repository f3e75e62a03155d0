import * as z from 'zod/mini';

/** A call that is up in this browser: enough to go on with it, and nothing of who is talking. */
const keptCall = z.object({ id: z.string(), muted: z.boolean() });
export type KeptCall = z.infer<typeof keptCall>;

const keyOf = (terminal: string): string => `perch.calls.${terminal}`;

/** The calls of that terminal that are up in this browser, or were when its page was lost. */
export function keptCalls(terminal: string): readonly KeptCall[] {
  try {
    return z.array(keptCall).parse(JSON.parse(localStorage.getItem(keyOf(terminal)) ?? '[]'));
  } catch {
    return [];
  }
}

export function keepCalls(terminal: string, calls: readonly KeptCall[]): void {
  try {
    if (calls.length === 0) localStorage.removeItem(keyOf(terminal));
    else localStorage.setItem(keyOf(terminal), JSON.stringify(calls));
  } catch {
    // With a full storage they can be brought here by a tap.
  }
}
