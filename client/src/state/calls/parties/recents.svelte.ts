import { callId, type CallId, party, type Party } from '@perch/shared';
import * as z from 'zod/mini';
import type { RecentKind } from '../../../phone/calls/recent-kind.ts';

const recentCall = z.object({
  /** `null` where the server never named it. */
  call: z._default(z.nullable(z.pipe(z.string(), z.transform(callId))), null),
  with: party,
  kind: z.enum(['incoming', 'outgoing', 'missed', 'declined', 'elsewhere', 'not-reached']),
  /** When it began (milliseconds since 1970-01-01 UTC). */
  at: z.number(),
  /** The list has been looked at since. */
  seen: z.boolean(),
});

export interface RecentCall {
  readonly call: CallId | null;
  readonly with: Party;
  readonly kind: RecentKind;
  readonly at: number;
  readonly seen: boolean;
}

const MOST = 50;

/**
 * The calls of this session. Those of a personal phone outlast a reload, in the storage of its tab; those of a station or a
 * guest are in memory only: nothing of a guest outlives the guest.
 */
export class Recents {
  list: readonly RecentCall[] = $state.raw([]);
  #key: string | null = null;

  /** How many missed calls have not been looked at yet. */
  get missed(): number {
    return this.list.filter(({ kind, seen }) => kind === 'missed' && !seen).length;
  }

  /** Another session begins: that of the owner of the personal phone `owner`, or one of which nothing is kept. */
  begin(owner: string | null): void {
    this.#key = owner === null ? null : `perch.recents.${owner}`;
    this.list = this.#key === null ? [] : stored(this.#key);
  }

  add(call: Omit<RecentCall, 'seen'>): void {
    this.#change([{ ...call, seen: false }, ...this.list].slice(0, MOST));
  }

  /** The list has been looked at. */
  look(): void {
    if (this.missed > 0) this.#change(this.list.map((call) => ({ ...call, seen: true })));
  }

  /** That call, which was missed because the line broke, rings again. */
  takeBack(call: CallId): void {
    const list = this.list.filter((recent) => recent.call !== call || recent.kind !== 'missed');
    if (list.length < this.list.length) this.#change(list);
  }

  #change(list: readonly RecentCall[]): void {
    this.list = list;
    if (this.#key === null) return;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(list));
    } catch {
      // With a full storage, only a reload loses the list.
    }
  }
}

function stored(key: string): readonly RecentCall[] {
  try {
    return z.array(recentCall).parse(JSON.parse(sessionStorage.getItem(key) ?? '[]'));
  } catch {
    return [];
  }
}
