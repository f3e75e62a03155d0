import type { Party } from '@perch/shared';
import { read, userPartOf } from '../../phone/numbers/dial-string.ts';
import type { Mirrored, MirroredCall, TabAction, TabMessage } from '../../phone/page/tab-messages.ts';
import { nameOf, transferSentence } from '../sentences.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import type { Phone } from '../phone.svelte.ts';
import { TabChannel } from './tab-channel.ts';

type LedPhone = Pick<Phone, 'speaker'> & {
  readonly partyOf: (call: ActiveCall) => Party;
  readonly word: Pick<Phone['word'], 'doubted' | 'locked' | 'emergencyNumbers'>;
  readonly keys: Pick<Phone['keys'], 'dial' | 'dialBeside'>;
  readonly transfers: Pick<
    Phone['transfers'],
    'of' | 'canPark' | 'park' | 'canTakeBack' | 'takeBack' | 'sendNow' | 'askFirst'
  >;
  readonly connection: { readonly health: Pick<Phone['connection']['health'], 'kind'> };
  readonly calls: Pick<
    Phone['calls'],
    'all' | 'focused' | 'ringing' | 'waiting' | 'answer' | 'toggleHold' | 'holdOf'
  >;
};

/** Tells the other tabs of this browser what its phone, which this tab has, is doing, and does what is asked for in them. */
export class TabLeader {
  readonly #phone: LedPhone;
  readonly #channel: TabChannel;
  #told = '';

  constructor(number: string, phone: LedPhone) {
    this.#phone = phone;
    this.#channel = new TabChannel(number, (message) => {
      this.#hear(message);
    });
  }

  /** To be called whenever something of it may have changed. */
  tell(): void {
    const phone = this.#mirrored();
    const told = JSON.stringify(phone);
    if (told === this.#told) return;
    this.#told = told;
    this.#channel.say({ kind: 'told', phone });
  }

  close(): void {
    this.#channel.close();
  }

  #answer(): void {
    this.#told = '';
    this.tell();
  }

  #mirrored(): Mirrored {
    const { speaker, word, connection, calls } = this.#phone;
    const rings = [calls.ringing, ...calls.waiting];
    return {
      who: speaker === null || word.doubted ? null : nameOf(speaker),
      health: connection.health.kind,
      calls: calls.all
        .filter((call) => call.state.kind !== 'offered' || rings.includes(call))
        .map((call) => this.#mirroredCall(call)),
    };
  }

  #mirroredCall(call: ActiveCall): MirroredCall {
    const { calls, transfers } = this.#phone;
    const { kind } = call.state;
    const [other, sent] = [this.#phone.partyOf(call), transfers.of(call)];
    return {
      local: call.identity.local,
      state: kind === 'offered' ? 'ringing' : kind === 'talking' ? 'talking' : 'calling',
      who: nameOf(other),
      muted: call.muted,
      held: calls.holdOf(call).here,
      movable: transfers.canPark(call),
      sent: sent === undefined ? null : transferSentence(sent.to, sent.state, other),
      recallable: transfers.canTakeBack(call),
    };
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case 'told':
        break;
      case 'ask':
        this.#answer();
        break;
      case 'dial':
        this.#dial(message.text);
        break;
      default: {
        const call = this.#phone.calls.all.find(({ identity }) => identity.local === message.call);
        if (call === undefined) return;
        if (message.kind === 'press') call.press(message.key);
        else if (message.kind === 'act') ACTIONS[message.action](call, this.#phone);
        else this.#transfer(call, message.text, message.ask);
      }
    }
  }

  #dial(text: string): void {
    const { calls, keys } = this.#phone;
    const number = this.#numberIn(text);
    if (number === undefined) return;
    if (calls.focused === null) keys.dial(number);
    else keys.dialBeside(number);
  }

  #transfer(call: ActiveCall, text: string, ask: boolean): void {
    const { transfers } = this.#phone;
    const number = this.#numberIn(text);
    if (number === undefined || call.since === null || transfers.of(call) !== undefined) return;
    if (ask) transfers.askFirst(call, number);
    else transfers.sendNow(call, number);
  }

  #numberIn(text: string): string | undefined {
    const { word, speaker } = this.#phone;
    return userPartOf(read(text, word.emergencyNumbers), word.locked, speaker?.number);
  }
}

const ACTIONS: Readonly<Record<TabAction, (call: ActiveCall, phone: LedPhone) => void>> = {
  answer: (call, { calls }) => calls.answer(call),
  'hang-up': (call) => call.hangUp(),
  'to-voicemail': (call) => call.toVoicemail(),
  mute: (call) => call.toggleMute(),
  hold: (call, { calls }) => calls.toggleHold(call),
  park: (call, { transfers }) => transfers.park(call),
  'take-back': (call, { transfers }) => void transfers.takeBack(call),
};
