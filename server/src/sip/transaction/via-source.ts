import { viaOf } from '../message/essentials.ts';
import type { SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';

/**
 * The Via lines of a request for its responses, the topmost with `received` where its sent-by is not where it came from
 * (RFC 3261 §18.2.1; of a browser it never is, RFC 7118 §5), and `rport` filled in where it was asked for (RFC 3581 §4).
 */
export function viaLinesWithSource(request: SipRequest, flow: Flow): string {
  const via = viaOf(request);
  const rport = via.params.get('rport');
  const { remoteAddress } = flow;
  const isHere = via.sentBy === remoteAddress || via.sentBy.startsWith(`${remoteAddress}:`);
  if ((isHere && rport === undefined) || via.params.has('received')) return request.headers.lines('via');
  const [top = '', ...others] = request.headers.all('via');
  const filled =
    rport === '' ? top.replace(/;[ \t]*rport(?=[ \t]*(?:;|$))/i, `;rport=${String(flow.remotePort)}`) : top;
  let lines = `Via: ${filled};received=${remoteAddress}\r\n`;
  for (const other of others) lines += `Via: ${other}\r\n`;
  return lines;
}
