import { expect, test } from 'vitest';
import type { SipMessage } from '../message/message.ts';
import { FakeFlow } from '../transport/support/fake-flow.ts';
import { OwnContacts } from './own-contact.ts';
import { RawPhone, request, response } from './support/raw-phone.ts';
import { parsed } from './support/test-line.ts';

const silent = { opened: () => undefined, received: () => undefined, closed: () => undefined };

function contactOf(transport: 'WS' | 'WSS', authority: string | undefined, ...routes: string[]): string {
  const contacts = new OwnContacts('example.org');
  const flow = Object.assign(new FakeFlow(silent), { transport, authority });
  const register = parsed(
    request({ method: 'REGISTER', fields: routes.map((route) => `Route: ${route}\r\n`).join('') }),
  );
  if (register.kind === 'request') contacts.heard(register, flow);
  return contacts.of(flow)[1];
}

test.for<
  [transport: 'WS' | 'WSS', authority: string | undefined, routes: readonly string[], contact: string]
>([
  ['WS', undefined, [], '<sip:perch@example.org;transport=ws>'],
  ['WS', '127.0.0.1:8080', [], '<sip:perch@127.0.0.1:8080;transport=ws>'],
  ['WSS', '[::1]:443', [], '<sip:perch@[::1]:443;transport=wss>'],
  // As libre writes it for an outbound proxy: here a bridge from TCP.
  [
    'WS',
    'perch:8080',
    ['<sip:127.0.0.1:17060;transport=tcp;lr>'],
    '<sip:perch@127.0.0.1:17060;transport=tcp>',
  ],
  ['WS', 'perch:8080', ['<sips:Proxy.example.org;lr>'], '<sips:perch@proxy.example.org>'],
  ['WS', 'perch:8080', ['<sip:a.example:1;lr>', '<sip:b.example:2;lr>'], '<sip:perch@a.example:1>'],
  ['WS', 'perch:8080', ['<sip:a.example;transport=x"y;lr>'], '<sip:perch@perch:8080;transport=ws>'],
  ['WS', 'perch:8080', ['<tel:+15550100>'], '<sip:perch@perch:8080;transport=ws>'],
  ['WS', 'perch:8080', ['nonsense <'], '<sip:perch@perch:8080;transport=ws>'],
])('over %s to %j with Route %j our Contact is %s', ([transport, authority, routes, contact]) => {
  expect(contactOf(transport, authority, ...routes)).toBe(contact);
});

const CONTACT = '<sip:perch@127.0.0.1:17060;transport=tcp>';
const ROUTE = 'Route: <sip:127.0.0.1:17060;transport=tcp;lr>\r\n';
const contactsIn = (messages: readonly SipMessage[]) =>
  messages.flatMap((message) => message.headers.get('contact') ?? []);

test('a client that calls through its outbound proxy is given that address in every message of the call', async () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'INVITE', body: 'offer', fields: ROUTE }));
  const [leg] = phone.invited;
  leg?.progress(180);
  leg?.answer('answer');
  const messages = phone.heard();
  expect(contactsIn(messages)).toEqual([CONTACT, CONTACT]);
  const tag = messages.at(-1)?.essentials.to.tag ?? '';
  phone.flow.receive(request({ method: 'ACK', tag }));
  await phone.settle();
  leg?.offer('offer again');
  expect(contactsIn(phone.heard())).toEqual([CONTACT]);
});

test('a client that registered through its outbound proxy is called with that address', async () => {
  const phone = new RawPhone();
  phone.flow.receive(request({ method: 'REGISTER', fields: ROUTE }));
  phone.heard();
  phone.agent.invite({
    target: { flow: phone.flow, contact: 'sip:x@127.0.0.1:5070' },
    from: { uri: 'sip:101@example.org' },
    to: { uri: 'sip:102@example.org' },
    sdp: 'offer',
  });
  const [invite] = phone.heard();
  expect(contactsIn(invite ? [invite] : [])).toEqual([CONTACT]);
  phone.flow.receive(response(invite, 200, { body: 'answer' }));
  expect(phone.summaries()).toEqual(['ACK']);
});

test('a Route within a dialog is no new address, and does no harm', async () => {
  const phone = new RawPhone();
  const tag = await phone.call();
  phone.flow.receive(request({ method: 'INVITE', sequence: 2, tag, body: 'offer', fields: ROUTE }));
  await phone.settle();
  phone.invited[0]?.acceptOffer('answer');
  const ok = phone.heard().at(-1);
  expect(ok).toMatchObject({ status: 200 });
  expect(ok?.headers.get('contact')).toBe('<sip:perch@example.org;transport=ws>');
});
