import type { CallId, TerminalId } from '@perch/shared';
import type { Invited, Parties, State } from './machines/call-state.ts';
import type { LegId } from './machines/fork.ts';
import { busyIn, invitedIn, ringingIn, type RingingPhones, terminalsIn } from './machines/visible.ts';
import type { CallAccount } from './records/account.ts';
import { type End, isPerson, type Party } from './ports.ts';
import type { Seat } from './seats/seat.ts';
import { sidesWhere, type Viewed } from './views.ts';

/** A call as its surroundings see it: everything here is read from its state and its legs. */
export abstract class ShownCall implements Viewed {
  abstract readonly id: CallId;
  abstract readonly account: CallAccount;
  abstract readonly answeredAt: number | null;
  abstract readonly state: State;
  /** Of a call with which help calls back: the terminal from which it was called. */
  abstract readonly callsBack: TerminalId | null;
  readonly seats = new Map<LegId, Seat>();

  readonly farEnd = 'phone';

  get startedAt(): number {
    return this.account.startedAt;
  }

  get isOver(): boolean {
    return this.state.kind === 'over';
  }

  /** The caller's offer, while it waits for an answer. */
  get offer(): string | undefined {
    return this.state.kind === 'ringing' ? this.seats.get(this.state.caller)?.inbound?.sdp : undefined;
  }

  get phase(): Viewed['phase'] {
    return this.state.kind === 'ringing' ? 'ringing' : 'talking';
  }

  get caller(): End {
    return this.state.parties.caller;
  }

  get callee(): End {
    return this.state.parties.callee;
  }

  get invited(): Invited | null {
    return invitedIn(this.state);
  }

  get holding(): Viewed['holding'] {
    const { state } = this;
    if (state.kind !== 'talking' || state.held.length === 0) return null;
    return sidesWhere(state.held.includes(state.caller), state.held.includes(state.callee));
  }

  get away(): Viewed['away'] {
    return sidesWhere(isAwaited(this.seatOf('caller')), isAwaited(this.seatOf('callee')));
  }

  get terminals(): readonly TerminalId[] {
    return terminalsIn(this.state);
  }

  get busy(): readonly Party[] {
    return busyIn(this.state);
  }

  get ringing(): RingingPhones | null {
    return ringingIn(this.state);
  }

  /** Is the server itself one end of it? */
  get hasService(): boolean {
    return !isPerson(this.caller) || !isPerson(this.callee);
  }

  /** The seat of a side, once the call has two. */
  seatOf(side: keyof Parties): Seat | undefined {
    const { state } = this;
    if (state.kind === 'over') return undefined;
    if (side === 'caller') return this.seats.get(state.caller);
    return state.kind === 'ringing' ? undefined : this.seats.get(state.callee);
  }
}

const isAwaited = (seat: Seat | undefined): boolean => seat !== undefined && seat.stopWaiting !== null;
