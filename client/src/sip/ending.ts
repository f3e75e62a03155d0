import type { IncomingRequest, IncomingResponse } from 'jssip/lib/Dialog';
import { endingOf, endingOfReason, type Ending } from '../phone/calls/call.ts';

/** How JsSIP tells of the end of a session. */
export interface EndEvent {
  readonly originator: 'local' | 'remote' | 'system';
  readonly message: IncomingResponse | IncomingRequest | null;
  readonly cause: string;
}

/** What the end of a session means for the call. */
export function endingFrom(
  originator: EndEvent['originator'],
  message: EndEvent['message'],
  cause: string,
): Ending {
  if (cause === 'Connection Error' || cause === 'Request Timeout' || cause === 'RTP Timeout')
    return 'connection';
  if (cause === 'No Answer') return 'no-answer';
  if (cause === 'WebRTC Error' || cause === 'User Denied Media Access') return 'failed';
  // Not a hang-up, after which the call is over already. JsSIP gives up a call that has lost the flow of its INVITE, or its dialog.
  if (originator === 'local') return 'connection';
  if (message && 'status_code' in message) return endingOf(message.status_code);
  const told = message ? endingOfReason(message.getHeader('Reason') ?? '') : undefined;
  // A call that was answered here goes on without this phone: it was transferred.
  if (told === 'elsewhere' && message?.method === 'BYE') return 'moved';
  return told ?? (originator === 'remote' ? 'there' : 'failed');
}
