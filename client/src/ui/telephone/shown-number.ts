import { isWithheld, type Party } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';
import { isolated } from '../../phone/words/isolated.ts';

/** What the server calls a conference. */
const CONFERENCE = 'conference';

/** The number of a party as it is shown, or in words why there is none. */
export function shownNumber(party: Party): string {
  if (isWithheld(party)) return m.number_withheld();
  if (party.number === CONFERENCE) return m.conference();
  return party.number === '' ? m.unknown_caller() : party.number;
}

/** `102 Ben` for a sentence, or the bare number where the name is unknown. */
export const nameOf = (party: Party): string => `${shownNumber(party)} ${isolated(party.name)}`.trim();

/** Is there a number to call? */
export const isCallable = (party: Party): boolean =>
  party.number !== '' && party.number !== CONFERENCE && !isWithheld(party);
