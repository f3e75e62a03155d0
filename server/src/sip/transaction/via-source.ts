import { viaOf } from '../message/essentials.ts';
import type { SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';

/**
 * The Via lines of a request for its responses, the topmost with `received` where its sent-by is not where it came from
 * (RFC 3261 §18.2.1; a browser's never is, RFC 7118 §5), and `rport` filled in where it was asked for (RFC 3581 §4).
 */
export function viaLinesWithSource(request: SipRequest, flow: Flow): string {
  const { headers } = request;
  const via = viaOf(request);
  const { remoteAddress } = flow;
  const rport = via.isBare ? undefined : via.params.get('rport');
  const isHere = via.sentBy === remoteAddress || via.sentBy.startsWith(`${remoteAddress}:`);
  if ((isHere && rport === undefined) || (!via.isBare && via.params.has('received'))) {
    return headers.lines('via');
  }
  const top =
    rport === ''
      ? via.text.replace(/;[ \t]*rport(?=[ \t]*(?:;|$))/i, `;rport=${String(flow.remotePort)}`)
      : via.text;
  let lines = `Via: ${top.trimEnd()};received=${remoteAddress}\r\n`;
  // A browser's request has one Via only.
  if (headers.count('via') > 1 || headers.get('via') !== via.text) {
    for (const other of headers.all('via').slice(1)) lines += `Via: ${other}\r\n`;
  }
  return lines;
}
