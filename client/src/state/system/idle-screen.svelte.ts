import { keyOf } from '@perch/shared';
import { untrack } from 'svelte';
import { after, type Cancel } from '../../world/timers.ts';
import { errands } from '../errands.svelte.ts';
import type { Phone } from '../phone.svelte.ts';

/** How long after the end of a touch the idle screen takes its click: nobody touches what they could not see (milliseconds). */
const CLICK_MS = 400;

/** What it asks of the phone. */
export type IdlePhone = Pick<Phone, 'state' | 'world' | 'notices' | 'word' | 'own'> & {
  readonly faults: Pick<Phone['faults'], 'report'>;
  readonly settings: { readonly values: Pick<Phone['settings']['values'], 'idleMinutes'> };
  readonly calls: Pick<Phone['calls'], 'all'>;
  readonly connection: Pick<Phone['connection'], 'barred' | 'health'>;
  readonly mailbox: {
    readonly playback: Pick<Phone['mailbox']['playback'], 'playing'>;
    readonly greeting: Pick<Phone['mailbox']['greeting'], 'take'>;
  };
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
  /** `touched`: it can no longer be seen, and is there until the click of the touch has come, or none will. */
  state: 'off' | 'on' | 'touched' = $state('off');
  readonly #phone: IdlePhone;

  constructor(phone: IdlePhone) {
    this.#phone = phone;
  }

  /** May it come now? Never in a call, nor while the person here listens to something or records it. */
  get isDue(): boolean {
    const { state, calls, word, connection, mailbox } = this.#phone;
    if (word.view === null || word.doubted || connection.barred !== null) return false;
    if (state === 'taking-over' || calls.all.length > 0 || word.calls.length > 0) return false;
    return !mailbox.playback.playing && mailbox.greeting.take !== 'recording';
  }

  /** All that a person must see when it changes. Calls are not among it: while there is one, parked ones included, it may not come. */
  get news(): string {
    const { notices, word, own, layers, connection } = this.#phone;
    const { view, session, newMessages } = word;
    const shown = notices.list.map(({ id }) => id);
    const { doNotDisturb, forwards, stayEnds, stayEnded, recentChange, owner } = view ?? {};
    const open = (['settings', 'shortcuts', 'station-code'] as const).filter((name) => layers.shows(name));
    return JSON.stringify([
      ...[connection.health.kind, session, newMessages, own.missed, shown, open],
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
      if (TOUCHES.has(event.type)) {
        this.state = 'touched';
        cancel();
        if (event.type !== 'pointerdown') cancel = after(CLICK_MS, leave);
      } else if (isMeant(event) && (this.state === 'on' || event.type === 'click')) leave();
    };
    for (const type of USES) window.addEventListener(type, use, { capture: true });
    wait();
    return () => {
      for (const type of USES) window.removeEventListener(type, use, { capture: true });
      cancel();
      this.state = 'off';
    };
  }
}

const TOUCHES: ReadonlySet<string> = new Set(['pointerdown', 'pointerup', 'pointercancel']);
const USES = [...TOUCHES, 'pointermove', 'click', 'wheel', 'keydown'];

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
