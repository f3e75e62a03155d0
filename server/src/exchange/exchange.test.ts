import type { PageEvent, TopicEvent } from '@perch/shared';
import { expect, test } from 'vitest';
import type { SipMessage } from '../sip/message/message.ts';
import { request, response } from '../sip/user-agent/support/raw-phone.ts';
import type { RequestOptions } from '../sip/user-agent/support/raw-phone.ts';
import { summary } from '../sip/user-agent/support/test-line.ts';
import { idOf, terminalAt } from './call/support/call-house.ts';
import { ADMINISTRATOR } from './support/rights.ts';
import { openExchange } from './support/test-exchange.ts';
import { FakeVirtualizationStore } from './support/fake-virtualization-store.ts';

const BRANCH = 'z9hG4bKben';

/** Ben (102) calls Ada (101), whose phone rings. */
async function ringing() {
  const house = await openExchange();
  const [ada, ben] = [house.phone('101'), house.phone('102')];
  ada.flow.receive(
    request({ method: 'REGISTER', uri: 'sip:example.org', from: '<sip:101@example.org>;tag=a' }),
  );
  ada.heard();
  ben.flow.receive(request({ method: 'INVITE', branch: BRANCH, body: 'offer' }));
  const [invite] = ada.heard();
  ada.flow.receive(response(invite, 180));
  await house.clock.advance(0);
  ben.heard();
  return { ...house, ada, ben, invite };
}

/** Ben and Ada talk. */
async function talking() {
  const house = await openExchange();
  const [ada, ben] = [house.phone('101'), house.phone('102')];
  ada.flow.receive(
    request({ method: 'REGISTER', uri: 'sip:example.org', from: '<sip:101@example.org>;tag=a' }),
  );
  ada.heard();
  ben.flow.receive(request({ method: 'INVITE', body: 'offer' }));
  const [invite] = ada.heard();
  ada.flow.receive(response(invite, 200, { body: 'answer' }));
  await house.clock.advance(0);
  const answer = ben.heard().find((message) => message.kind === 'response' && message.status === 200);
  const tag = answer?.essentials.to.tag ?? '';
  ben.flow.receive(request({ method: 'ACK', tag }));
  await house.clock.advance(0);
  ada.heard();
  return { ...house, ada, ben, tag };
}

test('a barred flow that carries no call is closed at once, and its phone forgotten', async () => {
  const { exchange, phone } = await openExchange();
  const ada = phone('101');
  ada.flow.receive(
    request({ method: 'REGISTER', uri: 'sip:example.org', from: '<sip:101@example.org>;tag=a' }),
  );
  expect(exchange.counts.registrations).toBe(1);
  exchange.door.tell({ kind: 'barred', flow: ada.flow.id, reason: 'Suspended' });
  expect(ada.flow.closedWith).toEqual({ code: 4403, reason: 'Suspended' });
  expect(exchange.counts.registrations).toBe(0);
});

test.for(['caller', 'callee'] as const)(
  'a call of a barred %s goes on and is ended by its BYE; then the flow is closed',
  async (side) => {
    const { exchange, clock, ada, ben, tag } = await talking();
    const barred = side === 'caller' ? ben : ada;
    exchange.door.tell({ kind: 'barred', flow: barred.flow.id, reason: 'Suspended' });
    await clock.advance(120_000);
    expect(exchange.counts.calls).toBe(1);
    expect(barred.flow.open).toBe(true);
    ben.flow.receive(request({ method: 'BYE', tag, sequence: 2 }));
    await clock.advance(0);
    const [bye] = ada.heard();
    expect(bye && summary(bye)).toBe('BYE');
    ada.flow.receive(response(bye, 200));
    await clock.advance(60_000);
    expect(exchange.counts.calls).toBe(0);
    expect(barred.flow.closedWith).toEqual({ code: 4403, reason: 'Suspended' });
  },
);

test('a barred phone stops ringing', async () => {
  const { exchange, clock, ada } = await ringing();
  exchange.door.tell({ kind: 'barred', flow: ada.flow.id, reason: 'Revoked' });
  await clock.advance(0);
  expect(ada.heard().map(summary)).toEqual(['CANCEL']);
  await clock.advance(60_000);
  expect(ada.flow.closedWith?.reason).toBe('Revoked');
  expect(exchange.counts.calls).toBe(0);
});

