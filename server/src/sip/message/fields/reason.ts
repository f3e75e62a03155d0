import type { SipMessage } from '../message.ts';
import { parseParameterized } from './parameters.ts';
import { quoteText } from './quoting.ts';
import { decodeUtf8 } from '../utf8.ts';

/** One Reason (RFC 3326). */
export interface ReasonValue {
  /** `SIP` (the cause is a status), `Q.850`, or another registered protocol. */
  readonly protocol: string;
  readonly cause: number | undefined;
  /** As people read it. */
  readonly text: string | undefined;
}

/** Every well-formed Reason of a message; malformed ones are left out. */
export function reasonsOf(message: SipMessage): readonly ReasonValue[] {
  return message.headers.all('reason').flatMap((value) => parseReason(value) ?? []);
}

function parseReason(value: string): ReasonValue | undefined {
  const parsed = parseParameterized(value);
  if (parsed === undefined) return undefined;
  const cause = parsed.params.get('cause') ?? '';
  const text = parsed.params.get('text');
  return {
    protocol: parsed.token,
    cause: /^\d{1,3}$/.test(cause) ? Number(cause) : undefined,
    text: text === undefined ? undefined : decodeUtf8(text),
  };
}

/** The value of a Reason field; the text without its control characters. */
export function formatReason(protocol: 'SIP' | 'Q.850', cause: number, text?: string): string {
  return `${protocol};cause=${cause}${text === undefined ? '' : `;text=${quoteText(text)}`}`;
}
