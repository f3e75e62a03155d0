import type { CallAttempt, CallLeg, CallRecord, NamedThen } from '@perch/shared';

/** One sentence of what happened in a call, for words to be put to: in the order in which it did. */
export type Step =
  | {
      readonly kind: 'called';
      readonly who: NamedThen;
      readonly dialled: string;
      readonly desk: string | null;
    }
  | { readonly kind: 'transferred'; readonly who: NamedThen; readonly to: NamedThen }
  /** It rang at the desk where it was a guest. */
  | { readonly kind: 'guest'; readonly who: NamedThen; readonly desk: string; readonly since: number | null }
  | { readonly kind: 'home'; readonly who: NamedThen }
  | {
      readonly kind: 'homeless';
      readonly who: NamedThen;
      readonly occupant: NamedThen;
      readonly since: number | null;
    }
  | {
      readonly kind: 'result';
      readonly result: CallAttempt['result'];
      readonly who: NamedThen;
      readonly ms: number;
    }
  /** It went on to that number, as the extension had set. */
  | { readonly kind: 'forwarded'; readonly to: string }
  | { readonly kind: 'picked-up'; readonly who: NamedThen }
  | { readonly kind: 'taken-up'; readonly who: NamedThen; readonly desk: string | null }
  | { readonly kind: 'joined'; readonly who: NamedThen }
  | { readonly kind: 'parked'; readonly who: NamedThen }
  | { readonly kind: 'mailbox'; readonly who: NamedThen; readonly messageMs: number | null }
  | { readonly kind: 'no-call'; readonly result: CallRecord['result'] }
  | { readonly kind: 'ended'; readonly who: NamedThen; readonly ms: number }
  | { readonly kind: 'lost'; readonly ms: number }
  | { readonly kind: 'over'; readonly ms: number }
  /** It was made at a desk before the one who made it came there. */
  | { readonly kind: 'claimed'; readonly who: NamedThen; readonly from: NamedThen };

export type Entry = Step & { readonly at: number };

/** What happened in a call, step by step: why it rang there, or not, who talked, and how it ended. PURE. */
export function timelineOf(record: CallRecord): readonly Entry[] {
  const { startedAt, caller, dialled, attempts, legs, mailbox, claimed } = record;
  const steps: Entry[] = [
    { at: startedAt, kind: 'called', who: caller, dialled, desk: caller.desk?.name ?? null },
    ...attempts.flatMap(attempted),
    ...legs.flatMap(joining),
    ...legs.flatMap((leg) =>
      leg.left === 'parked' ? [{ at: leg.until, kind: 'parked', who: leg } as const] : [],
    ),
  ];
  if (mailbox !== null)
    steps.push({
      // It is called before the one who sent the call there is told.
      at: Math.max(mailbox.from, attempts.at(-1)?.endedAt ?? 0),
      kind: 'mailbox',
      who: mailbox,
      messageMs: mailbox.message?.durationMs ?? null,
    });
  const trace: Entry[] = claimed
    ? [{ at: claimed.at, kind: 'claimed', who: claimed.by, from: claimed.from }]
    : [];
  return [...inTime(steps), ...ending(record), ...trace];
}

function attempted(attempt: CallAttempt): readonly Entry[] {
  const { at, endedAt, by, desk, occupant, terminal, result, forwarded } = attempt;
  const steps: Entry[] = [];
  const on: Entry[] = forwarded === undefined ? [] : [{ at: endedAt, kind: 'forwarded', to: forwarded }];
  if (by !== null) steps.push({ at, kind: 'transferred', who: by, to: attempt });
  if (occupant !== null)
    return [...steps, { at, kind: 'homeless', who: attempt, occupant, since: occupant.since }, ...on];
  if (desk !== null) steps.push({ at, kind: 'guest', who: attempt, desk: desk.name, since: desk.since });
  else if (terminal !== null && endedAt > at) steps.push({ at, kind: 'home', who: attempt });
  return [...steps, { at: endedAt, kind: 'result', result, who: attempt, ms: endedAt - at }, ...on];
}

function joining(leg: CallLeg): readonly Entry[] {
  const { from: at, joined, desk, extension } = leg;
  if (extension === null) return [];
  switch (joined) {
    case 'picked-up':
      return [{ at, kind: 'picked-up', who: leg }];
    case 'taken-up':
      return [{ at, kind: 'taken-up', who: leg, desk: desk?.name ?? null }];
    case 'joined':
      return [{ at, kind: 'joined', who: leg }];
    default:
      return [];
  }
}

function ending({ attempts, answeredAt, endedAt, endedBy, result, legs }: CallRecord): readonly Entry[] {
  if (answeredAt === null) return attempts.length === 0 ? [{ at: endedAt, kind: 'no-call', result }] : [];
  const ms = endedAt - answeredAt;
  const at = legs.reduce((last, { until }) => Math.max(last, until), answeredAt);
  if (result === 'lost') return [{ at, kind: 'lost', ms }];
  return [endedBy === null ? { at, kind: 'over', ms } : { at, kind: 'ended', who: endedBy, ms }];
}

/** Steps of one instant stay in their order. */
const inTime = (steps: readonly Entry[]): readonly Entry[] =>
  steps.toSorted((one, other) => one.at - other.at);
