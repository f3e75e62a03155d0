import { afterEach, expect, test, vi } from 'vitest';
import { Enrolment } from './enrolment.ts';

const TERMINAL = {
  token: 't',
  number: '101',
  kind: 'phone' as const,
  sip: { url: 'ws://behind-the-proxy:8080/sip', domain: 'demo.test' },
  iceServers: [],
};

afterEach(() => vi.unstubAllGlobals());

test.for([
  ['http://localhost:8080/phone/101', 'ws://localhost:8080/sip'],
  ['https://phone.example.org/station/201', 'wss://phone.example.org/sip'],
] as const)('the phone of a page at %s connects to %s, whatever the server believes', ([href, url]) => {
  vi.stubGlobal('location', new URL(href));
  expect(new Enrolment(TERMINAL).account.url).toBe(url);
});
