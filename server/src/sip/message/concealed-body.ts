import { REMOVED } from './removed.ts';

/** Attributes of a session description (RFC 8866 §6) that are shown with their values; of all others the name alone is. */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'rtpmap fmtp ptime maxptime sendrecv sendonly recvonly inactive rtcp rtcp-mux rtcp-mux-only rtcp-rsize rtcp-fb mid ' +
    'group setup ice-options ice-lite candidate end-of-candidates extmap extmap-allow-mixed msid msid-semantic ssrc ' +
    'ssrc-group bundle-only label content lang tool charset'
  ).split(' '),
);

/** How many words of a candidate have no name (RFC 8839 §5.1), and the names of others that are shown with their values. */
const CANDIDATE_WORDS = 8;
const CANDIDATE_EXTENSIONS: ReadonlySet<string> = new Set(
  'raddr rport tcptype generation network-id network-cost'.split(' '),
);

/** The body of a message as a text without secrets: session descriptions line by line, progress of a REFER, and of anything else its length. PURE. */
export function concealedBody(type: string, body: string): string {
  if (body === '') return '';
  switch (type) {
    case 'application/sdp':
      return body
        .split(/\r\n?|\n/)
        .map((line) => (line === '' ? line : sdpLine(line)))
        .join('\r\n');
    case 'message/sipfrag': {
      const [start = ''] = body.split(/\r\n?|\n/, 1);
      if (/^SIP\/2\.0 \d{3}(?: |$)/.test(start)) return start;
      break;
    }
  }
  return `[${String(body.length)} octets removed]`;
}

function sdpLine(line: string): string {
  const kind = line.slice(0, 2);
  switch (kind) {
    case 'v=':
    case 's=':
    case 'o=':
    case 't=':
    case 'c=':
    case 'b=':
    case 'm=':
      return line;
    case 'a=':
      return `a=${attribute(line.slice(2))}`;
    default:
      return /^[a-z]=$/.test(kind) ? `${kind}${REMOVED}` : REMOVED;
  }
}

function attribute(text: string): string {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  if (name === 'candidate') return candidate(text);
  if (ATTRIBUTES.has(name)) return text;
  return colon < 0 || !/^[\w-]+$/.test(name) ? REMOVED : `${name}:${REMOVED}`;
}

function candidate(text: string): string {
  const words = text.split(/[ \t]+/);
  return words
    .map((word, at) => {
      const isValue = at >= CANDIDATE_WORDS && at % 2 === 1;
      return isValue && !CANDIDATE_EXTENSIONS.has(words[at - 1] ?? '') ? REMOVED : word;
    })
    .join(' ');
}
