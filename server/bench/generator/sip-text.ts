/**
 * The minimum of SIP that a load generator needs: it writes from templates, trusts what it reads, and looks
 * for header fields by their canonical names.
 */

/** The value of the first field of that name, or of the last (JsSIP keeps the last of several challenges). */
export function field(message: string, name: string, which: 'first' | 'last' = 'first'): string | undefined {
  const key = `\r\n${name}: `;
  const at = which === 'first' ? message.indexOf(key) : message.lastIndexOf(key);
  if (at < 0) return undefined;
  const start = at + key.length;
  return message.slice(start, message.indexOf('\r\n', start));
}

export function fields(message: string, name: string): readonly string[] {
  const key = `\r\n${name}: `;
  const found: string[] = [];
  for (let at = message.indexOf(key); at >= 0; at = message.indexOf(key, at + 2)) {
    const start = at + key.length;
    found.push(message.slice(start, message.indexOf('\r\n', start)));
  }
  return found;
}

export const isResponse = (message: string): boolean => message.startsWith('SIP/2.0 ');
export const status = (response: string): number => Number(response.slice(8, 11));
export const firstLine = (message: string): string => message.slice(0, message.indexOf('\r\n'));
export const method = (request: string): string => request.slice(0, request.indexOf(' '));

export const body = (message: string): string => message.slice(message.indexOf('\r\n\r\n') + 4);

/** The branch of the topmost Via. */
export function branch(message: string): string {
  const start = message.indexOf(';branch=') + 8;
  let end = start;
  for (; end < message.length; end++) {
    const code = message.charCodeAt(end);
    if (code === 59 || code === 13 || code === 44) break;
  }
  return message.slice(start, end);
}

/** A parameter of a challenge, without its quotes. */
export function challengeParameter(challenge: string, name: string): string {
  const key = `${name}="`;
  const at = challenge.indexOf(key);
  if (at < 0) throw new Error(`the challenge has no ${name}: ${challenge}`);
  return challenge.slice(at + key.length, challenge.indexOf('"', at + key.length));
}

/** The address between `<` and `>`. */
export function addressOf(value: string): string {
  const start = value.indexOf('<');
  return start < 0 ? value : value.slice(start + 1, value.indexOf('>', start));
}

const ECHOED = ['Via', 'Record-Route', 'From', 'To', 'Call-ID', 'CSeq'];

/** A response to `request` with what has to be copied from it (RFC 3261 §8.2.6.2). */
export function respond(
  request: string,
  statusLine: string,
  options: { readonly toTag: string; readonly contact?: string; readonly sdp?: string },
): string {
  let text = `SIP/2.0 ${statusLine}\r\n`;
  for (const name of ECHOED) {
    for (const value of fields(request, name)) {
      const tag =
        name === 'To' && options.toTag !== '' && !value.includes(';tag=') ? `;tag=${options.toTag}` : '';
      text += `${name}: ${value}${tag}\r\n`;
    }
  }
  if (options.contact !== undefined) text += `Contact: ${options.contact}\r\n`;
  if (options.sdp === undefined) return `${text}Content-Length: 0\r\n\r\n`;
  return `${text}Content-Type: application/sdp\r\nContent-Length: ${String(options.sdp.length)}\r\n\r\n${options.sdp}`;
}

/** An audio offer of a browser's size and kind; its addresses are not used. */
export const SESSION_DESCRIPTION = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS 5f1b6a9e-3f0f-4b0e-8f6a-2f6d1f4f7c11',
  'm=audio 50004 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
  'c=IN IP4 127.0.0.1',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:2213672593 1 udp 2122260223 127.0.0.1 50004 typ host generation 0 network-id 1 network-cost 50',
  'a=ice-ufrag:Kx2u',
  'a=ice-pwd:0a1b2c3d4e5f60718293a4b5',
  'a=ice-options:trickle',
  'a=fingerprint:sha-256 6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08',
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:1399694169 cname:Yw3z0vXU2hJxTz5L',
  '',
].join('\r\n');
