import {
  type PrecacheEntry,
  cleanupOutdatedCaches,
  matchPrecache,
  precacheAndRoute,
} from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { pageAt } from '../page-addresses.ts';
import { followPushedCalls } from './pushed-calls.ts';
import { pageFrom } from './stored-pages.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written into the worker when it is built. */
declare const STORED_FILES: PrecacheEntry[];

precacheAndRoute(STORED_FILES);
cleanupOutdatedCaches();

registerRoute(
  ({ request, url, sameOrigin }) =>
    sameOrigin && request.mode === 'navigate' && pageAt(url.pathname) !== undefined,
  ({ request, url }) => pageFrom({ stored: matchPrecache, fetched: () => fetch(request) }, url.pathname),
);

followPushedCalls(self);

// Also pages that were open before there was a worker: they may stay so for weeks, and only pages under its control learn of a new version.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A page never reloads under a call: `state/page/update.svelte.ts` chooses the moment.
self.addEventListener('message', ({ data }: { data: unknown }) => {
  if (typeof data === 'object' && data && 'type' in data && data.type === 'SKIP_WAITING')
    void self.skipWaiting();
});
