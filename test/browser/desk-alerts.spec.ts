import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { Role } from '../../src/accounts/sessions/viewer.js';
import { FakePushService } from '../support/fake-push-service.js';
import { hasChromium, launchChromium, openBrowserFixture, type BrowserFixture, SHOTS } from '../support/browser.js';
import { it, itInSystem } from '../support/tier.js';
import { until } from '../support/until.js';

// Takes a picture of each step: STORY_SHOTS=folder npm test -- test/browser/desk-alerts.spec.ts

const CROWD = 240;
const TITLE = 'Storm closes the harbour until Thursday';

const described = hasChromium ? describe : describe.skip;

described('alerts at the desk', () => {
  let box: FakePushService;
  let fixture: BrowserFixture;
  let browser: Browser;
  let errors: string[];

  beforeAll(async () => {
    box = await FakePushService.start();
    [fixture, browser] = await Promise.all([openBrowserFixture({ PUSH_STAND_IN_URL: box.url }), launchChromium()]);
    await box.subscribeMany(fixture.app, CROWD);
  }, 240_000);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((it) => it.close()));
    expect(errors).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
    await box?.stop();
  });

  /** Opens the desk for a member of the newsroom, who signs in by a link. */
  const openDesk = async (name: string, role: Role, { socket = true, ...options }: DeskOptions = {}): Promise<Page> => {
    errors = [];
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.test`;
    await fixture.app.get(AccountsService).ensure(email, name, role);
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    if (!socket) await context.routeWebSocket(/\/live/, (it) => void it.close());
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(await fixture.app.get(SignInService).createLink(email));
    await page.getByRole('main').getByRole('button').first().click();
    await page.getByRole('link', { name: /desk/i }).first().click();
    await seen(page.getByRole('link', { name: 'Decisions' }));
    return page;
  };
  const shoot = async (page: Page, step: string): Promise<void> => {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `alerts-${step}.png`) });
  };
  const write = async (page: Page): Promise<void> => {
    await page.getByLabel('Title').fill(TITLE);
    await page.getByLabel('Text').fill('All ferries are cancelled. The bridge stays open for lorries below 12 tonnes.');
    await page.getByLabel('Address of the story').fill(`${fixture.demo}/stories/ferries-return`);
  };
  const figure = async (page: Page, name: string): Promise<number> =>
    Number((await page.locator(`[data-count="${name}"]`).textContent())?.replaceAll(',', ''));
  /** Makes the push service answer only the first messages, until `release`. */
  const answerOnly = (first: number): void => {
    let n = 0;
    box.clear();
    box.hold(() => (n += 1) > first);
  };

  it('sends an alert once after the delay, and reports its outcomes', async () => {
    const page = await openDesk('Edda Brandt', 'editor');
    await page.getByRole('link', { name: 'Alerts' }).click();
    await seen(page.getByText('No alerts yet'));
    await page.getByRole('button', { name: /Check and count/ }).click();
    await seen(page.getByText('Write a title.'));
    const { width, height } = page.viewportSize()!;
    await page.setViewportSize({ width: 768, height }); // the size is that of a tablet with a keyboard
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.setViewportSize({ width, height });
    await write(page);
    const bytes = Number(/(\d+) of/.exec(await page.locator('.size').innerText())![1]);
    await page.getByLabel('Address of the story').fill('https://elsewhere.example/story');
    await page.keyboard.press('Enter');
    await seen(page.getByText(/on none of the newsroom’s sites/));
    await shoot(page, '01-written');
    await page.reload();
    expect(await page.getByLabel('Title').inputValue()).toBe(TITLE);
    await write(page);
    await page.keyboard.press('Control+Enter');
    await seen(page.getByText(`Goes to ${CROWD} browsers`, { exact: true }));
    await shoot(page, '02-checked');
    const counted = Number(/(\d+) of/.exec(await page.locator('.facts').innerText())![1]);
    expect(bytes - counted).toBeGreaterThanOrEqual(0);
    expect(bytes - counted).toBeLessThan(6); // the digits stand for its id
    expect(box.deliveries).toHaveLength(0);

    await page.getByRole('button', { name: `Send to ${CROWD} browsers` }).click();
    await seen(page.getByText(/Sending to 240 browsers in \d s/).first());
    await shoot(page, '03-the-wait');
    await page.keyboard.press('z');
    await seen(page.getByText(/was not sent/));
    answerOnly(150);
    await page.keyboard.press('s');
    await page.keyboard.press('w');
    await until('some accepted, some to go', async () => (await figure(page, 'accepted')) >= 100);
    await shoot(page, '04-on-its-way');
    expect(await figure(page, 'targeted')).toBe(CROWD);
    box.release();
    await seen(page.getByText(`The push services accepted the alert for ${CROWD} of ${CROWD} browsers`));
    await shoot(page, '05-the-report');
    expect(new Set(box.deliveries.map((it) => it.token)).size).toBe(CROWD);
    expect(box.deliveries).toHaveLength(CROWD);
    expect(await page.getByText(/deliver/i).count()).toBe(0);
    await page.keyboard.press('n');
    expect(await page.getByLabel('Title').inputValue()).toBe('');
  });

  itInSystem(
    'cancels an alert in the middle, and names the colleague who sent it first, also without a socket',
    async () => {
      const [page, other] = [
        await openDesk('Nils Holt', 'editor', { socket: false }),
        await openDesk('Ida Moe', 'admin'),
      ];
      await page.getByRole('link', { name: 'Alerts' }).click();
      await write(page);
      await page.keyboard.press('Control+Enter');
      await seen(page.getByRole('button', { name: /Send to/ }));
      await other.getByRole('link', { name: 'Alerts' }).click();
      await other.locator('[data-alert]').first().click();
      await seen(other.getByRole('button', { name: /Send to/ }));
      answerOnly(100);
      // This desk gets no news for a while, and sends an alert that somebody else has sent.
      await page.route(/alerts\?/, (route) => route.abort());
      await other.bringToFront();
      await other.keyboard.press('s');
      await other.keyboard.press('w');
      await seen(other.getByRole('button', { name: /^Stop/ }));
      await page.bringToFront();
      await page.keyboard.press('s');
      await page.keyboard.press('w');
      await seen(page.getByText(/It was written by Nils Holt and can be sent only once/));
      await page.unroute(/alerts\?/);
      await until('some accepted', async () => (await figure(page, 'accepted')) >= 50);
      await page.keyboard.press('x');
      await seen(page.getByText(/^Stopped after \d+ of 240 were accepted/));
      box.release();
      const sum = async (it: Page): Promise<number> => (await figure(it, 'accepted')) + (await figure(it, 'cancelled'));
      for (const it of [page, other]) await until('every browser accounted for', async () => (await sum(it)) === CROWD);
      await shoot(page, '06-stopped');
      expect(await figure(page, 'accepted')).toBe(box.deliveries.length);
      expect(await figure(page, 'cancelled')).toBeGreaterThan(0);
    },
  );

  it('changes a setting after a refusal, undoes it, and finds both in its history', async () => {
    const page = await openDesk('Alma Ruud', 'admin');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('time to edit');
    await page.locator('[data-setting="conversation.edit_window_minutes"]').click();
    const minutes = page.getByRole('textbox', { name: 'Time to edit' });
    await minutes.fill('99999');
    await page.keyboard.press('Control+Enter');
    await seen(page.getByText(/was not changed. It must be/));
    await minutes.fill('20');
    await page.getByLabel('Why').fill('Readers asked for it.');
    await shoot(page, '11-a-setting');
    await page.keyboard.press('Control+Enter');
    await seen(page.getByText('“Time to edit” is changed, and in force within seconds.'));
    await seen(page.locator('.versions').getByText('Readers asked for it.'));
    await shoot(page, '12-a-changed-setting');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await seen(page.getByText('The change of “Time to edit” is undone.'));
    await seen(page.locator('.versions li').nth(1).getByRole('button', { name: 'Use this value again' }));
    expect(await minutes.inputValue()).toBe('15');
    await page.setViewportSize({ width: 390, height: 780 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await shoot(page, '13-a-setting-on-a-phone');
  });

  it('shows no alerts to moderators, not even by their URL', async () => {
    const page = await openDesk('Vera Lund', 'moderator');
    expect(await page.getByRole('link', { name: 'Alerts' }).count()).toBe(0);
    await page.evaluate(() => void (location.hash = '#alerts/new'));
    await page.waitForURL(/#reported/);
    expect(await page.getByLabel('Title').count()).toBe(0);
    await shoot(page, '07-a-moderator');
  });

  itInSystem('fits a phone in dark mode', async () => {
    const phone: DeskOptions = {
      viewport: { width: 390, height: 780 },
      isMobile: true,
      hasTouch: true,
      colorScheme: 'dark',
    };
    const page = await openDesk('Per Aas', 'editor', phone);
    await page.getByRole('link', { name: 'Alerts' }).click();
    await seen(page.locator('[data-alert]').first());
    await shoot(page, '08-phone-list');
    await page.getByRole('link', { name: 'New alert' }).click();
    await write(page);
    await shoot(page, '09-phone-written');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.getByRole('button', { name: /Check and count/ }).click();
    await seen(page.getByRole('button', { name: /Send to/ }));
    await shoot(page, '10-phone-checked');
    await page.getByRole('link', { name: 'Back to the alerts' }).click();
    await seen(page.locator('[data-alert]').first());
  });
});

interface DeskOptions extends BrowserContextOptions {
  socket?: boolean;
}

const seen = (locator: Locator): Promise<void> => locator.waitFor({ state: 'visible', timeout: 30_000 });
