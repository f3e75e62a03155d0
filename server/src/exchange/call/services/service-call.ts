import type { CallId, CallView, TerminalId } from '@perch/shared';
import type { Flow } from '../../../sip/transport/flow.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import type { ServiceRequest } from '../../services/registry.ts';
import type { Binding } from '../../registrar/bindings.ts';
import type { TakenCall } from '../../services/service.ts';
import { REASONS } from '../outcome.ts';
import type { Party } from '../ports.ts';
import { UNDISTURBED } from '../views.ts';

/** A call whose far end is a service of the server. Its leg says how far it has come. */
export class ServiceCall {
  readonly farEnd = 'service';
  readonly id: CallId;
  readonly caller: Party;
  readonly request: ServiceRequest;
  /** What answers the leg; none where the service has refused it. */
  taken: TakenCall | undefined;
  readonly callee = null;
  readonly invited = null;
  readonly ringing = null;
  readonly holding = null;
  readonly away = null;
  readonly #leg: InboundLeg;
  /** The phone that called, where it has registered. */
  readonly #phone: Pick<Binding, 'key' | 'contact'> | undefined;
  readonly #called: CallView['with'];
  readonly #startedAt: number;

  /** `called` is what the caller's pages show as the other side; `now` in milliseconds since 1970. */
  constructor(
    { id, leg, caller }: { readonly id: CallId; readonly leg: InboundLeg; readonly caller: Party },
    phone: Pick<Binding, 'key' | 'contact'> | undefined,
    request: ServiceRequest,
    called: CallView['with'],
    now: number,
  ) {
    this.id = id;
    this.caller = caller;
    this.request = request;
    this.#leg = leg;
    this.#phone = phone;
    this.#called = called;
    this.#startedAt = now;
  }

  get isOver(): boolean {
    return this.#leg.state === 'over';
  }

  get phase(): 'ringing' | 'talking' {
    return this.#leg.state === 'early' ? 'ringing' : 'talking';
  }

  get terminals(): readonly TerminalId[] {
    return this.isOver ? [] : [this.caller.terminal];
  }

  get busy(): readonly Party[] {
    return this.isOver ? [] : [this.caller];
  }

  /** The call as its caller's pages see it. */
  get view(): CallView {
    const { number, name } = this.caller;
    return {
      ...{ id: this.id, state: this.phase === 'talking' ? 'talking' : 'calling', direction: 'outgoing' },
      ...{ with: this.#called, as: { number, name }, since: this.#startedAt, ...UNDISTURBED },
    };
  }

  /** Is it that dialog of its caller (RFC 3891)? */
  isDialog(callId: string, tagA: string, tagB: string): boolean {
    return this.#leg.isDialog(callId, tagA, tagB);
  }

  hangUp(): void {
    this.#leg.end(REASONS.transferred);
  }

  /** A phone registered on a new flow. If it is the caller's, and has the same dialogs, its leg goes on there (RFC 5626 §5.3). */
  phoneReturned({ key, contact, flow }: Binding): void {
    const leg = this.#leg;
    const isCaller = this.#phone?.key === key && this.#phone.contact === contact;
    if (isCaller && leg.state === 'confirmed' && leg.target.flow !== flow)
      leg.rebind({ flow, contact: leg.target.contact });
  }

  /** The account of that flow may no longer be used: the service decides what becomes of a call over it. */
  flowBarred(flow: Flow): void {
    if (this.#leg.target.flow === flow) this.taken?.on({ kind: 'barred' });
  }
}
