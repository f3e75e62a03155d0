import { type Wish, wishIn } from '../../phone/page/wish.ts';
import { after, type Cancel } from '../../world/timers.ts';
import type { Phone } from '../phone.svelte.ts';

/** How long a call that is to be answered may take to reach this page (milliseconds). */
const CALL_MS = 20_000;

/** The installed app is opened once more: Chromium tells the page that is there, where others load it anew. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string }) => void): void;
}

type CallWish = Extract<Wish, { readonly call: unknown }>;
type ViewWish = Exclude<Wish, CallWish>;

type WishedPhone = Pick<Phone, 'showing' | 'speaker'> & {
  readonly calls: Pick<Phone['calls'], 'byId' | 'answer'>;
  readonly dialText: Pick<Phone['dialText'], 'value'>;
};

/** What was wanted of this phone before its page was there, done as soon as it can be. */
export class Wishes {
  /** About a call that may not have reached this page yet. */
  #call: CallWish | null = $state.raw(null);
  #view: ViewWish | null = $state.raw(null);
  #cancel: Cancel | undefined;
  readonly #phone: WishedPhone;

  constructor(phone: WishedPhone) {
    this.#phone = phone;
  }

  /** Hears what the address of the page says, the worker, and the installed app; the returned function ends it. */
  follow(): () => void {
    this.wish(wishIn(location.hash));
    if (location.hash !== '') history.replaceState(null, '', location.pathname);
    const { launchQueue } = window as { launchQueue?: LaunchQueue };
    launchQueue?.setConsumer(({ targetURL = '' }) => {
      this.wish(wishIn(URL.parse(targetURL)?.hash ?? ''));
    });
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    const hear = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data === 'object' && data && 'wish' in data && typeof data.wish === 'string')
        this.wish(wishIn(data.wish));
    };
    workers?.addEventListener('message', hear);
    return () => {
      workers?.removeEventListener('message', hear);
      this.#cancel?.();
    };
  }

  wish(wish: Wish | null): void {
    if (wish === null) return;
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
