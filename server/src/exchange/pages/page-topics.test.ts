import {
  type Colleague,
  type ExtensionChange,
  type FloorLine,
  NOTHING_KNOWN,
  type ParkedCall,
  type OwnLine,
  type Rights,
  told,
  type TopicEvent,
  type TopicName,
  type TopicList,
} from '@perch/shared';
import { expect, test } from 'vitest';
import { request, response } from '../../sip/user-agent/support/raw-phone.ts';
import { demoDirectory, idOf, terminalAt } from '../call/support/call-house.ts';
import { ADMINISTRATOR } from '../support/rights.ts';
import { openExchange } from '../support/test-exchange.ts';
import { PageTopics } from './page-topics.ts';
import { FakeVirtualizationStore } from '../support/fake-virtualization-store.ts';

/** An exchange, and pages of it that show their colleagues. */
async function open() {
  const house = await openExchange(new FakeVirtualizationStore(), async (_, code) => code === '4711');
  const { exchange, clock } = house;
  const colleaguesAt = (number: string, known: TopicList<Colleague> = NOTHING_KNOWN) => {
    const heard: TopicEvent[] = [];
    let list = known;
    const page = exchange.openPage(terminalAt(number), null, (event) => {
      if (event.kind !== 'snapshot' && event.kind !== 'delta' && event.kind !== 'withheld') return;
      heard.push(event);
      const next = told(list, event, (line) => line as Colleague);
      if (next === undefined) throw new Error(`nothing is known before ${JSON.stringify(event)}`);
      list = next;
    });
    page.request({ subscribe: 'colleagues', after: known.bookmark });
    const state = (of: string) => list.lines.find((one) => one.number === of)?.state;
    return { ...page, heard, list: () => list, state };
  };
  /** What a page of management is told of a topic. */
  const managementOf = (topic: TopicName, rights: Rights = ADMINISTRATOR) => {
    const heard: TopicEvent[] = [];
    const page = exchange.openManagementPage(rights, (event) => {
      if (event.kind !== 'alive') heard.push(event);
    });
    page.request({ subscribe: topic });
    return { ...page, take: () => heard.splice(0) };
  };
  const register = (number: string) => {
    const phone = house.phone(number);
    const from = `<sip:${number}@example.org>;tag=a`;
    const text = request({ method: 'REGISTER', uri: 'sip:example.org', from });
    phone.flow.receive(text.replace('To: <sip:101@', `To: <sip:${number}@`));
    phone.heard();
    return phone;
  };
  const { changes } = exchange.rooms;
  const change = (number: string, what: ExtensionChange) =>
    changes.carryOut({ kind: 'change-extension', number, change: what, who: 'boss' });
  const create = (number: string, name: string) =>
    changes.carryOut({
      kind: 'create-extension',
      extension: { number, name, kind: 'person', allowVirtualization: false },
      digest: null,
    });
  const remove = (number: string) => changes.carryOut({ kind: 'delete-extension', number, who: 'boss' });
  const move = (virtual: string, base: string) =>
    exchange.desk.verifyAndMove(terminalAt(base), virtual, '4711');
  return {
    ...house,
    managementOf,
    colleaguesAt,
    register,
    change,
    create,
    remove,
    move,
    settle: () => clock.advance(200),
  };
}

test('a page that shows colleagues sees each change of them, and only what has changed', async () => {
  const { colleaguesAt, register, change, create, remove, move, exchange, settle } = await open();
  const page = colleaguesAt('104');
  expect(page.list().lines.map(({ number, state }) => `${number} ${state}`)).toEqual([
    '101 offline',
    '102 offline',
    '103 offline',
    '104 offline',
    '112 offline',
    '201 offline',
  ]);
  page.heard.splice(0);
  const changed = async () => {
    await settle();
    return page.heard
      .splice(0)
      .flatMap((event) =>
        event.kind === 'delta'
          ? [
              ...event.gone.map((number) => `${number} gone`),
              ...(event.lines as Colleague[]).map(({ number, state, name }) => `${number} ${name} ${state}`),
            ]
          : [event.kind],
      )
      .sort();
  };

  const ada = register('101');
  const desk = register('201');
  expect(await changed()).toEqual(['101 Ada available', '201 Front desk available']);

  ada.flow.receive(
    request({
      method: 'INVITE',
      uri: 'sip:201@example.org',
      from: '<sip:101@example.org>;tag=a',
      body: 'offer',
    }),
  );
  expect(await changed()).toEqual(['101 Ada busy']);
  desk.flow.receive(response(desk.heard()[0], 486));
  expect(await changed()).toEqual(['101 Ada available']);

  await move('102', '201');
  expect(await changed()).toEqual(['102 Ben available', '201 Front desk away']);
  desk.flow.close(1000, '');
  expect(await changed()).toEqual(['102 Ben offline']);
  await exchange.desk.returnHome(terminalAt('201'), 'web');
  expect(await changed()).toEqual(['201 Front desk offline']);

  await change('103', { name: 'Chloé' });
  expect(await changed()).toEqual(['103 Chloé offline']);
  await change('103', { suspended: true });
  expect(await changed()).toEqual(['103 gone']);
  await change('103', { suspended: false });
  expect(await changed()).toEqual(['103 Chloé offline']);

  await remove('112');
  expect(await changed()).toEqual(['112 gone']);
  await create('112', 'Reception');
  expect(await changed()).toEqual(['112 Reception offline']);
});

