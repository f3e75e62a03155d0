import { expect, test } from 'vitest';
import { FakeFlow } from '../../../sip/transport/support/fake-flow.ts';
import { MemoryDirectory } from '../../directory.ts';
import { demoDirectory, idOf, terminalAt, virtualizations, whereaboutsIn } from '../support/call-house.ts';
import type { HelpCallers, World } from './destination.ts';
import { callerAt, emergencyCallerAt, route, speakerAt, userPartOf } from './routing.ts';

const ignore = (): void => undefined;
const flow = new FakeFlow({ opened: ignore, received: ignore, closed: ignore });

/** Every home terminal has a phone, except those that are `offline`. */
function world(
  onBase: Readonly<Record<string, string>>,
  offline: readonly string[] = [],
  asleep: readonly string[] = [],
): World {
  const set = virtualizations(onBase);
  const directory = demoDirectory();
  return {
    directory,
    whereabouts: {
      ...whereaboutsIn(directory, () => set),
      emergencyCallOn: () => ignore,
    },
    phones: {
      bindings: (terminal) => [
        {
          terminal,
          key: 'k',
          contact: 'sip:c@x',
          flow,
          reseats: false,
          awake: !asleep.some((number) => terminalAt(number) === terminal),
          alive: !offline.some((number) => terminalAt(number) === terminal),
        },
      ],
    },
  };
}

/** Where a call rings, or why it does not. */
function outcome(dialled: string, from: string, inWorld: World): string {
  const { destination } = route(dialled, terminalAt(from), inWorld);
  switch (destination.kind) {
    case 'ring':
      return `rings at ${destination.callee.terminal}`;
    case 'service': {
      const { service } = destination;
      return service.name === 'center' ? `center ${service.number ?? ''}`.trim() : service.name;
    }
    case 'parking':
      return destination.service.name;
    case 'unavailable':
      return destination.failure;
  }
}

const at = (number: string): string => `rings at ${terminalAt(number)}`;

test.for<readonly [step: number, onBase: Readonly<Record<string, string>>, ...rings: readonly string[]]>([
  [0, {}, at('101'), at('102'), at('103'), at('104')],
  [1, { 102: '101' }, 'homeless', at('101'), at('103'), at('104')],
  [2, { 102: '101', 104: '102' }, 'homeless', at('101'), at('103'), at('102')],
  [3, { 103: '101', 104: '102' }, 'homeless', 'homeless', at('101'), at('102')],
  [4, { 103: '101' }, 'homeless', at('102'), at('101'), at('104')],
  [5, { 103: '101', 101: '102' }, at('102'), 'homeless', at('101'), at('104')],
  [6, { 103: '101', 101: '102', 102: '103' }, at('102'), at('103'), at('101'), at('104')],
  [7, { 103: '101', 102: '103' }, 'homeless', at('103'), at('101'), at('104')],
  [8, { 103: '101' }, 'homeless', at('102'), at('101'), at('104')],
  [9, {}, at('101'), at('102'), at('103'), at('104')],
])('worked example, step %i: calls to A, B, C, D', ([, onBase, ...rings]) => {
  const inWorld = world(onBase);
  expect(['101', '102', '103', '104'].map((number) => outcome(number, '201', inWorld))).toEqual(rings);
});

test.for<
  readonly [
    what: string,
    onBase: Readonly<Record<string, string>>,
    from: string,
    dialled: string,
    result: string,
  ]
>([
  ['a free number', {}, '101', '102', at('102')],
  ['digits as people write them', {}, '101', '1 0-2', at('102')],
  ['no extension has the number', {}, '101', '105', 'no-such-number'],
  ['no extension has such a number', {}, '101', 'ben', 'no-such-number'],
  ['nothing dialled', {}, '101', '', 'no-such-number'],
  ['the own number', {}, '101', '101', 'voicemail'],
  ['the own number, as a guest', { 101: '201' }, '201', '101', 'voicemail'],
  ['the number of the own desk, with a guest', { 101: '201' }, '201', '201', 'desk-in-use'],
  ['a code that is none', {}, '101', '*98', 'no-such-code'],
  ['a code that is none, on a locked phone', { 101: '201' }, '101', '*98', 'locked'],
  ['the base, as its guest', { 101: '201' }, '201', '201', 'desk-in-use'],
  ['a station that is taken', { 101: '201' }, '102', '201', 'desk-in-use'],
  ['the guest of a station', { 101: '201' }, '102', '101', at('201')],
  ['*30 at home', {}, '101', '*30', 'center'],
  ['*30 with a number', {}, '201', '*30101', 'center 101'],
  ['an escaped star', {}, '201', '%2A30101', 'center 101'],
  ['*30 on a locked terminal', { 101: '201' }, '101', '*30', 'center'],
  ['a call from a locked terminal', { 101: '201' }, '101', '102', 'locked'],
  ['an unknown number from a locked terminal', { 101: '201' }, '101', '105', 'locked'],
  ['a call from a locked terminal that has a guest', { 101: '201', 104: '101' }, '101', '102', at('102')],
  ['a mailbox from its own phone', {}, '101', '*97', 'voicemail'],
  ['a mailbox from where its owner is a guest', { 101: '201' }, '201', '*97', 'voicemail'],
  ['a mailbox from a locked terminal', { 101: '201' }, '101', '*97', 'locked'],
  ['an emergency number with an answer point', {}, '101', '112', at('112')],
  ['the same from a locked terminal', { 101: '201' }, '101', '112', at('112')],
  ['an emergency number without an answer point', {}, '101', '911', 'no-emergency-route'],
  ['an emergency number whose answer point is away', { 112: '201', 101: '112' }, '102', '112', at('201')],
  [
    'an emergency number whose answer point has a guest and no phone',
    { 101: '112' },
    '102',
    '112',
    at('112'),
  ],
])('%s', ([, onBase, from, dialled, result]) => {
  expect(outcome(dialled, from, world(onBase))).toBe(result);
});

