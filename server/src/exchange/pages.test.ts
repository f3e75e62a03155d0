import {
  extensionId,
  extensionNumber,
  homeTerminalOf,
  type PageEvent,
  type TerminalView,
} from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Pages, type PageSources } from './pages.ts';

const station = homeTerminalOf(extensionId('201'));
const phone = homeTerminalOf(extensionId('101'));

function open() {
  const clock = new VirtualClock();
  /** How long it takes to find out about colleagues. */
  const work = { ms: 0, done: 0 };
  const busyClock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic() + work.done,
    after: (ms: number, callback: () => void) => clock.after(ms, callback),
  };
  const view = { kind: 'station' } as TerminalView;
  const sources: PageSources = {
    view: () => view,
    calls: () => [],
    colleagues: () => {
      work.done += work.ms;
      return [{ number: '102', name: 'Ben', state: 'available' }];
    },
    lamp: (terminal) =>
      terminal === station ? { account: extensionNumber('101'), counts: { new: 2, heard: 1 } } : undefined,
    registered: (terminal) => terminal === station,
  };
  return { clock, work, pages: new Pages(sources, busyClock) };
}

function listen(pages: Pages, terminal = station) {
  const heard: PageEvent[] = [];
  const stop = pages.subscribe(terminal, (event) => void heard.push(event));
  return { heard, stop, kinds: () => heard.splice(0).map((event) => event.kind) };
}

test('a page that opens is told everything at once', () => {
  const { pages } = open();
  expect(listen(pages).kinds()).toEqual(['terminal', 'calls', 'mailbox', 'colleagues', 'pulse']);
});

test('a change reaches the pages of its own terminal only', () => {
  const { pages } = open();
  const [atStation, atPhone] = [listen(pages), listen(pages, phone)];
  atStation.kinds();
  atPhone.kinds();
  pages.terminalChanged(station);
  pages.callsChanged(station);
  pages.centerEvent(station, { kind: 'closed' });
  pages.lampChanged(station);
  pages.voicemailEvent(station, { kind: 'closed' });
  expect(atStation.kinds()).toEqual(['terminal', 'calls', 'center', 'mailbox', 'voicemail']);
  expect(atPhone.kinds()).toEqual([]);
});

test('the lamp is that of whoever speaks there; where nobody does, it says so', () => {
  const { pages } = open();
  const [atStation, atPhone] = [listen(pages), listen(pages, phone)];
  atStation.kinds();
  atPhone.kinds();
  pages.lampChanged(station);
  pages.lampChanged(phone);
  expect(atStation.heard).toMatchObject([
    { kind: 'mailbox', extension: '101', counts: { new: 2, heard: 1 } },
  ]);
  expect(atPhone.heard).toMatchObject([{ kind: 'mailbox', extension: null, counts: { new: 0, heard: 0 } }]);
});

test('many changes of colleagues reach a page as one', async () => {
  const { clock, pages } = open();
  const page = listen(pages);
  page.kinds();
  pages.colleaguesChanged();
  pages.colleaguesChanged();
  await clock.advance(200);
  expect(page.kinds()).toEqual(['colleagues']);
});

test('telling everybody of everybody leaves most of the time to calls, and tells the newest to all', async () => {
  const { clock, pages, work } = open();
  const [atStation, atPhone] = [listen(pages), listen(pages, phone)];
  atStation.kinds();
  atPhone.kinds();
  work.ms = 10;
  const told = () => atStation.heard.length + atPhone.heard.length;
  pages.colleaguesChanged();
  await clock.advance(100);
  expect(told()).toBe(1);
  pages.colleaguesChanged();
  await clock.advance(39);
  expect(told()).toBe(1);
  await clock.advance(1);
  expect(told()).toBe(2);
  await clock.advance(1_000);
  expect([...atStation.kinds(), ...atPhone.kinds()].filter((kind) => kind === 'colleagues')).toHaveLength(4);
});

test('every pulse says whether the server holds the registration', async () => {
  const { clock, pages } = open();
  const [atStation, atPhone] = [listen(pages), listen(pages, phone)];
  atStation.kinds();
  atPhone.kinds();
  await clock.advance(10_000);
  expect(atStation.heard).toMatchObject([{ registered: true }, { registered: true }]);
  expect(atPhone.heard).toMatchObject([{ registered: false }, { registered: false }]);
});

test('a page that has left hears nothing, and the last one out stops the pulse', async () => {
  const { clock, pages } = open();
  const page = listen(pages);
  page.kinds();
  page.stop();
  pages.terminalChanged(station);
  await clock.advance(20_000);
  expect(page.kinds()).toEqual([]);
  expect(clock.pending).toBe(0);
});