test('a call that a barred phone was still placing ends', async () => {
  const { exchange, clock, ada, ben } = await ringing();
  exchange.door.tell({ kind: 'barred', flow: ben.flow.id, reason: 'Revoked' });
  await clock.advance(0);
  expect(ben.heard().map(summary)).toEqual(['480 INVITE']);
  expect(ada.heard().map(summary)).toEqual(['CANCEL']);
});

test.for(['*97', '*30', '*30102'])('a visit at %s over a barred flow ends at once', async (service) => {
  const { exchange, clock, phone } = await openExchange();
  const ada = phone('101');
  const from = '<sip:101@example.org>;tag=a';
  const uri = `sip:${service}@example.org`;
  ada.flow.receive(request({ method: 'INVITE', uri, from, body: 'm=audio 9 X 111\r\n' }));
  await clock.advance(0);
  const answer = ada.heard().find((message) => message.kind === 'response' && message.status === 200);
  ada.flow.receive(request({ method: 'ACK', uri, from, tag: answer?.essentials.to.tag ?? '' }));
  await clock.advance(0);
  const told: string[] = [];
  exchange.openPage(terminalAt('101'), null, (event) => {
    if (event.kind === 'voicemail' || event.kind === 'center') told.push(event.event.kind);
  });
  exchange.door.tell({ kind: 'barred', flow: ada.flow.id, reason: 'Revoked' });
  await clock.advance(2_000);
  const [bye] = ada.heard();
  expect([bye && summary(bye), told.at(-1)]).toEqual(['BYE', 'closed']);
});

/** A page that cannot take what it is told. */
const broken = (event: PageEvent | TopicEvent): void => {
  throw new Error(`no ${event.kind} today`);
};

test('an extension that is suspended while it rings stops ringing', async () => {
  const { exchange, clock, ada, ben } = await ringing();
  const change = { suspended: true };
  await exchange.rooms.changes.carryOut({ kind: 'change-extension', number: '101', change, who: 'boss' });
  await clock.advance(0);
  expect(ada.heard().map(summary)).toEqual(['CANCEL']);
  expect(ben.heard().map(summary)).toEqual(['480 INVITE']);
});

test('an extension that is deleted while it rings stops ringing', async () => {
  const { exchange, clock, ada, ben } = await ringing();
  await exchange.rooms.changes.carryOut({ kind: 'delete-extension', number: '101', who: 'boss' });
  await clock.advance(0);
  expect(ada.heard().map(summary)).toEqual(['CANCEL']);
  expect(ben.heard().map(summary)).toEqual(['404 INVITE']);
});

/** The dialog that a phone makes by answering our INVITE with tag `p`, as its own requests name it. */
function within(invite: SipMessage | undefined): RequestOptions {
  if (invite === undefined) throw new Error('no INVITE came');
  const { callId, from } = invite.essentials;
  return { callId, tag: from.tag ?? '', from: '<sip:101@example.org>;tag=p' };
}

test.for<[what: string, left: 'phone' | 'caller', heard: readonly string[]]>([
  // With an offer that a mailbox understands, the caller would be sent to the mailbox.
  ['phone answers and hangs up', 'phone', ['ACK', '200 BYE']],
  ['caller gives up as the phone answers', 'caller', ['ACK', 'BYE']],
])('a %s in one packet: the call is over, and nothing of ours is at fault', async ([, who, heard]) => {
  const { ada, ben, invite, clock, failures, exchange } = await ringing();
  ada.flow.receive(response(invite, 200, { body: 'answer' }));
  if (who === 'phone') ada.flow.receive(request({ method: 'BYE', ...within(invite) }));
  else ben.flow.receive(request({ method: 'CANCEL', branch: BRANCH }));
  await clock.advance(0);
  expect(ada.heard().map(summary)).toEqual(heard);
  expect(ben.heard().map(summary)).toContain(who === 'phone' ? '488 INVITE' : '487 INVITE');
  expect(exchange.counts.calls).toBe(0);
  await clock.advance(60_000);
  expect(failures).toEqual([]);
});

test('a phone that takes a new Contact while it rings is not rung a second time over the same connection', async () => {
  const { ada, clock } = await ringing();
  for (const user of ['one', 'two', 'three']) {
    const contact = `Contact: <sip:${user}@y.invalid;transport=ws>\r\n`;
    const from = '<sip:101@example.org>;tag=a';
    ada.flow.receive(request({ method: 'REGISTER', uri: 'sip:example.org', from, contact, callId: user }));
  }
  await clock.advance(0);
  expect(ada.heard().map(summary)).toEqual(['200 REGISTER', '200 REGISTER', '200 REGISTER']);
});