test('a free station sees no colleagues; its guest does, and the station stops seeing them once the guest leaves', async () => {
  const { colleaguesAt, move, exchange, register, settle } = await open();
  const station = colleaguesAt('201');
  expect(station.heard.splice(0)).toEqual([{ kind: 'withheld', topic: 'colleagues' }]);
  register('101');
  await settle();
  expect(station.heard.splice(0)).toEqual([]);

  await move('102', '201');
  expect(station.heard.splice(0)).toMatchObject([{ kind: 'snapshot' }]);
  expect(station.state('101')).toBe('available');

  const ada = register('103');
  await exchange.desk.returnHome(terminalAt('201'), 'web');
  await settle();
  ada.flow.close(1000, '');
  await settle();
  expect(station.heard.splice(0)).toEqual([{ kind: 'withheld', topic: 'colleagues' }]);
  expect(station.list()).toEqual(NOTHING_KNOWN);
});

test('a phone whose owner moves away shows no colleagues from that moment', async () => {
  const { colleaguesAt, move } = await open();
  const phone = colleaguesAt('102');
  phone.heard.splice(0);
  await move('102', '201');
  expect(phone.heard).toEqual([{ kind: 'withheld', topic: 'colleagues' }]);
});

test('a page that comes back is told what it missed, and nothing if it missed nothing', async () => {
  const { colleaguesAt, register, settle } = await open();
  const before = colleaguesAt('104');
  before.close();
  const known = before.list();
  expect(colleaguesAt('104', known).heard).toEqual([]);
  register('101');
  await settle();
  const back = colleaguesAt('104', known);
  expect(back.heard).toMatchObject([{ kind: 'delta', lines: [{ number: '101', state: 'available' }] }]);
  expect(back.list().lines).toHaveLength(known.lines.length);
});

test('the floor is told who moves where, and not what is in a mailbox', async () => {
  const { managementOf, move, change, settle, register, exchange } = await open();
  const floor = managementOf('floor');
  const [whole] = floor.take();
  expect(whole).toMatchObject({ kind: 'snapshot', topic: 'floor' });
  expect(whole && 'lines' in whole && whole.lines).toHaveLength(6);
  expect(JSON.stringify(whole)).not.toContain('voicemail');

  const numbers = async () => {
    await settle();
    const lines = floor.take().flatMap((event) => ('lines' in event ? event.lines : []));
    return lines.map(({ number }) => number).sort();
  };
  await move('102', '201');
  expect(await numbers()).toEqual(['102', '201']);
  register('102');
  expect(await numbers()).toEqual(['102']);
  await change('102', { name: 'Benedict' });
  expect(await numbers()).toEqual(['102', '201']);
  await change('104', { voicemailMail: 'dev@example.org' });
  expect(await numbers()).toEqual([]);
  await exchange.desk.returnHome(terminalAt('201'), 'web');
  expect(await numbers()).toEqual(['102', '201']);
});

test('one extension is told at once when it changes, and nothing of the others', async () => {
  const { managementOf, change, clock } = await open();
  const dev = managementOf('extension/104');
  expect(dev.take()).toMatchObject([
    { kind: 'snapshot', lines: [{ number: '104', voicemailMail: null, registered: false }] },
  ]);
  await change('104', { voicemailMail: 'dev@example.org' });
  await change('103', { name: 'Chloé' });
  await clock.advance(0);
  expect(dev.take()).toMatchObject([{ kind: 'delta', lines: [{ voicemailMail: 'dev@example.org' }] }]);
  dev.request({ unsubscribe: 'extension/104' });
  await change('104', { name: 'Devi' });
  await clock.advance(0);
  expect(dev.take()).toEqual([]);
});

test('the floor is told when a terminal rings, and talks no more', async () => {
  const { managementOf, register, settle } = await open();
  const floor = managementOf('floor');
  const ada = register('101');
  const desk = register('201');
  await settle();
  floor.take();
  const callsShown = async () => {
    await settle();
    const lines = floor.take().flatMap((event) => ('lines' in event ? (event.lines as FloorLine[]) : []));
    return lines.map(({ number, call }) => `${number} ${call?.state ?? 'quiet'}`).sort();
  };
  ada.flow.receive(
    request({
      ...{ method: 'INVITE', uri: 'sip:201@example.org', body: 'offer' },
      from: '<sip:101@example.org>;tag=a',
    }),
  );
  expect(await callsShown()).toEqual(['101 talking', '201 ringing']);
  desk.flow.receive(response(desk.heard()[0], 486));
  expect(await callsShown()).toEqual(['101 quiet', '201 quiet']);
});

