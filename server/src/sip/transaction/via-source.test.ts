import { expect, test } from 'vitest';
import type { Flow } from '../transport/flow.ts';
import { parsed } from './support/test-bench.ts';
import { viaLinesWithSource } from './via-source.ts';

const flow = { remoteAddress: '192.0.2.7', remotePort: 40_000 } as Flow;

test.for([
  ['Via: SIP/2.0/WS a.invalid;branch=x', 'Via: SIP/2.0/WS a.invalid;branch=x;received=192.0.2.7'],
  ['v: SIP/2.0/WS 192.0.2.70', 'Via: SIP/2.0/WS 192.0.2.70;received=192.0.2.7'],
  ['v: SIP/2.0/WS 192.0.2.7;branch=x', 'v: SIP/2.0/WS 192.0.2.7;branch=x'],
  ['v: SIP/2.0/WS 192.0.2.7:5060;branch=x', 'v: SIP/2.0/WS 192.0.2.7:5060;branch=x'],
  ['v: SIP/2.0/WS 192.0.2.7;rport', 'Via: SIP/2.0/WS 192.0.2.7;rport=40000;received=192.0.2.7'],
  ['v: SIP/2.0/WS h; RPORT ;branch=x', 'Via: SIP/2.0/WS h;rport=40000 ;branch=x;received=192.0.2.7'],
  ['v: SIP/2.0/WS h;rport=1;branch=x', 'Via: SIP/2.0/WS h;rport=1;branch=x;received=192.0.2.7'],
  ['v: SIP/2.0/WS h;received=198.51.100.1', 'v: SIP/2.0/WS h;received=198.51.100.1'],
  [
    'v: SIP/2.0/WS h;branch=x, SIP/2.0/TCP i\r\nVia: SIP/2.0/UDP j',
    'Via: SIP/2.0/WS h;branch=x;received=192.0.2.7\r\nVia: SIP/2.0/TCP i\r\nVia: SIP/2.0/UDP j',
  ],
] as const)('%j', ([lines, expected]) => {
  const request = parsed(
    `BYE sip:a@b SIP/2.0\r\n${lines}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: c\r\nCSeq: 2 BYE\r\n\r\n`,
  );
  if (request.kind !== 'request') return expect.unreachable();
  expect(viaLinesWithSource(request, flow)).toBe(`${expected}\r\n`);
});
