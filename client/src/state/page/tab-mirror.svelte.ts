import type { Mirrored, TabAction } from '../../phone/page/tab-messages.ts';
import { TabChannel } from './tab-channel.ts';

/** The phone of the leading tab, as it is seen and used in another one. It is silent: what rings, rings in the leading tab. */
export class TabMirror {
  /** `null` until the leading tab has told. */
  phone: Mirrored | null = $state.raw(null);
  readonly #channel: TabChannel;

  constructor(number: string) {
    this.#channel = new TabChannel(number, (message) => {
      if (message.kind === 'told') this.phone = message.phone;
    });
    document.addEventListener('freeze', this.#forget);
    document.addEventListener('resume', this.#ask);
    this.#ask();
  }

  readonly act = (action: TabAction, call: number): void => this.#channel.say({ kind: 'act', action, call });

  readonly press = (call: number, key: string): void => this.#channel.say({ kind: 'press', call, key });
  /** Asks who is called that, as it is typed; nobody any longer where it is empty. */
  readonly seek = (text: string): void => this.#channel.say({ kind: 'seek', text });
  /** Calls what has been typed; a call that is under way waits on hold. */
  readonly dial = (text: string): void => this.#channel.say({ kind: 'dial', text });
  /** Sends a call on to what has been typed, at once or after asking. */
  readonly transfer = (call: number, text: string, ask: boolean): void =>
    this.#channel.say({ kind: 'transfer', call, text, ask });

  close(): void {
    document.removeEventListener('freeze', this.#forget);
    document.removeEventListener('resume', this.#ask);
    this.seek('');
    this.#channel.close();
  }

  /** Someone else may be there when this tab runs again. */
  readonly #forget = (): void => {
    this.phone = null;
  };

  readonly #ask = (): void => this.#channel.say({ kind: 'ask' });
}
