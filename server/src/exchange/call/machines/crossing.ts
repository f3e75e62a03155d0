import { reasonPhrase } from '../../../sip/message/reason-phrases.ts';
import type { Reason } from '../../../sip/user-agent/leg.ts';
import { pressOfInfo } from '../../services/dtmf-info.ts';

/*
 * What passes from one leg to the other besides the phones' offers and answers: the cause for which a call ended, and the
 * press of a key. Both are written from scratch; nothing else of a BYE or an INFO is passed on.
 */

/** The cause of a peer's BYE, with a text of ours (RFC 3326); `undefined` where the number is not a valid cause. */
export function reasonAcross({ protocol, cause }: Reason): Reason | undefined {
  if (protocol === 'SIP') {
    return cause >= 100 && cause < 700 ? { protocol, cause, text: reasonPhrase(cause) } : undefined;
  }
  // ITU-T Q.850 §2.2.5: seven bits.
  return cause >= 1 && cause <= 127 ? { protocol, cause } : undefined;
}

export interface Info {
  readonly contentType: string;
  readonly body: string;
}

/** The key that a peer's INFO reports, in the form that JsSIP accepts; `undefined` for any other INFO. */
export function infoAcross({ contentType, body }: Info): Info | undefined {
  const press = pressOfInfo(contentType, body);
  return press && keyInfo(press.digit, press.durationMs);
}

/** A key that was pressed for so many milliseconds. */
export const keyInfo = (digit: string, durationMs = 100): Info => ({
  contentType: 'application/dtmf-relay',
  body: `Signal=${digit}\r\nDuration=${durationMs}\r\n`,
});