test('wrong codes are told to those who look at the extension, at whose phone they were entered, and when they are forgiven', async () => {
  const { managementOf, exchange, clock } = await open();
  const dev = managementOf('extension/104');
  const desk = managementOf('extension/201');
  const guessed = async (page: typeof dev) => {
    await clock.advance(0);
    return page.take().flatMap((event) => ('lines' in event ? event.lines : []));
  };
  const lockedUntil = () => clock.now() + 15 * 60_000;
  expect(await guessed(dev)).toMatchObject([{ guessing: { wrongAt: [], lockedUntil: null } }]);
  expect(await guessed(desk)).toHaveLength(1);

  await exchange.desk.verifyAndMove(terminalAt('201'), '104', '0000');
  expect(await guessed(dev)).toMatchObject([{ guessing: { wrongAt: [clock.now()], lockedUntil: null } }]);
  for (let wrong = 0; wrong < 4; wrong += 1)
    await exchange.desk.verifyAndMove(terminalAt('201'), '104', '0000');
  expect(await guessed(dev)).toMatchObject([{ guessing: { lockedUntil: lockedUntil() } }]);
  for (let wrong = 0; wrong < 5; wrong += 1)
    await exchange.desk.verifyAndMove(terminalAt('201'), '999', '0000');
  expect(await guessed(dev)).toEqual([]);
  expect(await guessed(desk)).toMatchObject([
    { guessing: { lockedUntil: null, terminalLockedUntil: lockedUntil() } },
  ]);

  await exchange.desk.liftLock(idOf('104'), 'boss');
  expect(await guessed(dev)).toMatchObject([{ guessing: { wrongAt: [], lockedUntil: null } }]);
});

test('an extension that does not exist is an empty list until it is created; a deleted one disappears', async () => {
  const { managementOf, create, remove, clock } = await open();
  const nobody = managementOf('extension/105');
  expect(nobody.take()).toMatchObject([{ kind: 'snapshot', lines: [] }]);
  await create('105', 'Eve');
  await clock.advance(0);
  expect(nobody.take()).toMatchObject([{ kind: 'delta', lines: [{ number: '105' }] }]);
  await remove('105');
  await clock.advance(0);
  expect(nobody.take()).toMatchObject([{ kind: 'delta', gone: ['105'] }]);
});

test('phones may not see the floor, and management may not see the topics of phones', async () => {
  const { managementOf, exchange } = await open();
  const heard: TopicEvent[] = [];
  const phone = exchange.openPage(terminalAt('101'), null, (event) => {
    if (event.kind === 'withheld' || event.kind === 'snapshot') heard.push(event);
  });
  phone.request({ subscribe: 'floor' });
  phone.request({ subscribe: 'extension/101' });
  expect(heard).toEqual([
    { kind: 'withheld', topic: 'floor' },
    { kind: 'withheld', topic: 'extension/101' },
  ]);
  for (const topic of ['colleagues', 'parked'] as const)
    expect(managementOf(topic).take()).toEqual([{ kind: 'withheld', topic }]);
});

test('parked calls are for everyone who speaks as a person, and told as they come and go', async () => {
  const { exchange, clock } = await open();
  const heardAt = (number: string) => {
    const heard: TopicEvent[] = [];
    const page = exchange.openPage(terminalAt(number), null, (event) => {
      if ('topic' in event) heard.push(event);
    });
    page.request({ subscribe: 'parked' });
    return () => heard.splice(0);
  };
  expect(heardAt('201')()).toEqual([{ kind: 'withheld', topic: 'parked' }]);
  expect(heardAt('101')()).toMatchObject([{ kind: 'snapshot', topic: 'parked', lines: [] }]);

  const slots = new Map<string, ParkedCall>();
  const parked = { all: () => slots.values(), at: (slot: string) => slots.get(slot) };
  // What other topics are made of is not asked for.
  const rest = { directory: demoDirectory(), where: undefined as never, view: undefined as never };
  const own = undefined as never;
  const topics = new PageTopics({ ...rest, parked, own, clock, newEpoch: () => 'epoch' });
  topics.slotChanged('1');
  const heard: TopicEvent[] = [];
  topics.of('parked')?.follow((event) => heard.push(event), undefined);
  const ben = { number: '102', name: 'Ben' };
  slots.set('1', { number: '1', with: ben, by: { number: '101', name: 'Ada' }, since: 1 });
  topics.slotChanged('1');
  await clock.advance(0);
  slots.clear();
  topics.slotChanged('1');
  await clock.advance(0);
  expect(heard).toMatchObject([
    { kind: 'snapshot', lines: [] },
    { kind: 'delta', gone: [], lines: [{ number: '1', with: ben }] },
    { kind: 'delta', gone: ['1'], lines: [] },
  ]);
});

