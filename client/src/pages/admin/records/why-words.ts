import type { DeskStay, WhyAnswer } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import { nameOf } from '../../../state/sentences.ts';
import { whenOf } from '../../../ui/moments.ts';
import { browserWorld } from '../../../world/world.ts';

/** Where an extension was at an instant, and who was at its own phone: why calls rang there, or nowhere. */
export function whereInWords({ extension, guestAt, guestHere }: WhyAnswer): readonly string[] {
  const who = nameOf(extension);
  const away =
    guestAt === null ? undefined : m.why_guest({ who, desk: nameOf(guestAt.desk), ...timesOf(guestAt) });
  if (guestHere === null) return [away ?? m.why_home({ who })];
  const occupant = nameOf(guestHere.extension);
  const here = m.why_occupied({ who, occupant, ...timesOf(guestHere) });
  return [here, away ?? m.why_homeless({ who })];
}

function timesOf({ from, until }: DeskStay): { readonly since: string; readonly until: string } {
  const now = browserWorld.now();
  return { since: whenOf(from, now), until: until === null ? m.why_until_now() : whenOf(until, now) };
}
