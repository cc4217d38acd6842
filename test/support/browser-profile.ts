import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page, Worker } from 'playwright-core';
import type { PushService } from '../../stand-ins/push-service/push-service.js';
import { openProfile } from './browser.js';
import { browserKeys } from './push.js';

export type PermissionState = 'granted' | 'denied' | 'prompt';

/**
 * Replaces the browser's push manager, because Chromium's own asks Google's servers and waits for ever without a
 * network. It runs in the page before any script, makes subscriptions at the stand-in and keeps them as a browser does.
 */
function replacePushManager(): void {
  interface StoredSubscription {
    endpoint: string;
    keys: { p256dh: string; auth: string };
    key: string;
  }
  const { pushService } = globalThis as unknown as {
    pushService: (this: void, key: string) => Promise<Omit<StoredSubscription, 'key'>>;
  };
  const KEY = 'test.subscription';
  const bytes = (text: string) =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0)).buffer;
  const subscription = ({ endpoint, keys, key }: StoredSubscription) => ({
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
    return json && Notification.permission === 'granted' ? subscription(JSON.parse(json) as StoredSubscription) : null;
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

/** A browser with a profile on disk. It is the full Chromium, because others refuse permissions and workers. */
export class BrowserProfile {
  /** The connection through an empty page that stays open. */
  private home: Page | undefined;
  private preferences: CDPSession | undefined;

  private constructor(
    readonly context: BrowserContext,
    private readonly folder: string,
  ) {}

  /** @param push the stand-in that makes its subscriptions; Chromium's own push manager when absent */
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

  /** Sets a permission as the reader does in the browser's preferences. */
  async permit(page: Page, setting: PermissionState): Promise<void> {
    // Chromium forgets the permission when the connection that set it closes, so one stays open.
    const preferences = await this.devtools();
    const { origin } = new URL(page.url());
    await preferences.send('Browser.setPermission', { permission: { name: 'notifications' }, setting, origin });
    await page.bringToFront();
  }

  /** Delivers a decrypted push to the page's worker. */
  async deliver(page: Page, message: string): Promise<void> {
    const devtools = await this.context.newCDPSession(page);
    const { origin } = new URL(page.url());
    const registrationId = await registrationOf(devtools, origin);
    await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: message });
    await devtools.detach();
  }

  /** Returns the site's newest service worker, because older ones may still be ending. */
  get worker(): Worker {
    const worker = this.context.serviceWorkers().at(-1);
    if (!worker) throw new Error('No service worker runs in this browser.');
    return worker;
  }

  /** Closes the pages, and clears the storage and the permissions of these origins. */
  async forget(...origins: string[]): Promise<void> {
    const devtools = await this.devtools();
    await this.context.setOffline(false);
    for (const page of this.context.pages()) if (page !== this.home) await page.close();
    for (const origin of origins) {
      // What a closed page wrote last may arrive after the clearing, so a page that comes after it clears too.
      await this.home!.goto(`${origin}/favicon.svg`);
      await this.home!.evaluate(() => localStorage.clear());
      await this.home!.goto('about:blank');
      await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    }
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

/** Finds the origin's registration with an active worker. A profile also remembers ended and unfinished ones. */
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