test('a CANCEL that crosses the 200, and no ACK: both are free at once, and the phone hears it', async () => {
  const { ada, ben, invite, clock, failures, exchange } = await ringing();
  ada.flow.receive(response(invite, 200, { body: 'answer' }));
  await clock.advance(0);
  expect(ben.heard().map(summary)).toEqual(['200 INVITE']);
  ada.heard();
  ben.flow.receive(request({ method: 'CANCEL', branch: BRANCH }));
  await clock.advance(0);
  expect(ben.heard().map(summary)).toEqual(['200 CANCEL']);
  expect(ada.heard().map(summary)).toEqual(['BYE']);
  expect(exchange.counts.calls).toBe(0);
  await clock.advance(60_000);
  expect(failures).toEqual([]);
});

test('an extension that is renamed while it rings rings on', async () => {
  const { exchange, clock, ada } = await ringing();
  const change = { name: 'Ada L.' };
  await exchange.rooms.changes.carryOut({ kind: 'change-extension', number: '101', change, who: 'boss' });
  await clock.advance(0);
  expect(ada.heard()).toEqual([]);
});

test('an error thrown by a timer is reported, and ends nothing', async () => {
  const { exchange, clock, failures } = await openExchange();
  let told = 0;
  exchange.openPage(terminalAt('201'), null, (event) => {
    if (++told > 4) broken(event);
  });
  await clock.advance(5_000);
  expect(failures).toMatchObject([{ message: 'no pulse today' }]);
});

/** Ada (101) is on the station (201). */
async function adaOnTheStation() {
  const store = new FakeVirtualizationStore();
  await store.commit({
    ended: [],
    begun: [{ virtual: idOf('101'), base: idOf('201'), since: 1, by: 'dialled' }],
    buckets: [],
    record: {
      at: 1,
      action: 'move',
      way: 'dialled',
      who: null,
      terminal: terminalAt('201'),
      asked: '101',
      extension: idOf('101'),
      previousGuest: null,
      result: 'accepted',
      endings: [],
    },
  });
  return openExchange(store);
}

test('a move that happened is not reported as failed because announcing it failed', async () => {
  const { exchange, failures } = await adaOnTheStation();
  let told = 0;
  exchange.openPage(terminalAt('201'), null, (event) => {
    if (++told > 4) broken(event);
  });
  expect(await exchange.desk.returnHome(terminalAt('201'), 'web')).toMatchObject({
    answer: { kind: 'returned' },
  });
  expect(exchange.desk.guestOn(terminalAt('201'))).toBeUndefined();
  // The page's lamp is still told: what one room fails to do costs no other.
  expect(failures).toMatchObject([{ message: 'no terminal today' }, { message: 'no mailbox today' }]);
});

const NO_PIN =
  '101 has no voicemail PIN. Please listen on your own phone, or ask your administrator for a PIN.';

test.for([
  ['a guest who is still there sees what is said', false, ['opened', NO_PIN, 'closed']],
  [
    'the next person at the station sees only that the visit is ending',
    true,
    ['101 is no longer on this phone. Goodbye.', 'closed'],
  ],
] as const)('at a mailbox, %s', async ([, leaves, seen]) => {
  const { exchange, clock, phone } = await adaOnTheStation();
  const told: string[] = [];
  exchange.openPage(terminalAt('201'), null, (event) => {
    if (event.kind === 'voicemail')
      told.push(event.event.kind === 'prompt' ? event.event.text : event.event.kind);
  });
  const { flow, heard } = phone('201');
  flow.receive(request({ method: 'INVITE', uri: 'sip:*97@example.org', body: 'm=audio 9 X 111\r\n' }));
  await clock.advance(0);
  const answer = heard().find((message) => message.kind === 'response' && message.status === 200);
  if (leaves) await exchange.desk.returnHome(terminalAt('201'), 'web');
  flow.receive(request({ method: 'ACK', tag: answer?.essentials.to.tag ?? '' }));
  await clock.advance(20_000);
  expect(told).toEqual(seen);
});

