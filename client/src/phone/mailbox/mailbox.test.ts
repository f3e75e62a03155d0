import type { MailboxView, VoicemailMessage } from '@perch/shared';
import { expect, test } from 'vitest';
import {
  EMPTY,
  type Mailbox,
  type MailboxEffect,
  type MailboxEvent,
  rowsOf,
  step,
  UNDO_MS,
} from './mailbox.ts';

const NOW = Date.UTC(2026, 10, 22, 9, 0);

const message = (id: string, minutesAgo: number, heard = false): VoicemailMessage => ({
  id,
  from: { number: '102', name: 'Ben' },
  at: NOW - minutesAgo * 60_000,
  durationMs: 7_000,
  reason: 'no-answer',
  heard,
});
const [newest, middle, oldest] = [message('c', 1), message('b', 2), message('a', 3)];

const viewOf = (messages: VoicemailMessage[], changes: Partial<MailboxView> = {}): MailboxView => ({
  extension: { number: '101', name: 'Ada' },
  access: 'open',
  messages,
  greeting: null,
  hasPin: true,
  isOwn: true,
  mailTo: null,
  canMail: false,
  limits: { messages: 100, ms: 3_600_000, greetingMs: 60_000 },
  retentionDays: null,
  ...changes,
});

/** Runs the events one after another; the effects of the last one. */
function run(events: readonly MailboxEvent[], from: Mailbox = EMPTY): [Mailbox, readonly MailboxEffect[]] {
  return events.reduce<[Mailbox, readonly MailboxEffect[]]>(
    ([mailbox], event) => [...step(mailbox, event)],
    [from, []],
  );
}

const look: MailboxEvent = { kind: 'look' };
const told = (question: number, view: MailboxView): MailboxEvent => ({ kind: 'told', question, view });
const deletion = (id: string, now = NOW): MailboxEvent => ({
  kind: 'change',
  change: { kind: 'delete', id },
  now,
});
const restoration = (id: string): MailboxEvent => ({
  kind: 'change',
  change: { kind: 'restore', id },
  now: NOW,
});
const settled = (number: number, made = true): MailboxEvent => ({ kind: 'settled', number, made });

const all = [newest, middle, oldest];
/** Asked once, told of three messages; the next number is 2. */
const [listed] = run([look, told(1, viewOf(all))]);
const idsOf = (mailbox: Mailbox, now = NOW): string[] =>
  rowsOf(mailbox, now).map(({ message: { id }, undoUntil }) => (undoUntil === null ? id : `(${id})`));

test('an answer to an outdated question is not shown', () => {
  const [mailbox] = run([look, look, told(2, viewOf([newest])), told(1, viewOf([]))]);
  expect(idsOf(mailbox)).toEqual(['c']);
});

test('a list that was asked for before a deletion does not bring the message back', () => {
  const [mailbox] = run([look, deletion('b'), told(2, viewOf(all))], listed);
  expect(idsOf(mailbox)).toEqual(['c', '(b)', 'a']);
});

test('nothing is asked while a change is under way, and everything once the last one is made', () => {
  const [during, quiet] = run([deletion('b'), deletion('a'), look, settled(2)], listed);
  expect(quiet).toEqual([]);
  expect(step(during, settled(3))[1]).toEqual([{ kind: 'ask', question: 4 }]);
});

test('a change that was settled already is settled once', () => {
  const [mailbox] = run([deletion('b'), settled(2), told(3, viewOf([newest, oldest]))], listed);
  expect(step(mailbox, settled(2))).toEqual([mailbox, []]);
});

test('a deleted message keeps its place while it can come back, and no longer', () => {
  const [mailbox, effects] = run([deletion('b')], listed);
  expect(effects).toEqual([{ kind: 'send', number: 2, change: { kind: 'delete', id: 'b' } }]);
  expect(idsOf(mailbox, NOW + UNDO_MS - 1)).toEqual(['c', '(b)', 'a']);
  expect(idsOf(mailbox, NOW + UNDO_MS)).toEqual(['c', 'a']);
});

test('a restored message is back in its place at once', () => {
  const [mailbox, effects] = run([deletion('b'), restoration('b')], listed);
  expect(idsOf(mailbox)).toEqual(['c', 'b', 'a']);
  expect(effects).toEqual([{ kind: 'send', number: 3, change: { kind: 'restore', id: 'b' } }]);
});

test('the server’s answer to a deletion takes precedence', () => {
  const [mailbox] = run([deletion('b'), settled(2), told(3, viewOf(all))], listed);
  expect(idsOf(mailbox)).toEqual(['c', 'b', 'a']);
});

