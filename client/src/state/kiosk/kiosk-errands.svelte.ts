import { untrack } from 'svelte';
import { errands } from '../errands.svelte.ts';
import type { Phone } from '../phone.svelte.ts';
import { FullScreen } from './full-screen.svelte.ts';

/** What it asks of the phone. */
export type KioskPhone = {
  readonly faults: Pick<Phone['faults'], 'report'>;
  readonly word: Pick<Phone['word'], 'view'>;
  readonly calls: Pick<Phone['calls'], 'all'>;
  readonly kiosk: Pick<Phone['kiosk'], 'isLocked'>;
  readonly settings: Pick<Phone['settings'], 'change'> & {
    readonly values: Pick<Phone['settings']['values'], 'kiosk'>;
  };
};

/**
 * Keeps a station in kiosk mode where it is. While its page is not in full screen it is covered with what `cover` shows, until the function that it returned is called; but never
 * in a call, nor when one comes. The returned function ends it.
 */
export function runKiosk(phone: KioskPhone, cover: () => () => void): () => void {
  const screen = new FullScreen();
  return errands(phone.faults, (errand) => {
    const said = $derived(phone.word.view?.kiosk);
    errand(() => {
      if (said !== undefined && said !== phone.settings.values.kiosk)
        untrack(() => phone.settings.change({ kiosk: said }));
    });
    const isLocked = $derived(phone.kiosk.isLocked);
    errand(() => (isLocked ? untrack(() => screen.hold()) : undefined));
    errand(() => (isLocked ? untrack(withoutMenu) : undefined));
    const isCovered = $derived(screen.isMissing && phone.calls.all.length === 0);
    errand(() => (isCovered ? untrack(cover) : undefined));
  });
}

/** The browser's menu of the page leads away from it. */
function withoutMenu(): () => void {
  const prevent = (event: Event): void => event.preventDefault();
  window.addEventListener('contextmenu', prevent);
  return () => window.removeEventListener('contextmenu', prevent);
}
