import { assertNever } from '@perch/shared';
import type { InboundLeg, Leg } from '../../../sip/user-agent/leg.ts';
import type { CallParty, CallService } from '../../ports.ts';
import type { Effect, Event } from '../machines/call-state.ts';
import type { LegId } from '../machines/fork.ts';
import { refusalFor } from '../outcome.ts';
import { type End, isPerson, type ServiceParty } from '../ports.ts';
import type { ServiceEnd } from '../services/service-end.ts';
import { AnchoredLeg } from './anchored-leg.ts';
import type { IcePath } from './ice-path.ts';

/** A leg in its call: who it belongs to, and the phone, or the service. The identity is that of the moment when the leg joined. */
export interface Seat<Of extends End = End> {
  readonly leg: Leg;
  readonly party: Of;
  /** The key of the phone's binding, by which it is recognized when it comes back. Empty for a phone that called without being registered. */
  readonly binding: string;
  readonly contact: string;
  /** The same leg, if its peer called us. */
  readonly inbound: InboundLeg | null;
  /** The same leg, if the server itself is at this end. */
  readonly service: ServiceEnd | null;
  /** Of a phone that may lose its path when its peer changes; those that take new sessions do not. */
  readonly path: IcePath | null;
  /** The call that receives the events of the leg; it changes when the leg is taken into another one. */
  call: { handle(event: Event): void } | null;
  /** Ends the wait for a phone that lost its flow. */
  stopWaiting: (() => void) | null;
}

/** The server's own end of a call. */
export const serviceSeat = (service: ServiceEnd, party: ServiceParty): Seat<ServiceParty> => ({
  leg: service,
  party,
  binding: '',
  contact: '',
  inbound: null,
  service,
  path: null,
  call: null,
  stopWaiting: null,
});

/** What a machine wants one leg to do. */
type Command = Exclude<
  Extract<Effect, { readonly leg: LegId }>,
  { readonly kind: 'refuse' | 'pass-on' | 'take' | 'give-back' | 're-seat' | 'host' }
>;

/** Tells the leg of a seat what its call has decided. */
export function tell({ leg, inbound, path, stopWaiting }: Seat, command: Command): void {
  switch (command.kind) {
    case 'ring':
      inbound?.progress(180);
      return;
    case 'answer':
      path?.told(command.sdp);
      inbound?.answer(command.sdp);
      return;
    case 'reject': {
      const { status, reason } = refusalFor(command.failure);
      inbound?.reject(status, { reason });
      return;
    }
    case 'end':
      stopWaiting?.();
      leg.end(command.reason);
      return;
    case 'withdraw':
      leg.withdraw(command.reason);
      return;
    case 'offer':
      path?.told(command.sdp);
      leg.offer(command.sdp);
      return;
    case 'ask-offer':
      leg.askOffer(command.again);
      return;
    case 'accept-offer':
      path?.told(command.sdp);
      leg.acceptOffer(command.sdp);
      return;
    case 'refuse-offer':
      leg.refuseOffer(command.status);
      return;
    case 'info':
      leg.info(command.contentType, command.body);
      return;
    case 'accept-refer':
      leg.acceptRefer(command.id);
      return;
    case 'refer-progress':
      leg.referProgress(command.id, command.status, command.text);
      return;
    default:
      assertNever(command);
  }
}

export const isAnchored = (seat: Seat | undefined): boolean => seat?.leg instanceof AnchoredLeg;

/** A seat as it is stored; `viaServer`: the sound of its call goes through the server. `undefined` where it has no dialog, the dialog is over, or a restart could not take the service up again. */
export function storedSeat(seat: Seat | undefined, viaServer: boolean): CallParty | CallService | undefined {
  if (seat === undefined) return undefined;
  const { party, binding, contact } = seat;
  if (!isPerson(party)) {
    const { parked, room, mailbox, number, name } = party;
    if (mailbox !== undefined) return { service: 'mailbox', ...mailbox, number, name };
    if (parked !== undefined) return { service: 'slot', ...parked };
    return room === undefined ? undefined : { service: 'conference', room };
  }
  const dialog = seat.leg.snapshot();
  if (dialog === undefined) return undefined;
  const { extension, terminal, number, name, withheld } = party;
  const isRecalled = viaServer && (isAnchored(seat) || seat.path?.mayStay === true);
  const stored: CallParty = { extension, terminal, number, name, binding, contact, dialog };
  if (withheld === undefined && !isRecalled) return stored;
  return { ...stored, ...(withheld && { withheld }), ...(isRecalled && { recalled: true }) };
}
