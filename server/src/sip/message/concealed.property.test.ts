import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concealed } from './concealed.ts';
import { REMOVED } from './removed.ts';

const isExtension = (number: string): boolean => ['101', '102'].includes(number);
const conceal = (frame: string): string => concealed(frame, isExtension);

const message = (lines: readonly string[], body = ''): string => [...lines, '', body].join('\r\n');

/** Every place in which a phone or the server writes what nobody else may know. */
const PLACES: Readonly<Record<string, (secret: string) => string>> = {
  'digest credentials': (s) =>
    message([
      'INVITE sip:102@x SIP/2.0',
      `Authorization: Digest username="101", realm="x", nonce="${s}", response="${s}", cnonce="${s}"`,
    ]),
  'a token': (s) => message(['INVITE sip:102@x SIP/2.0', `Authorization: Bearer ${s}`]),
  'a token for a proxy, in small letters': (s) =>
    message(['BYE sip:102@x SIP/2.0', `proxy-authorization :Bearer ${s}`]),
  'a folded line': (s) =>
    message(['BYE sip:102@x SIP/2.0', 'Authorization: Digest username="101",', ` response="${s}"`]),
  'a challenge': (s) =>
    message(['SIP/2.0 401 Unauthorized', `WWW-Authenticate: Digest nonce="${s}", opaque="${s}"`]),
  'what follows credentials': (s) =>
    message(['SIP/2.0 200 OK', `Authentication-Info: nextnonce="${s}", rspauth="${s}"`]),
  'a cookie': (s) => message(['INVITE sip:102@x SIP/2.0', `Cookie: session=${s}`]),
  'a field that nobody knows': (s) => message(['INVITE sip:102@x SIP/2.0', `X-Turn-Password: ${s}`]),
  'a line without a name': (s) => message(['INVITE sip:102@x SIP/2.0', s]),
  'a start line that is none': (s) => message([`${s} GET / HTTP/1.1`]),
  'the password of an address': (s) => message([`INVITE sip:101:${s}@x SIP/2.0`]),
  'the password of a bracketed address': (s) =>
    message(['SIP/2.0 200 OK', `To: "Ada" <sip:101:${s}@x;user=phone>;tag=1`]),
  'a parameter of an address': (s) => message([`INVITE sip:102@x;token=${s} SIP/2.0`]),
  'the token of a push service': (s) =>
    message(['SIP/2.0 200 OK', `Contact: <sip:a@b;pn-provider=apns;pn-prid=${s};ob>;expires=60`]),
  'a parameter of a field': (s) => message(['SIP/2.0 200 OK', `Contact: <sip:a@b>;secret=${s};expires=60`]),
  'a quoted parameter of a field': (s) => message(['SIP/2.0 200 OK', `Contact: <sip:a@b>;secret="${s}, ;x"`]),
  'a parameter without a value': (s) => message(['SIP/2.0 200 OK', `Contact: <sip:a@b;${s}>`]),
  'a field within an address': (s) =>
    message(['REFER sip:102@x SIP/2.0', `Refer-To: <sip:103@x?Authorization=${s}&Replaces=a%3Bto-tag%3Db>`]),
  'the path of a link': (s) =>
    message(['INVITE sip:102@x SIP/2.0', `Call-Info: <https://x.org/${s}>;purpose=icon`]),
  'what follows the path of a link': (s) =>
    message(['INVITE sip:102@x SIP/2.0', `Alert-Info: <https://u:${s}@x.org/a?token=${s}>`]),
  'data in a link': (s) => message(['INVITE sip:102@x SIP/2.0', `Alert-Info: <data:text/plain,${s}>`]),
  'a bare address': (s) => message(['INVITE sip:102@x SIP/2.0', `Refer-To: sip:103:${s}@x`]),
  'a code that was dialled with the number': (s) => message([`INVITE sip:*30101${digits(s)}@x SIP/2.0`]),
  'the same, written in another way': (s) => message([`INVITE sip:%2A30101${digits(s)}%23@x SIP/2.0`]),
  'the same in a field': (s) => message(['SIP/2.0 200 OK', `To: <sip:*30101*${digits(s)}@x>;tag=1`]),
  'the same as a telephone number': (s) => message([`INVITE tel:*30101${digits(s)} SIP/2.0`]),
  'the same, with every sign escaped': (s) =>
    message([`INVITE sip:${escaped(`*30101${digits(s)}`)}@x SIP/2.0`]),
  'the same, with separators': (s) => message([`INVITE sip:*-30-101-${digits(s)}@x SIP/2.0`]),
  'the same, in wide signs': (s) => message([`INVITE sip:${octetsOf('＊３０１０１')}${digits(s)}@x SIP/2.0`]),
  'the same, with a star too many': (s) => message([`INVITE sip:**30101${digits(s)}@x SIP/2.0`]),
  'the same, with a hash between': (s) => message([`INVITE sip:*30101#${digits(s)}#@x SIP/2.0`]),
  'the same, in a bare address with a comma': (s) =>
    message(['SIP/2.0 200 OK', `To: sip:*30101,${digits(s)}@x;tag=1`]),
  'the PIN of a mailbox that was dialled with its code': (s) =>
    message([`INVITE sip:*97${digits(s)}@x SIP/2.0`]),
  'a name that is too long for a number': (s) =>
    message([`INVITE sip:*30101${digits(s)}${'0'.repeat(300)}@x SIP/2.0`]),
  'a line that ends with a bare line feed': (s) =>
    message(['INVITE sip:102@x SIP/2.0', `User-Agent: x\nAuthorization: Bearer ${s}`]),
  'a line that ends with a bare carriage return': (s) =>
    message(['INVITE sip:102@x SIP/2.0', `User-Agent: x\rAuthorization: Bearer ${s}`]),
  'a folded line that ends with a bare line feed': (s) =>
    message(['INVITE sip:102@x SIP/2.0', `Authorization: Bearer\n ${s}`]),
  'a quoted name that is not closed': (s) => message(['SIP/2.0 200 OK', `Contact: "<sip:a@b;secret=${s}>`]),
  'a word with a value': (s) => message(['SIP/2.0 200 OK', `Contact: secret=${s} <sip:a@b>`]),
  'a link with a long scheme': (s) => message(['SIP/2.0 200 OK', `Alert-Info: ${'a-'.repeat(40)}b:${s}`]),
  'a dialled key': (s) => info('application/dtmf-relay', `Signal=${s}\r\nDuration=100\r\n`),
  'a dialled key, short': (s) => info('application/dtmf', s),
  'a text': (s) => info('text/plain', `my code is ${s}`),
  'a text of no type': (s) => message(['MESSAGE sip:102@x SIP/2.0'], s),
  'what follows a piece of progress': (s) => info('message/sipfrag', `SIP/2.0 200 OK\r\nAuthorization: ${s}`),
  'a piece of progress that is none': (s) => info('message/sipfrag', s),
  'several bodies in one': (s) => info('multipart/mixed;boundary=b', `--b\r\n\r\n${s}\r\n--b--`),
  'the password of a path': (s) => sdp(`a=ice-pwd:${s}`),
  'the name of a path': (s) => sdp(`a=ice-ufrag:${s}`),
  'a fingerprint': (s) => sdp(`a=fingerprint:sha-256 ${s}`),
  'a key of SDES': (s) => sdp(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${s}`),
  'a key of old': (s) => sdp(`k=clear:${s}`),
  'an attribute that nobody knows': (s) => sdp(`a=x-turn:${s}`),
  'an attribute that is a flag': (s) => sdp(`a=${s}`),
  'a candidate': (s) =>
    sdp(`a=candidate:1 1 udp 2113937151 192.0.2.1 54321 typ host ufrag ${s} network-cost 50`),
  'a candidate with two spaces': (s) =>
    sdp(`a=candidate:1 1 udp 2113937151 192.0.2.1 54321 typ host  ufrag  ${s}`),
  'what nobody knows in a candidate': (s) =>
    sdp(`a=candidate:1 1 udp 2113937151 192.0.2.1 54321 typ host\ttoken ${s} generation 0`),
  'a line of a session that nobody knows': (s) => sdp(`z=${s}`),
  'a session with bare carriage returns': (s) =>
    info('application/sdp', `v=0\ra=rtpmap:0 x\ra=ice-pwd:${s}\r`),
  'a session with bare line ends': (s) => info('application/sdp', `v=0\na=ice-pwd:${s}\n`),
};

const octetsOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const escaped = (text: string): string =>
  [...text].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join('');
const digits = (secret: string): string => secret.replaceAll(/\D/g, '');
const info = (type: string, body: string): string =>
  message(
    ['INFO sip:102@x SIP/2.0', `Content-Type: ${type}`, `Content-Length: ${String(body.length)}`],
    body,
  );
const sdp = (line: string): string =>
  message(['INVITE sip:102@x SIP/2.0', 'c: application/sdp'], `v=0\r\nm=audio 9 RTP/AVP 0\r\n${line}\r\n`);

/** Secrets as people and machines make them; each has enough digits to be a code. */
const secrets = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9+/._~-]{0,20}$/), fc.stringMatching(/^\d{6,8}$/))
  .map(([text, code]) => `q${text}q${code}`);

test.for(Object.entries(PLACES))('no secret comes out: %s', ([, place]) => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const shown = conceal(place(secret));
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(digits(secret));
    }),
  );
});

test('what tells how a call went is as it was sent', () => {
  const invite = message(
    [
      'INVITE sip:*30101@perch.example;user=phone SIP/2.0',
      'Via: SIP/2.0/WSS k3jh4lgbo.invalid;branch=z9hG4bK9134;rport',
      'To: <sip:102@perch.example>',
      'From: "Zo\u00c3\u00ab; Smith" <sip:101@perch.example>;tag=dk3l2',
      'Call-ID: 7ok2m1vq8',
      'CSeq: 9440 INVITE',
      'Contact: <sip:q3k8@k3jh.invalid;transport=ws;ob>;+sip.instance="<urn:uuid:5a3c1f2e-9b7d-4e3f-8a61-2f1c0d9e8b7a>"',
      'Session-Expires: 90;refresher=uas',
      'Reason: SIP;cause=486;text="Busy Here"',
      'Content-Type: application/sdp',
      'User-Agent: JsSIP 3.13.8',
    ],
    'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\na=sendonly\r\n',
  );
  expect(conceal(invite)).toBe(invite.replace('\u00c3\u00ab', 'ë'));
});

test.for(['*97', '*72102', '*30102', '*30', '*697', 'a.b', '%2A30101%23', '102'])(
  'what was dialled without a secret is as it was sent: %s',
  (dialled) => {
    const bye = message([
      `BYE sip:${dialled}@x SIP/2.0`,
      `Via: SIP/2.0/WSS phone.example:5060;branch=z9hG4bK1`,
      'Via: SIP/2.0/WSS [2001:db8::1]:5060;branch=z9hG4bK2',
      'To: Ada Lovelace <sip:102@x>;tag=1',
      'Allow: INVITE, ACK,BYE',
    ]);
    expect(conceal(bye)).toBe(bye);
  },
);

/** As long as a message may be at most; what takes the square of it to read holds the whole server up. */
const LONGEST_MESSAGE = 64 * 1024;

test.for(['\\"', 'a-', ';a="', '"', '<', '#', ';a ', 'a:', '*30#'])(
  'a message that consists of %s is read in one go',
  (piece) => {
    const text = piece.repeat(LONGEST_MESSAGE / piece.length);
    for (let nth = 0; nth < 4; nth++) {
      const shown = conceal(message([`INVITE sip:${text} SIP/2.0`, `Contact: ${text}1`], text));
      expect(shown.endsWith(' octets removed]')).toBe(true);
    }
  },
);

test('what is no message at all leaves nothing but that something was there', () => {
  expect(conceal('')).toContain(REMOVED);
  fc.assert(
    fc.property(fc.string(), (noise) => {
      conceal(noise);
    }),
  );
});
