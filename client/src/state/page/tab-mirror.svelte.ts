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

  close(): void {
    document.removeEventListener('freeze', this.#forget);
    document.removeEventListener('resume', this.#ask);
    this.#channel.close();
  }

  /** Someone else may be there when this tab runs again. */
  readonly #forget = (): void => {
    this.phone = null;
  };

  readonly #ask = (): void => this.#channel.say({ kind: 'ask' });
}
