import {
  callId,
  callNotice,
  type CallNotice,
  type NoticeAnswer,
  type OverNotice,
  pushApi,
  type RingNotice,
} from '@perch/shared';
import { ASKED_OF_WORKER, type CallWish, type WishQuestion } from '../src/phone/page/wish.ts';
import {
  type NotificationData,
  over,
  rangOut,
  type Ring,
  ringing,
  tagOf,
} from '../src/state/system/notifications.ts';
import { pause } from '../src/world/timers.ts';
import { browserWorld } from '../src/world/world.ts';
import { languageFor, wordsIn } from './words.ts';

/** How long it is said that another phone has the call (milliseconds). Browsers want each push message to be seen. */
const ELSEWHERE_MS = 4_000;
/** How long a page that is opened for a call may take to ask what is wanted (milliseconds). */
const OPENING_MS = 20_000;

/** What pages that are being opened will ask for, by phone: here and not in their address, which any website could write. */
type Opening = Map<string, CallWish>;

/** Ends the wait for a call that rings, by the tag of its notification. */
type Lasting = Map<string, () => void>;

/** Calls that come as push messages while the page of a phone is closed or asleep, and what people do about them. */
export function followPushedCalls(self: ServiceWorkerGlobalScope): void {
  const opening: Opening = new Map();
  const lasting: Lasting = new Map();
  self.addEventListener('message', ({ data, source }) => {
    const phone = phoneAsking(data);
    const wish = phone === undefined ? undefined : opening.get(phone);
    if (phone === undefined || wish === undefined) return;
    opening.delete(phone);
    source?.postMessage({ wish });
  });
  self.addEventListener('push', (event) => {
    const notice = callNotice.safeParse(jsonIn(event));
    if (notice.success) event.waitUntil(heard(self, lasting, notice.data));
  });
  self.addEventListener('notificationclick', (event) => {
    const { notification, action } = event;
    notification.close();
    lasting.get(notification.tag)?.();
    event.waitUntil(acted(self, opening, notification.data as NotificationData | null, action));
  });
}

function phoneAsking(data: unknown): string | undefined {
  const { type, phone } = (data ?? {}) as Partial<WishQuestion>;
  return type === 'WISH' ? phone : undefined;
}

function jsonIn({ data }: PushEvent): unknown {
  try {
    return data?.json();
  } catch {
    return undefined;
  }
}

async function heard(self: ServiceWorkerGlobalScope, lasting: Lasting, notice: CallNotice): Promise<void> {
  if (notice.kind === 'rings') await rings(self, lasting, notice);
  else {
    lasting.get(tagOf(notice))?.();
    await settled(self, notice);
  }
  await endOverdue(self);
}

/**
 * Keeps the worker alive as long as the call may ring: no message may come that says it is over, as where the server was killed. Where one does, or
 * the call is taken or declined here, nothing waits for it any longer: what waits would hold who has called whom.
 */
async function rings(self: ServiceWorkerGlobalScope, lasting: Lasting, notice: RingNotice): Promise<void> {
  const tag = tagOf(notice);
  lasting.get(tag)?.();
  let end = (): void => undefined;
  const isOver = new Promise<void>((resolve) => (end = resolve));
  lasting.set(tag, end);
  const until = browserWorld.now() + notice.ringsFor;
  const { title, options } = ringing(notice, until, wordsIn(await languageFor(notice)));
  await self.registration.showNotification(title, options);
  if ((await answered(notice, 'ringing')) === 'over') await close(self, notice);
  else await Promise.race([pause(notice.ringsFor), isOver]);
  if (lasting.get(tag) === end) lasting.delete(tag);
}

/** Ends what has rung out; browsers may have stopped the worker before it had. Of a guest's calls nothing stays on somebody else's phone. */
async function endOverdue({ registration }: ServiceWorkerGlobalScope): Promise<void> {
  const now = browserWorld.now();
  for (const notification of await registration.getNotifications()) {
    const data = notification.data as NotificationData | null;
    if (data?.kind !== 'rings' || data.until === null || data.until > now) continue;
    const { title, options } = rangOut(data.ring, data.until, wordsIn(await languageFor(data.ring)));
    if (data.ring.callee === null) await registration.showNotification(title, options);
    else notification.close();
  }
}

async function settled(self: ServiceWorkerGlobalScope, notice: OverNotice): Promise<void> {
  const { title, options } = over(notice, wordsIn(await languageFor(notice)));
  await self.registration.showNotification(title, options);
  if (notice.why === 'missed') {
    await badge(self);
    return;
  }
  // Not waited for: what a worker is kept alive for is that something was seen.
  setTimeout(() => void close(self, notice), ELSEWHERE_MS);
}

/** How many calls were missed since the page was open; it counts by itself once it is. */
async function badge({ registration, navigator }: ServiceWorkerGlobalScope): Promise<void> {
  const notifications = await registration.getNotifications();
  const missed = notifications.filter(({ data }) => (data as NotificationData | null)?.kind === 'missed');
  if ('setAppBadge' in navigator) await navigator.setAppBadge(missed.length).catch(() => undefined);
}

async function close({ registration }: ServiceWorkerGlobalScope, notice: CallNotice): Promise<void> {
  for (const notification of await registration.getNotifications({ tag: tagOf(notice) }))
    notification.close();
}

/** What has become of the call; `unknown` where the server could not be asked. */
async function answered(
  { organization, word }: Ring,
  says: NoticeAnswer,
): Promise<'rings' | 'over' | 'unknown'> {
  const { method, path } = pushApi.answerPush;
  try {
    const { status } = await fetch(path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ organization, word, says }),
    });
    return status === 404 ? 'over' : status < 300 ? 'rings' : 'unknown';
  } catch {
    return 'unknown';
  }
}

async function acted(
  self: ServiceWorkerGlobalScope,
  opening: Opening,
  data: NotificationData | null,
  action: string,
): Promise<void> {
  if (data === null) return;
  if (data.kind !== 'rings') {
    await openPhone(self, opening, data.phone);
    return;
  }
  const { ring } = data;
  const call = callId(ring.call);
  if (action !== 'decline')
    await openPhone(self, opening, ring.phone, action === 'answer' ? { kind: 'answer', call } : undefined);
  else if (ring.word !== undefined) await answered(ring, 'declined');
  else tell(await pagesOf(self, ring.phone), { kind: 'decline', call });
}

/** Opens the page of that phone, or brings it to the front, and tells it what is wanted. */
async function openPhone(
  self: ServiceWorkerGlobalScope,
  opening: Opening,
  phone: string,
  wish?: CallWish,
): Promise<void> {
  const pages = await pagesOf(self, phone);
  const [page] = pages;
  if (page === undefined) {
    if (wish !== undefined) keep(opening, phone, wish);
    await self.clients.openWindow(`/phone/${phone}${wish === undefined ? '' : ASKED_OF_WORKER}`);
    return;
  }
  if (wish !== undefined) tell(pages, wish);
  await page.focus();
}

function keep(opening: Opening, phone: string, wish: CallWish): void {
  opening.set(phone, wish);
  setTimeout(() => {
    if (opening.get(phone) === wish) opening.delete(phone);
  }, OPENING_MS);
}

/** Which of its tabs is the phone, they know themselves. */
function tell(pages: readonly WindowClient[], wish: CallWish): void {
  for (const page of pages) page.postMessage({ wish });
}

async function pagesOf(
  { clients }: ServiceWorkerGlobalScope,
  phone: string,
): Promise<readonly WindowClient[]> {
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  return windows.filter(({ url }) => new URL(url).pathname === `/phone/${phone}`);
}
