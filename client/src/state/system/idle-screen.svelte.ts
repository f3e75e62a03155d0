import { keyOf } from '@perch/shared';
import { untrack } from 'svelte';
import { after, type Cancel } from '../../world/timers.ts';
import { errands } from '../errands.svelte.ts';
import type { Phone } from '../phone.svelte.ts';

/** After a touch, the idle screen still takes the click that comes of it: nobody touches what they could not see (milliseconds). */
const CLICK_MS = 400;

/** What it asks of the phone. */
export type IdlePhone = Pick<Phone, 'state' | 'world' | 'notices' | 'word' | 'own'> & {
  readonly faults: Pick<Phone['faults'], 'report'>;
  readonly settings: { readonly values: Pick<Phone['settings']['values'], 'idleMinutes'> };
  readonly calls: Pick<Phone['calls'], 'all'>;
  readonly connection: Pick<Phone['connection'], 'barred'>;
  readonly mailbox: Pick<Phone['mailbox'], 'playback'>;
  readonly layers: Pick<Phone['layers'], 'shows'>;
};

/**
 * Covers the screen of a shared phone while nobody uses it, so that nothing burns into it: with what `show` shows, until the function that it
 * returned is called. The returned function ends it.
 */
export function runIdleScreen(phone: IdlePhone, show: (idle: IdleScreen) => () => void): () => void {
  const idle = new IdleScreen(phone);
  return errands(phone.faults, (errand) => {
    const news = $derived(idle.news);
    const ms = $derived(idle.isDue ? phone.settings.values.idleMinutes * 60_000 : 0);
    const watch = (_news: string, ms: number): (() => void) => untrack(() => idle.watch(ms));
    errand(() => (ms > 0 ? watch(news, ms) : undefined));
    const isOn = $derived(idle.state !== 'off');
    errand(() => (isOn ? untrack(() => show(idle)) : undefined));
  });
}

/** Is the idle screen there? */
export class IdleScreen {
  /** `touched`: it can no longer be seen. */
  state: 'off' | 'on' | 'touched' = $state('off');
  readonly #phone: IdlePhone;

  constructor(phone: IdlePhone) {
    this.#phone = phone;
  }

  /** May it come now? Never in a call, nor while the person here listens to something. */
  get isDue(): boolean {
    const { state, calls, word, connection, mailbox } = this.#phone;
    if (state === 'connecting' || state === 'taking-over') return false;
    if (calls.all.length > 0 || word.calls.length > 0 || mailbox.playback.playing) return false;
    return connection.barred === null && !word.doubted;
  }

  /** All that a person must see when it changes. */
  get news(): string {
    const { state, notices, word, own, layers } = this.#phone;
    const { view, session, newMessages } = word;
    const shown = notices.list.map(({ id }) => id);
    const { doNotDisturb, forwards, stayEnds, stayEnded, recentChange, owner } = view ?? {};
    const open = (['settings', 'shortcuts', 'station-code'] as const).filter((name) => layers.shows(name));
    return JSON.stringify([
      ...[state, session, newMessages, own.missed, shown, open],
      ...[doNotDisturb, forwards, stayEnds, stayEnded?.at, recentChange?.at, owner],
    ]);
  }

  /** It comes `ms` after the last touch, movement or key, again and again, until the returned function is called. */
  watch(ms: number): Cancel {
    const { now } = this.#phone.world;
    let usedAt = now();
    let cancel: Cancel;
    const wait = (): void => {
      cancel = after(Math.max(1, usedAt + ms - now()), look);
    };
    const look = (): void => {
      if (now() - usedAt < ms) wait();
      else this.state = 'on';
    };
    const leave = (): void => {
      this.state = 'off';
      cancel();
      wait();
    };
    const use = (event: Event): void => {
      usedAt = now();
      if (this.state === 'off') return;
      if (event.type === 'pointerdown') {
        this.state = 'touched';
        cancel();
        cancel = after(CLICK_MS, leave);
      } else if (isMeant(event)) leave();
    };
    for (const type of USES) window.addEventListener(type, use, { capture: true, passive: false });
    wait();
    return () => {
      for (const type of USES) window.removeEventListener(type, use, { capture: true });
      cancel();
      this.state = 'off';
    };
  }
}

const USES = ['pointerdown', 'pointermove', 'click', 'wheel', 'keydown'] as const;

/** A browser also tells of pointers that have not moved. A key that would press something unseen does no more than a touch. */
function isMeant(event: Event): boolean {
  if (event instanceof PointerEvent && event.type === 'pointermove')
    return event.movementX !== 0 || event.movementY !== 0;
  if (event instanceof KeyboardEvent && keyOf(event.key) === undefined) {
    event.preventDefault();
    event.stopPropagation();
  }
  return true;
}
