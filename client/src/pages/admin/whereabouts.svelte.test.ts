import { expect, test } from 'vitest';
import { lineOf, type Seen, stateOf, whereaboutsSentence } from './whereabouts.ts';

const FREE: Seen = {
  kind: 'station',
  registered: true,
  asleep: false,
  suspended: false,
  occupancy: { kind: 'owner' },
  whereabouts: { kind: 'home' },
  call: null,
};
const CHLOE = { number: '103', name: 'Chloe' };
const DESK = { number: '201', name: 'Front desk' };

test.for<[Partial<Seen>, string, string]>([
  [{}, 'Free', 'Connected'],
  [{ kind: 'phone' }, 'With its owner', 'Connected'],
  [{ occupancy: { kind: 'guest', guest: CHLOE, since: 1 } }, 'Taken', 'Connected'],
  [
    { registered: false, occupancy: { kind: 'guest', guest: CHLOE, since: 1 } },
    'Not connected',
    'Not connected',
  ],
  [{ call: { state: 'talking', since: 1 } }, 'In a call', 'Connected'],
  [
    { occupancy: { kind: 'guest', guest: CHLOE, since: 1 }, call: { state: 'ringing', since: 1 } },
    'Ringing',
    'Connected',
  ],
  [{ registered: false, call: { state: 'talking', since: 1 } }, 'Not connected', 'Not connected'],
  [{ registered: false }, 'Not connected', 'Not connected'],
  [{ kind: 'phone', registered: false }, 'Not connected', 'Not connected'],
  [{ kind: 'person', registered: false }, 'Not connected', 'Not connected'],
  [{ registered: false, asleep: true }, 'Asleep', 'Asleep'],
  [{ kind: 'person', registered: false, asleep: true }, 'Asleep', 'Asleep'],
  [{ suspended: true }, 'Suspended', 'Suspended'],
  [{ suspended: true, registered: false }, 'Suspended', 'Suspended'],
  [{ occupancy: { kind: 'locked', base: DESK, since: 1 } }, 'Locked', 'Connected'],
  [{ kind: 'phone', occupancy: { kind: 'locked', base: DESK, since: 1 } }, 'Away', 'Connected'],
  [
    { kind: 'phone', registered: false, occupancy: { kind: 'locked', base: DESK, since: 1 } },
    'Away',
    'Not connected',
  ],
])('a terminal that is %j is called %s, its line %s', ([change, state, line]) => {
  const seen = { ...FREE, ...change };
  expect([stateOf(seen).word, lineOf(seen).word]).toEqual([state, line]);
});

test.for<[boolean, boolean, string]>([
  [true, false, 'go'],
  [false, false, 'look'],
  [false, true, 'stop'],
  [true, true, 'stop'],
])('a line that is registered: %s, suspended: %s, is shown as %s', ([registered, suspended, tone]) => {
  expect(lineOf({ registered, asleep: false, suspended }).tone).toBe(tone);
});

test('an extension with a guest on its phone has voicemail, and is not shown as nowhere', () => {
  expect(whereaboutsSentence({ whereabouts: { kind: 'homeless', guest: CHLOE, since: 1 } })).toBe(
    'goes to voicemail: 103 \u2068Chloe\u2069 is on its phone',
  );
  expect(whereaboutsSentence({ whereabouts: { kind: 'away', base: DESK, since: 1 } })).toBe(
    'on 201 \u2068Front desk\u2069',
  );
});
