/** Some gateways write the keys beside the digits as the event codes of RFC 4733 §3.2. */
const EVENT_CODES: Readonly<Record<string, string>> = { '10': '*', '11': '#' };

const TYPES: ReadonlySet<string | undefined> = new Set(['application/dtmf-relay', 'application/dtmf']);
/** Octets; a report of one key takes about thirty. */
const LONGEST_BODY = 256;
/** Milliseconds, where the phone does not say. */
const USUAL_DURATION = 100;
const LONGEST_DURATION = 5_000;

/** One press of a key. */
export interface Press {
  readonly digit: string;
  readonly durationMs: number;
}

/**
 * The key that an INFO reports. JsSIP sends `application/dtmf-relay` with lines `Signal=5` and `Duration=100`, others
 * `application/dtmf` with the bare key; some phones mix the two, or put the key in quotes. `undefined` for any
 * other INFO.
 */
export function pressOfInfo(contentType: string, body: string): Press | undefined {
  if (!TYPES.has(contentType.split(';')[0]?.trim().toLowerCase()) || body.length > LONGEST_BODY)
    return undefined;
  const signal = lineOf('signal', body) ?? body;
  const key = /^\s*(["']?)([0-9*#a-d]{1,2})\1\s*$/i.exec(signal)?.[2]?.toUpperCase() ?? '';
  const digit = EVENT_CODES[key] ?? key;
  if (digit.length !== 1) return undefined;
  const duration = /^\s*(["']?)(\d{1,5})\1\s*$/.exec(lineOf('duration', body) ?? '')?.[2];
  return { digit, durationMs: Math.min(Number(duration ?? USUAL_DURATION), LONGEST_DURATION) };
}

/** What follows `name =` on a line of its own. */
const lineOf = (name: 'signal' | 'duration', body: string): string | undefined =>
  new RegExp(`^[ \\t]*${name}[ \\t]*=([^\\r\\n]*)$`, 'im').exec(body)?.[1];