test('of two browsers that are one terminal, each is told of its own registration only', async () => {
  const { exchange, clock, phone } = await openExchange();
  const open = (name: string) => {
    const registered: boolean[] = [];
    exchange.openPage(terminalAt('101'), `urn:uuid:${name}`, (event) => {
      if (event.kind === 'pulse') registered.push(event.registered);
    });
    const { flow } = phone('101');
    const contact = `Contact: <sip:${name}@y.invalid;transport=ws>;+sip.instance="<urn:uuid:${name}>";reg-id=1\r\n`;
    const from = '<sip:101@example.org>;tag=a';
    const register = () =>
      flow.receive(request({ method: 'REGISTER', uri: 'sip:example.org', from, contact, callId: name }));
    return { flow, register, registered };
  };
  const [one, other] = [open('one'), open('other')];
  one.register();
  expect([one.registered, other.registered]).toEqual([[false, true], [false]]);
  other.register();
  one.flow.hangUp();
  await clock.advance(0);
  expect([one.registered, other.registered]).toEqual([
    [false, true, false],
    [false, true],
  ]);
});

test('the check of a terminal is shown on the floor and on its own page, until the next one', async () => {
  const { exchange, clock, phone } = await openExchange();
  phone('101');
  const seen: unknown[] = [];
  exchange
    .openManagementPage(ADMINISTRATOR, (event) => {
      for (const line of 'lines' in event ? event.lines : [])
        if (line.number === '101' && 'lastCheck' in line) seen.push(line.lastCheck);
    })
    .request({ subscribe: 'floor' });
  const terminal = terminalAt('101');
  exchange.rooms.checks.checked(terminal, { verdict: 'not-ready', parts: ['microphone'] });
  const at = clock.now();
  await clock.advance(1_000);
  const check = { at, verdict: 'not-ready', parts: ['microphone'] };
  expect(seen).toEqual([null, check]);
  expect(exchange.view(terminal)?.lastCheck).toEqual(check);
});

test('what has failed in the pages of a terminal is told to those who look at its extension, the latest first, and each once', async () => {
  const { exchange, clock, phone } = await openExchange();
  phone('101');
  const seen: unknown[] = [];
  exchange
    .openManagementPage(ADMINISTRATOR, (event) => {
      for (const line of 'lines' in event ? event.lines : []) if ('faults' in line) seen.push(line.faults);
    })
    .request({ subscribe: 'extension/101' });
  const terminal = terminalAt('101');
  const [list, call] = [
    { part: 'list', error: 'one' },
    { part: 'call', error: 'two' },
  ] as const;
  const at = clock.now();
  exchange.rooms.faults.note(terminal, list);
  exchange.rooms.faults.note(terminal, call);
  await clock.advance(1_000);
  exchange.rooms.faults.note(terminal, list);
  await clock.advance(1_000);
  expect(seen).toEqual([
    [],
    [
      { ...call, at },
      { ...list, at },
    ],
    [
      { ...list, at: at + 1_000 },
      { ...call, at },
    ],
  ]);
  for (let count = 0; count < 9; count++)
    exchange.rooms.faults.note(terminal, { part: 'bar', error: String(count) });
  expect(exchange.rooms.faults.of(terminal)).toHaveLength(5);
});

test('what a page says of itself is on the floor at once; so is since when its phone is not connected', async () => {
  const { exchange, clock, phone } = await openExchange();
  const register = (): ReturnType<typeof phone> => {
    const ada = phone('101');
    const from = '<sip:101@example.org>;tag=a';
    ada.flow.receive(request({ method: 'REGISTER', uri: 'sip:example.org', from }));
    return ada;
  };
  const ada = register();
  const seen: unknown[] = [];
  exchange
    .openManagementPage(ADMINISTRATOR, (event) => {
      for (const line of 'lines' in event ? event.lines : [])
        if (line.number === '101' && 'page' in line && 'lostAt' in line) seen.push([line.page, line.lostAt]);
    })
    .request({ subscribe: 'floor' });
  const terminal = terminalAt('101');
  const report = { microphone: 'denied', clockAhead: -90_000, version: '0.1.0' } as const;
  exchange.rooms.conditions.reported(terminal, report, 'Firefox');
  const page = { ...report, at: clock.now(), browser: 'Firefox' };
  await clock.advance(1_000);
  expect(seen.splice(0)).toEqual([
    [null, null],
    [page, null],
  ]);
  const lostAt = clock.now();
  ada.flow.hangUp();
  await clock.advance(200_000);
  expect(seen.at(-1)).toEqual([page, lostAt]);
  register();
  await clock.advance(1_000);
  expect(seen.at(-1)).toEqual([page, null]);
});

