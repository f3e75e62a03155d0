import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { CallHouse, idOf, type Phone, refusalOf, terminalAt } from '../support/call-house.ts';

const BUSY = [486, 'Busy'];
const answered = { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' } as const;

/** More than ten people, so that all others can ring one of them. */
function crowd(people: number) {
  const house = new CallHouse();
  const phones = Array.from({ length: people }, (_, index) => {
    house.hire(String(301 + index));
    return house.register(String(301 + index));
  });
  return { house, phones };
}

test('a caller rings one callee twice at a time, and hears that the third is busy, without a mailbox', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('103')];
  const [first, , third] = [house.dial(ada, '102'), house.dial(ada, '102'), house.dial(ada, '102')];
  expect(house.ringing).toHaveLength(2);
  expect(refusalOf(third)).toEqual(BUSY);
  expect(house.deposits).toEqual([]);
  expect(house.store.records).toMatchObject([
    { result: 'busy', dialled: '102', callee: { extension: idOf('102') } },
  ]);
  house.dial(ada, '103');
  expect(house.ringing).toHaveLength(3);
  first.says({ kind: 'cancelled' });
  expect(refusalOf(house.dial(ada, '102'))).toBeUndefined();
});

test('calls that were answered do not count: a third rings', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  for (let call = 0; call < 3; call++) await house.connect(ada, '102');
  house.dial(ada, '102');
  expect(house.ringing).toHaveLength(1);
});

test('messages that a caller leaves count like calls that ring: two at a time for one mailbox', () => {
  const house = new CallHouse();
  const ada = house.register('101');
  const legs = Array.from({ length: 3 }, () => house.dial(ada, '102'));
  expect(house.deposits).toHaveLength(2);
  expect(refusalOf(legs[2] as FakeLeg)).toEqual(BUSY);
  house.register('102');
  expect(refusalOf(house.dial(ada, '102'))).toEqual(BUSY);
  legs[0]?.says({ kind: 'ended', by: 'peer' });
  expect(refusalOf(house.dial(ada, '102'))).toBeUndefined();
});

test('a guest is the same caller at two phones, and so are two extensions that call from one phone', () => {
  const house = new CallHouse();
  const [ada, desk] = [house.register('101'), house.register('201'), house.register('102')];
  house.dial(ada, '102');
  house.dial(ada, '102');
  house.move({ 101: '201' });
  expect(refusalOf(house.dial(desk, '102'))).toEqual(BUSY);
  house.move({ 103: '101' });
  expect(refusalOf(house.dial(ada, '102'))).toEqual(BUSY);
});

test('a blind transfer counts as a call of the referrer', async () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102'), house.register('103')];
  const [referrer, transferee] = await house.connect(ada, '102');
  house.dial(ada, '103');
  const referTo = { uri: 'sip:103@example.org', displayName: undefined, replaces: undefined };
  referrer.says({ kind: 'refer', id: 1, referTo });
  expect(house.ringing).toHaveLength(2);
  expect(refusalOf(house.dial(ada, '103'))).toEqual(BUSY);
  const [another] = await house.connect(ada, '102');
  another.says({ kind: 'refer', id: 2, referTo });
  expect(another.told('refuse-refer')).toEqual([{ kind: 'refuse-refer', id: 2, status: 486 }]);
  expect(refusalOf(house.dial(ben, '103'))).toBeUndefined();
  expect(transferee.told('end')).toEqual([]);
});

test('a terminal has ten calls and no eleventh, except for emergencies, *30 and *97', () => {
  const { house, phones } = crowd(6);
  const [ada] = [house.register('101'), house.register('112')];
  const legs = phones.flatMap((_, index) => [0, 1].map(() => house.dial(ada, String(301 + index))));
  expect(house.ringing).toHaveLength(10);
  expect(legs.slice(10).map(refusalOf)).toEqual([10, 11].map(() => [403, 'Too many calls on this phone']));
  house.dial(ada, '*30');
  house.dial(ada, '*97');
  house.dial(ada, '112');
  expect([house.centers, house.visits]).toEqual([[[terminalAt('101'), undefined]], [terminalAt('101')]]);
  expect(house.rung.invitation?.to.uri).toBe('sip:112@example.org');
});

