import type { RTCSession } from 'jssip/lib/RTCSession';

/** What JsSIP says when it ends a call whose dialog the other side does not know. */
const DIALOG_ERROR = 'Dialog Error';

interface Asking {
  /** `null` until it has been accepted: of one that comes in, until our 2xx has gone out. `isEstablished` is true as soon as a person answers. */
  readonly start_time: Date | null;
  isEstablished(): boolean;
  sendRequest(method: 'OPTIONS', options: { readonly eventHandlers: object }): void;
  terminate: RTCSession['terminate'];
}

/** JsSIP's sessions, by their ids, which its types leave out. */
interface SessionOwner {
  readonly _sessions: Readonly<Record<string, Asking>>;
}

/**
 * The line is back: asks the server in each session whether it still knows that (RFC 3261 §12.2.1.2), and ends those that it does not. One that was
 * started anew knows only what it had stored, and tells nobody of what it has forgotten. One that is being answered is left alone: the server
 * knows its dialog only once it has the 2xx.
 */
export function askAfterDialogs(ua: object): void {
  for (const session of Object.values((ua as SessionOwner)._sessions)) {
    if (!session.isEstablished() || session.start_time === null) continue;
    session.sendRequest('OPTIONS', {
      eventHandlers: {
        onDialogError: () => {
          if (session.isEstablished()) session.terminate({ cause: DIALOG_ERROR });
        },
      },
    });
  }
}
