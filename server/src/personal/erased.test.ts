import { type AuditEntry, type CallRecord, extensionId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { aCall, anAttempt, at, madePart } from '../records/support/test-records.ts';
import { tellsOf } from './erased-message.ts';
import { entryWithout } from './erased-entry.ts';
import { mayName, withoutPerson } from './erased-record.ts';
import { ERASED, type Person } from './person.ts';

const ada: Person = {
  id: 'extension-101',
  extension: {
    ...{ id: extensionId('extension-101'), terminal: terminalId('phone-101'), number: '101', name: 'Ada' },
    ...{ createdAt: 10_000, deletedAt: 90_000 },
  },
  accounts: [{ id: 'p1', email: 'ada@demo.test' }],
  names: ['Ada', 'Ada King'],
};

const entry = (given: Partial<AuditEntry>): AuditEntry => ({
  ...{ position: 1, at: 50_000, who: 'boss@demo.test', address: '192.0.2.1', action: 'changeExtension' },
  ...{ about: '102', result: 'done', before: null, after: null, seal: 's' },
  ...given,
});

test.for<[string, Partial<AuditEntry>, Partial<AuditEntry>]>([
  ['by them', { who: 'ada@demo.test' }, { who: ERASED, address: null }],
  ['by their token', { who: 'ada@demo.test (token “Ada’s”)' }, { who: ERASED, address: null }],
  ['by their phone', { who: '101' }, { who: ERASED, address: null }],
  ['about them', { about: '101', before: { name: 'Adah' } }, { about: ERASED, before: { name: ERASED } }],
  ['about their account', { about: 'ada@demo.test' }, { about: ERASED }],
  ['with their address', { after: { voicemailMail: 'ada@demo.test' } }, { after: { voicemailMail: ERASED } }],
  ['with their number', { after: { callBack: '101' } }, { after: { callBack: ERASED } }],
  [
    'about their forwards',
    { about: '101', after: { forwards: 'busy 102' } },
    { about: ERASED, after: { forwards: ERASED } },
  ],
  [
    'that sends calls on to them',
    { after: { forwards: 'always 101, busy 1011, unanswered 101 15' } },
    { after: { forwards: `always ${ERASED}, busy 1011, unanswered ${ERASED} 15` } },
  ],
])('an entry %s no longer names them', ([, given, erased]) => {
  expect(entryWithout(entry(given), ada)).toEqual(entry({ ...given, ...erased }));
});

test.for<[string, Partial<AuditEntry>]>([
  ['before their number was theirs', { at: 8_000, who: '101', about: '101' }],
  ['after it was', { at: 92_000, who: '101', about: '101' }],
  ['with seconds that look like a number', { after: { forwards: 'unanswered 103 101' } }],
  ['of somebody whose name begins like theirs', { after: { name: 'Ada Lovelace' } }],
  ['of somebody whose address ends like theirs', { who: 'nada@demo.test' }],
])('an entry %s is left alone', ([, given]) => {
  const it = entry(given);
  expect(entryWithout(it, ada)).toBe(it);
});

const during = (given: Partial<CallRecord> = {}) => aCall('one', { startedAt: 50_000, ...given });

test('a record names nobody in their place, and counts as before', () => {
  const by = { number: '101', name: 'Ada' };
  const desk = { number: '101', name: 'Ada', since: 1 };
  const record = during({
    ...{ dialled: '*98101', endedBy: by, mailbox: { ...by, from: 1, until: 2, message: null } },
    attempts: [anAttempt('102', { by, occupant: desk, desk, forwarded: '101' })],
    claimed: { by: { number: '102', name: 'Ben' }, from: by, at: 3 },
  });
  const erased = withoutPerson(record, ada);
  expect(JSON.stringify(erased)).not.toMatch(/Ada|"[*\d]*101"|Number 101/);
  expect(erased).toMatchObject({
    dialled: '*98',
    endedBy: { number: '', name: ERASED },
    callee: record.callee,
  });
  const counted = ({ parts }: CallRecord) =>
    parts.map(({ number: _, name: __, station: ___, ...rest }) => rest);
  expect(counted(erased)).toEqual(counted(record));
  expect(withoutPerson(erased, ada)).toEqual(erased);
});

test('somebody else who has the number later keeps their calls', () => {
  const other = at('101', 'extension-999');
  const record = during({
    startedAt: 95_000,
    caller: other,
    legs: [],
    attempts: [],
    parts: [madePart('101', { extension: 'extension-999' })],
    endedBy: { number: '101', name: 'Eve' },
  });
  expect(withoutPerson(record, ada)).toEqual(record);
});

test('only what can name them is read', () => {
  expect(mayName(ada, JSON.stringify(during()))).toBe(true);
  expect(mayName({ ...ada, names: ['Zoë "Z" King'] }, JSON.stringify({ name: 'Zoë "Z" King' }))).toBe(true);
  expect(mayName(ada, '["102","Ben",5]')).toBe(false);
});

test.for<[boolean, string, number, object]>([
  [true, 'their number', 50_000, { extension: { number: '101', name: '' } }],
  [true, 'their number after a feature code', 50_000, { dialled: '*30101' }],
  [true, 'a call that began while it was theirs', 95_000, { startedAt: new Date(80_000), dialled: '101' }],
  [true, 'their name', 95_000, { extension: { number: '', name: 'Ada King' } }],
  [false, 'a later holder of the number', 95_000, { extension: { number: '101', name: 'Eve' } }],
  [false, 'a longer number', 50_000, { dialled: '1011' }],
])('a message to another program tells of them: %o with %s', ([tells, , at, data]) => {
  expect(tellsOf(ada, JSON.stringify({ type: 't', timestamp: new Date(at), data }))).toBe(tells);
});
