import type { PastCall } from '@perch/shared';

/** What a call in the history was to the person whose it is. */
export type PastKind =
  | 'incoming'
  | 'elsewhere'
  | 'outgoing'
  | 'joined'
  | 'missed'
  | 'returned'
  | 'declined'
  | 'declined-elsewhere'
  | 'not-reached';

/** `isElsewhere`: it rang at this phone, and another one of theirs took or declined it. PURE. */
export function pastKindOf({ direction, result, returned }: PastCall, isElsewhere: boolean): PastKind {
  switch (result) {
    case 'not-reached':
      return 'not-reached';
    case 'missed':
      return returned ? 'returned' : 'missed';
    case 'declined':
      return isElsewhere ? 'declined-elsewhere' : 'declined';
    case 'answered':
      if (direction === 'joined') return 'joined';
      if (direction === 'out') return 'outgoing';
      return isElsewhere ? 'elsewhere' : 'incoming';
  }
}

/** Days that follow each other, each with what began on it, in the order in which it is given. PURE but for the time zone of the machine. */
export function byDay<Call extends { readonly at: number }>(
  calls: readonly Call[],
): readonly { readonly day: number; readonly calls: readonly Call[] }[] {
  const days: { day: number; calls: Call[] }[] = [];
  for (const call of calls) {
    const day = new Date(call.at).setHours(0, 0, 0, 0);
    const last = days.at(-1);
    if (last?.day === day) last.calls.push(call);
    else days.push({ day, calls: [call] });
  }
  return days;
}
