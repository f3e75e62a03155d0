import { assertNever, type Party } from '@perch/shared';
import { userPartOf } from '../../phone/numbers/dial-string.ts';
import type { Shortcut } from '../../phone/page/shortcuts.ts';
import type { ServerWord } from '../line/server-word.svelte.ts';
import type { DialText } from '../page/dial-text.svelte.ts';
import type { Notices } from '../page/notices.svelte.ts';
import type { PageSound } from '../sound/page-sound.svelte.ts';
import type { ActiveCall } from './active-call.svelte.ts';
import type { CallTie } from './call-tie.ts';
import type { Calls } from './calls.svelte.ts';

export interface PhoneKeysParts {
  readonly calls: Calls;
  readonly dialText: DialText;
  readonly sound: Pick<PageSound, 'unblock' | 'key'>;
  readonly notices: Pick<Notices, 'makeWay'>;
  /** Opens the panel in which a number is chosen, to send the call on or for another call; or closes it. */
  readonly choose: (what: 'transfer' | 'add') => void;
  readonly park: (call: ActiveCall) => void;
  readonly tie: Pick<CallTie, 'holds'>;
  /** Shows the list of shortcuts. */
  readonly list: () => void;
  readonly word: Pick<ServerWord, 'locked' | 'speaker'>;
}

/** What the keys of the phone and the keyboard do: they are meant for the call that has the focus, else for the dial field. */
export class PhoneKeys {
  readonly #parts: PhoneKeysParts;

  constructor(parts: PhoneKeysParts) {
    this.#parts = parts;
  }

  /** How many digits of the code or PIN the server has counted; `null` while it asks for none. */
  get secretEntered(): number | null {
    return this.#listening?.secretEntered ?? null;
  }

  readonly press = (key: string): void => {
    const { sound, dialText } = this.#parts;
    const call = this.#listening;
    sound.unblock();
    // The keys of a secret all sound the same, in case someone is listening.
    sound.key(call?.keysAreSecret ? '0' : key);
    if (call === null) dialText.press(key);
    else call.press(key);
  };

  /** The Enter key outside of text fields: ends the entry of a secret, else calls. */
  readonly enter = (): void => {
    if (this.secretEntered === null) this.dial();
    else this.press('#');
  };

  /** The Backspace key outside of text fields. Digits that the server has counted can be cleared only together. */
  readonly erase = (): void => {
    if (this.secretEntered === null) this.#parts.dialText.eraseLast();
    else this.press('*');
  };

  /** Calls what the dial field contains, or `number`; not in the middle of a call. */
  readonly dial = (number?: string): void => {
    if (this.#parts.calls.focused === null) this.#call(number);
  };

  /** Calls `number`, where that person waits in a slot if it picks one up, and puts the call that is under way on hold. */
  readonly dialBeside = (number: string, waiting?: Party): void => {
    if (this.#parts.calls.focused === null || !this.#parts.tie.holds()) this.#call(number, waiting);
  };

  /** Acts in the ringing or current call, or between calls. */
  act(shortcut: Shortcut): void {
    const { calls } = this.#parts;
    const { ringing, waiting, talking, others } = calls;
    const rings = ringing ?? waiting[0];
    const other = others[0];
    switch (shortcut) {
      case 'answer':
        if (rings !== undefined) calls.answer(rings);
        break;
      case 'decline':
        rings?.hangUp();
        break;
      case 'voicemail':
        rings?.toVoicemail();
        break;
      case 'swap':
        if (other !== undefined) calls.resume(other);
        break;
      case 'transfer':
      case 'add':
        this.#parts.choose(shortcut);
        break;
      case 'park':
        if (talking !== null) this.#parts.park(talking);
        break;
      case 'mute':
        if (talking?.isVoiceless) talking.requestMicrophone();
        else talking?.toggleMute();
        break;
      case 'hold':
        if (talking !== null) calls.toggleHold(talking);
        break;
      case 'keypad':
        talking?.toggleKeypad();
        break;
      case 'end':
        talking?.hangUp();
        break;
      case 'list':
        this.#parts.list();
        break;
      default:
        assertNever(shortcut);
    }
  }

  #call(number?: string, waiting?: Party): void {
    const { calls, dialText, sound, notices, word } = this.#parts;
    sound.unblock();
    const userPart = number ?? userPartOf(dialText.dialled, word.locked, word.speaker?.number);
    if (userPart === undefined || calls.isFull) return;
    dialText.clear();
    notices.makeWay();
    calls.place(userPart, waiting);
  }

  /** The call that keys are meant for; one that rings has no use for them. */
  get #listening() {
    const { focused } = this.#parts.calls;
    return focused?.state.kind === 'offered' ? null : focused;
  }
}
