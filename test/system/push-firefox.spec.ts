import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import webpush from 'web-push';
import { type PushService, startPushService } from '../../stand-ins/push-service/push-service.js';
import { Firefox, hasFirefox } from '../support/firefox.js';
import type { FirefoxTab } from '../support/firefox-tab.js';
import { until } from '../support/until.js';

// An unmodified browser tests the push stand-in: it acknowledges with 100 what it has decrypted.

const WORKER = `
self.addEventListener('push', (event) => {
  const { title, ...options } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, options));
});
self.addEventListener('notificationclick', (event) => {
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
self.addEventListener('pushsubscriptionchange', (event) => {
  const { options } = event.oldSubscription;
  event.waitUntil(self.registration.pushManager.subscribe(options));
});`;
const PAGE = `<!doctype html><title>News</title><button id="alerts" hidden>Alerts</button>
<script type="module">
  const { pushManager } = await navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready);
  const button = document.getElementById('alerts');
  button.addEventListener('click', async () => {
    await Notification.requestPermission();
    await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: KEY });
  });
  Object.assign(globalThis, { pushManager });
  button.hidden = false;
</script>`;

interface Page {
  pushManager: { getSubscription(): Promise<{ toJSON(): Subscription; unsubscribe(): Promise<boolean> } | null> };
}
interface Subscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

const vapid = { subject: 'mailto:push@news.example', ...webpush.generateVAPIDKeys() };
const described = hasFirefox ? describe : describe.skip;

described('a push in Firefox ESR', () => {
  let service: PushService;
  let site: Server;
  let origin: string;
  let firefox: Firefox;
  let tab: FirefoxTab;

  beforeAll(async () => {
    service = await startPushService({ port: 0 });
    site = createServer(({ url }, response) => {
      const worker = url === '/worker.js';
      response.writeHead(200, { 'content-type': worker ? 'text/javascript' : 'text/html; charset=utf-8' });
      response.end(worker ? WORKER : PAGE.replace('KEY', JSON.stringify(vapid.publicKey)));
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(site.address() as AddressInfo).port}`;
    firefox = await Firefox.start({ pushServer: service.wsUrl });
    tab = await firefox.open(origin);
  }, 90_000);
  afterAll(async () => {
    await firefox?.end();
    await service.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });

  const current = (): Promise<Subscription | undefined> =>
    tab.evaluate(async () => (await (globalThis as unknown as Page).pushManager.getSubscription())?.toJSON());
  async function push(subscription: Subscription, message: object, topic?: string): Promise<number> {
    const { headers, body } = webpush.generateRequestDetails(subscription, JSON.stringify(message), {
      vapidDetails: vapid,
      TTL: 60,
      ...(topic ? { topic } : {}),
    });
    const response = await fetch(subscription.endpoint, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body as Buffer),
    });
    return response.status;
  }
  const titles = async (): Promise<string[]> => (await firefox.alerts()).map((it) => it.title);

  it('is decrypted and shown after the reader allows it, and a click opens its page', async () => {
    await tab.click({ selector: '#alerts' });
    await firefox.answerPrompt('allow');
    const subscription = await until('a subscription', current);
    expect(subscription.endpoint.startsWith(`${service.url}/wpush/v2/`)).toBe(true);

    const story = `${origin}/ferries#rostra-comment-1`;
    expect(await push(subscription, { title: 'Ferries are back', body: 'From Monday.', data: story })).toBe(201);
    await until('the acknowledgement', () => service.acks().length === 1);
    expect(service.acks()).toEqual([expect.objectContaining({ endpoint: subscription.endpoint, code: 100 })]);
    await until('the notification', async () => (await firefox.alerts()).length > 0);
    expect(await firefox.alerts()).toEqual([{ title: 'Ferries are back', body: 'From Monday.' }]);
    await firefox.clickAlert('Ferries are back');
    await until('its page', async () => (await firefox.tabs()).some((it) => it.url === story));
  }, 60_000);

  it('is acknowledged as undecryptable when it was encrypted for somebody else', async () => {
    const subscription = (await current())!;
    const keys = { ...subscription.keys, auth: Buffer.alloc(16, 1).toString('base64url') };
    expect(await push({ ...subscription, keys }, { title: 'Not for you' })).toBe(201);
    await until('the acknowledgement', () => service.acks().length === 2);
    expect(service.acks().at(-1)!.code).toBe(101);
    expect(await titles()).not.toContain('Not for you');
  }, 60_000);

  it('waits while the browser is away, and only the last of its topic arrives', async () => {
    const subscription = (await current())!;
    service.setReachable(false);
    for (const title of ['First word', 'Second word', 'Last word'])
      expect(await push(subscription, { title }, 'story')).toBe(201);
    service.setReachable(true);
    await until('the last word', async () => (await titles()).includes('Last word'), 20_000);
    expect(await titles()).not.toContain('First word');
    expect(service.pushes(subscription.endpoint).map((it) => it.state)).toEqual([
      'acknowledged',
      'acknowledged',
      'replaced',
      'replaced',
      'acknowledged',
    ]);
  }, 60_000);

  it('goes to a new endpoint when the push service has forgotten the browser', async () => {
    const before = (await current())!;
    service.newUaid();
    const after = await until(
      'another subscription',
      async () => {
        const it = await current();
        return it && it.endpoint !== before.endpoint ? it : undefined;
      },
      30_000,
    );
    expect(await push(before, { title: 'To the old' })).toBe(410);
    expect(await push(after, { title: 'To the new' })).toBe(201);
    await until('the notification', async () => (await titles()).includes('To the new'));
  }, 60_000);

  it('is refused with 410 after the page has unsubscribed', async () => {
    const subscription = (await current())!;
    await tab.evaluate(async () =>
      (await (globalThis as unknown as Page).pushManager.getSubscription())?.unsubscribe(),
    );
    await until('410', async () => (await push(subscription, { title: 'Too late' })) === 410);
  }, 60_000);
});
