import { extensionId, extensionNumber, organizationId, terminalId, NO_FORWARDS } from '@perch/shared';
import type { ExtensionId, TerminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { Directory, Extension } from '../ports.ts';
import {
  colleagueOf,
  personAt,
  terminalView,
  whereaboutsOf,
  type Activity,
  type WhoIsWhere,
} from './terminal-view.ts';

const extension = (number: string, name: string, kind: Extension['kind']): Extension => ({
  id: extensionId(`id-${number}`),
  organization: organizationId('o'),
  terminal: terminalId(`phone-${number}`),
  number: extensionNumber(number),
  name,
  kind,
  group: null,
  place: null,
  callBack: null,
  language: null,
  doNotDisturb: false,
  forwards: NO_FORWARDS,
  plan: null,
  stayLimits: null,
  kiosk: true,
  allowVirtualization: true,
  hasSecretCode: true,
  hasVoicemailPin: false,
  voicemailMail: null,
  suspended: false,
});

const ada = extension('101', 'Ada', 'person');
const ben = extension('102', 'Ben', 'person');
const desk = extension('201', 'Front desk', 'station');
const nowhere = terminalId('nowhere');
const everybody = [desk, ben, ada];

const directory: Directory = {
  organization: {
    id: organizationId('o'),
    name: 'Demo',
    domain: 'demo.perch.test',
    emergencyNumbers: ['112'],
  },
  byTerminal: (terminal) => everybody.find((one) => one.terminal === terminal),
  homeOf: (id) => everybody.find((one) => one.id === id)?.terminal,
  ownerOf: (terminal) => everybody.find((one) => one.terminal === terminal)?.id,
  byNumber: (number) => everybody.find((one) => one.number === number),
  byId: (id) => everybody.find((one) => one.id === id),
  all: () => everybody,
};

/** A virtualization state given as pairs [virtual, base]. */
function where(...pairs: [Extension, Extension][]): WhoIsWhere {
  const baseOf = (id: ExtensionId) => pairs.find(([virtual]) => virtual.id === id)?.[1];
  const guestOn = (terminal: TerminalId) => pairs.find(([, base]) => base.terminal === terminal)?.[0];
  const at = (one: Extension | undefined) => one && { extension: one.id, since: 9 };
  return {
    baseOf: (id) => at(baseOf(id)),
    guestOn: (terminal) => at(guestOn(terminal)),
    terminalOf: (id) => {
      const base = baseOf(id);
      if (base) return base.terminal;
      return guestOn(directory.homeOf(id) ?? nowhere) ? undefined : directory.homeOf(id);
    },
    speaksFor: (terminal) => {
      const owner = everybody.find((one) => one.terminal === terminal);
      return guestOn(terminal)?.id ?? (owner && !baseOf(owner.id) ? owner.id : undefined);
    },
    guessing: () => ({ wrongAt: [], lockedUntil: null, terminalLockedUntil: null }),
    recentChange: () => null,
  };
}

const quiet: Activity = {
  registered: () => true,
  asleep: () => false,
  busy: () => false,
  lastCheck: () => null,
  stayEnds: () => null,
  stayEnded: () => null,
  language: null,
  kioskMode: false,
  pinLockedUntil: () => null,
};
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
    'the home phone of an extension that is away',
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
  const view = terminalView(owner.terminal, directory, state, quiet);
  expect(view?.occupancy).toEqual(occupancy);
  expect(view?.whereabouts).toEqual(whereabouts);
  expect(whereaboutsOf(owner, directory, state)).toEqual(whereabouts);
});

test.for([
  ['a free station', desk, where(), false],
  ['a locked phone', ada, where([ada, desk]), false],
  ['a station with a guest', desk, where([ada, desk]), true],
  ['a phone with its owner', ada, where(), true],
  ['a phone with a station on it', ada, where([desk, ada]), true],
] as const)('%s shows who the colleagues are: %#', ([, owner, state, shows]) => {
  expect(personAt(owner.terminal, directory, state) !== undefined).toBe(shows);
});

test('a phone that is out of service shows no colleagues', () => {
  const suspended = (id: ExtensionId) => (id === ada.id ? { ...ada, suspended: true } : directory.byId(id));
  const phone = ada.terminal;
  expect(personAt(phone, { ...directory, byId: suspended }, where())).toBeUndefined();
});

test('colleagues are seen where they are, and a base with a guest as away', () => {
  const busy: Activity = { ...quiet, busy: (id) => id === ben.id || id === ada.id };
  const state = where([ada, desk]);
  expect(everybody.map((one) => colleagueOf(one, state, busy))).toEqual([
    { ...party(desk), state: 'away' },
    { ...party(ben), state: 'busy' },
    { ...party(ada), state: 'busy' },
  ]);
});

test('anyone on an offline terminal is offline', () => {
  const deskOffline: Activity = { ...quiet, registered: (id) => id !== desk.terminal };
  expect(colleagueOf(ada, where([ada, desk]), deskOffline)?.state).toBe('offline');
});

test('anyone at a terminal that is asleep is asleep, unless there is a call on it', () => {
  const deskAsleep: Activity = {
    ...quiet,
    registered: () => false,
    asleep: (id) => id === desk.terminal,
  };
  expect(colleagueOf(ada, where([ada, desk]), deskAsleep)?.state).toBe('asleep');
  expect(colleagueOf(ada, where([ada, desk]), { ...deskAsleep, busy: () => true })?.state).toBe('busy');
});

test('a suspended extension is not shown', () => {
  expect(colleagueOf({ ...ada, suspended: true }, where(), quiet)).toBeUndefined();
});

test('stations of an organization are in kiosk mode, phones of persons and ordinary desks never', () => {
  const kiosk = (one: Extension, kioskMode: boolean) =>
    terminalView(one.terminal, directory, where(), { ...quiet, kioskMode })?.kiosk;
  expect([kiosk(desk, true), kiosk(desk, false), kiosk(ada, true)]).toEqual([true, false, false]);
  const ordinary = { ...directory, byTerminal: () => ({ ...desk, kiosk: false }) };
  expect(terminalView(desk.terminal, ordinary, where(), { ...quiet, kioskMode: true })?.kiosk).toBe(false);
});
