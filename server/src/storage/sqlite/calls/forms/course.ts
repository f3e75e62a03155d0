import type { AttemptResult, CallAttempt, CallLeg } from '@perch/shared';
import { namedIn, type NamedForm, type PartiesForm, partyAt, type PartyPlaces } from './parties.ts';

/** An attempt at ringing somebody; times in milliseconds since the call began. */
export type AttemptForm = readonly [
  party: number,
  at: number,
  rangAt: number | null,
  endedAt: number,
  result: AttemptResult,
  by: NamedForm,
  occupant: CallAttempt['occupant'],
  /** Only where it went on. */
  forwarded?: string,
];

/** Somebody who talked; times in milliseconds since the call began. */
export type LegForm = readonly [
  party: number,
  side: CallLeg['side'],
  joined: CallLeg['joined'],
  from: number,
  until: number,
  left: CallLeg['left'],
  talkMs: number,
  holdMs: number,
  waitMs: number,
];

/** That time in a call that began at `start` (milliseconds). */
export const sinceStart = (start: number, at: number | null): number | null =>
  at === null ? null : at - start;

/** The reverse of `sinceStart`. */
export const timeAt = (start: number, since: number | null): number | null =>
  since === null ? null : start + since;

export function attemptForm(places: PartyPlaces, start: number, attempt: CallAttempt): AttemptForm {
  const form = [
    places.of(attempt),
    attempt.at - start,
    sinceStart(start, attempt.rangAt),
    attempt.endedAt - start,
    attempt.result,
    places.named(attempt.by),
    attempt.occupant,
  ] as const;
  return attempt.forwarded === undefined ? form : [...form, attempt.forwarded];
}

export function attemptIn(parties: PartiesForm, start: number, form: AttemptForm): CallAttempt {
  const [place, at, rangAt, endedAt, result, by, occupant, forwarded] = form;
  return {
    ...partyAt(parties, place),
    at: start + at,
    rangAt: timeAt(start, rangAt),
    endedAt: start + endedAt,
    result,
    by: namedIn(parties, by),
    occupant,
    ...(forwarded !== undefined && { forwarded }),
  };
}

export const legForm = (places: PartyPlaces, start: number, leg: CallLeg): LegForm => [
  places.of(leg),
  leg.side,
  leg.joined,
  leg.from - start,
  leg.until - start,
  leg.left,
  leg.talkMs,
  leg.holdMs,
  leg.waitMs,
];

export function legIn(parties: PartiesForm, start: number, form: LegForm): CallLeg {
  const [place, side, joined, from, until, left, talkMs, holdMs, waitMs] = form;
  const span = { from: start + from, until: start + until };
  return { ...partyAt(parties, place), side, joined, ...span, left, talkMs, holdMs, waitMs };
}
