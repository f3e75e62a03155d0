import { callId, extensionId, type ExtensionId, type TerminalId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { aCall } from '../records/support/test-records.ts';
import { FakeFlow } from '../sip/transport/support/fake-flow.ts';
import type { Happening } from './happenings.ts';
import { REACTIONS, Reactions, type Rooms } from './reactions.ts';
import type { Binding } from './registrar/bindings.ts';

const id = (number: string): ExtensionId => extensionId(`id-${number}`);
const terminal = (number: string): TerminalId => terminalId(`phone-${number}`);

const flow = new FakeFlow({ opened: () => undefined, received: () => undefined, closed: () => undefined });
/** A phone at the station 201, where 101 is. */
const binding: Binding = {
  terminal: terminal('201'),
  key: 'k',
  contact: 'sip:x',
  flow,
  alive: true,
  awake: true,
  reseats: false,
};

/** What an argument is about, short enough for a table. */
function shortly(argument: unknown): string {
  if (argument === flow) return 'flow';
  if (argument === binding) return 'phone';
  if (typeof argument === 'string') return argument.replace(/^(id|phone)-/, '');
  if (Array.isArray(argument) || argument instanceof Set)
    return `[${Array.from(argument as Iterable<unknown>, shortly).join(' ')}]`;
  return JSON.stringify(argument);
}

/** Rooms that note what they are told, in order. 101 is at the station 201. */
function open({ failing = '' } = {}) {
  const told: string[] = [];
  const failed: unknown[] = [];
  const room = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_, what: string) =>
          (...told_: unknown[]) => {
            told.push([`${name}.${what}`, ...told_.map(shortly)].join(' '));
            if (failing === `${name}.${what}`) throw new Error(`${failing} failed`);
          },
      },
    );
  const rooms = {
    ...Object.fromEntries(
      [
        'phones',
        'userAgent',
        'calls',
        'voicemail',
        'lamps',
        'dialogs',
        'pages',
        'topics',
        'barredFlows',
        'conditions',
        'checks',
        'faults',
        'stays',
        'ladderDesk',
      ].map((name) => [name, room(name)]),
    ),
    own: { admirersOf: () => [id('102')], missed: room('missed') },
    directory: {
      byId: (extension: ExtensionId) => (extension === id('103') ? undefined : { id: extension }),
      homeOf: (extension: ExtensionId) => terminal(extension.slice('id-'.length)),
      ownerOf: (at: TerminalId) => id(at.slice('phone-'.length)),
    },
    where: {
      speaksFor: (at: TerminalId) => ({ [terminal('201')]: id('101'), [terminal('102')]: id('102') })[at],
      terminalOf: (extension: ExtensionId) => ({ [id('101')]: terminal('201') })[extension],
      baseOf: (extension: ExtensionId) =>
        extension === id('101') ? { extension: id('201'), since: 1 } : undefined,
      guestOn: (at: TerminalId) => (at === terminal('201') ? { extension: id('101'), since: 1 } : undefined),
    },
    journal: { failed: (error: unknown) => void failed.push(error) },
  } as unknown as Rooms;
  const reactions = new Reactions();
  return { reactions, rooms, told, failed };
}

const moved: Happening = {
  kind: 'moved',
  extensions: new Set([id('101')]),
  terminals: new Set([terminal('101'), terminal('201')]),
};

