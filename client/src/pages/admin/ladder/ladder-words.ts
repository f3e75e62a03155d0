import type { LadderMessage, LadderParty } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import type { Lane } from '../../../phone/records/ladder-lanes.ts';
import { inLocale } from '../../../ui/moments.ts';

const seconds = inLocale(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
);

/** `1.250`: seconds since a call began, to the millisecond. */
export const afterInWords = (ms: number): string => seconds().format(ms / 1_000);

/** `101 Ada`. */
export const partyInWords = ({ number, name }: LadderParty): string =>
  number === '' && name === '' ? m.somebody() : `${number} ${name}`.trim();

/** `101 Ada · on 201 Front desk`. */
export function laneInWords(lane: Lane): string {
  if (lane === null) return m.ladder_server();
  const who = partyInWords(lane);
  return lane.desk === null
    ? who
    : m.records_at_desk({ name: who, desk: partyInWords({ ...lane.desk, desk: null }) });
}

/** `INVITE`, `200 OK`: what SIP itself says. */
export const messageInWords = ({ method, status, reason }: LadderMessage): string =>
  status === null ? method : `${String(status)} ${reason}`.trim();

/** What a message means to the sound of the call, and of which leg it is: nothing, or a word or two. */
export function marksOf({ sdp, hold }: LadderMessage, leg: number | null): readonly string[] {
  return [
    ...(hold === 'held' ? [m.ladder_held()] : []),
    ...(hold === 'resumed' ? [m.ladder_resumed()] : []),
    ...(sdp === 'offer' && hold === null ? [m.ladder_offer()] : []),
    ...(sdp === 'answer' ? [m.ladder_answered()] : []),
    ...(leg === null ? [] : [m.ladder_leg({ leg })]),
  ];
}
