import type { Mirrored, TabAction } from '../../phone/page/tab-messages.ts';
import { nameOf } from '../sentences.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import type { Phone } from '../phone.svelte.ts';
import { TabChannel } from './tab-channel.ts';

type LedPhone = Pick<Phone, 'speaker' | 'partyOf'> & {
  readonly word: Pick<Phone['word'], 'doubted'>;
  readonly connection: { readonly health: Pick<Phone['connection']['health'], 'kind'> };
  readonly calls: Pick<Phone['calls'], 'all' | 'ringing' | 'waiting' | 'answer' | 'toggleHold' | 'holdOf'>;
};

/** Tells the other tabs of this browser what its phone, which this tab has, is doing, and does what is asked for in them. */
export class TabLeader {
  readonly #phone: LedPhone;
  readonly #channel: TabChannel;
  #told = '';

  constructor(number: string, phone: LedPhone) {
    this.#phone = phone;
    this.#channel = new TabChannel(number, (message) => {
      if (message.kind === 'ask') this.#answer();
      else if (message.kind === 'act') this.#act(message.action, message.call);
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
        .map((call) => ({
          local: call.identity.local,
          state:
            call.state.kind === 'offered' ? 'ringing' : call.state.kind === 'talking' ? 'talking' : 'calling',
          who: nameOf(this.#phone.partyOf(call)),
          muted: call.muted,
          held: calls.holdOf(call).here,
        })),
    };
  }

  #act(action: TabAction, local: number): void {
    const { calls } = this.#phone;
    const call = calls.all.find(({ identity }) => identity.local === local);
    if (call !== undefined) ACTIONS[action](call, calls);
  }
}

const ACTIONS: Readonly<Record<TabAction, (call: ActiveCall, calls: LedPhone['calls']) => void>> = {
  answer: (call, calls) => calls.answer(call),
  'hang-up': (call) => call.hangUp(),
  mute: (call) => call.toggleMute(),
  hold: (call, calls) => calls.toggleHold(call),
};
