import type { Party } from '@perch/shared';
import { ADA, BEN, CHLOE, CONFERENCE, DESK, DEV, type Exchange, type Placed } from './exchange.ts';
import { lose, type Loss } from './reception.ts';
import type { Scene } from './scene.ts';

const others = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    number: String(102 + index),
    name: ['Ben', 'Chloe', 'Dev', 'Eleonora Vandenberg-Whitfield', 'Farid', 'Grace', 'יעל כהן'][index] ?? '',
    reconnecting: index === 1,
  }));

async function confer(exchange: Exchange, count: number): Promise<Placed> {
  const talk = await exchange.talk(BEN);
  exchange.change(talk.id, { with: CONFERENCE, conference: { participants: others(count - 1) } });
  return talk;
}

/** It takes three looks until the page says that the sound is bad. */
async function sounds(exchange: Exchange, loss: Loss): Promise<void> {
  lose(exchange, await exchange.talk(BEN), loss);
  await exchange.pass(6_500);
}

/** The page refuses a call that rings, and its caller goes to the mailbox. */
function refuse(exchange: Exchange, caller: Party): void {
  const { call, id } = exchange.ring(caller);
  call.toVoicemail();
  exchange.end(id);
}

/** Ben is sent on to Chloe, whose phone rings. */
async function sendOn(exchange: Exchange): Promise<Placed> {
  const placed = await exchange.talk(BEN);
  exchange.phone.transfers.sendNow(placed.call, CHLOE.number);
  placed.session.transferred?.({ kind: 'ringing' });
  return placed;
}

async function refuseMicrophone(exchange: Exchange, permission: PermissionState): Promise<void> {
  exchange.devices.answer = 'refusal';
  exchange.devices.permission.state = permission;
  await exchange.talk(BEN);
}

