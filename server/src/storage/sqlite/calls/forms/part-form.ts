import type { CallPart } from '@perch/shared';
import { stationOf } from '../../../../exchange/call/records/parts.ts';
import { namedIn, type NamedForm, type PartiesForm, partyAt, type PartyPlaces } from './parties.ts';

/** What counts for one extension. */
export type PartForm = readonly [
  /** With its extension, number and name. */
  party: number,
  /** With its terminal, and the station that this is: a party's place, or both in full. */
  seat: number | readonly [terminal: string | null, station: NamedForm],
  role: CallPart['role'],
  result: CallPart['result'],
  /** A party's place, or the extension itself. */
  other: number | string | null,
  ringMs: number | null,
  talkMs: number,
  holdMs: number,
  waitMs: number,
  transferred: 0 | 1,
];

export function partForm(places: PartyPlaces, part: CallPart): PartForm {
  const { extension, number, name, terminal, other } = part;
  const known = places.all.findIndex((it) => it[0] === extension && it[1] === number && it[2] === name);
  const party = known === -1 ? places.of({ extension, number, name, terminal, desk: null }) : known;
  const otherAt = other === null ? null : places.all.findIndex((it) => it[0] === other);
  return [
    party,
    seatForm(places, part),
    part.role,
    part.result,
    otherAt === -1 ? other : otherAt,
    part.ringMs,
    part.talkMs,
    part.holdMs,
    part.waitMs,
    part.transferred ? 1 : 0,
  ];
}

function seatForm(places: PartyPlaces, { terminal, station }: CallPart): PartForm[1] {
  const place = places.all.findIndex((known, at) => {
    if (known[3] !== terminal) return false;
    const there = stationOf(partyAt(places.all, at));
    return there?.number === station?.number && there?.name === station?.name;
  });
  return place === -1 ? [terminal, places.named(station)] : place;
}

export function partIn(parties: PartiesForm, form: PartForm): CallPart {
  const [place, seat] = form;
  const { number, name } = partyAt(parties, place);
  const station = typeof seat === 'number' ? stationOf(partyAt(parties, seat)) : namedIn(parties, seat[1]);
  return { ...filedPartIn(parties, form), number, name, station };
}

/** What of a part stands in rows, by which calls are found and added up. */
export type FiledPart = Omit<CallPart, 'number' | 'name' | 'station'>;

/** That alone (hot path: once for each part that is archived). */
export function filedPartIn(parties: PartiesForm, form: PartForm): FiledPart {
  const [place, seat, role, result, other, ringMs, talkMs, holdMs, waitMs, transferred] = form;
  const { extension } = partyAt(parties, place);
  if (extension === null) throw new Error('a part is an extension’s');
  return {
    extension,
    terminal: typeof seat === 'number' ? partyAt(parties, seat).terminal : seat[0],
    role,
    result,
    other: typeof other === 'number' ? partyAt(parties, other).extension : other,
    ringMs,
    talkMs,
    holdMs,
    waitMs,
    transferred: transferred === 1,
  };
}
