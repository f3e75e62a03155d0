import type { CheckedPart, LastCheck } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import { allOf, whenOf } from '../../moments.ts';

const PART_WORDS: Readonly<Record<CheckedPart, () => string>> = {
  microphone: m.check_part_microphone,
  line: m.check_part_line,
  ring: m.check_part_ring,
  notifications: m.check_part_notifications,
  network: m.check_part_network,
};

/** When a phone was last checked, and with what result. */
export function lastCheckSentence({ at, verdict, parts }: LastCheck, now: number): string {
  const said = { time: whenOf(at, now), parts: allOf(parts.map((part) => PART_WORDS[part]())) };
  switch (verdict) {
    case 'ready':
      return m.checked_ready(said);
    case 'limited':
      return m.checked_limited(said);
    case 'not-ready':
      return m.checked_not_ready(said);
  }
}
