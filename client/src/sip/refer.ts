import type { RTCSession } from 'jssip/lib/RTCSession';
import { type Ending, endingOf } from '../phone/calls/call.ts';
import type { TransferProgress } from '../phone/calls/transfer.ts';

/** What the types of JsSIP leave out: the dialog that is to be replaced, and what it tells of its subscription. */
interface ReferOptions {
  readonly replaces?: RTCSession | undefined;
  readonly eventHandlers: {
    readonly requestFailed: (event: { readonly response: { readonly status_code: number } | null }) => void;
    readonly progress: (event: { readonly status_line: { readonly status_code: number } }) => void;
    readonly accepted: () => void;
    readonly failed: (event: { readonly status_line: { readonly status_code: number } }) => void;
  };
}

/** `Call Is Being Forwarded`: here, to the mailbox of the target. */
const FORWARDED = 181;

/**
 * Asks the server to put `target` in our place in this session (REFER, RFC 3515), or the other side of the session `replaces`, which is
 * with that target (RFC 3891). Tells how it goes until it is done or has failed.
 */
export function refer(
  session: RTCSession,
  target: string,
  replaces: RTCSession | undefined,
  onProgress: (progress: TransferProgress) => void,
): void {
  const failed = (ending: Ending): void => onProgress({ kind: 'failed', ending });
  const options: ReferOptions = {
    ...(replaces === undefined ? {} : { replaces }),
    eventHandlers: {
      requestFailed: ({ response }) =>
        failed(response === null ? 'connection' : endingOf(response.status_code)),
      progress: ({ status_line }) =>
        onProgress({ kind: status_line.status_code === FORWARDED ? 'forwarded' : 'ringing' }),
      accepted: () => onProgress({ kind: 'done' }),
      failed: ({ status_line }) => failed(endingOf(status_line.status_code)),
    },
  };
  session.refer(target, options as Parameters<RTCSession['refer']>[1]);
}
