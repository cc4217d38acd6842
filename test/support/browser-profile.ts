import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page, Worker } from 'playwright-core';
import type { PushService } from '../../stand-ins/push-service/push-service.js';
import { openProfile } from './browser.js';
import { browserKeys } from './push.js';

export type PermissionState = 'granted' | 'denied' | 'prompt';

/**
 * Stands where the browser's push manager stands, since Chromium's own asks Google's servers and waits for ever without
 * a network. Runs in the page before any script: subscriptions are made at the stand-in and last as a browser's do.
 */
function replacePushManager(): void {
  interface Kept {
    endpoint: string;
    keys: { p256dh: string; auth: string };
    key: string;
  }
  const { pushService } = globalThis as unknown as {
    pushService: (this: void, key: string) => Promise<Omit<Kept, 'key'>>;
  };
  const KEY = 'test.subscription';
  const bytes = (text: string) =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0)).buffer;
  const subscription = ({ endpoint, keys, key }: Kept) => ({
    endpoint,
    options: { userVisibleOnly: true, applicationServerKey: bytes(key) },
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => {
      localStorage.removeItem(KEY);
      return true;
    },
  });
  const present = () => {
    const json = localStorage.getItem(KEY);
    return json && Notification.permission === 'granted' ? subscription(JSON.parse(json) as Kept) : null;
  };
  Object.assign(PushManager.prototype, {
    getSubscription: async () => present(),
    subscribe: async ({ applicationServerKey: key }: { applicationServerKey: string }) => {
      if (Notification.permission !== 'granted') throw new DOMException('Permission denied', 'NotAllowedError');
      if (present()) throw new DOMException('Registered with another key', 'InvalidStateError');
      localStorage.setItem(KEY, JSON.stringify({ ...(await pushService(key)), key }));
      return present();
    },
  });
}

/** A reader's own browser with a profile on disk: full Chromium, since others refuse permissions and workers. */
export class BrowserProfile {
  /** An empty page that stays, and the connection through it. */
  private home: Page | undefined;
  private preferences: CDPSession | undefined;

  private constructor(
    readonly context: BrowserContext,
    private readonly folder: string,
  ) {}

  /** @param push where its subscriptions are made; absent, they are Chromium's own */
  static async open(push?: PushService): Promise<BrowserProfile> {
    const folder = await mkdtemp(join(tmpdir(), 'rostra-chromium-'));
    const context = await openProfile(folder);
    if (push) {
      await context.exposeBinding('pushService', (_source, key: string) => ({
        endpoint: push.subscribe(key),
        keys: browserKeys(),
      }));
      await context.addInitScript(replacePushManager);
    }
    return new BrowserProfile(context, folder);
  }

  page(): Promise<Page> {
    return this.context.newPage();
  }

  /** What the reader decides in the browser's own preferences. */
  async permit(page: Page, setting: PermissionState): Promise<void> {
    // Chromium forgets the decision with the connection that it came by, so one stays open.
    const preferences = await this.devtools();
    const { origin } = new URL(page.url());
    await preferences.send('Browser.setPermission', { permission: { name: 'notifications' }, setting, origin });
    await page.bringToFront();
  }

  /** Hands a push to the page's worker as the push service would: decrypted. */
  async deliver(page: Page, message: string): Promise<void> {
    const devtools = await this.context.newCDPSession(page);
    const { origin } = new URL(page.url());
    const registrationId = await registrationOf(devtools, origin);
    await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: message });
    await devtools.detach();
  }

  /** The site's service worker; the newest, where older ones have not ended yet. */
  get worker(): Worker {
    const worker = this.context.serviceWorkers().at(-1);
    if (!worker) throw new Error('No service worker runs in this browser.');
    return worker;
  }

  /** As new: closes the pages, and clears what these origins stored and were permitted. */
  async forget(...origins: string[]): Promise<void> {
    const devtools = await this.devtools();
    await this.context.setOffline(false);
    for (const page of this.context.pages()) if (page !== this.home) await page.close();
    for (const origin of origins) await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await this.context.clearCookies();
    await devtools.send('Browser.resetPermissions');
  }

  private async devtools(): Promise<CDPSession> {
    this.home ??= this.context.pages()[0] ?? (await this.context.newPage());
    this.preferences ??= await this.context.newCDPSession(this.home);
    return this.preferences;
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The origin's registration in force: the one with an active worker. A profile remembers others, ended or never begun. */
async function registrationOf(devtools: CDPSession, origin: string): Promise<string> {
  const registration = new Promise<string>((done) =>
    devtools.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const found = versions.find((it) => it.status === 'activated' && it.scriptURL.startsWith(origin));
      if (found) done(found.registrationId);
    }),
  );
  await devtools.send('ServiceWorker.enable');
  return registration;
}
