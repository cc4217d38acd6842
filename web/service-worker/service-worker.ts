// The service worker that shows alerts. Push needs a worker on the publisher's own origin, so the publisher serves one
// line, /rostra-sw.js: `importScripts('ROSTRA/service-worker.js')`. A site with a worker of its own adds that line to
// it and decides itself when a new version takes over.
import { readNotice, type NoticeData } from './notice.js';
import { renewSubscription } from './renew.js';

declare const self: ServiceWorkerGlobalScope;

/** The server replaces the name with its PUBLIC_URL when it serves this file (src/http/pages.ts). */
const API = '__ROSTRA_PUBLIC_URL__/api/v1';

/** The event of the Push API specification, which Firefox fires and TypeScript's library does not declare. */
interface SubscriptionChange extends ExtendableEvent {
  readonly newSubscription?: PushSubscription | null;
}

// The one-line file keeps no assets of a page, so a newer version may take over at once, also for open tabs.
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
  if (!data?.rostra) return; // It is a notification of the publisher's own.
  event.notification.close();
  event.waitUntil(open(data.rostra.navigate));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  const change = event as SubscriptionChange;
  change.waitUntil(renewSubscription(API, self.registration.pushManager, change.newSubscription));
});

/** Leads a tab that shows this page to the address, or else opens one. */
async function open(address: string): Promise<void> {
  const page = (url: string) => url.replace(/#.*/, '');
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const tab = tabs.find((it) => page(it.url) === page(address));
  if (tab) {
    // The tab is focused only after it was led: if it cannot be led, the click still allows a new window.
    const led = tab.url === address ? tab : await tab.navigate(address).catch(() => null);
    if (led) return void (await led.focus().catch(() => undefined));
  }
  await self.clients.openWindow(address);
}
