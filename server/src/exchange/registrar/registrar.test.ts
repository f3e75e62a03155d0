import { extensionNumber, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { parseMessage } from '../../sip/message/parse.ts';
import type { OutgoingResponse } from '../../sip/transaction/transaction-layer.ts';
import type { Flow } from '../../sip/transport/flow.ts';
import { FakeFlow } from '../../sip/transport/support/fake-flow.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { createRegistrar, type Registrar } from './registrar.ts';

const ACCOUNT = { terminal: terminalId('phone-101'), number: extensionNumber('101') };
const { terminal } = ACCOUNT;

interface Register {
  readonly to?: string;
  readonly callId?: string;
  readonly sequence?: number;
  readonly contact?: string;
  readonly expires?: number;
  readonly supported?: string;
}

const phone = (name: string, user = name): string =>
  `<sip:${user}@x.invalid;transport=ws>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:${name}>"`;

let sequence = 0;

class House {
  readonly clock = new VirtualClock();
  readonly events: string[] = [];
  /** For each registration that was reported, the flow on which that phone was before. */
  readonly left: (Flow | null)[] = [];
  readonly registrar: Registrar;
  /** Heartbeats that have been sent, by the user of the Contact, and how to answer each. */
  readonly asked: { readonly phone: string; readonly answer: (status: number) => void }[] = [];

  constructor() {
    this.registrar = createRegistrar({
      clock: this.clock,
      userAgent: {
        send: ({ method, target }, answer) => {
          expect(method).toBe('OPTIONS');
          this.asked.push({ phone: /sip:(\w+)@/.exec(target.contact)?.[1] ?? '', answer });
        },
      },
      domain: 'example.org',
      toTag: 'registrar',
      happened: (happening) => {
        if (!('binding' in happening)) throw new Error(`a registrar reports no ${happening.kind}`);
        const { kind, binding } = happening;
        if (happening.kind === 'phone-registered') this.left.push(happening.left);
        this.events.push(`${kind.slice('phone-'.length)} ${/sip:(\w+)@/.exec(binding.contact)?.[1] ?? ''}`);
      },
    });
  }

  flow(): FakeFlow {
    const ignore = (): void => undefined;
    return new FakeFlow({
      opened: ignore,
      received: ignore,
      closed: (flow) => {
        this.registrar.flowClosed(flow, terminal);
      },
    });
  }

  register(flow: FakeFlow, register: Register = {}): OutgoingResponse {
    const { to = '<sip:101@example.org>', callId = 'reg', contact, expires, supported = 'path' } = register;
    const frame = [
      'REGISTER sip:example.org SIP/2.0',
      'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1',
      'From: <sip:101@example.org>;tag=f',
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${register.sequence ?? ++sequence} REGISTER`,
      ...(contact === undefined ? [] : [`Contact: ${contact}`]),
      ...(expires === undefined ? [] : [`Expires: ${expires}`]),
      `Supported: ${supported}`,
      'Content-Length: 0\r\n\r\n',
    ].join('\r\n');
    const parsed = parseMessage(frame);
    if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('the test sends nonsense');
    const answers: OutgoingResponse[] = [];
    this.registrar.register(
      {
        request: parsed.message,
        flow,
        respond: (response) => answers.push(response),
        release: () => undefined,
      },
      ACCOUNT,
    );
    expect(answers).toHaveLength(1);
    return answers[0] ?? { status: 0 };
  }
}

const contactsIn = (response: OutgoingResponse): string[] =>
  (response.fields ?? []).filter(([name]) => name === 'Contact').map(([, value]) => value);

test('the 200 echoes the Contact in the form that JsSIP looks for: quoted instance, reg-id, expires', () => {
  const house = new House();
  const response = house.register(house.flow(), { contact: `${phone('a')};expires=600`, expires: 600 });
  expect(response.status).toBe(200);
  expect(contactsIn(response)).toEqual([
    '<sip:a@x.invalid;transport=ws>;+sip.instance="<urn:uuid:a>";reg-id=1;expires=600',
  ]);
});

test('a phone without an instance (SIP.js) is known by its Contact URI', () => {
  const house = new House();
  const flow = house.flow();
  const response = house.register(flow, { contact: '<sip:q@y.invalid>;expires=300' });
  expect(contactsIn(response)).toEqual(['<sip:q@y.invalid>;expires=300']);
  house.register(flow, { contact: '<sip:q@y.invalid>;expires=300' });
  expect(house.registrar.bindings(terminal)).toHaveLength(1);
});

test.for<readonly [string, Register, number]>([
  ['a third party', { to: '<sip:102@example.org>', contact: phone('a') }, 403],
  ['another domain', { to: '<sip:101@example.com>', contact: phone('a') }, 403],
  ['its own address in another spelling', { to: 'Ada <sip:%3101@EXAMPLE.org>', contact: phone('a') }, 200],
  ['too short an expiry', { contact: `${phone('a')};expires=59` }, 423],
  ['the shortest expiry', { contact: `${phone('a')};expires=60` }, 200],
  ['an expiry in its own field', { contact: phone('a'), expires: 30 }, 423],
  ['a star with an expiry', { contact: '*', expires: 600 }, 400],
  ['a star without Expires', { contact: '*' }, 400],
  ['a star with Expires 0', { contact: '*', expires: 0 }, 200],
  ['no Contact: a query', {}, 200],
  ['a Contact that is no SIP URI', { contact: '<mailto:a@example.org>' }, 400],
  [
    'an instance that could break out of its quotes',
    { contact: '<sip:a@x.invalid>;+sip.instance="a\\"b"' },
    400,
  ],
  ['a reg-id that is no number', { contact: '<sip:a@x.invalid>;reg-id=x;+sip.instance="a"' }, 400],
  ['a Contact that is too long to keep', { contact: `<sip:${'a'.repeat(600)}@x.invalid>` }, 400],
])('REGISTER with %s', ([, register, status]) => {
  const house = new House();
  expect(house.register(house.flow(), register).status).toBe(status);
  expect(house.registrar.registered(terminal)).toBe(
    status === 200 && register.contact?.includes('<') === true,
  );
});

test('423 says the shortest interval that is accepted', () => {
  const house = new House();
  const response = house.register(house.flow(), { contact: `${phone('a')};expires=10` });
  expect(response.fields).toEqual([['Min-Expires', '60']]);
});

test('no phone gets more than 600 s', () => {
  const house = new House();
  const response = house.register(house.flow(), { contact: `${phone('a')};expires=86400` });
  expect(contactsIn(response)[0]).toMatch(/;expires=600$/);
});

test('Require: outbound answers a phone that speaks RFC 5626, and only that', () => {
  const house = new House();
  const flow = house.flow();
  const outbound = house.register(flow, { contact: phone('a'), supported: 'path, Outbound' });
  expect(outbound.fields).toContainEqual(['Require', 'outbound']);
  const plain = house.register(flow, { contact: phone('a'), callId: 'other' });
  expect(plain.fields).not.toContainEqual(['Require', 'outbound']);
});

test('a refresh moves the expiry and does not call the listener', async () => {
  const house = new House();
  const flow = house.flow();
  house.register(flow, { contact: phone('a') });
  await house.clock.advance(500_000);
  const response = house.register(flow, { contact: phone('a') });
  expect(contactsIn(response)[0]).toMatch(/;expires=600$/);
  await house.clock.advance(600_000);
  expect(house.registrar.registered(terminal)).toBe(true);
  expect(house.events).toEqual(['registered a']);
});

test('a refresh that asks for less gets less', () => {
  const house = new House();
  const flow = house.flow();
  house.register(flow, { contact: phone('a'), expires: 600 });
  const response = house.register(flow, { contact: phone('a'), expires: 120 });
  expect(contactsIn(response)[0]).toMatch(/;expires=120$/);
});

test('a reconnect replaces the dead flow, and its late close does not touch the new binding', async () => {
  const house = new House();
  const dead = house.flow();
  house.register(dead, { contact: phone('a') });
  const fresh = house.flow();
  house.register(fresh, { contact: phone('a') });
  expect(house.left).toEqual([null, dead]);
  dead.hangUp();
  await house.clock.advance(0);
  expect(house.registrar.bindings(terminal).map(({ flow, alive }) => [flow, alive])).toEqual([[fresh, true]]);
  await house.clock.advance(200_000);
  expect(house.registrar.registered(terminal)).toBe(true);
  expect(house.events).toEqual(['registered a', 'registered a']);
});

test('a phone whose flow died is kept for 90 s, unreachable, and is recognized when it comes back', async () => {
  const house = new House();
  const dead = house.flow();
  house.register(dead, { contact: phone('a') });
  dead.hangUp();
  await house.clock.advance(85_000);
  expect(house.registrar.registered(terminal)).toBe(false);
  expect(house.registrar.bindings(terminal)).toHaveLength(1);
  house.register(house.flow(), { contact: phone('a') });
  expect(house.registrar.registered(terminal)).toBe(true);
  expect(house.events).toEqual(['registered a', 'unreachable a', 'registered a']);
  expect(house.left).toEqual([null, dead]);
});

test('a phone that does not come back is gone after its grace', async () => {
  const house = new House();
  const dead = house.flow();
  house.register(dead, { contact: phone('a') });
  dead.hangUp();
  await house.clock.advance(96_000);
  expect(house.events).toEqual(['registered a', 'unreachable a', 'gone a']);
  expect(house.registrar.counts.bindings).toBe(0);
  expect(house.clock.pending).toBe(0);
});

test('a throttled page is reachable for 90 s after its expiry while its flow lives, then gone', async () => {
  const house = new House();
  house.register(house.flow(), { contact: phone('a'), expires: 60 });
  await house.clock.advance(145_000);
  expect(house.registrar.registered(terminal)).toBe(true);
  await house.clock.advance(10_000);
  expect(house.events).toEqual(['registered a', 'gone a']);
});

test('a reloaded page is the same phone with a new Contact', () => {
  const house = new House();
  house.register(house.flow(), { contact: phone('a', 'before') });
  house.register(house.flow(), { contact: phone('a', 'after'), callId: 'reloaded', sequence: 1 });
  expect(house.registrar.bindings(terminal).map(({ contact }) => contact)).toEqual([
    'sip:after@x.invalid;transport=ws',
  ]);
  expect(house.events).toEqual(['registered before', 'registered after']);
  // It has none of the dialogs that it had there.
  expect(house.left).toEqual([null, null]);
});

test('several browsers of a terminal are all bound, and all listed', () => {
  const house = new House();
  house.register(house.flow(), { contact: phone('a'), callId: 'a' });
  const response = house.register(house.flow(), { contact: phone('b'), callId: 'b' });
  expect(contactsIn(response)).toHaveLength(2);
});

test.for<[what: string, contact: (at: number) => string]>([
  ['without an instance', (at) => `<sip:c${at}@y.invalid>;expires=600`],
  ['each with an instance of its own', (at) => phone(`i${at}`)],
  ['with a growing reg-id', (at) => phone('a').replace('reg-id=1', `reg-id=${at + 1}`)],
])('ever new Contacts over one connection, %s, are one phone: the older gives way', ([, contact]) => {
  const house = new House();
  const [flow, other] = [house.flow(), house.flow()];
  house.register(other, { contact: phone('other') });
  for (let at = 0; at < 12; at++) {
    const response = house.register(flow, { contact: contact(at), callId: `c${at}` });
    expect(response.status).toBe(200);
    expect(contactsIn(response)).toHaveLength(2);
  }
  expect(house.registrar.bindings(terminal)).toHaveLength(2);
  expect(house.events.filter((event) => event.startsWith('gone'))).toHaveLength(11);
  expect(house.register(house.flow(), { contact: phone('third') }).status).toBe(200);
});

test('one phone of a terminal is asked for by its instance, on whichever flow it is', async () => {
  const house = new House();
  const { registrar } = house;
  const flow = house.flow();
  house.register(flow, { contact: phone('desk'), callId: 'desk' });
  house.register(house.flow(), { contact: phone('mobile'), callId: 'mobile' });
  flow.hangUp();
  await house.clock.advance(0);
  const registered = (instance: string | null) => registrar.registered(terminal, instance);
  expect(['urn:uuid:desk', 'urn:uuid:mobile', 'urn:uuid:mob', null].map(registered)).toEqual([
    false,
    true,
    false,
    true,
  ]);
  const second = phone('desk').replace('reg-id=1', 'reg-id=2');
  house.register(house.flow(), { contact: second, callId: 'desk-2' });
  expect(registered('urn:uuid:desk')).toBe(true);
});

test('two Contacts of one REGISTER are both bound, and each can be refreshed by itself', () => {
  const house = new House();
  const flow = house.flow();
  const two = '<sip:a@y.invalid>;expires=600, <sip:b@y.invalid>;expires=600';
  expect(contactsIn(house.register(flow, { contact: two }))).toHaveLength(2);
  expect(contactsIn(house.register(flow, { contact: '<sip:a@y.invalid>;expires=600' }))).toHaveLength(2);
  expect(contactsIn(house.register(flow, { contact: '<sip:b@y.invalid>;expires=0' }))).toHaveLength(1);
  expect(contactsIn(house.register(flow, {}))).toHaveLength(1);
  const moved = '<sip:a@y.invalid>;expires=600, <sip:c@y.invalid>;expires=600';
  expect(contactsIn(house.register(flow, { contact: moved }))).toHaveLength(2);
  expect(contactsIn(house.register(flow, { contact: two }))).toEqual([
    expect.stringContaining('sip:a@'),
    expect.stringContaining('sip:b@'),
  ]);
});

test('a phone with ten others beside it may change its Contact', () => {
  const house = new House();
  for (let at = 0; at < 9; at++) house.register(house.flow(), { contact: phone(`p${at}`) });
  const flow = house.flow();
  house.register(flow, { contact: '<sip:a@y.invalid>;expires=600' });
  expect(house.register(flow, { contact: '<sip:b@y.invalid>;expires=600' }).status).toBe(200);
  expect(house.register(house.flow(), { contact: phone('eleventh') }).status).toBe(403);
});

test('an old or repeated CSeq of the same Call-ID changes nothing', () => {
  const house = new House();
  const flow = house.flow();
  house.register(flow, { contact: phone('a'), sequence: 7 });
  expect(house.register(flow, { contact: phone('a'), sequence: 7 }).status).toBe(500);
  expect(house.register(flow, { contact: phone('a'), expires: 0, sequence: 6 }).status).toBe(500);
  expect(house.register(flow, { contact: '*', expires: 0, sequence: 7 }).status).toBe(500);
  expect(house.registrar.registered(terminal)).toBe(true);
});

test('of several Contacts all are bound or none', () => {
  const house = new House();
  const both = `${phone('a')}, ${phone('b')};expires=5`;
  expect(house.register(house.flow(), { contact: both }).status).toBe(423);
  expect(house.registrar.counts.bindings).toBe(0);
  expect(house.register(house.flow(), { contact: `${phone('a')}, ${phone('b')}` }).status).toBe(200);
  expect(house.registrar.counts.bindings).toBe(2);
});

test('unregistering removes one phone, and the same REGISTER afterwards is not taken for a refresh', () => {
  const house = new House();
  const flow = house.flow();
  house.register(flow, { contact: phone('a') });
  expect(contactsIn(house.register(flow, { contact: phone('a'), expires: 0 }))).toEqual([]);
  house.register(flow, { contact: phone('a'), expires: 0 });
  expect(house.events).toEqual(['registered a', 'gone a']);
  house.register(flow, { contact: phone('a') });
  expect(house.registrar.registered(terminal)).toBe(true);
});

test('the eleventh phone is refused, unless one of the ten is dead', async () => {
  const house = new House();
  const flows = Array.from({ length: 10 }, () => house.flow());
  for (const [index, flow] of flows.entries()) house.register(flow, { contact: phone(`p${index}`) });
  expect(house.register(house.flow(), { contact: phone('late') }).status).toBe(403);
  flows[3]?.hangUp();
  await house.clock.advance(0);
  expect(house.register(house.flow(), { contact: phone('late') }).status).toBe(200);
  expect(house.registrar.counts.bindings).toBe(10);
  expect(house.events.slice(-3)).toEqual(['unreachable p3', 'gone p3', 'registered late']);
});

test('a phone says in its Contact that it can be re-seated, and each REGISTER says it anew', () => {
  const house = new House();
  const flow = house.flow();
  const can = () => house.registrar.bindings(terminal).map(({ reseats }) => reseats);
  house.register(flow, { contact: `${phone('a')};+perch.reseat` });
  expect(can()).toEqual([true]);
  house.register(flow, { contact: `${phone('a')};+perch.reseat` });
  expect(can()).toEqual([true]);
  house.register(flow, { contact: phone('a') });
  expect(can()).toEqual([false]);
});

test('what a phone said while another was there too is what counts once it is alone again', () => {
  const house = new House();
  const [flow, other] = [house.flow(), house.flow()];
  house.register(flow, { contact: `${phone('a')};+perch.reseat` });
  house.register(other, { contact: phone('b') });
  house.register(flow, { contact: phone('a') });
  house.register(other, { contact: phone('b'), expires: 0 });
  house.register(flow, { contact: `${phone('a')};+perch.reseat` });
  expect(house.registrar.bindings(terminal).map(({ reseats }) => reseats)).toEqual([true]);
});

test('the phones of a flow that is gone or barred are those of its terminal on that flow', () => {
  const house = new House();
  const [flow, other] = [house.flow(), house.flow()];
  house.register(flow, { contact: phone('a') });
  house.register(other, { contact: phone('b') });
  house.registrar.flowClosed(flow, terminal);
  house.registrar.flowClosed(flow, terminal);
  house.registrar.barred(other, terminal);
  expect(house.events).toEqual(['registered a', 'registered b', 'unreachable a', 'gone b']);
});

const awake = (name: string): string => `${phone(name)};+perch.heartbeat`;

test('a phone that wants it is asked every 15 s whether it is awake, and no other one ever is', async () => {
  const house = new House();
  house.register(house.flow(), { contact: awake('a'), callId: 'a' });
  house.register(house.flow(), { contact: phone('b'), callId: 'b' });
  for (let seconds = 0; seconds < 60; seconds++) {
    await house.clock.advance(1_000);
    for (const { answer } of house.asked.slice(-1)) answer(200);
  }
  expect(house.asked.map(({ phone: name }) => name)).toEqual(['a', 'a', 'a', 'a']);
  expect(house.events).toEqual(['registered a', 'registered b']);
});

test('phones that registered together are asked at different times', async () => {
  const house = new House();
  for (let at = 0; at < 10; at++) house.register(house.flow(), { contact: awake(`p${at}`), callId: `${at}` });
  await house.clock.advance(1_000);
  expect(house.asked.length).toBeLessThanOrEqual(1);
});

/** A phone that has answered its first heartbeat and then answers none, until `seconds` later. */
async function silent(seconds: number) {
  const house = new House();
  const flow = house.flow();
  house.register(flow, { contact: awake('a') });
  while (house.asked.length === 0) await house.clock.advance(1_000);
  house.asked[0]?.answer(200);
  await house.clock.advance(seconds * 1_000);
  return { house, flow };
}

test('one heartbeat may be missed', async () => {
  const { house } = await silent(21);
  expect(house.asked).toHaveLength(3);
  house.asked[2]?.answer(200);
  await house.clock.advance(14_000);
  expect(house.events).toEqual(['registered a']);
});

test('two are missed 25 s after the last answer: the terminal cannot be reached, and is asleep', async () => {
  const { house } = await silent(24);
  expect([house.registrar.registered(terminal), house.registrar.asleep(terminal)]).toEqual([true, false]);
  await house.clock.advance(1_000);
  expect([house.registrar.registered(terminal), house.registrar.asleep(terminal)]).toEqual([false, true]);
  expect(house.events).toEqual(['registered a', 'asleep a']);
  expect(house.registrar.counts).toEqual({ bindings: 1, asleep: 1 });
});

test.for([
  ['an answer, even one that refuses', (house: House) => house.asked.at(-1)?.answer(405), 'awake a'],
  [
    'a REGISTER like the last one',
    (house: House, flow: FakeFlow) => house.register(flow, { contact: awake('a') }),
    'registered a',
  ],
  [
    'a REGISTER over another flow',
    (house: House) => house.register(house.flow(), { contact: awake('a') }),
    'registered a',
  ],
] as const)('%s wakes it', async ([, wakes, event]) => {
  const { house, flow } = await silent(40);
  wakes(house, flow);
  expect([house.registrar.registered(terminal), house.registrar.asleep(terminal)]).toEqual([true, false]);
  expect(house.events).toEqual(['registered a', 'asleep a', event]);
});

test.for([408, 503])('%i, which stands for no answer, does not wake it', async (status) => {
  const { house } = await silent(40);
  house.asked.at(-1)?.answer(status);
  expect(house.registrar.asleep(terminal)).toBe(true);
});

test('an answer to a heartbeat on an earlier flow says nothing of the new one', async () => {
  const { house } = await silent(16);
  const before = house.asked.at(-1);
  house.register(house.flow(), { contact: awake('a') });
  await house.clock.advance(26_000);
  expect(house.registrar.asleep(terminal)).toBe(true);
  before?.answer(200);
  expect(house.registrar.asleep(terminal)).toBe(true);
});

test('a terminal is asleep only where all its connected phones are', async () => {
  const { house } = await silent(40);
  const other = house.flow();
  house.register(other, { contact: phone('b'), callId: 'b' });
  expect([house.registrar.registered(terminal), house.registrar.asleep(terminal)]).toEqual([true, false]);
  other.hangUp();
  await house.clock.advance(0);
  expect(house.registrar.asleep(terminal)).toBe(true);
});

test('a phone whose flow is gone is not asked, and is unreachable, not asleep', async () => {
  const { house, flow } = await silent(16);
  flow.hangUp();
  const asked = house.asked.length;
  await house.clock.advance(60_000);
  expect([house.asked.length, house.registrar.asleep(terminal)]).toEqual([asked, false]);
});

test('where no phone is left to be asked, no timer runs', async () => {
  const { house, flow } = await silent(1);
  house.register(flow, { contact: awake('a'), expires: 0 });
  await house.clock.advance(10_000);
  expect(house.clock.pending).toBe(0);
});
