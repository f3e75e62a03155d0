import {
  ASKED_OF_WORKER,
  type CallWish,
  type Wish,
  type WishQuestion,
  wishIn,
} from '../../phone/page/wish.ts';
import { after, type Cancel } from '../../world/timers.ts';
import type { Phone } from '../phone.svelte.ts';

/** How long a call that is to be answered may take to reach this page (milliseconds). */
const CALL_MS = 20_000;

/** The installed app is opened once more: Chromium tells the page that is there, where others load it anew. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string }) => void): void;
}

type WishedPhone = Pick<Phone, 'showing' | 'speaker'> & {
  readonly calls: Pick<Phone['calls'], 'byId' | 'answer'>;
  readonly connection: Pick<Phone['connection'], 'number'>;
  readonly dialText: Pick<Phone['dialText'], 'value'>;
};

/** What was wanted of this phone before its page was there, done as soon as it can be. */
export class Wishes {
  /** About a call that may not have reached this page yet. */
  #call: CallWish | null = $state.raw(null);
  #view: Wish | null = $state.raw(null);
  #cancel: Cancel | undefined;
  readonly #phone: WishedPhone;

  constructor(phone: WishedPhone) {
    this.#phone = phone;
  }

  /** Hears what the address of the page says, the worker, and the installed app; the returned function ends it. */
  follow(): () => void {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    const hear = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data === 'object' && data && 'wish' in data) this.wish(data.wish as CallWish);
    };
    workers?.addEventListener('message', hear);
    this.#heed(location.hash);
    if (location.hash !== '') history.replaceState(null, '', location.pathname);
    const { launchQueue } = window as { launchQueue?: LaunchQueue };
    launchQueue?.setConsumer(({ targetURL = '' }) => {
      this.#heed(URL.parse(targetURL)?.hash ?? '');
    });
    return () => {
      workers?.removeEventListener('message', hear);
      this.#cancel?.();
    };
  }

  /** Where a call is to be answered, only the worker can say so; an address makes no more than that question. */
  #heed(hash: string): void {
    if (hash === ASKED_OF_WORKER) void this.#ask();
    const wish = wishIn(hash);
    if (wish !== null) this.wish(wish);
  }

  async #ask(): Promise<void> {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    const registration = await workers?.getRegistration();
    const question: WishQuestion = { type: 'WISH', phone: this.#phone.connection.number };
    registration?.active?.postMessage(question);
  }

  wish(wish: Wish | CallWish): void {
    if (!('call' in wish)) {
      this.#view = wish;
      return;
    }
    this.#call = wish;
    this.#cancel?.();
    this.#cancel = after(CALL_MS, () => (this.#call = null));
  }

  /** For an effect. */
  take(): void {
    const wish = this.#call;
    const call = wish === null ? undefined : this.#phone.calls.byId(wish.call);
    if (wish === null || call?.state.kind !== 'offered') return;
    this.#call = null;
    if (wish.kind === 'answer') this.#phone.calls.answer(call);
    else call.hangUp();
  }

  /** For an effect that comes after the one which clears the page for another person. */
  show(): void {
    const wish = this.#view;
    if (wish === null || this.#phone.speaker === null) return;
    this.#view = null;
    if (wish.kind === 'dial') this.#phone.dialText.value = wish.text;
    this.#phone.showing = wish.kind === 'dial' ? 'keypad' : wish.view;
  }
}