/** What people do in calls with each other, and what happens to these. */
export const CALL_SCENES: Readonly<Record<string, Scene>> = {
  idle: { play: () => undefined },
  'idle with a guest': { at: 'station', play: (exchange) => exchange.guest() },
  'idle station': { at: 'station', play: () => undefined },
  calling: { play: (exchange) => exchange.place(BEN) },
  'one call': { play: (exchange) => sounds(exchange, { here: 0, there: 0 }) },
  'one call of a guest': {
    at: 'station',
    play: async (exchange) => {
      exchange.guest();
      await sounds(exchange, { here: 0, there: 0 });
    },
  },
  'keypad open': {
    play: async (exchange) => {
      const { call } = await exchange.talk(BEN);
      for (const key of '12345') call.press(key);
    },
  },
  'keypad open, muted and held by us': {
    play: async (exchange) => {
      const { call } = await exchange.talk(BEN);
      call.toggleKeypad();
      call.toggleMute();
      exchange.phone.calls.toggleHold(call);
    },
  },
  ringing: { play: (exchange) => exchange.ring(BEN) },
  'ringing for a guest': {
    at: 'station',
    play: (exchange) => {
      exchange.guest();
      exchange.ring(CHLOE);
    },
  },
  answering: {
    play: async (exchange) => {
      const { call } = exchange.ring(BEN);
      exchange.devices.answer = 'question';
      exchange.phone.calls.answer(call);
      await exchange.pass(600);
    },
  },
  'sent to voicemail': { play: (exchange) => refuse(exchange, BEN) },
  'sent to voicemail during a call': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      refuse(exchange, CHLOE);
    },
  },
  'ringing during a call': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      exchange.ring(CHLOE);
    },
  },
  'two calls': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      await exchange.accept(exchange.ring(CHLOE));
    },
  },
  'three calls, and one rings': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      await exchange.accept(exchange.ring(CHLOE));
      await exchange.accept(exchange.ring(DEV));
      exchange.ring(DESK);
    },
  },
  'transfer: choosing': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      exchange.phone.transfers.toggle('transfer');
    },
  },
  'transfer: sending': { play: sendOn },
  'transfer: sending, with another call': {
    play: async (exchange) => {
      await sendOn(exchange);
      await exchange.accept(exchange.ring(DEV));
    },
  },
  'transfer: taken back': {
    play: async (exchange) => exchange.phone.transfers.takeBack((await sendOn(exchange)).call),
  },
  'transfer: calling the person who is asked': {
    play: async (exchange) => {
      const { call } = await exchange.talk(BEN);
      await exchange.place(CHLOE, () => exchange.phone.transfers.askFirst(call, CHLOE.number));
    },
  },
  'transfer: asking': {
    play: async (exchange) => {
      const { call } = await exchange.talk(BEN);
      const ask = () => exchange.phone.transfers.askFirst(call, CHLOE.number);
      exchange.answer(await exchange.place(CHLOE, ask));
    },
  },
  'adding a call': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      exchange.phone.transfers.toggle('add');
    },
  },
  'conference of three': { play: (exchange) => confer(exchange, 3) },
  'conference of eight': { play: (exchange) => confer(exchange, 8) },
  'held by us': {
    play: async (exchange) => exchange.phone.calls.toggleHold((await exchange.talk(BEN)).call),
  },
  'held by the other side': {
    play: async (exchange) => (await exchange.talk(BEN)).session.says?.onHeld(true),
  },
  'held by both': {
    play: async (exchange) => {
      const { call, session } = await exchange.talk(BEN);
      exchange.phone.calls.toggleHold(call);
      session.says?.onHeld(true);
    },
  },
  'the other side reconnects': {
    play: async (exchange) => exchange.change((await exchange.talk(BEN)).id, { otherSide: 'reconnecting' }),
  },
  'sound interrupted': {
    play: async (exchange) => (await exchange.talk(BEN)).session.says?.onMedia('interrupted'),
  },
  'no server': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      await exchange.disconnect();
    },
  },
  'no server, with two calls': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      await exchange.accept(exchange.ring(CHLOE));
      await exchange.disconnect();
    },
  },
  'no server, and no call': { play: (exchange) => exchange.disconnect() },
  'no server for a minute': {
    play: async (exchange) => {
      await exchange.disconnect();
      await window.pass(60_000);
    },
  },
  'bad sound from here': { play: (exchange) => sounds(exchange, { here: 0, there: 0.1 }) },
  'bad sound from there': { play: (exchange) => sounds(exchange, { here: 0.02, there: 0 }) },
  'bad sound of the server': {
    play: async (exchange) => {
      lose(exchange, await confer(exchange, 3), { here: 0.1, there: 0.1 });
      await exchange.pass(6_500);
    },
  },
  muted: { play: async (exchange) => (await exchange.talk(BEN)).call.toggleMute() },
  'muted and speaking': {
    play: async (exchange) => {
      (await exchange.talk(BEN)).call.toggleMute();
      await exchange.pass(2_000);
    },
  },
  'dead microphone': {
    play: async (exchange) => {
      await exchange.talk(BEN);
      exchange.devices.pull();
    },
  },
  'silent microphone': {
    play: async (exchange) => {
      exchange.devices.answer = 'silence';
      await exchange.talk(BEN);
      await exchange.pass(6_000);
    },
  },
  'microphone refused': {
    play: (exchange) => refuseMicrophone(exchange, 'denied'),
  },
  'microphone question closed': { play: (exchange) => refuseMicrophone(exchange, 'prompt') },
  'microphone refused, leaving a message': {
    play: async (exchange) => {
      await refuseMicrophone(exchange, 'denied');
      const { id } = exchange.phone.calls.all[0] ?? {};
      if (!id) throw new Error('there is no call');
      exchange.voicemail(id, { kind: 'opened', service: 'deposit', mailbox: BEN });
      exchange.voicemail(id, { kind: 'recording', what: 'message', since: Date.now(), longestMs: 180_000 });
    },
  },
  'microphone asked for': {
    play: async (exchange) => {
      exchange.devices.answer = 'question';
      exchange.phone.keys.dial(BEN.number);
      await exchange.pass(600);
    },
  },
  'a call that can be brought here': {
    at: 'station',
    play: (exchange) => {
      exchange.guest();
      exchange.add({ with: BEN, as: ADA, state: 'talking', here: 'elsewhere' });
    },
  },
  'a call that this page has parked': {
    play: (exchange) => exchange.add({ with: BEN, state: 'talking', here: 'left', parked: '1' }),
  },
  'a call that somebody else has parked': {
    play: async (exchange) => {
      exchange.park();
      await exchange.talk(BEN);
    },
  },
  parked: {
    play: async (exchange) => exchange.change((await exchange.talk(BEN)).id, { parked: '1' }),
  },
  'a parked call is back': { play: (exchange) => exchange.ring(BEN, { parked: '1' }) },
  'transfer: to the voicemail': {
    play: async (exchange) => {
      const { call, session } = await exchange.talk(BEN);
      exchange.phone.transfers.sendNow(call, CHLOE.number);
      session.transferred?.({ kind: 'forwarded' });
    },
  },
  shortcuts: { play: (exchange) => exchange.phone.keys.act('list') },
};