const withRights = (rights: Partial<Rights>): Rights => ({
  roles: [],
  extension: null,
  groups: null,
  ...rights,
});

test.for([
  ['an administrator', ADMINISTRATOR, '101 102 103 104 112 201', ['101', '102', '105']],
  ['a supervisor', withRights({ roles: ['supervisor'] }), '101 102 103 104 112 201', ['101', '102', '105']],
  ['a supervisor of Sales', withRights({ roles: ['supervisor'], groups: ['Sales'] }), '101', ['101']],
  ['the owner of 102', withRights({ roles: ['owner'], extension: idOf('102') }), undefined, ['102']],
  [
    'a supervisor of Sales who owns 102',
    withRights({ roles: ['supervisor', 'owner'], groups: ['Sales'], extension: idOf('102') }),
    '101',
    ['101', '102'],
  ],
  ['an operator', withRights({ roles: ['operator'] }), undefined, []],
] as const)('every topic, asked for by %s', async ([, rights, floor, seen]) => {
  const { managementOf, change } = await open();
  await change('101', { group: 'Sales' });
  const [whole] = managementOf('floor', rights).take();
  const numbers =
    whole?.kind === 'snapshot'
      ? whole.lines
          .map(({ number }) => number)
          .sort()
          .join(' ')
      : undefined;
  expect(numbers).toBe(floor);
  for (const number of ['101', '102', '105'] as const) {
    const topic: TopicName = `extension/${number}`;
    const kind = (seen as readonly string[]).includes(number) ? 'snapshot' : 'withheld';
    expect(managementOf(topic, rights).take()).toMatchObject([{ kind, topic }]);
  }
  expect(managementOf('colleagues', rights).take()).toEqual([{ kind: 'withheld', topic: 'colleagues' }]);
});

test('an extension that leaves a group leaves the pages of those who supervise it, and its topic with it', async () => {
  const { managementOf, change, register, settle } = await open();
  const rights = withRights({ roles: ['supervisor'], groups: ['Sales'] });
  for (const number of ['101', '102']) await change(number, { group: 'Sales' });
  const [floor, ada] = [managementOf('floor', rights), managementOf('extension/101', rights)];
  floor.take();
  ada.take();
  await change('101', { group: 'Support' });
  await settle();
  expect(floor.take()).toMatchObject([{ kind: 'delta', gone: ['101'], lines: [] }]);
  expect(ada.take()).toEqual([{ kind: 'withheld', topic: 'extension/101' }]);
  register('101');
  await settle();
  expect([...floor.take(), ...ada.take()]).toEqual([]);
  await change('101', { group: 'Sales' });
  await settle();
  expect(floor.take()).toMatchObject([{ kind: 'delta', lines: [{ number: '101', registered: true }] }]);
  expect(ada.take()).toMatchObject([{ kind: 'snapshot', lines: [{ number: '101' }] }]);
});

test('what an extension has of its own is told where it is, and nowhere else', async () => {
  const { exchange, clock, move, settle, remove } = await open();
  const heardAt = (number: string) => {
    const heard: string[] = [];
    const page = exchange.openPage(terminalAt(number), null, (event) => {
      if (!('topic' in event)) return;
      heard.push(
        event.kind === 'withheld'
          ? 'withheld'
          : event.lines.map((line) => `${line.number}: ${String((line as OwnLine).favourites)}`).join(),
      );
    });
    page.request({ subscribe: 'own' });
    return () => heard.splice(0);
  };
  const [ada, desk] = [heardAt('101'), heardAt('201')];
  await settle();
  expect([ada(), desk()]).toEqual([['101: '], ['withheld']]);

  expect(await exchange.rooms.own.setFavourite(idOf('101'), '103', true)).toBe('done');
  expect(await exchange.rooms.own.setFavourite(idOf('102'), '104', true)).toBe('done');
  await settle();
  expect([ada(), desk()]).toEqual([['101: 103'], []]);

  await move('101', '201');
  await settle();
  expect([ada(), desk()]).toEqual([['withheld'], ['101: 103']]);
  await move('102', '201');
  await settle();
  expect([ada(), desk()]).toEqual([['101: 103'], ['102: 104']]);
  await remove('104');
  await settle();
  expect(desk()).toEqual(['102: ']);
  await exchange.desk.returnHome(terminalAt('201'), 'dialled');
  await settle();
  expect([ada(), desk()]).toEqual([[], ['withheld']]);
  await clock.advance(120_000);
});
