import { callNotice, type CallNotice, type NoticeAnswer, type OverNotice, pushApi } from '@perch/shared';
import { type NotificationData, over, type Ring, ringing, tagOf } from '../src/state/system/notifications.ts';

/** How long it is said that another phone has the call (milliseconds). Browsers want each push message to be seen. */
const ELSEWHERE_MS = 4_000;

/** Calls that come as push messages while the page of a phone is closed or asleep, and what people do about them. */
export function followPushedCalls(self: ServiceWorkerGlobalScope): void {
  self.addEventListener('push', (event) => {
    const notice = callNotice.safeParse(jsonIn(event));
    if (notice.success) event.waitUntil(shown(self, notice.data));
  });
  self.addEventListener('notificationclick', (event) => {
    const { notification, action } = event;
    notification.close();
    event.waitUntil(acted(self, notification.data as NotificationData | null, action));
  });
}

function jsonIn({ data }: PushEvent): unknown {
  try {
    return data?.json();
  } catch {
    return undefined;
  }
}

async function shown(self: ServiceWorkerGlobalScope, notice: CallNotice): Promise<void> {
  const { title, options } = notice.kind === 'rings' ? ringing(notice) : over(notice);
  await self.registration.showNotification(title, options);
  if (notice.kind === 'rings') {
    if ((await answered(notice, 'ringing')) === 'over') await close(self, notice);
  } else await settled(self, notice);
}

async function settled(self: ServiceWorkerGlobalScope, notice: OverNotice): Promise<void> {
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
  data: NotificationData | null,
  action: string,
): Promise<void> {
  if (data === null) return;
  if (data.kind === 'missed') {
    await openPhone(self, data.phone);
    return;
  }
  const { ring } = data;
  if (action !== 'decline')
    await openPhone(self, ring.phone, action === 'answer' ? `#answer=${ring.call}` : '');
  else if (ring.word !== undefined) await answered(ring, 'declined');
  else
    for (const page of await pagesOf(self, ring.phone)) page.postMessage({ wish: `#decline=${ring.call}` });
}

/** Opens the page of that phone, or brings it to the front, and tells it what is wanted. */
async function openPhone(self: ServiceWorkerGlobalScope, phone: string, wish = ''): Promise<void> {
  const pages = await pagesOf(self, phone);
  const [page] = pages;
  if (page === undefined) {
    await self.clients.openWindow(`/phone/${phone}${wish}`);
    return;
  }
  // Which of its tabs is the phone, they know themselves.
  for (const each of pages) each.postMessage({ wish });
  await page.focus();
}

async function pagesOf(
  { clients }: ServiceWorkerGlobalScope,
  phone: string,
): Promise<readonly WindowClient[]> {
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  return windows.filter(({ url }) => new URL(url).pathname === `/phone/${phone}`);
}
