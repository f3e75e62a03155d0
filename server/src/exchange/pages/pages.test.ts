import {
  callId,
  extensionNumber,
  terminalId,
  type PageEvent,
  type TerminalView,
  type TopicEvent,
} from '@perch/shared';
import { expect, test } from 'vitest';
import { ADMINISTRATOR } from '../support/rights.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { Pages, type PageSources } from './pages.ts';

const station = terminalId('phone-201');
const phone = terminalId('phone-101');

const NO_TOPICS = {
  isWithin: () => true,
  of: (name: string): never => {
    throw new Error(`no page asks for ${name}`);
  },
  ownOf: () => undefined,
};

function open() {
  const clock = new VirtualClock();
  const view = { kind: 'station' } as TerminalView;
  const registered = new Set<string>();
  const sources: PageSources = {
    view: () => view,
    calls: () => [],
    lamp: (terminal) =>
      terminal === station ? { account: extensionNumber('101'), counts: { new: 2, heard: 1 } } : undefined,
    registered: (terminal, instance) => (instance === null ? terminal === station : registered.has(instance)),
    personAt: () => undefined,
  };
  return { clock, registered, pages: new Pages(sources, NO_TOPICS, clock) };
}

function listen(pages: Pages, terminal = station, instance: string | null = null) {
  const heard: (PageEvent | TopicEvent)[] = [];
  const page = pages.open(terminal, instance, (event) => void heard.push(event));
  return { ...page, heard, kinds: () => heard.splice(0).map((event) => event.kind) };
}

test('a page that opens is told everything at once', () => {
  const { pages } = open();
  expect(listen(pages).kinds()).toEqual(['terminal', 'calls', 'mailbox', 'pulse']);
});

test('a change reaches the pages of its own terminal only', () => {
  const { pages } = open();
  const [atStation, atPhone] = [listen(pages), listen(pages, phone)];
  atStation.kinds();
  atPhone.kinds();
  pages.terminalChanged(station);
  pages.callsChanged(station);
  pages.centerEvent(station, callId('c'), { kind: 'closed' });
  pages.lampChanged(station);
  pages.voicemailEvent(station, callId('c'), { kind: 'closed' });
  expect(atStation.kinds()).toEqual(['terminal', 'calls', 'center', 'mailbox', 'voicemail']);
  expect(atPhone.kinds()).toEqual([]);
});

test('the lamp is that of the extension that speaks there; where none does, it says so', () => {
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

test('every pulse says whether the server holds the registration', async () => {
  const { clock, pages } = open();
  const [atStation, atPhone] = [listen(pages), listen(pages, phone)];
  atStation.kinds();
  atPhone.kinds();
  await clock.advance(10_000);
  expect(atStation.heard).toMatchObject([{ registered: true }, { registered: true }]);
  expect(atPhone.heard).toMatchObject([{ registered: false }, { registered: false }]);
});

test('a page that is a phone is told of its own registration, at once where it changes and at every pulse', async () => {
  const { clock, pages, registered } = open();
  registered.add('desk');
  const [atDesk, mobile] = [listen(pages, station, 'desk'), listen(pages, station, 'mobile')];
  const pulses = ({ heard }: typeof atDesk) =>
    heard.splice(0).flatMap((event) => (event.kind === 'pulse' ? [event.registered] : []));
  expect([pulses(atDesk), pulses(mobile)]).toEqual([[true], [false]]);
  await clock.advance(5_000);
  expect([pulses(atDesk), pulses(mobile)]).toEqual([[true], [false]]);
  registered.delete('desk');
  registered.add('mobile');
  pages.terminalChanged(station);
  pages.terminalChanged(station);
  expect([pulses(atDesk), pulses(mobile)]).toEqual([[false], [true]]);
});

test('a closed page hears nothing, and the last one to close stops the pulse', async () => {
  const { clock, pages } = open();
  const page = listen(pages);
  page.kinds();
  page.close();
  pages.terminalChanged(station);
  await clock.advance(20_000);
  expect(page.kinds()).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('all pages in the same state are given the same pulse object', async () => {
  const { clock, pages } = open();
  const [one, other] = [listen(pages), listen(pages)];
  one.kinds();
  other.kinds();
  await clock.advance(5_000);
  expect(one.heard[0]).toBe(other.heard[0]);
});

test('a page that asks for what it may not see is told so', () => {
  const { pages } = open();
  const page = listen(pages);
  page.kinds();
  page.request({ subscribe: 'colleagues' });
  expect(page.heard).toEqual([{ kind: 'withheld', topic: 'colleagues' }]);
});

test('a page of management hears every 5 s that the server is alive, and nothing about any terminal', async () => {
  const { clock, pages } = open();
  const heard: string[] = [];
  const page = pages.openManagement(ADMINISTRATOR, (event) => void heard.push(event.kind));
  pages.terminalChanged(station);
  await clock.advance(5_000);
  expect(heard).toEqual(['alive', 'alive']);
  page.close();
  await clock.advance(10_000);
  expect([heard.length, clock.pending]).toEqual([2, 0]);
});
