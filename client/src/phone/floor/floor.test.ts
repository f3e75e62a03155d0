import type { FloorLine } from '@perch/shared';
import { expect, test } from 'vitest';
import {
  countStates,
  EVERYTHING,
  FLOOR_STATES,
  groupsOf,
  inState,
  isIn,
  type Order,
  sorted,
  soughtIn,
} from './floor.ts';

const NOW = 1_000;
const ADA = { number: '101', name: 'Ada' };
const CHLOE = { number: '103', name: 'Chloé' };
const GUEST = { kind: 'guest', guest: CHLOE, since: 1 } as const;

const FREE: FloorLine = {
  ...{
    number: '201',
    name: 'Front desk',
    kind: 'station',
    group: null,
    place: null,
    callBack: null,
    doNotDisturb: false,
    plan: null,
    stayEnds: null,
    stayEnded: null,
    pinLockedUntil: null,
    allowVirtualization: true,
  },
  ...{
    hasSecretCode: false,
    suspended: false,
    registered: true,
    asleep: false,
    lastCheck: null,
    page: null,
    lostAt: null,
  },
  ...{ whereabouts: { kind: 'home' }, occupancy: { kind: 'owner' }, call: null },
  guessing: { wrongAt: [], lockedUntil: null, terminalLockedUntil: null },
};
const PHONE: FloorLine = { ...FREE, ...ADA, kind: 'person' };

test.for<[string, FloorLine, string]>([
  ['a free station', FREE, 'free'],
  ['one that rings', { ...FREE, call: { state: 'ringing', since: 1 } }, 'ringing'],
  ['one in a call', { ...FREE, call: { state: 'talking', since: 1 } }, 'talking'],
  ['one with a guest', { ...FREE, occupancy: GUEST }, 'taken'],
  [
    'one whose guest is in a call',
    { ...FREE, occupancy: GUEST, call: { state: 'talking', since: 1 } },
    'taken talking',
  ],
  ['one that is not connected', { ...FREE, registered: false }, 'offline'],
  ['one that is suspended', { ...FREE, registered: false, suspended: true }, ''],
  ['one whose guest is not connected', { ...FREE, registered: false, occupancy: GUEST }, 'taken offline'],
  [
    'a station with a guest: its own calls go to voicemail, as they should',
    { ...FREE, occupancy: GUEST, whereabouts: { kind: 'homeless', guest: CHLOE, since: 1 } },
    'taken',
  ],
  ['a phone with its owner', PHONE, ''],
  [
    'a phone with a guest: its owner has none',
    { ...PHONE, occupancy: GUEST, whereabouts: { kind: 'homeless', guest: CHLOE, since: 1 } },
    'taken homeless',
  ],
  [
    'a phone whose owner is elsewhere',
    { ...PHONE, occupancy: { kind: 'locked', base: FREE, since: 1 } },
    'away',
  ],
  [
    'an extension with too many wrong codes',
    { ...PHONE, guessing: { wrongAt: [], lockedUntil: NOW + 1, terminalLockedUntil: null } },
    'code-locked',
  ],
  [
    'a station with too many wrong codes, which it is free of again',
    { ...FREE, guessing: { wrongAt: [], lockedUntil: null, terminalLockedUntil: NOW } },
    'free',
  ],
])('%s is in the states: %s', ([, line, states]) => {
  expect(FLOOR_STATES.filter((state) => isIn(state, line, NOW)).join(' ')).toBe(states);
});

test('it is narrowed to a state, a group, and a number or name: also that of a guest', () => {
  const sales: FloorLine = { ...FREE, number: '202', name: 'Sales 1', group: 'Sales', occupancy: GUEST };
  const lines = [PHONE, FREE, sales];
  const numbers = (filter: object) =>
    soughtIn(lines, { ...EVERYTHING, ...filter })
      .map(({ number }) => number)
      .join(' ');
  expect(numbers({})).toBe('101 201 202');
  expect(numbers({ group: 'Sales' })).toBe('202');
  expect(numbers({ group: '' })).toBe('101 201');
  expect(numbers({ sought: ' front' })).toBe('201');
  expect(numbers({ sought: 'chloe' })).toBe('202');
  expect(numbers({ sought: '103' })).toBe('202');
  expect(numbers({ sought: 'ada', group: 'Sales' })).toBe('');
  expect(countStates(lines, NOW)).toMatchObject({ taken: 1, free: 1, offline: 0 });
  expect(inState(lines, 'taken', NOW)).toEqual([sales]);
  expect(inState(lines, null, NOW)).toBe(lines);
  expect(groupsOf([...lines, { ...FREE, group: 'Accounts' }])).toEqual(['Accounts', 'Sales']);
});

test('extensions are sorted by any column, and by number where they are alike', () => {
  const list = [
    { ...FREE, number: '101', name: 'Zoë', group: 'B' },
    { ...FREE, number: '102', name: 'ada', registered: false, allowVirtualization: false },
    { ...FREE, number: '103', name: 'Desk 10', suspended: true, hasSecretCode: true },
    { ...FREE, number: '104', name: 'Desk 9', group: 'A' },
  ];
  const numbers = (order: Order, descending = false) =>
    sorted(list, order, descending)
      .map(({ number }) => number)
      .join(' ');
  expect(numbers('number')).toBe('101 102 103 104');
  expect(numbers('number', true)).toBe('104 103 102 101');
  expect(numbers('name')).toBe('102 104 103 101');
  expect(numbers('name', true)).toBe('101 103 104 102');
  expect(numbers('group')).toBe('104 101 102 103');
  expect(numbers('allows')).toBe('101 103 104 102');
  expect(numbers('code')).toBe('103 101 102 104');
  expect(numbers('line')).toBe('101 104 102 103');
});
