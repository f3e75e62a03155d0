import { type CallForwards, NO_FORWARDS } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeFlow } from '../../../sip/transport/support/fake-flow.ts';
import type { MemoryDirectory } from '../../directory.ts';
import { ringsAt } from '../../virtualization/resolve.ts';
import { demoDirectory, idOf, terminalAt, virtualizations, whereaboutsIn } from '../support/call-house.ts';
import { type Destination, ringExtension, type World } from '../ringing/destination.ts';
import { route } from '../ringing/routing.ts';
import { onwardOf, reach, reachOn } from './forwarding.ts';

const ignore = (): void => undefined;
const flow = new FakeFlow({ opened: ignore, received: ignore, closed: ignore });

/** What somebody has set. */
interface Wish {
  readonly dnd?: boolean;
  readonly forwards?: Partial<CallForwards>;
  readonly suspended?: boolean;
}

interface Scene {
  readonly wishes?: Readonly<Record<string, Wish>>;
  readonly onBase?: Readonly<Record<string, string>>;
  readonly offline?: readonly string[];
  readonly busy?: readonly string[];
}

function wished(directory: MemoryDirectory, wishes: Readonly<Record<string, Wish>>): void {
  for (const [number, { dnd = false, forwards, suspended = false }] of Object.entries(wishes)) {
    const extension = directory.byNumber(number);
    if (extension === undefined) throw new Error(`there is no ${number}`);
    const set = { doNotDisturb: dnd, forwards: { ...NO_FORWARDS, ...forwards }, suspended };
    directory.set({ ...extension, ...set });
  }
}

/** Every home terminal has a phone, except those that are offline. */
function world({ wishes = {}, onBase = {}, offline = [], busy = [] }: Scene): World {
  const set = virtualizations(onBase);
  const directory = demoDirectory();
  wished(directory, wishes);
  const phone = { key: 'k', contact: 'sip:c@x', flow, reseats: false, awake: true };
  return {
    directory,
    whereabouts: { ...whereaboutsIn(directory, () => set), emergencyCallOn: () => ignore },
    phones: {
      bindings: (terminal) =>
        offline.some((number) => terminalAt(number) === terminal)
          ? []
          : [{ ...phone, terminal, alive: true }],
    },
    busy: (extension) => busy.some((number) => idOf(number) === extension),
  };
}

const by = (destination: Destination): string =>
  destination.kind === 'ring' || destination.kind === 'unavailable'
    ? (destination.hops ?? []).map(({ extension, result }) => ` by ${extension.number} (${result})`).join('')
    : '';

/** Where a call from that terminal rings, or whose mailbox it reaches and why, and by whose settings. */
function outcome(dialled: string, from: string, scene: Scene): string {
  const { destination } = route(dialled, terminalAt(from), world(scene));
  if (destination.kind === 'ring')
    return `rings ${destination.callee.number} at ${destination.callee.terminal.slice(6)}${by(destination)}`;
  if (destination.kind !== 'unavailable') return destination.kind;
  return `${destination.failure} of ${destination.callee?.number ?? 'nobody'}${by(destination)}`;
}

const dnd: Wish = { dnd: true };
const always = (to: string): Wish => ({ forwards: { always: to } });

