import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import { type PushService, startPushService } from '../../stand-ins/push-service/push-service.js';
import type { Schemas } from '../../web/shared/contract.js';
import { hasChromium, openBrowserFixture, type BrowserFixture, SHOTS } from '../support/browser.js';
import { BrowserProfile } from '../support/browser-profile.js';
import { it, itInSystem } from '../support/tier.js';
import { until } from '../support/until.js';

// Takes pictures of each state in light, dark and on a phone: STORY_SHOTS=folder npm test -- test/browser

const LOOKS = [
  ['light', 1000, 'light'],
  ['dark', 1000, 'dark'],
  ['phone', 390, 'light'],
] as const;

interface Row {
  id: string;
  state: string;
  topics: string[];
  account: string | null;
}

const described = hasChromium ? describe : describe.skip;

described('alerts on a story', () => {
  let push: PushService;
  let fixture: BrowserFixture;
  let story: string;
  /** The tests share two browsers: one with the stand-in's push manager, and one with Chromium's own. */
  let standIn: BrowserProfile;
  let own: BrowserProfile;

  beforeAll(async () => {
    push = await startPushService({ port: 0 });
    [fixture, standIn, own] = await Promise.all([
      openBrowserFixture({ PUSH_STAND_IN_URL: push.url }),
      BrowserProfile.open(push),
      BrowserProfile.open(),
    ]);
    story = `${fixture.demo}/stories/ferries-return`;
  }, 240_000);
  afterEach(async () => {
    for (const browser of [standIn, own]) await browser.forget(fixture.demo, fixture.origin);
    await fixture.app.sql('delete from push_subscriptions');
  });
  afterAll(async () => {
    await standIn?.close();
    await own?.close();
    await fixture?.close();
    await push?.close();
  });

  async function visit(profile: BrowserProfile, before?: (page: Page) => Promise<unknown>): Promise<Page> {
    const page = await profile.page();
    await before?.(page);
    await page.goto(story);
    await alerts(page).locator('#title, .line button').first().waitFor();
    return page;
  }

  /** Subscribes by the page's buttons. */
  async function switchedOn(profile: BrowserProfile): Promise<Page> {
    const page = await visit(profile);
    await profile.permit(page, 'granted');
    await press(page, 'Choose topics');
    await press(page, 'Switch on alerts');
    await says(page, 'Alerts are on');
    return page;
  }

  const subscriptions = () =>
    fixture.app.sql<Row>(
      `select public_id as id, state, account_id::text as account, array(
         select topic_key from push_subscription_topics t where t.subscription_id = s.id order by 1) as topics
       from push_subscriptions s order by s.id`,
    );
  const one = async (): Promise<Row> => {
    const found = await subscriptions();
    expect(found).toHaveLength(1);
    return found[0]!;
  };

  async function shoot(page: Page, state: string): Promise<void> {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    for (const [look, width, colorScheme] of LOOKS) {
      await page.setViewportSize({ width, height: 760 });
      await page.emulateMedia({ colorScheme });
      await alerts(page).evaluate((it) => it.scrollIntoView({ block: 'center' }));
      await page.screenshot({ path: join(SHOTS, `alerts-${state}-${look}.png`) });
    }
    await page.setViewportSize({ width: 1000, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
  }

  describe('permission (sweep: what stays in the story)', () => {
    it('asks in the page first and in the browser after a click, and rests after "Not now"', async () => {
      const browser = standIn;
      const countsQuestions = () => {
        const own = Notification.requestPermission.bind(Notification);
        const seen = { questions: 0 };
        Object.assign(globalThis, { seen });
        Notification.requestPermission = () => {
          seen.questions += 1;
          return own();
        };
      };
      const page = await visit(browser, (it) => it.addInitScript(countsQuestions));
      const questions = () =>
        page.evaluate(() => (globalThis as unknown as { seen: { questions: number } }).seen.questions);
      await says(page, 'You can change or stop them at any time');
      await shoot(page, 'default');
      const height = await heightOf(page);
      await press(page, 'Choose topics');
      await expectTicked(page, { 'Breaking news': true, 'Replies to you': false });
      expect(await box(page, 'Replies to you').isDisabled()).toBe(true);
      await shoot(page, 'default-topics');
      expect(await questions()).toBe(0);
      // The question is closed without an answer.
      await browser.permit(page, 'prompt');
      await press(page, 'Switch on alerts');
      await says(page, 'You have not answered');
      expect(await questions()).toBe(1);
      await press(page, 'Cancel');
      expect(await heightOf(page)).toBe(height);
      await press(page, 'Not now');
      await rests(page, 'Choose alerts');
      await shoot(page, 'default-not-now');
      const later = await visit(browser);
      await rests(later, 'Choose alerts');
      await press(later, 'Choose alerts');
      await later.getByRole('button', { name: 'Switch on alerts' }).waitFor();
      expect(await subscriptions()).toEqual([]);
    });

    it('switches on, changes and switches off when it is granted, and saves each at Rostra', async () => {
      const browser = standIn;
      const said: string[] = [];
      const page = await visit(browser);
      page.on('console', (message) => said.push(message.text()));
      await browser.permit(page, 'granted');
      await press(page, 'Choose topics');
      await press(page, 'Switch on alerts');
      await says(page, 'You get Breaking news.');
      await shoot(page, 'granted');
      expect(await one()).toMatchObject({ state: 'active', topics: ['breaking'], account: null });
      // The subscription's address is a secret between browser, push service and Rostra.
      const { endpoint } = push.subscriptions().at(-1)!;
      const token = endpoint.slice(endpoint.lastIndexOf('/') + 1);
      const shown = await alerts(page).evaluate((it) => it.shadowRoot!.firstElementChild!.shadowRoot!.innerHTML);
      expect(`${await page.content()}${shown}${said.join()}`).not.toContain(token);
      expect(await page.evaluate(() => localStorage.getItem('rostra.alerts'))).not.toContain(token);

      await signIn(fixture, browser);
      await page.bringToFront();
      await press(page, 'Alerts are on in this browser');
      await box(page, 'Replies to you').check();
      await shoot(page, 'granted-change');
      await press(page, 'Save');
      await says(page, 'Breaking news and Replies to you');
      expect((await one()).topics).toEqual(['breaking', 'replies']);
      // What a tab has said follows a choice in another one.
      const other = await visit(browser);
      for (const [on, words] of [
        [false, 'You get Breaking news.'],
        [true, 'Breaking news and Replies to you'],
      ] as const) {
        await press(other, 'Alerts are on in this browser');
        await box(other, 'Replies to you').setChecked(on);
        await press(other, 'Save');
        await says(page, words);
      }
      await other.close();
      await page.reload();
      await rests(page, 'Alerts are on in this browser');
      await shoot(page, 'granted-later');
      await press(page, 'Alerts are on in this browser');
      await expectTicked(page, { 'Breaking news': true, 'Replies to you': true });
      await says(page, 'You can also stop them in the browser itself');
      await says(page, 'switch Notifications off');
      await press(page, 'Switch off');
      await says(page, 'Alerts are off. We send you no more of them.');
      expect(await subscriptions()).toEqual([]);
      await page.reload();
      await rests(page, 'Choose alerts');
    });

    itInSystem('says that the browser blocks alerts and where to allow them when it is denied', async () => {
      const browser = standIn;
      const page = await visit(browser);
      await press(page, 'Choose topics');
      const off = page.getByRole('button', { name: 'Switch on alerts' });
      await off.waitFor();
      await browser.permit(page, 'denied');
      await says(page, 'Your browser blocks alerts');
      await shoot(page, 'denied');
      await press(page, 'How to allow them');
      await says(page, 'left of the address, and switch Notifications on');
      await shoot(page, 'denied-how');
      // The page notices without a reload when it is allowed later.
      await browser.permit(page, 'prompt');
      await says(page, 'You can change or stop them at any time');
      await browser.permit(page, 'denied');
      await press(page, 'Hide this');
      await rests(page, 'Your browser blocks alerts');
      await page.reload();
      await rests(page, 'Your browser blocks alerts');
      await press(page, 'Your browser blocks alerts');
      await says(page, 'left of the address, and switch Notifications on');
    });

    itInSystem.each([
      ['while the page is open', true],
      ['between two visits', false],
    ])(
      'says so and deletes the subscription at Rostra when it is revoked %s',
      async (_name, live) => {
        const browser = standIn;
        const page = await switchedOn(browser);
        await one();
        if (!live) await page.goto(`${fixture.demo}/favicon.svg`);
        await browser.permit(page, live ? 'denied' : 'prompt');
        if (!live) await page.goto(story);
        await says(page, 'Your browser stopped alerts');
        await until('the subscription to be deleted', async () => (await subscriptions()).length === 0);
        await shoot(page, live ? 'revoked-denied' : 'revoked');
        await page.reload(); // the message stays until the reader answers it
        await says(page, 'Your browser stopped alerts');
        await press(page, 'Leave them off');
        await rests(page, live ? 'Your browser blocks alerts' : 'Choose alerts');
      },
      60_000,
    );

    itInSystem(
      'names the reason in an old browser, on an iPhone outside the Home Screen and over plain http',
      async () => {
        const withoutPush = () => delete (globalThis as { PushManager?: unknown }).PushManager;
        const cases: [string, string, () => unknown, string?][] = [
          ['unsupported', 'This browser cannot get alerts', withoutPush],
          [
            'ios',
            'Add to Home Screen',
            withoutPush,
            'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1',
          ],
          [
            'insecure',
            'This page came over plain http',
            () => Object.defineProperty(globalThis, 'isSecureContext', { value: false }),
          ],
        ];
        const browser = own;
        for (const [name, words, script, userAgent] of cases) {
          const page = await visit(browser, async (it) => {
            await it.addInitScript(script);
            if (userAgent)
              await it.addInitScript(
                (value) => Object.defineProperty(Navigator.prototype, 'userAgent', { get: () => value }),
                userAgent,
              );
          });
          await says(page, words);
          await shoot(page, name);
          await press(page, 'Hide this');
          await until('the element to be gone', async () => !(await alerts(page).isVisible()));
          await page.evaluate(() => localStorage.removeItem('rostra.alerts'));
          await page.close();
        }
      },
    );
  });

  describe('a broken subscription', () => {
    it('is replaced on the next visit when the browser lost it', async () => {
      const browser = standIn;
      const page = await switchedOn(browser);
      const before = await one();
      await page.evaluate(() => localStorage.removeItem('test.subscription'));
      await page.reload();
      const after = await until('another subscription', async () =>
        (await subscriptions()).find(({ id }) => id !== before.id),
      );
      expect(after).toMatchObject({ state: 'active', topics: before.topics });
      await until('the lost one to be deleted', async () => (await subscriptions()).length === 1);
      await rests(page, 'Alerts are on in this browser');
    });

    itInSystem('is replaced when Rostra has given it up, and when it was made with a former key', async () => {
      const browser = standIn;
      const first = await switchedOn(browser);
      const before = await one();
      await fixture.app.sql(`update push_subscriptions set state = 'gone'`);
      await first.close();
      const second = await visit(browser); // another tab makes a visit of its own
      await until('a fresh one in its place', async () => {
        const rows = await subscriptions();
        return rows.length === 1 && rows[0]!.state === 'active' && rows[0]!.id !== before.id;
      });
      const healed = await one();
      const endpoint = push.subscriptions().at(-1)!.endpoint;
      // The browser's subscription was made with a key that is not the current one.
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const former = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65).toString('base64url');
      await second.evaluate((key) => {
        const kept = JSON.parse(localStorage.getItem('test.subscription')!) as object;
        localStorage.setItem('test.subscription', JSON.stringify({ ...kept, key }));
      }, former);
      await second.close();
      await visit(browser);
      await until('a subscription with the current key', () => push.subscriptions().at(-1)!.endpoint !== endpoint);
      await until('the former one to be deleted', async () => {
        const rows = await subscriptions();
        return rows.length === 1 && rows[0]!.id !== healed.id;
      });
      expect(push.subscriptions().at(-1)!.key).not.toBe(former);
    });

    itInSystem('gets and loses its account when the reader signs in and out', async () => {
      const browser = standIn;
      const page = await switchedOn(browser);
      const before = await one();
      expect(before.account).toBeNull();
      const accountId = await signIn(fixture, browser);
      await page.bringToFront();
      await until('the account to be bound', async () => (await one()).account === accountId);
      await page.getByRole('button', { name: /^Your account/ }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await until('the account to be removed', async () => (await one()).account === null);
      expect((await one()).id).toBe(before.id);
    });

    itInSystem('is renewed by the service worker, and the page takes over its id', async () => {
      const browser = standIn;
      const page = await switchedOn(browser);
      const before = await one();
      // Chromium fires no such event by itself. Its own push manager asks the network, so the stand-in answers here
      // too.
      const fresh = push.subscribe(await currentKey(fixture));
      const { keys } = await page.evaluate(
        () => JSON.parse(localStorage.getItem('test.subscription')!) as { keys: object },
      );
      await browser.worker.evaluate(
        ([endpoint, its]) => {
          const made = { endpoint, toJSON: () => ({ endpoint, keys: its }) };
          Object.assign(PushManager.prototype, { getSubscription: async () => null, subscribe: async () => made });
          try {
            dispatchEvent(new Event('pushsubscriptionchange'));
          } catch {
            // `waitUntil` throws for an event that a script made, after the work has begun.
          }
        },
        [fresh, keys] as const,
      );
      await until('the renewed one alone', async () => {
        const rows = await subscriptions();
        return rows.length === 1 && rows[0]!.id !== before.id;
      });
      const renewed = await one();
      expect(renewed).toMatchObject({ state: 'active', topics: ['breaking'] });
      await page.evaluate((endpoint) => {
        const kept = JSON.parse(localStorage.getItem('test.subscription')!) as object;
        localStorage.setItem('test.subscription', JSON.stringify({ ...kept, endpoint }));
      }, fresh);
      await page.reload();
      await rests(page, 'Alerts are on in this browser');
      await until('the page to know it', async () =>
        (await page.evaluate(() => localStorage.getItem('rostra.alerts')))?.includes(renewed.id),
      );
      expect((await one()).id).toBe(renewed.id);
    });
  });

  describe('a failure', () => {
    itInSystem(
      'names the missing file and its line to an engineer, and tells readers that it is not their fault',
      async () => {
        const browser = standIn;
        const namesNothing = () => {
          const rename = () => document.querySelector('rostra-alerts')?.setAttribute('service-worker', '/nowhere.js');
          new MutationObserver(rename).observe(document, { childList: true, subtree: true });
        };
        const page = await visit(browser, (it) => it.addInitScript(namesNothing));
        await press(page, 'Choose topics');
        await says(page, 'Alerts do not work on this site just now');
        await says(page, '/nowhere.js must be a JavaScript file of this site');
        await says(page, `importScripts('${fixture.origin}/service-worker.js');`);
        await shoot(page, 'worker-missing');
      },
    );

    itInSystem('names a push service that does not answer, and a browser that is offline', async () => {
      const browser = own; // Chromium without Google waits for ever
      const page = await visit(browser, (it) => it.clock.install());
      await browser.permit(page, 'granted');
      await press(page, 'Choose topics');
      await press(page, 'Switch on alerts');
      await says(page, 'Switching on');
      await page.clock.fastForward(5_000);
      await says(page, 'This takes longer than usual');
      await shoot(page, 'slow');
      await page.clock.fastForward(20_000);
      await says(page, 'cannot reach its push service');
      await shoot(page, 'push-unreachable');
      await browser.context.setOffline(true);
      await press(page, 'Switch on alerts');
      await says(page, 'You seem to be offline');
      expect(await subscriptions()).toEqual([]);
    });
  });

  describe('the service worker', () => {
    it('shows every push, even bad JSON, and a click leads the open tab to the comment', async () => {
      const browser = standIn;
      const page = await switchedOn(browser);
      await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
      const shown = () =>
        page.evaluate(async () => {
          const all = await (await navigator.serviceWorker.getRegistration('/alerts/'))!.getNotifications();
          return all.map(({ title, body, tag }) => ({ title, body, tag }));
        });
      const delivered = async (text: string) => {
        const before = await shownCount(browser);
        await browser.deliver(page, text);
        await until('the worker to have shown it', async () => (await shownCount(browser)) > before);
      };
      const navigate = `${story}#rostra-comment-1`;
      const message = (title: string) =>
        JSON.stringify({
          web_push: 8030,
          mutable: true,
          notification: {
            title,
            body: 'No crossing today',
            navigate,
            tag: 't1',
            lang: 'en',
            dir: 'auto',
            data: { id: '7', kind: 'alert' },
          },
        }).padEnd(1024, ' ');
      await delivered(message('The ferry stops'));
      expect(await shown()).toEqual([{ title: 'The ferry stops', body: 'No crossing today', tag: 't1' }]);
      // A second message of the same story replaces the first.
      await delivered(message('The ferry sails after all'));
      expect((await shown()).map(({ title }) => title)).toEqual(['The ferry sails after all']);
      for (const bad of ['{"notification":', '', '{"notification":{"title":7}}', 'null']) {
        await delivered(bad);
        expect((await shown()).find(({ tag }) => tag === 'rostra')?.title).toBe(new URL(story).host);
        await page.evaluate(async () => {
          const all = await (await navigator.serviceWorker.getRegistration('/alerts/'))!.getNotifications({
            tag: 'rostra',
          });
          for (const it of all) it.close();
        });
        await until('it to be closed', async () => (await shown()).length === 1);
      }
      // Headless Chromium has no notification to click, so the test sends the worker the browser's event.
      await click(browser, 't1');
      await page.waitForURL(navigate);
      expect(await page.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
      expect(await shown()).toEqual([]);
    });

    it('comes from Rostra with its address written in, and is not cached', async () => {
      const response = await fetch(`${fixture.origin}/service-worker.js`);
      expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      const text = await response.text();
      expect(text).toContain(`${fixture.origin}/api/v1`);
      expect(text).not.toContain('__ROSTRA');
      const line = await (await fetch(`${fixture.demo}/alerts/rostra-sw.js`)).text();
      expect(line).toBe(`importScripts('${fixture.origin}/service-worker.js');\n`);
    });
  });
});

const alerts = (page: Page): Locator => page.locator('rostra-alerts');
const box = (page: Page, name: string): Locator => alerts(page).getByRole('checkbox', { name });
const heightOf = (page: Page): Promise<number> => alerts(page).evaluate((it) => it.getBoundingClientRect().height);

/** @throws Error that shows the element when it has no such button */
async function press(page: Page, name: string): Promise<void> {
  await page.bringToFront();
  const button = alerts(page).getByRole('button', { name, exact: true });
  await button.click().catch(async (error: Error) => {
    throw new Error(`${error.message}\nThe element shows:\n${await alerts(page).ariaSnapshot()}`);
  });
}

/** Waits until the element says these words, and tells what it says instead when it does not. */
async function says(page: Page, words: string): Promise<void> {
  const found = alerts(page).getByText(words).first();
  await found.waitFor({ timeout: 30_000 }).catch(async (error: unknown) => {
    const instead = await alerts(page).ariaSnapshot();
    // Work that waits for the lock of another tab, or for a page that is hidden, would look the same.
    const state = await page.evaluate(async () => {
      const { held, pending } = await navigator.locks.query();
      return JSON.stringify(
        { kept: localStorage.getItem('rostra.alerts'), held, pending, shown: document.visibilityState },
        null,
        1,
      );
    });
    throw new Error(`The element does not say "${words}" but:\n${instead}\n${state}`, { cause: error });
  });
}

/** Waits until one small control is all that the element leaves in the story, also where the page reserves more. */
async function rests(page: Page, name: string): Promise<void> {
  await alerts(page).getByRole('button', { name, exact: true }).waitFor({ timeout: 30_000 });
  await until('one line', async () => (await heightOf(page)) <= 32);
  expect(await alerts(page).getByRole('button').count()).toBe(1);
}

async function expectTicked(page: Page, boxes: Record<string, boolean>): Promise<void> {
  for (const [name, ticked] of Object.entries(boxes)) {
    await box(page, name).waitFor();
    await until(`${name} to be ${ticked}`, async () => (await box(page, name).isChecked()) === ticked);
  }
}

const currentKey = async (fixture: BrowserFixture): Promise<string> => {
  const { body } = await fixture.app.anonymous(fixture.demo).get<Schemas['PushKey']>('/push/key');
  return body.key;
};

/** Signs the whole browser in by a link's page. @returns the account's id */
async function signIn(fixture: BrowserFixture, browser: BrowserProfile): Promise<string> {
  const name = `Reader ${randomBytes(3).toString('hex')}`;
  const email = `${name.replace(' ', '.').toLowerCase()}@example.test`;
  const id = await fixture.app.get(AccountsService).ensure(email, name, 'reader');
  const page = await browser.page();
  await page.goto(await fixture.app.get(SignInService).createLink(email));
  await page.getByRole('main').getByRole('button').first().click();
  await page.getByText(`${name}, you are signed in`).waitFor();
  await page.close();
  return id;
}

/**
 * Counts the notifications that the worker has shown. Wait for it before `getNotifications`: Chromium saves a
 * notification before it shows it, and a call between the two deletes it as no longer shown.
 */
const shownCount = (browser: BrowserProfile): Promise<number> =>
  browser.worker.evaluate(() => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration; shown?: number };
    if (scope.shown === undefined) {
      scope.shown = 0;
      const show = scope.registration.showNotification.bind(scope.registration);
      scope.registration.showNotification = async (...notice) => {
        await show(...notice);
        scope.shown! += 1;
      };
    }
    return scope.shown;
  });

async function click(browser: BrowserProfile, tag: string): Promise<void> {
  await browser.worker.evaluate(async (its) => {
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration };
    const [notification] = await registration.getNotifications({ tag: its });
    const { NotificationEvent } = globalThis as unknown as {
      NotificationEvent: new (type: string, init: object) => Event;
    };
    dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  }, tag);
}