test('a report that says nothing new is not told to anyone; the clock of a browser is, once it differs by a second', async () => {
  const { exchange, clock } = await openExchange();
  const seen: unknown[] = [];
  exchange
    .openManagementPage(ADMINISTRATOR, (event) => {
      for (const line of 'lines' in event ? event.lines : []) if ('page' in line) seen.push(line.page);
    })
    .request({ subscribe: 'extension/101' });
  seen.splice(0);
  const said = { microphone: 'granted', clockAhead: 0, version: '0.1.0' } as const;
  const first = { ...said, at: clock.now(), browser: 'Firefox' };
  const report = async (what: object, browser = 'Firefox') => {
    exchange.rooms.conditions.reported(terminalAt('101'), { ...said, ...what }, browser);
    await clock.advance(1_000);
    return seen.splice(0);
  };
  expect(await report({})).toEqual([first]);
  expect(await report({})).toEqual([]);
  expect(await report({ clockAhead: 999 })).toEqual([]);
  for (const what of [{ clockAhead: 1_000 }, { microphone: 'denied' }, { version: '0.2.0' }] as const)
    expect(await report(what)).toMatchObject([{ ...said, ...what }]);
  expect(await report({ version: '0.2.0' }, 'Chrome')).toMatchObject([{ browser: 'Chrome' }]);
});

test('with an extension, what was known of the pages of its phone goes, for good', async () => {
  const { exchange, clock, phone } = await openExchange();
  const ada = phone('101');
  ada.flow.receive(
    request({ method: 'REGISTER', uri: 'sip:example.org', from: '<sip:101@example.org>;tag=a' }),
  );
  const terminal = terminalAt('101');
  const say = (): void => {
    exchange.rooms.conditions.reported(
      terminal,
      { microphone: 'denied', clockAhead: 0, version: '0.1.0' },
      'Firefox',
    );
    exchange.rooms.faults.note(terminal, { part: 'list', error: 'one' });
    exchange.rooms.checks.checked(terminal, { verdict: 'ready', parts: [] });
  };
  const known = () => [
    exchange.rooms.conditions.of(terminal),
    exchange.rooms.faults.of(terminal),
    exchange.rooms.checks.lastCheck(terminal),
    exchange.rooms.conditions.lostAt(terminal),
  ];
  say();
  ada.flow.hangUp();
  await clock.advance(200_000);
  expect(known()).not.toContain(null);
  await exchange.rooms.changes.carryOut({ kind: 'delete-extension', number: '101', who: 'boss' });
  expect(known()).toEqual([null, [], null, null]);
  // Another of its browsers has not noticed yet, and goes then.
  say();
  exchange.rooms.conditions.lost(terminal);
  expect(known()).toEqual([null, [], null, null]);
});

test('a frozen page, whose socket stays open, has its callers at voicemail, and is asleep on the floor', async () => {
  const { exchange, clock, phone } = await openExchange();
  const [ada, ben] = [phone('101'), phone('102')];
  const contact = 'Contact: <sip:x@y.invalid;transport=ws>;+perch.heartbeat\r\n';
  ada.flow.receive(
    request({ method: 'REGISTER', uri: 'sip:example.org', from: '<sip:101@example.org>;tag=a', contact }),
  );
  const floor: string[] = [];
  exchange
    .openManagementPage(ADMINISTRATOR, (event) => {
      for (const line of 'lines' in event ? event.lines : [])
        if (line.number === '101') floor.push(JSON.stringify(line).match(/"asleep":\w+/)?.[0] ?? '');
    })
    .request({ subscribe: 'floor' });
  ada.heard();
  let asked: readonly SipMessage[] = [];
  while (asked.length === 0) {
    await clock.advance(1_000);
    asked = ada.heard();
  }
  expect(asked.map(summary)).toEqual(['OPTIONS']);
  ada.flow.receive(response(asked[0], 200));
  // From here on the page is frozen.
  await clock.advance(26_000);
  ben.flow.receive(request({ method: 'INVITE', body: 'm=audio 9 X 111\r\n' }));
  await clock.advance(1_000);
  expect(ada.heard().map(summary)).toEqual(['OPTIONS', 'OPTIONS']);
  expect(ben.heard().map(summary).slice(0, 2)).toEqual(['100 INVITE', '200 INVITE']);
  expect(floor).toEqual(['"asleep":false', '"asleep":true']);
  expect(ada.flow.open).toBe(true);
});
