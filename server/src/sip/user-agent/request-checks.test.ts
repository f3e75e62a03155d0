import { expect, test } from 'vitest';
import { RawPhone, request } from './support/raw-phone.ts';
import type { RequestOptions } from './support/raw-phone.ts';

/** What the server says to one request, the 100 left out, and the header fields that explain it. */
function answerTo(options: RequestOptions): { status: number; fields: string } {
  const phone = new RawPhone();
  phone.flow.receive(request(options));
  const last = phone.heard().findLast((message) => message.kind === 'response' && message.status !== 100);
  const fields = ['unsupported', 'accept', 'accept-encoding', 'min-se', 'allow', 'warning']
    .filter((name) => last?.headers.get(name) !== undefined)
    .map((name) => `${name}=${name === 'allow' ? '…' : (last?.headers.get(name) ?? '')}`)
    .join(' ');
  return { status: last?.kind === 'response' ? last.status : 0, fields };
}

test.for<[name: string, options: RequestOptions, status: number, fields: string]>([
  ['OPTIONS is for the exchange', {}, 200, ''],
  ['an unknown method (4475 intmeth)', { method: '!interesting-Method' }, 501, 'allow=…'],
  ['PRACK, which we never ask for', { method: 'PRACK' }, 405, 'allow=…'],
  [
    'a Request-URI of unknown scheme (4475 unkscm)',
    { uri: 'nobodyKnowsThisScheme:totallyopaquecontent' },
    416,
    '',
  ],
  ['a known scheme, but none of SIP (4475 novelsc)', { uri: 'soap.beep://192.0.2.103:3002' }, 416, ''],
  ['sips:', { uri: 'sips:101@example.org' }, 200, ''],
  ['a telephone number, which can only be called', { uri: 'tel:101' }, 416, ''],
  [
    'an unsupported extension (4475 bext01); Proxy-Require is for proxies',
    { fields: 'Require: nothingSupportsThis, timer\r\nProxy-Require: noProxiesSupportThis\r\n' },
    420,
    'unsupported=nothingSupportsThis',
  ],
  [
    '100rel insisted on',
    { method: 'INVITE', body: 'v=0', fields: 'Require: 100rel\r\n' },
    420,
    'unsupported=100rel',
  ],
  ['no hops left (4475 zeromf): we are where it was going', { fields: 'Max-Forwards: 0\r\n' }, 200, ''],
  [
    'a body of unknown type (4475 invut)',
    { method: 'INVITE', body: '<a/>', type: 'application/unknownformat' },
    415,
    'accept=application/sdp',
  ],
  [
    'a body in another coding',
    { method: 'INVITE', body: 'x', fields: 'Content-Encoding: gzip\r\n' },
    415,
    'accept-encoding=identity',
  ],
  [
    'a caller who does not take SDP (4475 sdp01)',
    { method: 'INVITE', body: 'v=0', fields: 'Accept: text/nobodyKnowsThis\r\n' },
    406,
    'accept=application/sdp',
  ],
  [
    'an INVITE without an offer',
    { method: 'INVITE' },
    488,
    'warning=399 perch "An INVITE has to bring an offer"',
  ],
  ['an INVITE without Contact', { method: 'INVITE', body: 'v=0', contact: '' }, 400, ''],
  [
    'a session of less than 60 s',
    { method: 'INVITE', body: 'v=0', fields: 'Session-Expires: 59\r\n' },
    422,
    'min-se=60',
  ],
  ['BYE outside of any dialog', { method: 'BYE' }, 481, ''],
  ['INFO outside of any dialog', { method: 'INFO' }, 481, ''],
  ['an unsolicited NOTIFY', { method: 'NOTIFY' }, 481, ''],
  ['BYE of an unknown dialog', { method: 'BYE', tag: 'nobody' }, 481, ''],
  ['re-INVITE of an unknown dialog', { method: 'INVITE', tag: 'nobody', body: 'v=0' }, 481, ''],
  ['REGISTER with a To tag, which means nothing there', { method: 'REGISTER', tag: 'x' }, 200, ''],
])('%s', ([, options, status, fields]) => {
  expect(answerTo(options)).toEqual({ status, fields });
});

test('no leg is made, and nothing remembered, of an INVITE that was refused here', () => {
  const phone = new RawPhone();
  for (const options of [{}, { body: 'x', type: 'text/plain' }, { body: 'v=0', contact: '' }]) {
    phone.flow.receive(
      request({ method: 'INVITE', callId: JSON.stringify(options).length.toString(), ...options }),
    );
  }
  expect(phone.invited).toEqual([]);
  expect([...phone.agent.legs()]).toEqual([]);
});

test('an INVITE of an RFC 2543 client without a From tag is served (4475 inv2543)', () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', from: '<sip:102@example.org>', branch: '1', body: 'v=0' }));
  phone.invited[0]?.answer('answer');
  const [, ok] = phone.heard();
  const tag = ok?.essentials.to.tag ?? '';
  phone.flow.receive(request({ method: 'ACK', from: '<sip:102@example.org>', branch: '2', tag }));
  phone.flow.receive(
    request({ method: 'BYE', from: '<sip:102@example.org>', branch: '3', tag, sequence: 2 }),
  );
  expect(phone.summaries()).toEqual(['200 BYE']);
});

test('two requests with the bare magic cookie for a branch are two transactions (4475 badbranch)', () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ branch: 'z9hG4bK', callId: 'a' }));
  phone.flow.receive(request({ branch: 'z9hG4bK', callId: 'b', sequence: 2 }));
  expect(phone.requested).toHaveLength(2);
});