test('an answer point that cannot be reached where it is rings at its own phone', () => {
  expect(outcome('112', '102', world({ 112: '201' }, ['201']))).toBe(at('112'));
  expect(outcome('112', '102', world({ 112: '201' }, ['201', '112']))).toBe('no-emergency-route');
});

test('an answer point rings where a phone is awake, and where none is, at one that seems to be asleep', () => {
  expect(outcome('112', '102', world({ 112: '201' }, [], ['201']))).toBe(at('112'));
  expect(outcome('112', '102', world({ 112: '201' }, [], ['201', '112']))).toBe(at('201'));
  expect(outcome('112', '102', world({}, [], ['112']))).toBe(at('112'));
  expect(outcome('101', '102', world({}, [], ['101']))).toBe('offline');
});

/** Help was called from a phone; the answer point dials the number that the call came with. */
test.for<readonly [string, Readonly<Record<string, string>>, string, string, string, string]>([
  ['a desk with a guest', { 101: '201' }, '201', '112', '201', at('201')],
  ['a locked phone', { 101: '201' }, '101', '112', '101', at('101')],
  ['a phone whose owner is elsewhere, too', { 101: '102', 102: '201' }, '102', '112', '102', at('102')],
  ['a guest at the phone of the answer point', { 101: '201', 104: '112' }, '201', '112', '201', at('201')],
  ['anybody else', { 101: '201' }, '201', '102', '201', 'desk-in-use'],
  ['another number', { 101: '201' }, '201', '112', '101', at('201')],
])('called back: %s', ([, onBase, calledFrom, from, dialled, result]) => {
  const helpCalledFrom = (number: string) => ({
    own: number === calledFrom ? terminalAt(calledFrom) : undefined,
    shown: undefined,
  });
  expect(outcome(dialled, from, { ...world(onBase), helpCalledFrom })).toBe(result);
});

/** Help was called from 201 and 102, where 104 and 201 are set for calling back: the answer point dials a number. */
test.for<
  readonly [string, Readonly<Record<string, string>>, readonly string[], from: string, string, string]
>([
  ['the number that is set', {}, [], '112', '104', at('104')],
  ['where its extension is', { 104: '101' }, [], '112', '104', at('101')],
  ['its extension has no phone', {}, ['104'], '112', '104', at('201')],
  ['its extension is homeless', { 103: '104' }, [], '112', '104', at('201')],
  ['neither phone is there', {}, ['104', '201'], '112', '104', 'offline'],
  [
    'a phone from which help was called comes first at its own number',
    { 101: '201' },
    [],
    '112',
    '201',
    at('201'),
  ],
  ['it is a desk in use, and its own phone is gone', { 101: '201' }, ['201'], '112', '201', at('102')],
  ['anybody else', {}, ['104'], '102', '104', 'offline'],
])('called back at another number: %s', ([, onBase, offline, from, dialled, result]) => {
  const callers: Readonly<Record<string, HelpCallers>> = {
    104: { own: undefined, shown: terminalAt('201') },
    201: { own: terminalAt('201'), shown: terminalAt('102') },
  };
  const nobody = { own: undefined, shown: undefined };
  const helpCalledFrom = (number: string) => callers[number] ?? nobody;
  expect(outcome(dialled, from, { ...world(onBase, offline), helpCalledFrom })).toBe(result);
});

test.for<readonly [string, readonly string[], Readonly<Record<string, string>>, string]>([
  ['a phone that is offline at home', ['102'], {}, 'offline'],
  ['a base that is offline', ['201'], { 102: '201' }, 'base-offline'],
  ['an extension whose home is offline but which sits elsewhere', ['102'], { 102: '201' }, at('201')],
])('%s', ([, offline, onBase, result]) => {
  expect(outcome('102', '101', world(onBase, offline))).toBe(result);
});

