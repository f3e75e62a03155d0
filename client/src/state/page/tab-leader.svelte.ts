import type { Colleague, Party } from '@perch/shared';
import { read, userPartOf } from '../../phone/numbers/dial-string.ts';
import { fits } from '../../phone/numbers/name-search.ts';
import type { Mirrored, MirroredCall, TabAction, TabMessage } from '../../phone/page/tab-messages.ts';
import { nameOf, transferSentence } from '../sentences.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import type { Phone } from '../phone.svelte.ts';
import { TabChannel } from './tab-channel.ts';

/** How many of those who are called what is typed are told. */
const MOST_FOUND = 6;

type LedPhone = Pick<Phone, 'speaker' | 'colleagues'> & {
  readonly partyOf: (call: ActiveCall) => Party;
  readonly word: Pick<Phone['word'], 'doubted' | 'locked' | 'emergencyNumbers'>;
  readonly everyone: Pick<Phone['everyone'], 'show'>;
  readonly tie: Pick<Phone['tie'], 'why'>;
  readonly keys: Pick<Phone['keys'], 'dial' | 'dialBeside'>;
  readonly transfers: Pick<
    Phone['transfers'],
    | 'of'
    | 'asking'
    | 'asked'
    | 'complete'
    | 'canJoin'
    | 'join'
    | 'canPark'
    | 'park'
    | 'canTakeBack'
    | 'takeBack'
    | 'sendNow'
    | 'askFirst'
  >;
  readonly connection: { readonly health: Pick<Phone['connection']['health'], 'kind'> };
  readonly calls: Pick<
    Phone['calls'],
    | 'all'
    | 'focused'
    | 'ringing'
    | 'waiting'
    | 'talking'
    | 'answer'
    | 'resume'
    | 'toggleHold'
    | 'holdOf'
    | 'viewOf'
  >;
};

/** Tells the other tabs of this browser what its phone, which this tab has, is doing, and does what is asked for in them. */
export class TabLeader {
  readonly #phone: LedPhone;
  readonly #channel: TabChannel;
  #told = '';
  /** What is being typed in another tab. */
  #sought = $state('');
  #hide: (() => void) | undefined;

  constructor(number: string, phone: LedPhone) {
    this.#phone = phone;
    this.#channel = new TabChannel(number, (message) => {
      this.#hear(message);
    });
  }

  /** Is somebody being looked for in another tab? Then the list of everyone is on the screen there. */
  get isSeeking(): boolean {
    return this.#sought !== '';
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
    this.#seek('');
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
      found: this.#namedIn(this.#sought).slice(0, MOST_FOUND),
    };
  }

  #mirroredCall(call: ActiveCall): MirroredCall {
    const { calls, transfers, tie } = this.#phone;
    const { kind } = call.state;
    const [other, sent] = [this.#phone.partyOf(call), transfers.of(call)];
    return {
      local: call.identity.local,
      state: kind === 'offered' ? 'ringing' : kind === 'talking' ? 'talking' : 'calling',
      who: nameOf(other),
      muted: call.muted,
      voiceless: call.isVoiceless,
      held: calls.holdOf(call).here,
      can: [...this.#actionsOf(call)],
      movable: tie.why === null && transfers.canPark(call),
      sent: sent === undefined ? null : transferSentence(sent.to, sent.state, other),
    };
  }

  *#actionsOf(call: ActiveCall): Iterable<TabAction> {
    const { calls, transfers, tie } = this.#phone;
    if (call.state.kind === 'offered') {
      yield* ['answer', 'hang-up'] as const;
      // One that is back from its slot has been answered once.
      if ((calls.viewOf(call)?.parked ?? null) === null) yield 'to-voicemail';
      return;
    }
    if (!call.isVoiceless) yield 'mute';
    const { talking } = calls;
    const isOther = talking !== null && talking !== call;
    if (call.since !== null && transfers.of(call) === undefined && tie.why !== 'emergency') {
      if (!call.hold.here) yield 'hold';
      else yield isOther && !talking.hold.here ? 'swap' : 'resume';
    }
    if (tie.why === null) {
      if (isOther && transfers.canJoin(talking, call)) yield 'join';
      const { asking, asked } = transfers;
      if (asking?.caller === call && asked?.canComplete && transfers.of(call) === undefined) yield 'complete';
      if (transfers.canPark(call)) yield 'park';
      if (transfers.canTakeBack(call)) yield 'take-back';
    }
    yield 'hang-up';
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case 'told':
        break;
      case 'ask':
        this.#answer();
        break;
      case 'seek':
        this.#seek(message.text);
        break;
      case 'dial':
        this.#dial(message.text);
        break;
      default: {
        const call = this.#phone.calls.all.find(({ identity }) => identity.local === message.call);
        if (call === undefined) return;
        if (message.kind === 'press') call.press(message.key);
        else if (message.kind === 'act') this.#act(call, message.action);
        else this.#transfer(call, message.text, message.ask);
      }
    }
  }

  /** What could be done when it was told may no longer be possible. */
  #act(call: ActiveCall, action: TabAction): void {
    if ([...this.#actionsOf(call)].includes(action)) ACTIONS[action](call, this.#phone);
  }

  #seek(text: string): void {
    this.#sought = text;
    if (text === '') {
      this.#hide?.();
      this.#hide = undefined;
    } else this.#hide ??= this.#phone.everyone.show();
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

  /** A name that fits one person means that person. */
  #numberIn(text: string): string | undefined {
    const { word, speaker } = this.#phone;
    const number = userPartOf(read(text, word.emergencyNumbers), word.locked, speaker?.number);
    const [first, second] = this.#namedIn(text);
    return number ?? (second === undefined ? first?.number : undefined);
  }

  #namedIn(text: string): readonly Colleague[] {
    const { word, colleagues } = this.#phone;
    const meant = read(text, word.emergencyNumbers);
    return meant.kind === 'name' && !word.doubted ? colleagues.filter((one) => fits(one, meant.text)) : [];
  }
}

const ACTIONS: Readonly<Record<TabAction, (call: ActiveCall, phone: LedPhone) => void>> = {
  answer: (call, { calls }) => calls.answer(call),
  'hang-up': (call) => call.hangUp(),
  'to-voicemail': (call) => call.toVoicemail(),
  mute: (call) => call.toggleMute(),
  hold: (call, { calls }) => calls.toggleHold(call),
  resume: (call, { calls }) => calls.resume(call),
  swap: (call, { calls }) => calls.resume(call),
  join: (call, { calls, transfers }) => void (calls.talking && transfers.join(calls.talking, call)),
  complete: (_call, { transfers }) => transfers.complete(),
  park: (call, { transfers }) => transfers.park(call),
  'take-back': (call, { transfers }) => void transfers.takeBack(call),
};
