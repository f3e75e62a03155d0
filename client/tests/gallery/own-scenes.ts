import {
  api,
  type CallForwards,
  type Consequence,
  type HistoryPage,
  type MailboxView,
  type OwnSetup,
  type PastCall,
  type RecentChange,
} from '@perch/shared';
import { ADA, BEN, CHLOE, DESK, DEV, type Exchange, until } from './exchange.ts';
import type { Scene } from './scene.ts';

const MINUTE_MS = 60_000;
const ago = (minutes: number): number => Date.now() - minutes * MINUTE_MS;

const pastCall = (id: string, minutes: number, changes: Partial<PastCall>): PastCall => ({
  id,
  at: ago(minutes),
  until: ago(minutes - 1),
  with: BEN,
  direction: 'in',
  result: 'answered',
  returned: false,
  ms: MINUTE_MS,
  desk: ADA,
  transferred: false,
  messageMs: null,
  ...changes,
});

const HISTORY: HistoryPage = {
  extension: ADA.number,
  calls: [
    pastCall('missed', 5, { result: 'missed', ms: null, messageMs: 12_000 }),
    pastCall('returned', 20, { with: DEV, result: 'missed', ms: null, returned: true }),
    pastCall('passed on', 90, { with: CHLOE, desk: DESK, transferred: true }),
    pastCall('declined', 100, { with: { number: '108', name: 'יעל כהן' }, result: 'declined', ms: null }),
    pastCall('not reached', 1_500, { direction: 'out', result: 'not-reached', ms: null }),
    pastCall('long', 3_000, {
      with: { number: '105', name: 'Eleonora Vandenberg-Whitfield' },
      direction: 'out',
      ms: 5_400_000,
    }),
  ],
  next: 'more',
};

const MAILBOX: MailboxView = {
  extension: ADA,
  access: 'open',
  messages: [
    { id: 'new', from: BEN, at: ago(5), durationMs: 12_000, reason: 'no-answer', heard: false },
    { id: 'heard', from: CHLOE, at: ago(1_500), durationMs: 95_000, reason: 'homeless', heard: true },
  ],
  greeting: { durationMs: 8_000, at: ago(3_000) },
  hasPin: true,
  isOwn: true,
  mailTo: 'ada@demo.test',
  canMail: true,
  limits: { messages: 2, ms: 3_600_000, greetingMs: MINUTE_MS },
  retentionDays: 30,
};

const ELSEWHERE: CallForwards = {
  always: null,
  busy: BEN.number,
  unanswered: { to: CHLOE.number, seconds: 20 },
  unreachable: null,
};

/** Somebody has guessed at Ada's code. */
const setup = (): OwnSetup => ({
  hasSecretCode: true,
  guessing: {
    wrongAt: [ago(2), ago(3)],
    lockedUntil: Date.now() + 15 * MINUTE_MS,
    terminalLockedUntil: null,
  },
  attempts: [
    { at: ago(2), desk: DESK, result: 'locked-out' },
    { at: ago(90), desk: DESK, result: 'moved' },
  ],
});

const dialogShown = (): Promise<void> => until(() => document.querySelector('[role="dialog"]') !== null);

async function openSettings(exchange: Exchange): Promise<void> {
  exchange.answers.set(`GET ${api.ownSetup.path}`, Response.json(setup()));
  exchange.phone.layers.open('settings');
  await until(() => document.querySelector('[role="dialog"] input[type="password"]') !== null);
}

async function openMailbox({ answers, phone }: Exchange): Promise<void> {
  answers.set(`GET ${api.mailbox.path}`, Response.json(MAILBOX));
  phone.showing = 'voicemail';
  await until(() => document.querySelector('[data-message]') !== null);
}

/** It can be undone for a while. */
const change = (...consequences: Consequence[]): RecentChange => ({
  at: Date.now(),
  until: Date.now() + 25_000,
  canUndo: true,
  byManagement: false,
  limit: null,
  consequences,
});

/** What a page shows and asks outside of calls: what has changed, and what somebody has and sets of their own. */
export const OWN_SCENES: Readonly<Record<string, Scene>> = {
  'just changed': {
    at: 'station',
    play: (exchange) => {
      exchange.guest();
      const moved = { kind: 'moved', extension: ADA, base: DESK } as const;
      exchange.tell({ recentChange: change(moved, { kind: 'to-voicemail', extension: DESK }) });
    },
  },
  'first run': {
    play: async ({ phone }) => {
      phone.settings.change({ introduced: false });
      await until(() => document.querySelector('#first-run') !== null);
      phone.layers.open('first-run');
      await dialogShown();
    },
  },
  recents: {
    play: async ({ answers, phone }) => {
      answers.set(`GET ${api.history.path}`, Response.json(HISTORY));
      phone.showing = 'recents';
      await until(() => document.querySelector('[role="tabpanel"] time, main time') !== null);
    },
  },
  'own voicemail': { play: openMailbox },
  'own voicemail, set up': {
    play: async (exchange) => {
      await openMailbox(exchange);
      exchange.phone.layers.open('mailbox-setup');
      await dialogShown();
    },
  },
  'own settings': {
    play: async (exchange) => {
      exchange.tell({ doNotDisturb: true, forwards: ELSEWHERE });
      await openSettings(exchange);
    },
  },
};
