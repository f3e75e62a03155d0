import type { CallAttempt, CallLeg, CallRecord, MailboxVisit } from '@perch/shared';

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Something that took its time in a call. Times are milliseconds since 1970-01-01 UTC. */
export interface CallSpan {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly at: number }[];
}

/** A call as one trace: itself, and what happened in it in the order of time. */
export interface CallTrace {
  /** The call's. */
  readonly id: string;
  readonly call: CallSpan;
  readonly parts: readonly CallSpan[];
  /** Calls from which it came, or in which it goes on. */
  readonly linked: readonly string[];
  /** What the server could not do, where that is why it ended. */
  readonly failure: string | undefined;
}

/** Results that are no choice of anybody's. */
const FAILURES: ReadonlySet<CallRecord['result']> = new Set([
  'lost',
  'overloaded',
  'not-acceptable',
  'no-emergency-route',
]);

/**
 * What a record says, as spans: who is named by ids alone, so that numbers and names of people stay in Perch. `perch.…` are attributes of ours, as there
 * are no conventions for calls.
 */
export function callTrace(record: CallRecord): CallTrace {
  const { id, startedAt, endedAt, rangAt, answeredAt, attempts, legs, mailbox, result } = record;
  const events = [
    ...(rangAt === null ? [] : [{ name: 'rings', at: rangAt }]),
    ...(answeredAt === null ? [] : [{ name: 'answered', at: answeredAt }]),
  ];
  const call = {
    name: 'call',
    from: startedAt,
    until: endedAt,
    attributes: {
      'perch.call': id,
      'perch.result': result,
      'perch.emergency': record.emergency,
      ...whoIn('caller', record.caller),
      ...whoIn('callee', record.callee),
      ...(record.reason !== null && { 'perch.cause': record.reason.cause }),
    },
    events,
  };
  const parts = [...routing(record), ...attempts.map(ringing), ...legs.map(talking), ...visiting(mailbox)];
  return {
    id,
    call,
    parts: parts.toSorted((one, other) => one.from - other.from),
    linked: [record.transferredFrom, record.transferredTo].filter((other) => other !== null),
    failure: FAILURES.has(result) ? result : undefined,
  };
}

/** From the INVITE until somebody was rung, or the server has answered or refused. */
function routing({ startedAt, attempts, answeredAt, endedAt }: CallRecord): readonly CallSpan[] {
  const until = Math.min(attempts[0]?.at ?? endedAt, answeredAt ?? endedAt);
  return [{ name: 'route', from: startedAt, until, attributes: {}, events: [] }];
}

const ringing = ({ at, rangAt, endedAt, result, by, ...rest }: CallAttempt): CallSpan => ({
  name: 'ring',
  from: at,
  until: endedAt,
  attributes: { ...whoIn('callee', rest), 'perch.result': result, 'perch.transferred': by !== null },
  events: rangAt === null ? [] : [{ name: 'rings', at: rangAt }],
});

const talking = ({ from, until, side, joined, left, talkMs, holdMs, waitMs, ...who }: CallLeg): CallSpan => ({
  name: 'leg',
  from,
  until,
  attributes: {
    ...whoIn(side, who),
    'perch.joined': joined,
    'perch.left': left,
    'perch.talk_ms': talkMs,
    'perch.hold_ms': holdMs,
    'perch.wait_ms': waitMs,
  },
  events: [],
});

function visiting(mailbox: MailboxVisit | null): readonly CallSpan[] {
  if (mailbox === null) return [];
  const { from, until, message } = mailbox;
  const attributes = message === null ? {} : { 'perch.message_ms': message.durationMs };
  return [{ name: 'mailbox', from, until, attributes, events: [] }];
}

interface Who {
  readonly extension: string | null;
  readonly terminal: string | null;
}

const whoIn = (side: 'caller' | 'callee', who: Who | null): Attributes => ({
  ...(who !== null && who.extension !== null && { [`perch.${side}.extension`]: who.extension }),
  ...(who !== null && who.terminal !== null && { [`perch.${side}.terminal`]: who.terminal }),
});