/** For every kind of happening: which rooms hear of it, in which order, and of what. */
const TABLE: readonly (readonly [Happening, readonly string[]])[] = [
  [
    { kind: 'phone-registered', binding, left: flow },
    [
      `conditions.connected ${shortly(terminal('201'))}`,
      'userAgent.flowReplaced flow flow',
      'calls.registered phone',
      'lamps.registered phone',
      `pages.terminalChanged ${shortly(terminal('201'))}`,
      'topics.changed [201 101]',
    ],
  ],
  [
    { kind: 'phone-unreachable', binding },
    [
      `conditions.lost ${shortly(terminal('201'))}`,
      `pages.terminalChanged ${shortly(terminal('201'))}`,
      'topics.changed [201 101]',
    ],
  ],
  [
    { kind: 'phone-asleep', binding },
    ['calls.asleep phone', `pages.terminalChanged ${shortly(terminal('201'))}`, 'topics.changed [201 101]'],
  ],
  [
    { kind: 'terminal-reported', terminal: terminal('201') },
    [`pages.terminalChanged ${shortly(terminal('201'))}`, 'topics.changed [201]'],
  ],
  [
    { kind: 'phone-awake', binding },
    [
      `conditions.connected ${shortly(terminal('201'))}`,
      'calls.registered phone',
      `pages.terminalChanged ${shortly(terminal('201'))}`,
      'topics.changed [201 101]',
    ],
  ],
  [
    { kind: 'phone-gone', binding },
    [
      `conditions.lost ${shortly(terminal('201'))}`,
      'lamps.gone phone',
      `pages.terminalChanged ${shortly(terminal('201'))}`,
      'topics.changed [201 101]',
    ],
  ],
  [
    { kind: 'flow-closed', flow, terminal: terminal('201') },
    [
      `phones.flowClosed flow ${shortly(terminal('201'))}`,
      `calls.flowClosed flow ${shortly(terminal('201'))}`,
      'userAgent.flowClosed flow',
      'barredFlows.delete flow',
    ],
  ],
  [
    { kind: 'flow-barred', flow, terminal: terminal('201'), reason: 'suspended' },
    [
      `phones.barred flow ${shortly(terminal('201'))}`,
      'userAgent.flowBarred flow',
      `calls.flowBarred flow ${shortly(terminal('201'))}`,
      'barredFlows.add flow suspended',
    ],
  ],
  [
    { kind: 'stay-end-changed', terminal: terminal('201') },
    [`pages.terminalChanged ${shortly(terminal('201'))}`, 'topics.changed [201]'],
  ],
  [
    { kind: 'kiosk-mode-changed', terminal: terminal('201') },
    [`pages.terminalChanged ${shortly(terminal('201'))}`, 'topics.changed [201]'],
  ],
  [
    moved,
    [
      'stays.moved [101]',
      `voicemail.moved [${shortly(terminal('101'))} ${shortly(terminal('201'))}]`,
      'topics.changed [101 201]',
      'calls.moved [101] [101 201]',
      `pages.terminalChanged ${shortly(terminal('101'))}`,
      `pages.terminalChanged ${shortly(terminal('201'))}`,
      `pages.lampChanged ${shortly(terminal('101'))}`,
      `pages.lampChanged ${shortly(terminal('201'))}`,
      `lamps.lampChanged ${shortly(terminal('101'))}`,
      `lamps.lampChanged ${shortly(terminal('201'))}`,
      `dialogs.speakerChanged ${shortly(terminal('101'))}`,
      `dialogs.speakerChanged ${shortly(terminal('201'))}`,
      'dialogs.changed 101',
    ],
  ],
  [{ kind: 'guesses-changed', extensions: new Set([id('101')]) }, ['topics.changed [101]']],
  [
    { kind: 'extension-changed', extension: id('101') },
    [
      'calls.moved [101]',
      'stays.extensionChanged 101',
      'voicemail.extensionChanged',
      `pages.lampChanged ${shortly(terminal('201'))}`,
      `lamps.lampChanged ${shortly(terminal('201'))}`,
      `pages.terminalChanged ${shortly(terminal('101'))}`,
      `pages.terminalChanged ${shortly(terminal('201'))}`,
      'pages.extensionChanged',
      'topics.changed [101 201]',
      'topics.ownChanged [101 102]',
      'dialogs.changed 101',
      'ladderDesk.extensionChanged 101',
    ],
  ],
  [
    // Deleted.
    { kind: 'extension-changed', extension: id('103') },
    [
      'conditions.forget 103',
      'checks.forget 103',
      'faults.forget 103',
      'calls.moved [103]',
      'stays.extensionChanged 103',
      'voicemail.extensionChanged',
      `pages.terminalChanged ${shortly(terminal('103'))}`,
      'pages.extensionChanged',
      'topics.changed [103]',
      'topics.ownChanged [103 102]',
      'dialogs.changed 103',
      'ladderDesk.extensionChanged 103',
    ],
  ],
  [{ kind: 'language-changed' }, ['pages.allChanged']],
  [
    { kind: 'mailbox-changed', extension: id('101') },
    [
      'topics.changed [101]',
      `pages.lampChanged ${shortly(terminal('201'))}`,
      `lamps.lampChanged ${shortly(terminal('201'))}`,
    ],
  ],
  [
    { kind: 'calls-changed', terminal: terminal('201') },
    [
      'pages.callsChanged 201',
      'topics.callsChanged 201',
      'dialogs.callsChanged 201',
      'stays.callsChanged 201',
    ],
  ],
  [{ kind: 'call-recorded', record: aCall('one') }, [`missed.recorded ${JSON.stringify(aCall('one'))}`]],
  [{ kind: 'own-changed', extension: id('101') }, ['topics.ownChanged [101]']],
  [{ kind: 'slot-changed', slot: '1' }, ['topics.slotChanged 1']],
  [{ kind: 'busy-changed', extension: id('101') }, ['topics.changed [101]']],
  [
    { kind: 'center-event', terminal: terminal('201'), call: callId('c'), event: { kind: 'closed' } },
    [`pages.centerEvent ${shortly(terminal('201'))} c {"kind":"closed"}`],
  ],
  [
    { kind: 'voicemail-event', terminal: terminal('201'), call: callId('c'), event: { kind: 'closed' } },
    [`pages.voicemailEvent ${shortly(terminal('201'))} c {"kind":"closed"}`],
  ],
];

test.for(TABLE)('%s: the rooms that react, in order', ([happening, reacted]) => {
  const { reactions, rooms, told, failed } = open();
  reactions.begin(rooms);
  reactions.happened(happening);
  expect([told, failed]).toEqual([reacted, []]);
});

test('a phone that was on no other flow has missed nothing on one', () => {
  const { reactions, rooms, told } = open();
  reactions.begin(rooms);
  reactions.happened({ kind: 'phone-registered', binding, left: null });
  expect(told[1]).toBe('calls.registered phone');
});

test('every happening has a row in this table, or is an error', () => {
  expect([...new Set(TABLE.map(([{ kind }]) => kind)), 'failed'].sort()).toEqual(
    Object.keys(REACTIONS).sort(),
  );
});

test('an error of one room is reported', () => {
  const { reactions, rooms, told, failed } = open();
  reactions.begin(rooms);
  reactions.happened({ kind: 'failed', error: 'the disk is full' });
  expect([told, failed]).toEqual([[], ['the disk is full']]);
});

test.for(TABLE.filter(([, reacted]) => reacted.length > 1))(
  '%s: a reaction that fails is reported, and the others take place',
  ([happening, reacted]) => {
    const [first = ''] = reacted[0]?.split(' ') ?? [];
    const { reactions, rooms, told, failed } = open({ failing: first });
    reactions.begin(rooms);
    reactions.happened(happening);
    // A reaction that tells several things stops at the one that failed.
    const rest = reacted.filter((one, at) => at === 0 || !one.startsWith(`${first} `));
    expect([told, failed]).toEqual([rest, [new Error(`${first} failed`)]]);
  },
);

test('while the organization is being opened, no room hears of anything', () => {
  const { reactions, told, failed } = open();
  reactions.happened(moved);
  expect([told, failed]).toEqual([[], []]);
});
