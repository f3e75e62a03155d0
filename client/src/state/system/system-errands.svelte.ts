import { untrack } from 'svelte';
import { keepScreenOn } from '../../media/screen.ts';
import { after } from '../../world/timers.ts';
import { type Errand, errands } from '../errands.svelte.ts';
import type { Phone } from '../phone.svelte.ts';
import { Update } from '../page/update.svelte.ts';
import { nameOf } from '../sentences.ts';
import { showBadge } from './badge.ts';
import { closeNotifications, mayNotify, notifyOf } from './call-notifications.ts';
import { pictureInPicture } from './mini-window.svelte.ts';
import { PushRinging } from './push-ringing.svelte.ts';
import { followMediaKeys, showMuted, showWith } from './media-keys.ts';
import { Wishes } from './wishes.svelte.ts';

/** The service worker fetches every file of the page: long after what people wait for (milliseconds). */
const UPDATE_AFTER_MS = 5_000;

/** The page at which the phone is. */
export interface SystemPage {
  readonly isHidden: () => boolean;
  /** Is it a shared one? */
  readonly isStation: boolean;
}

/**
 * What the system around the page does for a phone: the service worker and its notifications, the screen, the icon, keys of headsets. Loaded after all
 * that a call needs, unless somebody has opened the page to answer one. The returned function ends it.
 */
export function runSystemErrands(phone: Phone, page: SystemPage): () => void {
  return errands(phone.faults, (errand) => {
    const wishes = new Wishes(phone);
    errand(() => untrack(() => wishes.follow()));
    errand(() => wishes.take());
    errand(() => wishes.show());
    updates(phone, page, errand);

    const needsScreen = $derived(page.isStation || phone.calls.focused !== null);
    errand(() => (needsScreen ? untrack(keepScreenOn) : undefined));
    const { own, word } = phone;
    errand(() => showBadge(own.missed + word.newMessages));

    const talking = $derived(phone.calls.talking);
    errand(() => (talking === null ? undefined : untrack(() => followMediaKeys(talking))));
    errand(() => {
      if (talking !== null) showMuted(talking.muted);
    });
    const other = $derived(talking === null ? null : nameOf(phone.partyOf(talking)));
    errand(() => (other === null ? undefined : showWith(other)));

    notifications(phone, page, errand);
  });
}

/** On a personal phone with its owner: of a guest's calls nothing stays on somebody else's. */
function notifications(phone: Phone, page: SystemPage, errand: Errand): void {
  const { number } = phone.connection;
  const isUnseen = (): boolean => page.isHidden() && !pictureInPicture()?.window;
  const wanted = $derived(phone.settings.notifies(number) && phone.word.owner !== null);
  const ringing = $derived(phone.calls.ringing ?? phone.calls.waiting[0] ?? null);
  errand(() => {
    if (!wanted || ringing === null || !isUnseen() || !mayNotify()) return undefined;
    return untrack(() => notifyOf(phone, ringing));
  });
  // What the page shows is not said beside it as well.
  errand(() => {
    if (!page.isHidden()) void closeNotifications(number);
  });
  const isThere = $derived(wanted && phone.connection.isRegistered);
  errand(() => {
    if (isThere) untrack(() => void new PushRinging(phone).renew());
  });
}

/** A new version is loaded while no one is using the phone. */
function updates(phone: Phone, page: SystemPage, errand: Errand): void {
  const update = new Update(phone.page.reload);
  errand(() => after(UPDATE_AFTER_MS, () => void update.start()));
  const unused = $derived(
    phone.calls.focused === null && phone.dialText.value === '' && !phone.page.wouldLose,
  );
  errand(() => {
    if (update.ready && unused && (phone.speaker === null || page.isHidden())) update.apply();
  });
}
