import type { CallId } from '@perch/shared';
import type { Microphone } from '../../media/microphone.ts';
import type { LastWord } from '../../phone/calls/ring-policy.ts';
import type { CallSession } from '../../sip/session.ts';
import type { Clock } from '../page/clock.svelte.ts';
import type { Settings } from '../page/settings.svelte.ts';
import type { ActiveCall } from './active-call.svelte.ts';
import type { CallSound, Replacement } from './audio/call-microphone.svelte.ts';

/** What the calls of a phone need of its page. */
export interface CallsParts {
  /** How many calls there may be at once: one more that comes in is told that the phone is busy. */
  readonly most: number;
  /** Is there a call that nothing may disturb? One that comes in is then told the same. */
  readonly inEmergency: () => boolean;
  readonly sound: CallSound;
  readonly settings: Settings;
  /** The time in whole seconds, for what is shown. */
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly now: () => number;
  readonly lastWord: () => LastWord;
  /** Is the server heard later than usual? */
  readonly serverIsLate: () => boolean;
  /** Identifies the session of the person at this terminal. */
  readonly session: () => string | null;
  readonly iceServers: () => RTCIceServer[];
  readonly invite: (number: string, microphone: Pick<Microphone, 'stream'>) => CallSession;
  /** Calls for another session of that call; the number only makes an address of it. */
  readonly takeUp: (number: string, id: CallId | null, stream: MediaStream) => CallSession;
  /** Nothing arrives in a call: does anything come from the server? */
  readonly askLine: () => void;
  /** The number of the extension that speaks here. */
  readonly speaker: () => string | null;
  readonly onMicrophone: (name: string, why: Replacement) => void;
  readonly onOver: (call: ActiveCall) => void;
}
