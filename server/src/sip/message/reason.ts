import { quote } from './auth-params.ts';
import type { SipMessage } from './message.ts';
import { LOWER_TOKEN, readDecimal } from './octets.ts';
import { parseParameters } from './parameters.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** One Reason (RFC 3326). */
export interface ReasonValue {
  /** `SIP` (the cause is a status), `Q.850`, or another that somebody registered. */
  readonly protocol: string;
  readonly cause: number | undefined;
  /** As people read it. */
  readonly text: string | undefined;
}

/** Every well-formed Reason of a message; the malformed ones say nothing. */
export function reasonsOf(message: SipMessage): readonly ReasonValue[] {
  return message.headers.all('reason').flatMap((value) => parseReason(value) ?? []);
}

function parseReason(value: string): ReasonValue | undefined {
  let end = 0;
  while (LOWER_TOKEN[value.charCodeAt(end)]) end++;
  const params = parseParameters(value.slice(end));
  if (end === 0 || params === undefined) return undefined;
  const cause = params.get('cause') ?? '';
  const number = readDecimal(cause, 0, cause.length, 999);
  const text = params.get('text');
  return {
    protocol: value.slice(0, end),
    cause: number < 0 ? undefined : number,
    text: text === undefined ? undefined : decodeUtf8(text),
  };
}

/** The value of a Reason field; the text without its control characters. */
export function formatReason(protocol: 'SIP' | 'Q.850', cause: number, text?: string): string {
  // eslint-disable-next-line no-control-regex -- they are what must go
  const clean =
    text === undefined ? '' : `;text=${quote(encodeUtf8(text.replace(/[\u0000-\u001f\u007f]/g, '')))}`;
  return `${protocol};cause=${cause}${clean}`;
}
