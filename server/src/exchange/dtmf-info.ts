/** Some gateways write the keys beside the digits as the event codes of RFC 4733 §3.2. */
const EVENT_CODES: Readonly<Record<string, string>> = { '10': '*', '11': '#' };

/**
 * The key that an INFO reports: `application/dtmf-relay` with a line `Signal=5`, as JsSIP sends it, or `application/dtmf`
 * with the bare key. `undefined` for whatever else INFO carries.
 */
export function digitOfInfo(contentType: string, body: string): string | undefined {
  const signal = signalOf(contentType.split(';')[0]?.trim().toLowerCase(), body)?.toUpperCase();
  if (signal === undefined) return undefined;
  const key = EVENT_CODES[signal] ?? signal;
  return /^[0-9*#A-D]$/.test(key) ? key : undefined;
}

function signalOf(type: string | undefined, body: string): string | undefined {
  if (body.length > 256) return undefined;
  if (type === 'application/dtmf') return body.trim();
  if (type === 'application/dtmf-relay')
    return /^[ \t]*signal[ \t]*=[ \t]*(\S{1,2})[ \t]*$/im.exec(body)?.[1];
  return undefined;
}
