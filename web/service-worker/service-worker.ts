// The service worker that shows alerts. Push needs a worker of the publisher's own origin, so the publisher serves one
// line, /rostra-sw.js: `importScripts('ROSTRA/service-worker.js')`. A site with a worker of its own puts that line into
// it; then its life cycle is its own business.
import { readNotice, type NoticeData } from './notice.js';
import { renewSubscription } from './renew.js';

declare const self: ServiceWorkerGlobalScope;

/** Rostra's PUBLIC_URL, written in where this file is served (src/http/pages.ts). */
const API = '__ROSTRA_PUBLIC_URL__/api/v1';

/** Of the spec, and fired by Firefox; TypeScript's library does not know it. */
interface SubscriptionChange extends ExtendableEvent {
  readonly newSubscription?: PushSubscription | null;
}

// The one-line file holds no page's assets, so a newer version may take over at once; so do its clicks in open tabs.
if (self.location.pathname.endsWith('/rostra-sw.js')) {
  self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
}

const home = () => new URL('/', self.location.origin).href;

self.addEventListener('push', (event) => {
  const { title, options } = readNotice(event.data?.text(), home());
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener('notificationclick', (event) => {
  const data = event.notification.data as Partial<NoticeData> | null;
  if (!data?.rostra) return; // the publisher's own
  event.notification.close();
  event.waitUntil(open(data.rostra.navigate));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  const change = event as SubscriptionChange;
  change.waitUntil(renewSubscription(API, self.registration.pushManager, change.newSubscription));
});

/** Leads a tab that shows this very page to the place, else opens one. */
async function open(address: string): Promise<void> {
  const page = (url: string) => url.replace(/#.*/, '');
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const tab = tabs.find((it) => page(it.url) === page(address));
  if (tab) {
    // Led first and brought to the front then: where it cannot be led, the click still allows a new window.
    const led = tab.url === address ? tab : await tab.navigate(address).catch(() => null);
    if (led) return void (await led.focus().catch(() => undefined));
  }
  await self.clients.openWindow(address);
}
