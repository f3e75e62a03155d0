import type { CallView } from '@perch/shared';
import { expect, test } from 'vitest';
import { UNDISTURBED } from '../call/views.ts';
import { type Dialog, dialogInfo, dialogsIn } from './dialog-info.ts';

const view = (id: string, changes: Partial<CallView>): CallView => ({
  ...{ id, state: 'talking', direction: 'incoming', since: 0 },
  ...{ with: { number: '102', name: 'Ben' }, as: { number: '101', name: 'Ada' } },
  ...UNDISTURBED,
  ...changes,
});
const remote = { number: '102', name: 'Ben' };

test.for<[what: string, changes: Partial<CallView>, state: Dialog['state'], direction: Dialog['direction']]>([
  ['is called', { state: 'ringing' }, 'early', 'recipient'],
  ['calls', { state: 'calling', direction: 'outgoing' }, 'trying', 'initiator'],
  ['talks', {}, 'confirmed', 'recipient'],
  ['talks at another phone', { here: 'elsewhere' }, 'confirmed', 'recipient'],
  ['is coming back', { here: 'away' }, 'confirmed', 'recipient'],
])('one who %s', ([, changes, state, direction]) => {
  const views = [view('c', changes)];
  expect([...dialogsIn(views, '101', false)]).toEqual([['c', { state, direction, remote: null }]]);
  expect([...dialogsIn(views, '101', true)]).toEqual([['c', { state, direction, remote }]]);
});

test('calls of others at the same phone, and one that was left there, are none of theirs', () => {
  const views = [view('a', { as: { number: '201', name: 'Front desk' } }), view('b', { here: 'left' })];
  expect([...dialogsIn(views, '101', true)]).toEqual([]);
});

test('a document says which calls there are', () => {
  const dialogs = [
    ['d1', { direction: 'recipient', state: 'early', remote }],
    ['d2', { direction: 'initiator', state: 'trying', remote: null }],
    ['d3', null],
  ] as const;
  expect(dialogInfo('sip:101@example.org', 7, 'partial', dialogs)).toBe(
    [
      '<?xml version="1.0"?>\r\n',
      '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="7" state="partial" entity="sip:101@example.org">',
      '<dialog id="d1" direction="recipient"><state>early</state>',
      '<remote><identity display="Ben">sip:102@example.org</identity></remote></dialog>',
      '<dialog id="d2" direction="initiator"><state>trying</state></dialog>',
      '<dialog id="d3"><state>terminated</state></dialog>',
      '</dialog-info>\r\n',
    ].join(''),
  );
});

test.for<readonly [name: string, written: string]>([
  ['"/><x a="', '&quot;/&gt;&lt;x a=&quot;'],
  ['A & B', 'A &amp; B'],
  ['\u{0}\u{1F}\u{FFFE}\u{D800}', '\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}'],
  ['שירה 🐦', 'שירה 🐦'],
])('a name of %j stays a name', ([name, written]) => {
  const dialog = { direction: 'recipient', state: 'early', remote: { number: '102', name } } as const;
  expect(dialogInfo('sip:101@example.org', 0, 'full', [['d1', dialog]])).toContain(` display="${written}">`);
});

test('a withheld number is an address like any other, without a name', () => {
  const dialog = {
    direction: 'recipient',
    state: 'early',
    remote: { number: 'anonymous', name: '' },
  } as const;
  expect(dialogInfo('sip:101@example.org', 0, 'full', [['d1', dialog]])).toContain(
    '<identity>sip:anonymous@example.org</identity>',
  );
});