test.for(['*30101', '*97'])(
  'a terminal may call %s four times at once, and again when one has ended',
  (code) => {
    const house = new CallHouse();
    const [ada, ben] = [house.register('101'), house.register('102')];
    const legs = Array.from({ length: 5 }, () => house.dial(ada, code));
    expect(legs.map(refusalOf)).toEqual([...Array<undefined>(4), [486, 'Too many visits at once']]);
    expect(refusalOf(house.dial(ada, code === '*97' ? '*30' : '*97'))).toBeUndefined();
    expect(refusalOf(house.dial(ben, code))).toBeUndefined();
    legs[0]?.says({ kind: 'ended', by: 'peer' });
    expect(refusalOf(house.dial(ada, code))).toBeUndefined();
  },
);

test('however many calls ring at a phone, it may dial a colleague, *30, *97 and for help', () => {
  const { house, phones } = crowd(10);
  const [ada, ben] = [house.register('101'), house.register('102'), house.register('112')];
  for (const phone of phones) for (let call = 0; call < 3; call++) house.dial(phone, '101');
  expect(house.ringing).toHaveLength(20);
  const bens = house.dial(ben, '101');
  expect(refusalOf(bens)).toBeUndefined();
  expect(house.deposits).toEqual([['102', '101', 'busy']]);
  house.dial(ada, '102');
  expect(house.rung.invitation?.to.uri).toBe('sip:102@example.org');
  house.dial(ada, '*30101');
  house.dial(ada, '*97');
  house.dial(ada, '112');
  expect([house.centers, house.visits]).toEqual([[[terminalAt('101'), '101']], [terminalAt('101')]]);
  expect(house.rung.invitation?.to.uri).toBe('sip:112@example.org');
});

test('while twenty calls ring at the answer point, an emergency call rings there at once', () => {
  const { house, phones } = crowd(20);
  const help = house.register('112');
  for (const phone of phones) house.dial(phone, '112');
  const ada = house.register('101');
  for (let time = 0; time < 3; time++) house.dial(ada, '112');
  expect(house.ringing.filter((contact) => contact === help.binding.contact)).toHaveLength(23);
  expect(house.announced).toEqual([]);
});

test('after any dialling, answering and hanging up no caller rings a callee more than twice, and everyone may dial', async () => {
  const numbers = ['101', '102', '103', '104'];
  const index = fc.nat(3);
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('dial' as const), from: index, to: index }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('answer', 'hang-up'), which: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), who: index, to: index }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const house = new CallHouse();
      const phones = numbers.map((number) => house.register(number));
      house.register('112');
      const dialled: (readonly [Phone, FakeLeg])[] = [];
      for (const one of acts) {
        if (one.kind === 'dial') {
          const phone = phones[one.from] as Phone;
          dialled.push([phone, house.dial(phone, numbers[one.to] as string)]);
        } else if (one.kind === 'move') {
          house.move(one.who === one.to ? {} : { [numbers[one.who] as string]: numbers[one.to] as string });
        } else if (one.kind === 'answer') {
          house.userAgent.invited[one.which]?.says(answered);
          await house.clock.advance(0);
        } else {
          dialled[one.which]?.[1].says({ kind: 'cancelled' });
        }
        for (const [at, phone] of phones.entries()) {
          for (const number of numbers) {
            const target = terminalAt(number);
            const rung = house.calls
              .views(target)
              .filter(({ state, with: by }) => state === 'ringing' && by.number === numbers[at]);
            expect(rung.length).toBeLessThanOrEqual(2);
          }
          const own = dialled.filter(([from, leg]) => from === phone && leg.state !== 'over').length;
          const views = house.calls.views(phone.binding.terminal);
          const taken = views.filter(
            ({ state, direction }) => direction === 'incoming' && state !== 'ringing',
          );
          if (own + taken.length >= 10) continue;
          const leg = house.dial(phone, '999');
          expect(refusalOf(leg)).toBeUndefined();
          leg.says({ kind: 'cancelled' });
        }
      }
    }),
    { numRuns: 60 },
  );
});