test('a route says that it is an emergency’s, so that nothing on the terminal changes until the call ends', () => {
  expect(route('112', terminalAt('101'), world({})).emergency).toBe(true);
  expect(route('102', terminalAt('101'), world({})).emergency).toBe(false);
});

test('suspended extensions neither call nor are called', () => {
  const inWorld = world({});
  const directory = demoDirectory();
  const ben = directory.byNumber('102');
  if (ben === undefined) throw new Error('Ben is missing');
  directory.set({ ...ben, suspended: true });
  const suspended = { ...inWorld, directory };
  expect(outcome('102', '101', suspended)).toBe('suspended');
  expect(outcome('101', '102', suspended)).toBe('locked');
});

test.for<readonly [string, Readonly<Record<string, string>>, string, object]>([
  ['at home', {}, '101', { number: '101', name: 'Ada', extension: idOf('101') }],
  ['of a guest', { 101: '201' }, '201', { number: '201', name: 'Ada, Front desk', extension: idOf('101') }],
  ['from a locked phone', { 101: '201' }, '101', { number: '101', name: 'Ada', extension: idOf('101') }],
])(
  'an emergency call %s has the name of the extension that speaks, and the number and place of the terminal',
  ([, onBase, from, party]) => {
    expect(emergencyCallerAt(terminalAt(from), world(onBase))).toEqual({
      ...party,
      terminal: terminalAt(from),
    });
  },
);

test('an emergency call names the number that is to be called back from there, as long as somebody has it', () => {
  const inWorld = world({ 101: '201' });
  const directory = demoDirectory();
  const callsBackAt = (number: string): string | undefined => {
    const station = directory.byNumber('201');
    if (station === undefined) throw new Error('the station is missing');
    directory.set({ ...station, callBack: number });
    return emergencyCallerAt(terminalAt('201'), { ...inWorld, directory })?.number;
  };
  expect(callsBackAt('103')).toBe('103');
  expect(callsBackAt('999')).toBe('201');
  const chloe = directory.byNumber('103');
  if (chloe === undefined) throw new Error('Chloe is missing');
  directory.set({ ...chloe, suspended: true });
  expect(callsBackAt('103')).toBe('201');
});

test('the extension that speaks at the terminal calls; on a locked one, in an emergency, its owner', () => {
  const inWorld = world({ 101: '201' });
  expect(callerAt(terminalAt('201'), inWorld)).toMatchObject({ extension: idOf('101'), name: 'Ada' });
  expect(speakerAt(terminalAt('101'), inWorld)).toBeUndefined();
  expect(callerAt(terminalAt('101'), inWorld)).toMatchObject({
    extension: idOf('101'),
    terminal: terminalAt('101'),
  });
});

test.for([
  ['sip:102@example.org', at('102')],
  ['SIP:102@EXAMPLE.ORG;user=phone', at('102')],
  ['sip:%D9%A1%D9%A0%D9%A2@example.org', at('102')],
  ['sip:102@elsewhere.example', 'no-such-number'],
  ['tel:102', at('102')],
  ['TEL:102;phone-context=example.org', at('102')],
  ['tel:1-0-2', at('102')],
  ['tel:%2A30102', 'center 102'],
  ['tel:112', at('112')],
  ['urn:service:sos', at('112')],
  ['urn:service:sos.fire', at('112')],
  ['urn:service:counseling', 'no-such-number'],
] as const)('a phone that calls %s: %s', ([uri, result]) => {
  const inWorld = world({});
  expect(outcome(userPartOf(uri, inWorld), '101', inWorld)).toBe(result);
});

test.for<readonly [string, readonly string[], suspended: string | null, string]>([
  ['the first number that somebody has', ['999', '112'], null, at('112')],
  ['the first number, where nobody has one', ['999', '998'], null, 'no-emergency-route'],
  ['not one that is suspended', ['102', '112'], '102', at('112')],
  ['none, and is a call for help all the same', [], null, 'no-emergency-route'],
])('a phone that asks for help calls %s', ([, emergencyNumbers, number, result]) => {
  const demo = demoDirectory();
  const directory = new MemoryDirectory({ ...demo.organization, emergencyNumbers }, demo.all());
  const suspended = number === null ? undefined : directory.byNumber(number);
  if (suspended !== undefined) directory.set({ ...suspended, suspended: true });
  // 101 speaks at 103, so the phone of 101 is locked.
  const inWorld = { ...world({ 101: '103' }), directory };
  const dialled = userPartOf('urn:service:sos', inWorld);
  expect(outcome(dialled, '101', inWorld)).toBe(result);
  expect(route(dialled, terminalAt('101'), inWorld).emergency).toBe(true);
});
