import { api, type ClaimableCall, type Party, PROMPT_TEXTS } from '@perch/shared';
import { m } from '../../src/words/messages.svelte.ts';
import { CALL_SCENES } from './call-scenes.ts';
import { ADA, BEN, CHLOE, DESK, DEV, type Exchange, until } from './exchange.ts';
import { KIOSK_SCENES } from './kiosk-scenes.ts';
import { OWN_SCENES } from './own-scenes.ts';
import type { Scene } from './scene.ts';

const MESSAGE = {
  id: 'message',
  from: CHLOE,
  at: Date.now() - 600_000,
  durationMs: 12_000,
  reason: 'no-answer',
  heard: false,
} as const;

/** As by a tap in the settings. */
async function beginCheck({ phone }: Exchange): Promise<void> {
  phone.layers.open('settings');
  const begin = (): HTMLElement | undefined =>
    [...document.querySelectorAll('button')].find(
      ({ textContent }) => textContent.trim() === m.check_begin(),
    );
  await until(() => begin() !== undefined);
  begin()?.click();
}

/** From now on, what draws something of it fails. */
function spoil(thing: object, member: string): void {
  Object.defineProperty(thing, member, {
    get: () => {
      throw new Error('spoilt');
    },
  });
}
const ENDS_SOON = { at: Date.now() + 840_000, waitsForCall: false } as const;

const at =
  (base: Party) =>
  (exchange: Exchange): void =>
    exchange.tell({ occupancy: { kind: 'locked', base, since: Date.now() - 3_600_000 } });
const atTheDesk = at(DESK);

