import type { HeldCounts, HeldPerson } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';

const COUNTED: Readonly<Record<keyof HeldCounts, () => string>> = {
  calls: m.held_calls,
  stays: m.held_stays,
  moves: m.held_moves,
  messages: m.held_messages,
  greetings: m.held_greetings,
  messagesLeft: m.held_messages_left,
  auditEntries: m.held_audit,
  phones: m.held_phones,
  accounts: m.held_accounts,
  sessions: m.held_sessions,
  tokens: m.held_tokens,
};

/** What is held of each kind, where there is anything. */
export const heldInWords = (held: HeldCounts): readonly (readonly [kind: string, count: number])[] =>
  (Object.keys(COUNTED) as (keyof HeldCounts)[])
    .filter((kind) => held[kind] > 0)
    .map((kind) => [COUNTED[kind](), held[kind]]);

/** What happens to each kind of which there is something when the person is erased. */
export const erasureInWords = ({ number }: HeldPerson, held: HeldCounts): readonly string[] => {
  const sounds = held.messages + held.greetings;
  const { calls, stays, moves, messagesLeft, auditEntries, accounts, phones } = held;
  return [
    ...(number === null ? [] : [m.personal_data_erase_extension({ number })]),
    ...(phones === 0 ? [] : [m.personal_data_erase_phones({ count: phones })]),
    ...(accounts === 0 ? [] : [m.personal_data_erase_accounts({ count: accounts })]),
    ...(sounds === 0 ? [] : [m.personal_data_erase_messages({ count: sounds })]),
    ...(messagesLeft === 0 ? [] : [m.personal_data_erase_left({ count: messagesLeft })]),
    ...(calls + stays + moves === 0 ? [] : [m.personal_data_erase_records({ calls, stays, moves })]),
    ...(auditEntries === 0 ? [] : [m.personal_data_erase_audit({ count: auditEntries })]),
    ...(number === null ? [] : [m.personal_data_erase_call()]),
  ];
};

/** `Ada (101)`, or the address of an account alone. */
export const titleOf = ({ name, number, emails }: HeldPerson): string =>
  number === null ? (emails[0] ?? '') : `${name ?? ''} (${number})`;

/** What is typed to confirm that it is this person. */
export const confirmationOf = ({ number, emails }: HeldPerson): string => number ?? emails[0] ?? '';