const unreachable: MailboxEvent = { kind: 'not-told', question: 3, sentence: 'No answer.' };
const marking: MailboxEvent = { kind: 'change', change: { kind: 'mark', id: 'c', heard: true }, now: NOW };
test.for<readonly [string, MailboxEvent]>([
  ['a deletion', deletion('b')],
  ['a mark', marking],
])('%s that was not made is taken back, also where the list cannot be fetched', ([, event]) => {
  const [mailbox] = run([event, settled(2, false), unreachable], listed);
  expect(rowsOf(mailbox, NOW)).toEqual(rowsOf(listed, NOW));
});

test('a failed restoration leaves the message deleted, with the time that it had left', () => {
  const [deleted] = run([deletion('b'), settled(2)], listed);
  const [mailbox] = run([restoration('b'), settled(4, false)], deleted);
  expect(rowsOf(mailbox, NOW)).toEqual(rowsOf(deleted, NOW));
});

test.for<readonly [string, boolean, boolean, string[]]>([
  ['only the deletion', true, false, ['c', '(b)', 'a']],
  ['only the restoration', false, true, ['c', 'b', 'a']],
  ['neither', false, false, ['c', 'b', 'a']],
])('of a deletion and its undoing, %s is made', ([, deleted, restored, ids]) => {
  const [mailbox] = run([deletion('b'), restoration('b'), settled(2, deleted), settled(3, restored)], listed);
  expect(idsOf(mailbox)).toEqual(ids);
});

test('a failed change does not undo others', () => {
  const [mailbox] = run([deletion('b'), deletion('a'), settled(2, false)], listed);
  expect(idsOf(mailbox)).toEqual(['c', 'b', '(a)']);
});

test('a message that was deleted elsewhere is gone, and cannot be undone here', () => {
  const [mailbox] = run([look, told(2, viewOf([newest]))], listed);
  expect(idsOf(mailbox)).toEqual(['c']);
});

test.for<readonly [string, MailboxEvent]>([
  ['a message that is not there is deleted', deletion('z')],
  [
    'a message that is not there is marked',
    { kind: 'change', change: { kind: 'mark', id: 'z', heard: true }, now: NOW },
  ],
  [
    'a new message is marked as new',
    { kind: 'change', change: { kind: 'mark', id: 'a', heard: false }, now: NOW },
  ],
  ['a message that was not deleted is restored', restoration('a')],
  ['an answer comes that is no longer waited for', told(1, viewOf([]))],
])('nothing happens where %s', ([, event]) => {
  expect(step(listed, event)).toEqual([listed, []]);
});

test('a message is heard at once', () => {
  const [mailbox] = run(
    [{ kind: 'change', change: { kind: 'mark', id: 'b', heard: true }, now: NOW }],
    listed,
  );
  expect(mailbox.view?.messages.map(({ heard }) => heard)).toEqual([false, true, false]);
});

test('what another request brings is shown; what is being asked meanwhile is asked again', () => {
  const shown: MailboxEvent = { kind: 'shown', view: viewOf([newest]) };
  const [mailbox, effects] = run([look, shown], listed);
  expect(idsOf(mailbox)).toEqual(['c']);
  expect(effects).toEqual([{ kind: 'ask', question: 3 }]);
  expect(run([shown], listed)[1]).toEqual([]);
});

test('what another request brings does not undo a change that is under way', () => {
  const [mailbox] = run([deletion('b'), { kind: 'shown', view: viewOf(all) }], listed);
  expect(idsOf(mailbox)).toEqual(['c', '(b)', 'a']);
});

test.for<readonly [string, Partial<MailboxView>]>([
  ['asks for its PIN', { access: 'pin-needed', messages: [] }],
  ['is another’s', { extension: { number: '102', name: 'Ben' } }],
])('deleted messages are not shown in a mailbox that %s', ([, changes]) => {
  const [mailbox] = run([deletion('b'), settled(2), told(3, viewOf([], changes))], listed);
  expect(idsOf(mailbox)).toEqual([]);
});

test('a list that could not be fetched leaves the one before, and says so until the next', () => {
  const [failed] = run([look, { kind: 'not-told', question: 2, sentence: 'No.' }], listed);
  expect([idsOf(failed), failed.trouble]).toEqual([['c', 'b', 'a'], 'No.']);
  expect(run([look, told(3, viewOf([]))], failed)[0].trouble).toBeNull();
});
