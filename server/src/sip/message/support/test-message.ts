import type { SipRequest } from '../message.ts';
import { parseMessage } from '../parse.ts';

/** A request with these fields besides the mandatory ones, for tests; a test that spells one wrong fails here. */
export function requestWith(...lines: readonly string[]): SipRequest {
  const result = parseMessage(
    [
      'OPTIONS sip:101@perch.example SIP/2.0',
      'Via: SIP/2.0/WS k3jh4.invalid;branch=z9hG4bKq9w8e7',
      'From: <sip:201@perch.example>;tag=f1',
      'To: <sip:101@perch.example>',
      'Call-ID: c0ffee',
      'CSeq: 1 OPTIONS',
      ...lines,
      '',
      '',
    ].join('\r\n'),
  );
  if (!result.ok || result.message.kind !== 'request') throw new Error('the test’s own request is malformed');
  return result.message;
}