/** Every state of a page: what calls bring it into, and what somebody opens on it. */
export const SCENES: Readonly<Record<string, Scene>> = {
  ...CALL_SCENES,
  ...KIOSK_SCENES,
  ...OWN_SCENES,
  'a call has left with its owner': {
    play: (exchange) => {
      exchange.tell({ occupancy: { kind: 'locked', base: DESK, since: Date.now() - 600_000 } });
      exchange.add({ with: BEN, as: ADA, state: 'talking', here: 'left' });
    },
  },
  'a call for help': {
    play: async (exchange) => exchange.answer(await exchange.place({ number: '112', name: '' })),
  },
  'a call for help, with another call on hold': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      exchange.answer(
        await exchange.place({ number: '112', name: '' }, () => exchange.phone.keys.dialBeside('112')),
      );
    },
  },
  'leaving a message': {
    play: async (exchange) => {
      const { id } = await exchange.talk(BEN);
      exchange.voicemail(id, { kind: 'opened', service: 'deposit', mailbox: BEN });
      exchange.voicemail(id, { kind: 'keys', keys: [{ key: '#', action: 'finish-recording' }] });
      exchange.voicemail(id, { kind: 'recording', what: 'message', since: Date.now(), longestMs: 180_000 });
    },
  },
  'listening to messages': {
    play: async (exchange) => {
      const visit = await exchange.visit('*97');
      exchange.voicemail(visit.id, { kind: 'opened', service: 'retrieval', mailbox: ADA });
      exchange.voicemail(visit.id, { kind: 'playing', message: MESSAGE, position: 1, of: 2 });
      const keys = (['again', 'next', 'delete', 'call-back'] as const).map((action, index) => ({
        key: String(index + 1),
        action,
      }));
      exchange.voicemail(visit.id, { kind: 'keys', keys });
    },
  },
  'asked for the PIN of a mailbox': {
    at: 'station',
    play: async (exchange) => {
      exchange.guest();
      const visit = await exchange.visit('*97');
      exchange.voicemail(visit.id, { kind: 'opened', service: 'retrieval', mailbox: ADA });
      const utterance = [{ prompt: 'enter-pin' as const }];
      exchange.voicemail(visit.id, { kind: 'prompt', utterance, text: PROMPT_TEXTS.en['enter-pin'] });
      exchange.voicemail(visit.id, { kind: 'digit', entered: 2 });
    },
  },
  'taking over': {
    at: 'station',
    play: async (exchange) => {
      const { id } = await exchange.visit('*30101');
      const utterance = [{ prompt: 'enter-code' as const }];
      exchange.center(id, { kind: 'opened', number: ADA.number });
      exchange.center(id, { kind: 'prompt', utterance, text: PROMPT_TEXTS.en['enter-code'] });
      exchange.center(id, { kind: 'digit', entered: 2 });
    },
  },
  'idle screen': {
    at: 'station',
    play: (exchange) => exchange.rest(),
  },
  'idle screen of a guest': {
    at: 'station',
    play: async (exchange) => {
      exchange.guest();
      await exchange.rest();
    },
  },
  'idle screen, locked': {
    at: 'station',
    play: async (exchange) => {
      at(DEV)(exchange);
      await exchange.rest();
    },
  },
  'idle screen, unregistered': {
    at: 'station',
    play: async (exchange) => {
      exchange.unregister();
      await exchange.rest();
    },
  },
  'idle screen, offline': {
    at: 'station',
    play: async (exchange) => {
      exchange.guest();
      await exchange.disconnect();
      await exchange.rest();
    },
  },
  'a stay that ends soon': {
    at: 'station',
    play: (exchange) => {
      exchange.guest();
      exchange.tell({ stayEnds: { ...ENDS_SOON, limit: 'idle', canExtend: true } });
    },
  },
  'a call before the guest came': {
    at: 'station',
    play: (exchange) => {
      const at = Date.now() - 240_000;
      const before: ClaimableCall = { id: 'before', at, answeredMs: 130_000 };
      exchange.answers.set(`GET ${api.claimableCalls.path}`, Response.json([before]));
      exchange.guest(Date.now() - 20_000);
    },
  },
  'a stay that is over, with a call': {
    at: 'station',
    play: async (exchange) => {
      exchange.guest();
      exchange.tell({ stayEnds: { ...ENDS_SOON, limit: 'longest', canExtend: true, waitsForCall: true } });
      await exchange.talk(BEN);
    },
  },
  'a stay was ended by a limit': {
    at: 'station',
    play: (exchange) => exchange.tell({ stayEnded: { limit: 'time-of-day', at: Date.now() - 60_000 } }),
  },
  locked: { play: atTheDesk },
  'locked, with a number that it may not call': {
    play: async (exchange) => {
      atTheDesk(exchange);
      // What was typed before is gone with the person.
      await until(() => document.querySelector('main[data-state="locked"]') !== null);
      exchange.phone.dialText.value = '103';
    },
  },
  'locked, in a call for help': {
    play: async (exchange) => {
      atTheDesk(exchange);
      exchange.answer(await exchange.place({ number: '112', name: '' }));
    },
  },
  'a call that cannot be drawn': {
    isFaulty: true,
    play: async (exchange) => {
      await exchange.talk(BEN);
      spoil(exchange.phone, 'tie');
      exchange.ring(CHLOE);
    },
  },
  'a list that cannot be drawn': {
    isFaulty: true,
    play: async (exchange) => {
      spoil(exchange.phone, 'colleagues');
      await exchange.talk(BEN);
    },
  },
  'a ring that cannot be drawn': {
    isFaulty: true,
    play: (exchange) => {
      spoil(exchange.phone, 'calleeOf');
      exchange.ring(BEN);
    },
  },
  'the list of shortcuts': { play: ({ phone }) => phone.layers.open('shortcuts') },
  'the check before a shift': {
    play: async (exchange) => {
      await beginCheck(exchange);
      await exchange.pass(1_000);
    },
  },
  'a check that has found something': {
    play: async (exchange) => {
      await beginCheck(exchange);
      await exchange.pass(20_000);
    },
  },
  waking: { play: (exchange) => exchange.phone.word.doubt() },
  'another tab is the phone': { at: 'second tab', play: () => undefined },
};
