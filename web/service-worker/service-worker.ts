// The service worker that shows alerts. Push needs a worker on the publisher's own origin, so the publisher serves one
// line, /alerts/rostra-sw.js: `importScripts('ROSTRA/service-worker.js')`. A site that adds that line to a worker of its
// own decides itself when a new version takes over, and other providers' messages arrive there too.
import { fingerprintOf } from '../shared/push/push-key.js';
import { readChoice } from '../shared/push/kept-choice.js';
import { isFromRostra, readNotice, type NoticeData } from './notice.js';
import { openNotice } from './open-notice.js';
import { renewSubscription, type SubscriptionChange } from './renew.js';

declare const self: ServiceWorkerGlobalScope;

/** The server replaces the name with its PUBLIC_URL when it serves this file (src/http/pages.ts). */
const API = '__ROSTRA_PUBLIC_URL__/api/v1';

const isOwnFile = self.location.pathname.endsWith('/rostra-sw.js');

// The one-line file keeps no assets of a page, so a newer version may take over at once, also for open tabs.
if (isOwnFile) {
  self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
}

const home = () => new URL('/', self.location.origin).href;

self.addEventListener('push', (event) => {
  const message = event.data?.text();
  const show = () => {
    const { title, options } = readNotice(message, home());
    return self.registration.showNotification(title, options);
  };
  if (isOwnFile || isFromRostra(message)) {
    event.stopImmediatePropagation(); // another provider's script would show it a second time
    event.waitUntil(show());
  } else event.waitUntil(isOurSubscription().then((isOurs) => (isOurs ? show() : undefined)));
});

self.addEventListener('notificationclick', (event) => {
  const data = event.notification.data as Partial<NoticeData> | null;
  if (!data?.rostra) return; // It is a notification of the publisher's own.
  event.notification.close();
  event.waitUntil(openNotice(self.clients, data.rostra.navigate));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  // TypeScript's library declares neither the event nor what Firefox says in it.
  const change = event as ExtendableEvent & SubscriptionChange;
  change.waitUntil(renewSubscription(API, self.registration.pushManager, change));
});

// A page asks whether the worker still holds our line (web/embed/alerts/worker.ts).
self.addEventListener('message', (event) => {
  if ((event.data as { rostra?: unknown } | null)?.rostra === 'hello') event.ports[0]?.postMessage('hello');
});

/** Whether the one subscription of this worker is ours, so that every message to it is. */
async function isOurSubscription(): Promise<boolean> {
  const present = await self.registration.pushManager.getSubscription();
  const choice = await readChoice().catch(() => undefined);
  return !!present && !!choice?.print && (await fingerprintOf(present)) === choice.print;
}
