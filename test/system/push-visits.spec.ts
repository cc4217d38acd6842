import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import webpush from 'web-push';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import { Transactions } from '../../src/database/transaction.js';
import { composePayload } from '../../src/notifications/push/push-payload.js';
import { PushSender } from '../../src/notifications/push/push-sender.js';
import { PushSubscriptions } from '../../src/notifications/push/push-subscriptions.service.js';
import type { PushTarget } from '../../src/notifications/push/push.types.js';
import { type PushService, startPushService } from '../../stand-ins/push-service/push-service.js';
import { type BrowserFixture, openBrowserFixture } from '../support/browser.js';
import { Firefox, hasFirefox } from '../support/firefox.js';
import type { FirefoxTab } from '../support/firefox-tab.js';
import { until } from '../support/until.js';

// An unmodified Firefox visits a publisher's site on which workers, files and subscriptions change between the visits.

const JS = 'text/javascript';
const ANN = 'ann@example.test';
const HTML = 'text/html; charset=utf-8';
/** The worker of another plugin, with the push messages of its own provider. */
const OTHER = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('push', (event) =>
  event.waitUntil(self.registration.showNotification('Theirs: ' + event.data.text().slice(0, 20))));`;
const foreign = { subject: 'mailto:push@other.example', ...webpush.generateVAPIDKeys() };
/** Runs in the page. Records the scripts of the workers that a script of the page ends. */
function recordEnds(): void {
  const { prototype } = ServiceWorkerRegistration;
  const end = Reflect.get(prototype, 'unregister') as () => Promise<boolean>;
  prototype.unregister = function () {
    const script = this.active ? new URL(this.active.scriptURL).pathname : 'none';
    localStorage.setItem('test.ended', `${localStorage.getItem('test.ended') ?? ''} ${script}`);
    return end.call(this);
  };
}

const described = hasFirefox ? describe : describe.skip;

described('push visits in Firefox ESR', () => {
  let service: PushService;
  let site: Server;
  let url: string;
  let fixture: BrowserFixture;
  let firefox: Firefox;
  let tab: FirefoxTab;
  /** The files of the site, which the tests change. */
  const files = new Map<string, { status?: number; type: string; body: string }>();
  let ann: string;
  let signedIn = false;
  const line = () => `importScripts('${fixture.origin}/service-worker.js');\n`;

  beforeAll(async () => {
    service = await startPushService({ port: 0 });
    site = createServer((request, response) => {
      const { pathname } = new URL(request.url!, url);
      const { status = 200, type, body } = files.get(pathname) ?? { status: 404, type: HTML, body: 'No such page.' };
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    url = `http://localhost:${(site.address() as AddressInfo).port}`;
    [fixture, firefox] = await Promise.all([
      openBrowserFixture({ PUSH_STAND_IN_URL: service.url, ALLOWED_ORIGINS: url, ROLE: 'web' }),
      Firefox.start({ pushServer: service.wsUrl }),
    ]);
    ann = await fixture.app.get(AccountsService).ensure(ANN, 'Ann Reader', 'reader');
    const page = (worker: string) => ({
      type: HTML,
      body: `<!doctype html><title>Ferries</title><link rel="canonical" href="/folder">
        <script type="module" src="${fixture.origin}/embed.js"></script>
        <rostra-account></rostra-account>
        <rostra-alerts service-worker="${worker}"></rostra-alerts>`,
    });
    files.set('/folder', page('/alerts/rostra-sw.js'));
    files.set('/root', page('/rostra-sw.js'));
    files.set('/own', page('/pwa-sw.js'));
    for (const path of ['/alerts/rostra-sw.js', '/rostra-sw.js']) files.set(path, { type: JS, body: line() });
    files.set('/pwa-sw.js', { type: JS, body: line() + OTHER });
    tab = await firefox.open(`${url}/folder`);
    await tab.click({ selector: 'button', text: 'Choose topics' });
    await tab.click({ selector: 'button', text: 'Switch on alerts' });
    await firefox.answerPrompt('allow');
    await says('Alerts are on');
  }, 300_000);
  afterAll(async () => {
    await firefox?.end();
    await fixture?.close();
    await service?.close();
    site?.closeAllConnections();
    await new Promise((resolve) => site?.close(resolve));
  });

  const says = (text: string) => tab.sees({ selector: 'p, button', text });
  const targets = () =>
    fixture.app.sql<PushTarget & { account: string | null }>(
      `select id::text, endpoint, p256dh, auth, key_id::text as "keyId", created_at - interval '1 hour' as "createdAt",
         account_id::text as account from push_subscriptions where state = 'active' order by id`,
    );
  /** Sends as an alert does. @returns the outcomes */
  async function push(title: string): Promise<string[]> {
    const { app } = fixture;
    const navigate = `${url}/folder#rostra-comment-1`;
    const { text: payload } = composePayload({ title, body: '', navigate, kind: 'alert', id: title, story: title });
    return Promise.all(
      (await targets()).map(async (target) => {
        const createdAt = new Date(target.createdAt);
        const outcome = await app
          .get(PushSender)
          .send({ ...target, createdAt }, { payload, ttl: 60, urgency: 'high' }, { attempt: 2, doubted: true });
        await app.get(Transactions).run((tx) => app.get(PushSubscriptions).applyOutcome(tx, target, outcome));
        return outcome.kind;
      }),
    );
  }
  const titles = async () => (await firefox.alerts()).map((it) => it.title);
  async function arrives(title: string): Promise<void> {
    expect(await push(title)).toEqual(['accepted']);
    await until(`"${title}" on the screen`, async () => (await titles()).some((it) => it.includes(title)), 20_000);
    expect((await titles()).filter((it) => it.includes(title))).toEqual([title]);
  }
  /**
   * Begins another visit, as a reader who comes back after `days`.
   * @param meanwhile what the browser does on other pages before it
   */
  async function visit(path = '/folder', days = 0, meanwhile?: () => Promise<void>): Promise<void> {
    await tab.evaluate((age) => {
      const stored = JSON.parse(localStorage.getItem('rostra.alerts') ?? '{}') as object;
      localStorage.setItem('rostra.alerts', JSON.stringify({ ...stored, toldAt: Date.now() - age }));
      sessionStorage.clear();
    }, days * 86_400_000);
    await meanwhile?.();
    await tab.go(`${url}${path}`);
  }
  /** Signs in, or out when somebody is signed in, on a page of Rostra's own. */
  async function changeAccount(): Promise<void> {
    await tab.go(`${fixture.origin}/sign-in`);
    const token = signedIn ? null : /#token=(.+)/.exec(await fixture.app.get(SignInService).createLink(ANN))![1]!;
    const status = await tab.evaluate(async (it) => {
      const [path, method, body] = it
        ? ['sign-in-links/redeem', 'POST', JSON.stringify({ token: it })]
        : ['session', 'DELETE', null];
      const headers: Record<string, string> = body ? { 'content-type': 'application/json' } : {};
      return (await fetch(`/api/v1/${path}`, { method, body, headers })).status;
    }, token);
    expect(status).toBeLessThan(300);
    signedIn = !signedIn;
  }
  /** Waits until the page has found nothing wrong at this visit. */
  const isWell = async () => {
    await until('the check of the visit', () =>
      tab.evaluate(() => sessionStorage.getItem('rostra.alerts.checked') !== null),
    );
    await says('Alerts are on');
  };
  const endpoint = async () => (await targets())[0]?.endpoint;
  const another = (before: string | undefined) =>
    until(
      'another subscription',
      async () => {
        const now = await endpoint();
        return now !== undefined && now !== before && (await targets()).length === 1;
      },
      30_000,
    );

  it('say how to stop alerts in the browser, when they are on', async () => {
    await tab.click({ selector: 'button', text: 'Alerts are on' });
    await says('clear “Allowed” beside notifications');
    await tab.click({ selector: 'button', text: 'Cancel' });
    await says('Alerts are on');
  }, 60_000);

  const everyVisit = [0, 2].flatMap((days) =>
    [false, true].flatMap((renewed) => [false, true].map((changed) => ({ days, renewed, changed }))),
  );
  it.each(everyVisit)(
    'mend what the push service ended when the last report is $days days old (renewed by the worker: $renewed, another account: $changed)',
    async ({ days, renewed, changed }) => {
      const before = (await endpoint())!;
      if (renewed) {
        service.newUaid();
        await another(before);
      }
      const dead = (await endpoint())!;
      service.expire(dead);
      expect(await push('Lost')).toEqual(['gone']);
      await visit('/folder', days, changed ? changeAccount : undefined);
      await another(dead);
      expect((await targets())[0]!.account).toBe(signedIn ? ann : null);
      await arrives(`Back after ${days} days, ${renewed}, ${changed}`);
    },
    60_000,
  );

  it('lead the open tab on a click, also with marks of a campaign, and open no second one', async () => {
    await visit('/folder?utm_source=mail&fbclid=1');
    await isWell();
    await arrives('Click me');
    const tabs = (await firefox.tabs()).length;
    await firefox.clickAlert('Click me');
    await until('the comment', async () => (await tab.evaluate(() => location.hash)) === '#rostra-comment-1');
    expect((await firefox.tabs()).length).toBe(tabs);
  }, 60_000);

  it('show alerts while the file is missing or a page, and say so when our line is gone', async () => {
    const good = files.get('/alerts/rostra-sw.js')!;
    for (const [name, file] of Object.entries({
      missing: { status: 404, type: HTML, body: 'Not found.' },
      page: { type: HTML, body: '<p>Not a script.</p>' },
    })) {
      files.set('/alerts/rostra-sw.js', file);
      await visit();
      await isWell();
      await arrives(`With the file ${name}`);
    }
    files.set('/alerts/rostra-sw.js', {
      type: JS,
      body: `self.addEventListener('install', () => self.skipWaiting());`,
    });
    await visit();
    await says('no longer holds this line');
    await says('Alerts do not reach you just now');
    files.set('/alerts/rostra-sw.js', good);
    await visit();
    await isWell();
    await arrives('With its line again');
  }, 120_000);

  it('say that another worker took the place of ours, and live beside it from a folder', async () => {
    await tab.beforeScripts(recordEnds);
    const inFolder = await endpoint();
    await visit('/root');
    await another(inFolder);
    await isWell();
    await arrives('From the root');
    files.set('/other-sw.js', { type: JS, body: OTHER });
    await tab.evaluate(async () => {
      const registration = await navigator.serviceWorker.register('/other-sw.js');
      while (!registration.active?.scriptURL.endsWith('/other-sw.js'))
        await new Promise((done) => setTimeout(done, 50));
    });
    await visit('/root');
    await says('Another service worker (/other-sw.js)');
    await says('Alerts do not reach you just now');
    const atRoot = await endpoint();
    await visit('/folder');
    await another(atRoot);
    await isWell();
    await arrives('Beside the other');
    const ours = await tab.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration('/alerts/');
      return registration?.active && new URL(registration.active.scriptURL).pathname;
    });
    expect(ours).toBe('/alerts/rostra-sw.js');
    // Ours ended when it moved to the root. The one of another provider is not ours to end.
    const ended = await tab.evaluate(() => localStorage.getItem('test.ended'));
    expect(ended).toBe(' /alerts/rostra-sw.js');
  }, 120_000);

  it('leave the subscription of another provider alone', async () => {
    const theirs = await tab.evaluate(async (key) => {
      const registration = await navigator.serviceWorker.register('/pwa-sw.js');
      while (!registration.active?.scriptURL.endsWith('/pwa-sw.js')) await new Promise((done) => setTimeout(done, 50));
      await (await registration.pushManager.getSubscription())?.unsubscribe();
      const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      return made.toJSON() as webpush.PushSubscription;
    }, foreign.publicKey);
    await visit('/own');
    await says('Another provider already sends the alerts of this site');
    const present = () =>
      tab.evaluate(
        async () =>
          (await (await navigator.serviceWorker.getRegistration('/'))!.pushManager.getSubscription())?.endpoint,
      );
    expect(await present()).toBe(theirs.endpoint);
    const { headers, body } = webpush.generateRequestDetails(theirs, 'A sale', { vapidDetails: foreign, TTL: 60 });
    await fetch(theirs.endpoint, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body as Buffer),
    });
    await until('their notice', async () => (await titles()).includes('Theirs: A sale'));
    // Our script is in the same worker, and shows nothing of theirs.
    expect((await titles()).filter((it) => /localhost/.test(it))).toEqual([]);
    await tab.click({ selector: 'button', text: 'Switch off' });
    await says('Alerts are off');
    expect(await present()).toBe(theirs.endpoint);
  }, 60_000);
});
