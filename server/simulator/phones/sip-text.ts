import type { SipRequest } from '../../src/sip/message/message.ts';

export interface RequestText {
  readonly method: string;
  readonly uri: string;
  readonly host: string;
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly sequence: number;
  readonly contact: string;
  readonly fields?: readonly string[];
  readonly body?: string;
  /** Of the body; SDP where nothing else is said. */
  readonly type?: string;
}

const ALLOW = 'Allow: INVITE, ACK, CANCEL, BYE, UPDATE, INFO, REFER, NOTIFY, OPTIONS';

export function requestText(text: RequestText): string {
  const { method, uri, host, branch, from, to, callId, sequence, contact, fields = [] } = text;
  return message(
    `${method} ${uri} SIP/2.0`,
    [
      `Via: SIP/2.0/WS ${host};branch=${branch}`,
      'Max-Forwards: 69',
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${String(sequence)} ${method}`,
      `Contact: ${contact}`,
      ALLOW,
      ...fields,
    ],
    text,
  );
}

interface ResponseText {
  readonly tag?: string;
  readonly contact: string;
  readonly fields?: readonly string[];
  readonly body?: string;
}

/** The response to a request of the server's, as `200 OK`. */
export function responseText(request: SipRequest, status: string, text: ResponseText): string {
  const { headers, essentials } = request;
  const tag = text.tag === undefined || essentials.to.tag !== undefined ? '' : `;tag=${text.tag}`;
  const lines = (name: string): string => headers.lines(name).trimEnd();
  return message(
    `SIP/2.0 ${status}`,
    [
      lines('via'),
      lines('from'),
      `To: ${headers.get('to') ?? ''}${tag}`,
      lines('call-id'),
      lines('cseq'),
      `Contact: ${text.contact}`,
      ALLOW,
      ...(text.fields ?? []),
    ],
    text,
  );
}

function message(
  first: string,
  fields: readonly string[],
  { body = '', type = 'application/sdp' }: { readonly body?: string; readonly type?: string },
): string {
  const typed = body === '' ? '' : `Content-Type: ${type}\r\n`;
  return `${first}\r\n${fields.join('\r\n')}\r\n${typed}Content-Length: ${String(body.length)}\r\n\r\n${body}`;
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What a description says of one session of sound. */
export interface Sound {
  /** Whose it is. */
  readonly session: string;
  readonly version: number;
  readonly direction: Direction;
  readonly ufrag: string;
  /** As browsers say it. */
  readonly trickles: boolean;
}

export const sdpText = ({ session, version, direction, ufrag, trickles }: Sound): string =>
  [
    'v=0',
    `o=- ${session} ${String(version)} IN IP4 192.0.2.1`,
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:0a1b2c3d4e5f60718293a4b5',
    ...(trickles ? ['a=ice-options:trickle'] : []),
    'a=setup:actpass',
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    '',
  ].join('\r\n');

export const directionIn = (sdp: string): Direction =>
  (/^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(sdp)?.[1] as Direction | undefined) ?? 'sendrecv';
export const sessionIn = (sdp: string): string => /^o=\S+ (\S+)/m.exec(sdp)?.[1] ?? '';
export const ufragIn = (sdp: string): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '';

/** The direction with which an offer is answered (RFC 3264 §6.1). */
export function answerTo(offered: Direction, holds: boolean): Direction {
  if (offered === 'sendrecv') return holds ? 'sendonly' : 'sendrecv';
  return offered === 'sendonly' && !holds ? 'recvonly' : 'inactive';
}
