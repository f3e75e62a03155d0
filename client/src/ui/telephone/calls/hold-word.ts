import type { Party } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import { nameOf } from '../shown-number.ts';

/** Who has put whom on hold; `null` where nobody has. */
export function holdWord(
  other: Party,
  { here, there }: { readonly here: boolean; readonly there: boolean },
): string | null {
  const who = nameOf(other);
  if (here) return there ? m.on_hold_both({ who }) : m.on_hold();
  return there ? m.on_hold_by({ who }) : null;
}
