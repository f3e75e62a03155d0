import { assertNever } from '@perch/shared';

/** A subscription as its notifier keeps it (RFC 6665 §4.2), with one NOTIFY under way at most. */
export type State =
  /** The subscriber has confirmed what it was told last. */
  | { readonly kind: 'confirmed' }
  /** NOTIFY is under way; `stale` where another has to follow. */
  | { readonly kind: 'notifying'; readonly stale: boolean }
  /** Over, but for the last NOTIFY, which waits for the one under way. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'over' };

export type Event =
  /** SUBSCRIBE was answered 200: told, whether or not anything has changed (RFC 6665 §4.2.1.2). */
  | 'subscribed'
  /** The same over another flow: what is under way over the old one no longer matters. */
  | 'moved'
  | 'changed'
  /** 2xx to NOTIFY. */
  | 'accepted'
  /** Anything else, silence and a dead flow too (RFC 6665 §4.2.2). */
  | 'failed'
  /** It has expired, or the subscriber has ended it. */
  | 'expired'
  /** The subscriber can no longer be reached. */
  | 'closed';

export type Effect =
  | { readonly kind: 'notify' }
  /** `terminated`: nothing follows. */
  | { readonly kind: 'notify-last' }
  | { readonly kind: 'release'; readonly last: NotifyResult };

/** The outcome of the last NOTIFY: answered 200, not answered, or refused. */
export type NotifyResult = 'confirmed' | 'unanswered' | 'refused';

type Step = readonly [State, readonly Effect[]];

const OVER: State = { kind: 'over' };

/** An event that does not belong to the state changes nothing. */
export function step(state: State, event: Event): Step {
  switch (state.kind) {
    case 'confirmed':
      return confirmed(state, event);
    case 'notifying':
      return notifying(state, event);
    case 'leaving':
      return leaving(state, event);
    case 'over':
      return [state, []];
    default:
      return assertNever(state);
  }
}

function confirmed(state: State, event: Event): Step {
  switch (event) {
    case 'subscribed':
    case 'moved':
    case 'changed':
      return notify();
    case 'expired':
      return notifyLast();
    case 'closed':
      return released('confirmed');
    default:
      return [state, []];
  }
}

function notifying(state: State & { kind: 'notifying' }, event: Event): Step {
  switch (event) {
    case 'subscribed':
    case 'changed':
      return [{ kind: 'notifying', stale: true }, []];
    case 'moved':
      return notify();
    case 'accepted':
      return state.stale ? notify() : [{ kind: 'confirmed' }, []];
    case 'expired':
      return [{ kind: 'leaving' }, []];
    case 'failed':
      return released('refused');
    case 'closed':
      return released('unanswered');
    default:
      return assertNever(event);
  }
}

function leaving(state: State, event: Event): Step {
  switch (event) {
    case 'accepted':
      return notifyLast();
    case 'failed':
      return released('refused');
    case 'closed':
      return released('unanswered');
    default:
      return [state, []];
  }
}

const notify = (): Step => [{ kind: 'notifying', stale: false }, [{ kind: 'notify' }]];
const notifyLast = (): Step => [OVER, [{ kind: 'notify-last' }, { kind: 'release', last: 'unanswered' }]];
const released = (last: NotifyResult): Step => [OVER, [{ kind: 'release', last }]];
