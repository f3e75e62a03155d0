import { assertNever } from '@perch/shared';
import { grant, INTERVAL_SECONDS, MIN_SECONDS, off, step } from '../../dialog/machines/session-timer.ts';
import type { Event, State } from '../../dialog/machines/session-timer.ts';
import type { DialogSnapshot } from '../../dialog/dialog-snapshot.ts';
import type { HeaderField, SipRequest, SipResponse } from '../../message/message.ts';
import { sessionExpiresOf } from '../../message/fields/session-expires.ts';
import { hasToken } from '../../message/fields/token-list.ts';
import type { Clock } from '../../../world/clock.ts';

interface SessionRefreshOptions {
  readonly clock: Clock;
  readonly refresh: () => void;
  readonly expire: () => void;
}

/** Keeps one session from expiring, or notices that it has (RFC 4028). */
export class SessionRefresh {
  readonly #options: SessionRefreshOptions;
  #state: State = off;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SessionRefreshOptions) {
    this.#options = options;
  }

  /** The timer fields of the 2xx to a request of the peer; adopts their terms. */
  answer(request: SipRequest): readonly HeaderField[] {
    const asked =
      sessionExpiresOf(request) ??
      (this.#state.kind !== 'off' && hasToken(request, 'supported', 'timer')
        ? { seconds: INTERVAL_SECONDS, refresher: undefined }
        : undefined);
    if (asked === undefined) {
      this.#apply({ kind: 'declined' });
      return [];
    }
    const { seconds, refresher } = grant(asked);
    this.#apply({ kind: 'agreed', seconds, refresher: refresher === 'uas' ? 'us' : 'peer' });
    const expires: HeaderField = ['Session-Expires', `${String(seconds)};refresher=${refresher}`];
    return refresher === 'uac' ? [expires, ['Require', 'timer']] : [expires];
  }

  /** The timer fields of our INVITEs and UPDATEs within the dialog; without them JsSIP falls back to its 90 s. */
  ask(): readonly HeaderField[] {
    switch (this.#state.kind) {
      case 'off':
      case 'over':
        return [];
      case 'ours':
      case 'refreshing':
        return [FIRST_TERMS];
      case 'theirs':
        return [['Session-Expires', `${String(this.#state.seconds)};refresher=uas`]];
      default:
        return assertNever(this.#state);
    }
  }

  /** A 2xx to a request of ours. */
  settle(response: SipResponse): void {
    const terms = sessionExpiresOf(response);
    if (terms === undefined) {
      this.#apply({ kind: 'declined' });
      return;
    }
    const seconds = Math.max(terms.seconds, MIN_SECONDS);
    this.#apply({ kind: 'agreed', seconds, refresher: terms.refresher === 'uas' ? 'peer' : 'us' });
  }

  /** After a restart: the interval starts again. */
  resume(timer: DialogSnapshot['sessionTimer']): void {
    if (timer === undefined) return;
    this.#apply({ kind: 'agreed', seconds: timer.intervalSeconds, refresher: timer.refresher });
  }

  /** We have nothing to refresh with. */
  decline(): void {
    this.#apply({ kind: 'declined' });
  }

  /** The dialog is over. */
  end(): void {
    this.#apply({ kind: 'ended' });
  }

  get agreed(): DialogSnapshot['sessionTimer'] {
    if (this.#state.kind === 'off' || this.#state.kind === 'over') return undefined;
    return {
      intervalSeconds: this.#state.seconds,
      refresher: this.#state.kind === 'theirs' ? 'peer' : 'us',
    };
  }

  #apply(event: Event): void {
    const [state, effects] = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'arm':
          this.#cancelTimer?.();
          this.#cancelTimer = this.#options.clock.after(effect.seconds * 1000, () => {
            this.#apply({ kind: 'due' });
          });
          break;
        case 'disarm':
          this.#cancelTimer?.();
          break;
        case 'refresh':
          this.#options.refresh();
          break;
        case 'expire':
          this.#options.expire();
          break;
        default:
          assertNever(effect);
      }
    }
  }
}

/** What our first INVITE asks for, and every one while we are the refresher. */
export const FIRST_TERMS: HeaderField = ['Session-Expires', `${String(INTERVAL_SECONDS)};refresher=uac`];