test.for<readonly [what: string, dialled: string, scene: Scene, expected: string]>([
  ['nothing is set', '102', {}, 'rings 102 at 102'],
  ['do not disturb', '102', { wishes: { 102: dnd } }, 'do-not-disturb of 102'],
  ['somebody else does not want to be disturbed', '102', { wishes: { 103: dnd } }, 'rings 102 at 102'],
  [
    'it follows its extension to any desk',
    '102',
    { wishes: { 102: dnd }, onBase: { 102: '201' } },
    'do-not-disturb of 102',
  ],
  [
    'and disturbs nobody at the desk that it has left',
    '103',
    { wishes: { 102: dnd }, onBase: { 103: '102' } },
    'rings 103 at 102',
  ],
  ['all calls go on', '102', { wishes: { 102: always('103') } }, 'rings 103 at 103 by 102 (forwarded)'],
  [
    'to where that extension is',
    '102',
    { wishes: { 102: always('103') }, onBase: { 103: '201' } },
    'rings 103 at 201 by 102 (forwarded)',
  ],
  [
    'also while the one who has set it does not want to be disturbed',
    '102',
    { wishes: { 102: { dnd: true, ...always('103') } } },
    'rings 103 at 103 by 102 (forwarded)',
  ],
  [
    'do not disturb comes before the other forwards',
    '102',
    { wishes: { 102: { dnd: true, forwards: { busy: '103', unreachable: '103' } } }, busy: ['102'] },
    'do-not-disturb of 102',
  ],
  [
    'to one who does not want to be disturbed',
    '102',
    { wishes: { 102: always('103'), 103: dnd } },
    'do-not-disturb of 102 by 102 (forwarded) by 103 (do-not-disturb)',
  ],
  [
    'in a call',
    '102',
    { wishes: { 102: { forwards: { busy: '103' } } }, busy: ['102'] },
    'rings 103 at 103 by 102 (busy)',
  ],
  ['in no call', '102', { wishes: { 102: { forwards: { busy: '103' } } } }, 'rings 102 at 102'],
  ['in a call, without a forward: it rings beside it', '102', { busy: ['102'] }, 'rings 102 at 102'],
  [
    'no phone',
    '102',
    { wishes: { 102: { forwards: { unreachable: '103' } } }, offline: ['102'] },
    'rings 103 at 103 by 102 (offline)',
  ],
  [
    'no phone at the desk where it is',
    '102',
    { wishes: { 102: { forwards: { unreachable: '103' } } }, onBase: { 102: '201' }, offline: ['201'] },
    'rings 103 at 103 by 102 (base-offline)',
  ],
  // The rule for a base desk, and for who is homeless, stays above all but "unreachable".
  [
    'somebody is at the desk',
    '201',
    { wishes: { 201: always('103') }, onBase: { 102: '201' } },
    'desk-in-use of 201',
  ],
  [
    'the same with do not disturb',
    '201',
    { wishes: { 201: dnd }, onBase: { 102: '201' } },
    'desk-in-use of 201',
  ],
  [
    'the same with a forward for that',
    '201',
    { wishes: { 201: { forwards: { unreachable: '103' } } }, onBase: { 102: '201' } },
    'rings 103 at 103 by 201 (desk-in-use)',
  ],
  [
    'to a desk where somebody is',
    '103',
    { wishes: { 103: always('201') }, onBase: { 102: '201' } },
    'desk-in-use of 103 by 103 (forwarded) by 201 (desk-in-use)',
  ],
  ['homeless', '102', { wishes: { 102: always('103') }, onBase: { 104: '102' } }, 'homeless of 102'],
  [
    'homeless, with a forward for that',
    '102',
    { wishes: { 102: { forwards: { unreachable: '103' } } }, onBase: { 104: '102' } },
    'rings 103 at 103 by 102 (homeless)',
  ],
  // Chains and circles.
  [
    'a chain',
    '102',
    { wishes: { 102: always('103'), 103: always('104') } },
    'rings 104 at 104 by 102 (forwarded) by 103 (forwarded)',
  ],
  [
    'a circle',
    '102',
    { wishes: { 102: always('103'), 103: always('102') } },
    'forward-loop of 102 by 102 (forwarded) by 103 (forwarded)',
  ],
  ['to itself', '102', { wishes: { 102: always('102') } }, 'forward-loop of 102 by 102 (forwarded)'],
  [
    'to the one who calls',
    '102',
    { wishes: { 102: always('101') } },
    'forward-loop of 102 by 102 (forwarded) by 101 (forward-loop)',
  ],
  // What cannot be called is no target: the phone rings as if nothing was set.
  ['to a number that nobody has', '102', { wishes: { 102: always('199') } }, 'rings 102 at 102'],
  [
    'to one that is suspended',
    '102',
    { wishes: { 102: always('103'), 103: { suspended: true } } },
    'rings 102 at 102',
  ],
  ['to where help is called', '102', { wishes: { 102: always('112') } }, 'rings 102 at 102'],
  [
    'a suspended extension forwards nothing',
    '102',
    { wishes: { 102: { ...always('103'), suspended: true } } },
    'suspended of 102',
  ],
  // Calls for help.
  ['help is called', '112', { wishes: { 112: dnd } }, 'rings 112 at 112'],
  ['help is called', '112', { wishes: { 112: always('103') } }, 'rings 112 at 112'],
])('%s: a call to %s', ([, dialled, scene, expected]) => {
  expect(outcome(dialled, '101', scene)).toBe(expected);
});

test.for([
  ['own', { own: terminalAt('102'), shown: undefined }],
  ['shown', { own: undefined, shown: terminalAt('103') }],
] as const)(
  'help that calls back reaches one who does not want to be disturbed (%s number)',
  ([, callers]) => {
    for (const wish of [dnd, always('104')]) {
      const inWorld = { ...world({ wishes: { 102: wish } }), helpCalledFrom: () => callers };
      const { destination } = route('102', terminalAt('112'), inWorld);
      expect(destination).toMatchObject({ kind: 'ring', callee: { terminal: terminalAt('102') } });
    }
  },
);

