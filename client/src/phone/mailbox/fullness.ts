import type { MailboxView } from '@perch/shared';

/** From this share of a limit on, the page says how full the mailbox is. */
const NEARLY = 0.9;

/** The limit that a mailbox is nearest to, and whether callers can still leave something. */
export interface Fullness {
  readonly full: boolean;
  readonly unit: 'messages' | 'minutes';
  readonly used: number;
  readonly most: number;
}

/** `null` while there is room enough. */
export function fullnessOf({ messages, limits }: Pick<MailboxView, 'messages' | 'limits'>): Fullness | null {
  const ms = messages.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const [byCount, byLength] = [messages.length / limits.messages, ms / limits.ms];
  const nearest = Math.max(byCount, byLength);
  if (nearest < NEARLY) return null;
  const full = nearest >= 1;
  return byCount >= byLength
    ? { full, unit: 'messages', used: messages.length, most: limits.messages }
    : { full, unit: 'minutes', used: Math.floor(ms / 60_000), most: Math.floor(limits.ms / 60_000) };
}
