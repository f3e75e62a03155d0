import type { CallView, Party } from '@perch/shared';
import type { Microphone } from '../../media/microphone.ts';
import type { Surroundings } from '../../phone/calls/quality.ts';
import type { CallEffect } from '../../phone/calls/call.ts';
import type { CallSession, Refusal } from '../../sip/session.ts';
import type { Settings } from '../page/settings.svelte.ts';
import type { CallSound, Replacement } from './audio/call-microphone.svelte.ts';

/** What a call begins with: a number that is dialled, an INVITE that has come, or a call that goes on here. */
export type CallTarget =
  /** `waiting`: who waits in the slot that the number picks up. */
  | { readonly number: string; readonly waiting: Party | null }
  | { readonly offered: CallSession }
  /** `since` when it was answered, by this browser's clock. */
  | { readonly taken: CallView; readonly since: number; readonly muted: boolean };

export const directionOf = (target: CallTarget): CallView['direction'] =>
  'taken' in target ? target.taken.direction : 'offered' in target ? 'incoming' : 'outgoing';

/** With what a call that rings here is refused. */
export const REFUSALS = { reject: 603, divert: 302, drop: 408 } as const satisfies Partial<
  Record<CallEffect, Refusal>
>;

/** What sends the INVITE of a call that was offered. */
export function refuseToInvite(): never {
  throw new Error('an offered call is answered, not dialled');
}

/** What one call needs of its surroundings. */
export interface CallParts<Call> {
  readonly sound: CallSound;
  readonly settings: Settings;
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly now: () => number;
  /** Identifies the session of the person at this terminal. */
  readonly session: string | null;
  /** Sends the INVITE of an outgoing call, or of one that goes on here, once the microphone is there. */
  readonly invite: (microphone: Pick<Microphone, 'stream'>) => CallSession;
  /** Sends an INVITE for another session of this call, in place of the one that it has. */
  readonly inviteAnew: (call: Call, stream: MediaStream) => CallSession;
  readonly iceServers: () => RTCIceServer[];
  /** What helps to tell whose fault bad sound is. */
  readonly surroundings: (call: Call) => Surroundings;
  /** Is the other side there, and nobody on hold? */
  readonly shouldHear: (call: Call) => boolean;
  /** Nothing arrives in a call: does anything come from the server? */
  readonly askLine: () => void;
  /** Another microphone has taken the place of the one before it. */
  readonly onMicrophone: (name: string, why: Replacement) => void;
  /** The server has given it an id, or another one. */
  readonly onNamed: (call: Call) => void;
  readonly onOver: (call: Call) => void;
}
