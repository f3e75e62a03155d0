import type { CallView } from '@perch/shared';
import type { Microphone } from '../../media/microphone.ts';
import { type LastWord, ringingViewOf, rings, SILENCE_MS } from '../../phone/calls/ring-policy.ts';
import type { CallSession } from '../../sip/session.ts';
import { ActiveCall } from './active-call.svelte.ts';
import type { CallSound } from './call-microphone.svelte.ts';
import type { Clock } from '../page/clock.svelte.ts';
import type { Settings } from '../page/settings.svelte.ts';

/** How long to wait for the CANCEL, which gives the reason, once the server says that a call no longer rings (milliseconds). */
const CANCEL_MS = 1_000;

export interface DeskParts {
  readonly sound: CallSound;
  readonly settings: Settings;
  readonly clock: Pick<Clock, 'now'>;
  readonly lastWord: () => LastWord;
  readonly iceServers: () => RTCIceServer[];
  readonly invite: (number: string, microphone: Microphone) => CallSession;
  readonly onMicrophone: (name: string) => void;
  readonly onOver: (call: ActiveCall) => void;
}

/** The one call that this phone has at a time; a second one is told that the phone is busy. */
export class CallDesk {
  current: ActiveCall | null = $state.raw(null);
  readonly #parts: DeskParts;
  /** Since when the server has no longer confirmed the ringing call, by this browser's clock. */
  #staleSince: number | null = null;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** The ringing call, as long as the server confirms that it rings. */
  get ringing(): ActiveCall | null {
    return this.current?.state.kind === 'offered' && this.#stillRings(this.current) ? this.current : null;
  }

  /** The server's view of the call that rings. */
  get ringingView(): CallView | undefined {
    return this.current
      ? ringingViewOf(this.#offered(this.current), this.#parts.lastWord().calls)
      : undefined;
  }

  /** A call to a person or station, from the first ringback to the end. */
  get talking(): ActiveCall | null {
    return this.current !== null && this.current.state.kind !== 'offered' && !this.atCenter
      ? this.current
      : null;
  }

  /** Is the Virtualization Center on the line? */
  get atCenter(): boolean {
    return this.current?.isCenter === true;
  }

  place(number: string): void {
    this.current ??= this.#call({ number }, (microphone) => this.#parts.invite(number, microphone));
  }

  offer(session: CallSession): void {
    this.#staleSince = null;
    if (this.current === null) this.current = this.#call({ offered: session });
    else session.reject(486);
  }

  /** The ringing call has lost its flow, or the server has forgotten it: it can no longer be answered. */
  discardRinging(): void {
    this.current?.withdraw('connection');
  }

  /** Ends a ring that the server no longer confirms, once its CANCEL has had time to give the reason. */
  dropStaleRing(): void {
    const call = this.current;
    if (call?.state.kind !== 'offered' || this.#stillRings(call)) {
      this.#staleSince = null;
      return;
    }
    const { now } = this.#parts.clock;
    this.#staleSince ??= now;
    if (now - this.#staleSince < CANCEL_MS) return;
    call.withdraw(now - this.#parts.lastWord().heardAt < SILENCE_MS ? 'there' : 'connection');
  }

  lineRestored(isWithServer: (call: ActiveCall) => boolean): void {
    this.current?.lineRestored(isWithServer(this.current));
  }

  #stillRings(call: ActiveCall): boolean {
    return rings(this.#offered(call), this.#parts.lastWord(), this.#parts.clock.now);
  }

  #offered = (call: ActiveCall): { since: number; from: string } => ({
    since: call.startedAt,
    from: call.number,
  });

  #call(
    target: ConstructorParameters<typeof ActiveCall>[0],
    invite: (microphone: Microphone) => CallSession = refuseToInvite,
  ): ActiveCall {
    const { sound, settings, iceServers, onMicrophone, onOver } = this.#parts;
    return new ActiveCall(target, {
      sound,
      settings,
      iceServers,
      invite,
      onMicrophone,
      onOver: (call) => {
        if (this.current === call) this.current = null;
        onOver(call);
      },
    });
  }
}

function refuseToInvite(): never {
  throw new Error('an offered call is answered, not dialled');
}
