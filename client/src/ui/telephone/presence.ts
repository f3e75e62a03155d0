import type { Colleague } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';

const WORDS = {
  available: m.presence_available,
  busy: m.presence_busy,
  'do-not-disturb': m.presence_do_not_disturb,
  away: m.presence_away,
  asleep: m.presence_asleep,
  offline: m.presence_offline,
} as const satisfies Record<Colleague['state'], () => string>;

/** Whether a colleague can be reached. */
export const presenceInWords = (state: Colleague['state']): string => WORDS[state]();
