import { extensionId, extensionNumber, homeTerminalOf, organizationId } from '@perch/shared';
import type { ExtensionId, TerminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { Directory, Extension } from './ports.ts';
import {
  colleaguesAt,
  terminalView,
  whereaboutsOf,
  type Activity,
  type WhoIsWhere,
} from './terminal-view.ts';

const extension = (number: string, name: string, kind: Extension['kind']): Extension => ({
  id: extensionId(`id-${number}`),
  number: extensionNumber(number),
  name,
  kind,
  allowVirtualization: true,
  hasSecretCode: true,
  hasVoicemailPin: false,
  voicemailMail: null,
  suspended: false,
});

const ada = extension('101', 'Ada', 'person');
const ben = extension('102', 'Ben', 'person');
const desk = extension('201', 'Front desk', 'station');
const everybody = [desk, ben, ada];

const directory: Directory = {
  organization: {
    id: organizationId('o'),
    name: 'Demo',
    domain: 'demo.perch.test',
    emergencyNumbers: ['112'],
  },
  byNumber: (number) => everybody.find((one) => one.number === number),
  byId: (id) => everybody.find((one) => one.id === id),
  all: () => everybody,
};

/** A virtualization state given as pairs [virtual, base]. */
function where(...pairs: [Extension, Extension][]): WhoIsWhere {
  const baseOf = (id: ExtensionId) => pairs.find(([virtual]) => virtual.id === id)?.[1];
  const guestOn = (terminal: TerminalId) =>
    pairs.find(([, base]) => homeTerminalOf(base.id) === terminal)?.[0];
  const at = (one: Extension | undefined) => one && { extension: one.id, since: 9 };
  return {
    baseOf: (id) => at(baseOf(id)),
    guestOn: (terminal) => at(guestOn(terminal)),
    terminalOf: (id) => {
      const base = baseOf(id);
      if (base) return homeTerminalOf(base.id);
      return guestOn(homeTerminalOf(id)) ? undefined : homeTerminalOf(id);
    },
    speaksFor: (terminal) => {
      const owner = everybody.find((one) => homeTerminalOf(one.id) === terminal);
      return guestOn(terminal)?.id ?? (owner && !baseOf(owner.id) ? owner.id : undefined);
    },
    recentChange: () => null,
  };
}

const quiet: Activity = { registered: () => true, busy: () => false };
const party = (one: Extension) => ({ number: one.number, name: one.name });

test.for([
  ['a free station', desk, where(), { kind: 'owner' }, { kind: 'home' }],
  [
    'a station with a guest',
    desk,
    where([ada, desk]),
    { kind: 'guest', guest: party(ada), since: 9 },
    { kind: 'homeless', guest: party(ada), since: 9 },
  ],
  [
    'the phone at home of whoever is away',
    ada,
    where([ada, desk]),
    { kind: 'locked', base: party(desk), since: 9 },
    { kind: 'away', base: party(desk), since: 9 },
  ],
  [
    'a phone whose owner is away and which has a guest of its own',
    ada,
    where([ada, desk], [ben, ada]),
    { kind: 'guest', guest: party(ben), since: 9 },
    { kind: 'away', base: party(desk), since: 9 },
  ],
] as const)('%s', ([, owner, state, occupancy, whereabouts]) => {
  const view = terminalView(homeTerminalOf(owner.id), directory, state, quiet);
  expect(view?.occupancy).toEqual(occupancy);
  expect(view?.whereabouts).toEqual(whereabouts);
  expect(whereaboutsOf(owner.id, directory, state)).toEqual(whereabouts);
});

test('a free station shows no name, number or state of anybody', () => {
  expect(colleaguesAt(homeTerminalOf(desk.id), directory, where(), quiet)).toEqual([]);
});

test('a locked phone shows nobody', () => {
  expect(colleaguesAt(homeTerminalOf(ada.id), directory, where([ada, desk]), quiet)).toEqual([]);
});

test('a phone that is out of service shows nobody', () => {
  const suspended = (id: ExtensionId) => (id === ada.id ? { ...ada, suspended: true } : directory.byId(id));
  const phone = homeTerminalOf(ada.id);
  expect(colleaguesAt(phone, { ...directory, byId: suspended }, where(), quiet)).toEqual([]);
});

test('a guest sees colleagues where they are, and a base with a guest as away', () => {
  const busyBen: Activity = { registered: () => true, busy: (id) => id === ben.id || id === ada.id };
  expect(colleaguesAt(homeTerminalOf(desk.id), directory, where([ada, desk]), busyBen)).toEqual([
    { ...party(ben), state: 'busy' },
    { ...party(desk), state: 'away' },
  ]);
});

test('whoever is on an offline terminal is offline', () => {
  const deskOffline: Activity = { registered: (id) => id !== homeTerminalOf(desk.id), busy: () => false };
  const seen = colleaguesAt(homeTerminalOf(ben.id), directory, where([ada, desk]), deskOffline);
  expect(seen.find((one) => one.number === ada.number)?.state).toBe('offline');
});
