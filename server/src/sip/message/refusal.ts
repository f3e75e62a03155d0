import type { WireHeaders } from './wire-headers.ts';

/** A refusal makes no dialog, so that its To tag need not be unique (RFC 3261 §8.2.7). */
const TAG = ';tag=refused';

/** Octets: more than any phone's own header needs. A refusal echoes no more. */
const MAX_ECHO = 8192;

/**
 * The response to a request that could not be parsed, from those of its lines that could be read (RFC 3261 §8.2.6.2,
 * RFC 4475 §3.3.1: "ideally" even where some are missing). `undefined` where there is not even a Via to send it by.
 */
export function refusal(headers: WireHeaders, status: number, reason: string): string | undefined {
  const via = headers.lines('via');
  if (via === '' || via.length > MAX_ECHO) return undefined;
  return (
    `SIP/2.0 ${status} ${reason}\r\n${via}` +
    echo('From', headers.get('from')) +
    echo('To', tagged(headers.get('to'))) +
    echo('Call-ID', headers.get('call-id')) +
    echo('CSeq', headers.get('cseq')) +
    'Content-Length: 0\r\n\r\n'
  );
}

const echo = (name: string, value: string | undefined): string =>
  value === undefined || value.length > MAX_ECHO ? '' : `${name}: ${value}\r\n`;

const tagged = (to: string | undefined): string | undefined =>
  to === undefined || /;[ \t]*tag[ \t]*=/i.test(to) ? to : to + TAG;
