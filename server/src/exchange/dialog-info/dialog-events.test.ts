import type { CallView, TerminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { request, response, RawPhone } from '../../sip/user-agent/support/raw-phone.ts';
import { parsed, summary } from '../../sip/user-agent/support/test-line.ts';
import {
  demoDirectory,
  idOf,
  terminalAt,
  virtualizations,
  whereaboutsIn,
} from '../call/support/call-house.ts';
import { UNDISTURBED } from '../call/views.ts';
import { DialogEvents } from './dialog-events.ts';

const NAMES: Readonly<Record<string, string>> = { 101: 'Ada', 102: 'Ben', 103: 'Chloe', 104: 'Dev' };
const party = (number: string) => ({ number, name: NAMES[number] ?? '' });

/** An organization in which that extension's phone subscribes. */
class Watching {
  readonly phone = new RawPhone();
  readonly directory = demoDirectory();
  readonly events: DialogEvents;
  readonly #views = new Map<TerminalId, readonly CallView[]>();
  #where = virtualizations({});
  #sequence = 0;

  constructor(from = '101') {
    const { directory } = this;
    this.events = new DialogEvents({
      directory,
      where: whereaboutsIn(directory, () => this.#where),
      calls: { views: (terminal) => this.#views.get(terminal) ?? [] },
      userAgent: this.phone.agent,
    });
    this.phone.answer = (transaction) => {
      const owner = directory.byNumber(from);
      if (owner !== undefined)
        this.events.subscribed(transaction, { terminal: terminalAt(from), number: owner.number });
    };
  }

  subscribe(to: string, fields = 'Event: dialog\r\n', more: object = {}): void {
    const uri = to.includes('@') ? `sip:${to}` : `sip:${to}@example.org`;
    const sequence = ++this.#sequence;
    this.phone.flow.receive(
      request({ method: 'SUBSCRIBE', uri, callId: `to-${to}`, sequence, fields, ...more }),
    );
  }

  move(onBase: Readonly<Record<string, string>>, terminals: readonly string[]): void {
    this.#where = virtualizations(onBase);
    for (const number of terminals) this.events.speakerChanged(terminalAt(number));
    for (const { id } of this.directory.all()) this.events.changed(id);
  }

  /** The calls at that extension's phone: with whom, and how each is. */
  calls(at: string, views: readonly (Partial<CallView> & { readonly id: string })[], as = at): void {
    const whole = views.map((view): CallView => ({
      ...{ state: 'talking', direction: 'incoming', with: party('104'), as: party(as), since: 0 },
      ...UNDISTURBED,
      ...view,
    }));
    this.#views.set(terminalAt(at), whole);
    this.events.callsChanged(terminalAt(at));
  }

  /** What came since: `full 0 d1 recipient early`. Each NOTIFY is answered. */
  told(): string[] {
    return this.phone.flow.sent.splice(0).map((frame) => {
      const message = parsed(frame);
      if (message.kind === 'response') return summary(message);
      this.phone.flow.receive(response(message, 200));
      const { body } = message;
      const [, version, state] = /version="(\d+)" state="(\w+)"/.exec(body) ?? [];
      const dialogs = [
        ...body.matchAll(/<dialog id="(\w+)"(?: direction="(\w+)")?><state>(\w+)<\/state>(.*?)<\/dialog>/g),
      ];
      const said = dialogs.map(([, id, direction, now, remote]) =>
        [id, direction, now, /sip:(\w+)@/.exec(remote ?? '')?.[1]].filter(Boolean).join(' '),
      );
      return [`${state ?? ''} ${version ?? ''}`, ...said].join(', ');
    });
  }
}

test('a colleague sees whether one is called or talks, each change by itself, and never with whom', () => {
  const ada = new Watching('101');
  ada.subscribe('102');
  expect(ada.told()).toEqual(['200 SUBSCRIBE', 'full 0']);
  ada.calls('102', [{ id: 'a', state: 'ringing' }]);
  expect(ada.told()).toEqual(['partial 1, d1 recipient early']);
  ada.calls('102', [{ id: 'a' }, { id: 'b', state: 'calling', direction: 'outgoing' }]);
  expect(ada.told()).toEqual(['partial 2, d1 recipient confirmed, d2 initiator trying']);
  ada.calls('102', [{ id: 'b', direction: 'outgoing' }]);
  expect(ada.told()).toEqual(['partial 3, d1 terminated, d2 initiator confirmed']);
  ada.calls('102', [{ id: 'b', direction: 'outgoing', hold: { here: true, there: false } }]);
  ada.calls('103', [{ id: 'c' }]);
  expect(ada.told()).toEqual([]);
  ada.calls('102', []);
  expect(ada.told()).toEqual(['partial 4, d2 terminated']);
});

test('who watches their own extension sees the other side as well', () => {
  const ben = new Watching('102');
  ben.calls('102', [{ id: 'a' }]);
  ben.subscribe('102');
  expect(ben.told()).toEqual(['200 SUBSCRIBE', 'full 0, d1 recipient confirmed 104']);
});

test('one that asks anew is told everything', () => {
  const ada = new Watching('101');
  ada.calls('102', [{ id: 'a' }]);
  ada.subscribe('102');
  const [ok, notify] = ada.phone.flow.sent.splice(0).map(parsed);
  if (notify?.kind === 'request') ada.phone.flow.receive(response(notify, 200));
  ada.subscribe('102', 'Event: dialog\r\n', { tag: ok?.essentials.to.tag });
  expect(ada.told()).toEqual(['200 SUBSCRIBE', 'full 1, d1 recipient confirmed']);
});

test('what changes while a phone is slow to answer is told at once afterwards, as it is by then', () => {
  const ada = new Watching('101');
  ada.subscribe('102');
  const [, notify] = ada.phone.flow.sent.splice(0).map(parsed);
  ada.calls('102', [{ id: 'a', state: 'ringing' }]);
  ada.calls('102', [{ id: 'b', state: 'ringing' }]);
  expect(ada.told()).toEqual([]);
  if (notify?.kind === 'request') ada.phone.flow.receive(response(notify, 200));
  expect(ada.told()).toEqual(['partial 1, d1 recipient early']);
});

test('the lamp follows the extension to its desk, and at home nothing of it is seen', () => {
  const ada = new Watching('101');
  ada.subscribe('102');
  ada.subscribe('201');
  ada.told();
  ada.move({ 102: '201' }, ['201']);
  ada.calls('201', [{ id: 'a' }], '102');
  expect(ada.told()).toEqual(['partial 1, d1 recipient confirmed']);
});

test('a desk that its guest leaves sees nobody any more, and one that comes sees the rest', () => {
  const desk = new Watching('201');
  desk.subscribe('102');
  expect(desk.told()).toEqual(['403 SUBSCRIBE']);
  desk.move({ 101: '201' }, ['201']);
  desk.calls('102', [{ id: 'a' }]);
  desk.subscribe('102');
  expect(desk.told()).toEqual(['200 SUBSCRIBE', 'full 0, d1 recipient confirmed']);
  desk.move({}, ['201']);
  expect(desk.told()).toEqual(['partial 1, d1 terminated']);
  desk.move({ 102: '201' }, ['201']);
  desk.calls('201', [{ id: 'b' }], '102');
  expect(desk.told()).toEqual(['partial 2, d2 recipient confirmed 104']);
});

test.for<[what: string, to: string, fields: string, answer: string]>([
  ['nobody has', '999', 'Event: dialog\r\n', '404 SUBSCRIBE'],
  ['is a service', '*97', 'Event: dialog\r\n', '404 SUBSCRIBE'],
  ['is of another organization', '102@elsewhere.example', 'Event: dialog\r\n', '404 SUBSCRIBE'],
  ['is asked for in another form', '102', 'Event: dialog\r\nAccept: text/plain\r\n', '406 SUBSCRIBE'],
  ['is asked for a second', '102', 'Event: dialog\r\nExpires: 1\r\n', '423 SUBSCRIBE'],
])('a number that %s', ([, to, fields, answer]) => {
  const ada = new Watching('101');
  ada.subscribe(to, fields);
  expect(ada.told()).toEqual([answer]);
});

test('a deleted extension has no calls, and its watchers end by themselves', () => {
  const ada = new Watching('101');
  ada.calls('102', [{ id: 'a' }]);
  ada.subscribe('102');
  ada.told();
  ada.directory.delete(idOf('102'));
  ada.events.changed(idOf('102'));
  expect(ada.told()).toEqual(['partial 1, d1 terminated']);
});

test('a flood of SUBSCRIBEs gets what keys a phone may have, and no more', () => {
  const ada = new Watching('101');
  for (let id = 0; id < 70; id++)
    ada.subscribe('102', 'Event: dialog\r\n', { callId: `flood-${String(id)}` });
  expect(ada.told().filter((answer) => answer === '200 SUBSCRIBE')).toHaveLength(60);
});
