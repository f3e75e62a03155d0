import type { NamedThen, RecordedParty } from '@perch/shared';

type PartyForm = readonly [
  extension: string | null,
  number: string,
  name: string,
  terminal: string | null,
  desk: RecordedParty['desk'],
  /** Only of one that was withheld from the other side. */
  withheld?: 1,
];

/** The parties of one call, each once; all else that is stored of the call names them by their places. */
export type PartiesForm = readonly PartyForm[];

/** A number and a name: the place of a party that has them, or both in full. */
export type NamedForm = number | readonly [number: string, name: string] | null;

/** The parties of a call that is being stored (hot path: twice a call, and seldom more than two). */
export class PartyPlaces {
  readonly all: PartyForm[] = [];

  /** The place of that party; from now on it has one. */
  of(party: RecordedParty): number {
    const isWithheld = party.withheld === true;
    const place = this.all.findIndex(
      (known) => isPerson(known, party) && isSame(known[4], party.desk) && (known[5] === 1) === isWithheld,
    );
    return place === -1 ? this.#add(party, party.desk, party.withheld) : place;
  }

  /** The same for somebody of whom it is not said at which desk. */
  ofPerson(person: Omit<RecordedParty, 'desk'>): number {
    const place = this.all.findIndex((known) => isPerson(known, person));
    return place === -1 ? this.#add(person, null) : place;
  }

  named(named: NamedThen | null): NamedForm {
    if (named === null) return null;
    const { number, name } = named;
    const place = this.all.findIndex((known) => known[1] === number && known[2] === name);
    return place === -1 ? [number, name] : place;
  }

  #add(
    { extension, number, name, terminal }: Omit<RecordedParty, 'desk'>,
    desk: RecordedParty['desk'],
    withheld?: true,
  ) {
    const form = [extension, number, name, terminal, desk] as const;
    return this.all.push(withheld === true ? [...form, 1] : form) - 1;
  }
}

const isPerson = (known: PartyForm, person: Omit<RecordedParty, 'desk'>): boolean =>
  known[0] === person.extension &&
  known[1] === person.number &&
  known[2] === person.name &&
  known[3] === person.terminal;

const isSame = (one: RecordedParty['desk'], other: RecordedParty['desk']): boolean =>
  one === null || other === null
    ? one === other
    : one.number === other.number && one.name === other.name && one.since === other.since;

/** @throws where no party has that place. */
export function partyAt(parties: PartiesForm, place: number): RecordedParty {
  const form = parties[place];
  if (form === undefined) throw new Error(`no party has the place ${String(place)}`);
  const [extension, number, name, terminal, desk, withheld] = form;
  return { extension, number, name, terminal, desk, ...(withheld === 1 && { withheld: true }) };
}

export function namedIn(parties: PartiesForm, form: NamedForm): NamedThen | null {
  if (form === null) return null;
  if (typeof form !== 'number') return { number: form[0], name: form[1] };
  const { number, name } = partyAt(parties, form);
  return { number, name };
}
