import type { CallRecord, NamedThen, RecordedParty, WebhookEvent } from '@perch/shared';

/** Something that other programs are told of. */
export interface Told {
  readonly type: WebhookEvent | 'webhook.test';
  /** When it happened (milliseconds since 1970). */
  readonly at: number;
  readonly data: object;
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const party = ({ number, name, desk }: RecordedParty) => ({
  number,
  name,
  desk: desk && { number: desk.number, name: desk.name },
});

/** What a call that is over gives to tell: that it has ended, who has missed it, and the message that was left. PURE. */
export function eventsOfCall(record: CallRecord): readonly Told[] {
  const { id, endedAt: at, parts, mailbox, caller, callee } = record;
  const ended = {
    call: id,
    ...{ startedAt: iso(record.startedAt), answeredAt: iso(record.answeredAt), endedAt: iso(at) },
    ...{ result: record.result, dialled: record.dialled, emergency: record.emergency },
    ...{ caller: party(caller), callee: callee && party(callee) },
    ...{ ringMs: record.ringMs, talkMs: record.talkMs, holdMs: record.holdMs },
  };
  const missed = parts
    .filter(({ result }) => result === 'missed')
    .map(({ number, name, ringMs }) => ({
      ...{ call: id, extension: { number, name }, caller: party(caller), at: iso(record.startedAt), ringMs },
    }));
  const left = mailbox?.message && {
    ...{ call: id, message: mailbox.message.id, mailbox: { number: mailbox.number, name: mailbox.name } },
    ...{ from: party(caller), at: iso(mailbox.from), durationMs: mailbox.message.durationMs },
  };
  return [
    { type: 'call.ended', at, data: ended },
    ...missed.map((data): Told => ({ type: 'call.missed', at, data })),
    ...(left ? [{ type: 'voicemail.left', at, data: left } satisfies Told] : []),
  ];
}

/** A change of who is where, with the names of that time. */
export type Move =
  | {
      readonly kind: 'begun';
      readonly at: number;
      readonly extension: NamedThen;
      readonly desk: NamedThen;
      readonly way: string;
    }
  | {
      readonly kind: 'ended';
      readonly at: number;
      readonly extension: NamedThen;
      readonly desk: NamedThen;
      readonly since: number;
      readonly endedBy: string;
    }
  | {
      readonly kind: 'refused';
      readonly at: number;
      readonly asked: string;
      readonly desk: NamedThen | null;
      readonly why: string;
    };

/** PURE. */
export function eventOfMove(move: Move): Told {
  switch (move.kind) {
    case 'begun': {
      const { at, extension, desk, way } = move;
      return { type: 'move.begun', at, data: { extension, desk, since: iso(at), way } };
    }
    case 'ended': {
      const { at, extension, desk, since, endedBy } = move;
      return {
        type: 'move.ended',
        at,
        data: { extension, desk, since: iso(since), until: iso(at), endedBy },
      };
    }
    case 'refused': {
      const { at, asked, desk, why } = move;
      return { type: 'move.refused', at, data: { asked, desk, at: iso(at), why } };
    }
  }
}

/** The body of a message: what Standard Webhooks recommends. PURE. */
export const bodyOf = ({ type, at, data }: Told): string =>
  JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