test.for<readonly [Partial<CallForwards>, ReturnType<typeof onwardOf>]>([
  [{}, undefined],
  [{ always: '103' }, undefined],
  [{ busy: '103' }, { failures: ['busy'] }],
  [{ unanswered: { to: '103', seconds: 7 } }, { failures: ['no-answer'], ms: 7000 }],
  [{ unreachable: '103' }, { failures: ['offline', 'base-offline', 'homeless', 'desk-in-use'] }],
])('%o goes on after %o', ([forwards, onward]) => {
  const directory = demoDirectory();
  wished(directory, { 102: { forwards } });
  const ben = directory.byNumber('102');
  expect(ben && onwardOf(ben)).toEqual(onward);
});

const NUMBERS = ['101', '102', '103', '104', '201'] as const;
const number = fc.constantFrom(...NUMBERS);
const some = fc.option(fc.constantFrom(...NUMBERS, '199', '112'), { nil: null });
const wish = fc.record({
  dnd: fc.boolean(),
  forwards: fc.record({
    always: some,
    busy: some,
    unanswered: fc.option(fc.record({ to: number, seconds: fc.constant(5) }), { nil: null }),
    unreachable: some,
  }),
});
/** Who is on whose desk, one at each: any pairing of who is away with where. */
const onBase = fc
  .tuple(fc.subarray([...NUMBERS]), fc.shuffledSubarray([...NUMBERS]))
  .map(([away, bases]) =>
    Object.fromEntries(
      away.flatMap((each, at) => (bases[at] && bases[at] !== each ? [[each, bases[at]]] : [])),
    ),
  );
const scene = fc.record({
  wishes: fc.dictionary(number, wish),
  onBase,
  offline: fc.subarray([...NUMBERS]),
  busy: fc.subarray([...NUMBERS]),
});

test('with any settings, a call rings where the extension that it has come to is, or nowhere, and ends', () => {
  fc.assert(
    fc.property(scene, number, number, (given, dialled, from) => {
      const inWorld = world(given);
      const called = inWorld.directory.byNumber(dialled);
      const destination = reach(called, terminalAt(from), inWorld);
      const hops =
        destination.kind === 'ring' || destination.kind === 'unavailable' ? (destination.hops ?? []) : [];
      const passed = hops.map(({ extension }) => extension.number);
      expect(new Set(passed).size).toBe(passed.length);
      if (hops.length > 0) expect(passed[0]).toBe(dialled);
      if (destination.kind === 'unavailable') {
        expect(destination.callee?.number).toBe(dialled);
        return;
      }
      if (destination.kind !== 'ring') throw new Error(destination.kind);
      const { callee } = destination;
      const owner = ringsAt(virtualizations(given.onBase), callee.extension);
      expect(owner && inWorld.directory.homeOf(owner)).toBe(callee.terminal);
      expect(callee.terminal).not.toBe(terminalAt(from));
      expect(given.wishes[callee.number]?.dnd ?? false).toBe(false);
      expect(hops.at(-1)?.to ?? dialled).toBe(callee.number);
    }),
  );
});

test('where nothing is set, calls ring as the rules of virtualization say', () => {
  fc.assert(
    fc.property(scene, number, number, (given, dialled, from) => {
      const inWorld = world({ ...given, wishes: {} });
      const called = inWorld.directory.byNumber(dialled);
      expect(reach(called, terminalAt(from), inWorld)).toEqual(
        ringExtension(called, terminalAt(from), inWorld),
      );
    }),
  );
});

test('of a desk that somebody has taken, only "unreachable" counts', () => {
  fc.assert(
    fc.property(scene, wish, number, (given, base, from) => {
      const wishes = { ...given.wishes, 201: { ...base, forwards: { ...base.forwards, unreachable: null } } };
      const taken = { ...given, wishes, onBase: { 102: '201' } };
      expect(outcome('201', from === '201' ? '101' : from, taken)).toBe(
        from === '102' ? outcome('201', '102', { onBase: { 102: '201' } }) : 'desk-in-use of 201',
      );
    }),
  );
});

test('a call goes on by way of five extensions at most, also where it rings on the way', () => {
  const inWorld = world({ wishes: { 101: { forwards: { busy: '102' } }, 102: always('103') } });
  const ada = inWorld.directory.byNumber('101');
  if (ada === undefined) throw new Error('there is no 101');
  const after = (most: number) => {
    const passed = Array.from({ length: most }, (_, at) => idOf(String(300 + at)));
    return reachOn(ada, 'busy', passed, terminalAt('201'), inWorld);
  };
  expect(after(3)).toMatchObject({ kind: 'ring', callee: { number: '103' } });
  for (const most of [4, 5]) expect(after(most)).toMatchObject({ failure: 'forward-loop' });
});
