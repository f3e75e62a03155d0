import type { CallLeg, RecordedParty } from '@perch/shared';
import { type CallAccount, newAccount } from './account.ts';

/** A call to a service that was dialled, such as `*97`. */
export interface ServiceVisit {
  /** As the caller was when the call began: it may have moved by it. */
  readonly caller: RecordedParty;
  readonly dialled: string;
  /** Milliseconds since 1970; `answeredAt` is `null` where the service did not answer. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
}

/** Its account: the server is the other side, and the time with it is a visit, not talk. PURE. */
export function accountOfVisit({
  caller,
  dialled,
  startedAt,
  answeredAt,
  endedAt,
}: ServiceVisit): CallAccount {
  const callee: RecordedParty = { extension: null, number: dialled, name: '', terminal: null, desk: null };
  return {
    ...newAccount({ startedAt, dialled, caller, callee }),
    ...{ answeredAt, countedAt: endedAt },
    legs: answeredAt === null ? [] : legsOf(caller, callee, answeredAt, endedAt),
    mailboxMs: answeredAt === null ? 0 : endedAt - answeredAt,
  };
}

function legsOf(
  caller: RecordedParty,
  callee: RecordedParty,
  from: number,
  until: number,
): readonly CallLeg[] {
  const times = { from, until, left: 'ended', talkMs: 0, holdMs: 0, waitMs: until - from } as const;
  return [
    { ...caller, side: 'caller', joined: 'called', ...times },
    { ...callee, side: 'callee', joined: 'answered', ...times },
  ];
}
