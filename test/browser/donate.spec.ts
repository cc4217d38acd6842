import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import { hasChromium, launchChromium, openStage, type BrowserFixture } from '../support/browser.js';
import { stripeFor } from '../support/stripe.js';
import { until } from '../support/until.js';

// Pictures of each step, to be looked at: STORY_SHOTS=folder npm test -- test/browser/donate.spec.ts
const SHOTS = process.env.STORY_SHOTS;
const STORY = '/stories/ferries-return';

const described = hasChromium ? describe : describe.skip;

described('giving', () => {
  let stripe: StripeStandIn;
  let stage: BrowserFixture;
  let browser: Browser;
  const errors: string[] = [];

  beforeAll(async () => {
    const { stripe: standIn, env } = await stripeFor();
    stripe = standIn;
    [stage, browser] = [await openStage(env), await launchChromium()];
    await stripe.setWebhook(`${stage.origin}/api/v1/webhooks/stripe`);
  }, 240_000);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((it) => it.close()));
    await stripe.clearFaults();
    await stripe.flush();
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
    await stripe?.close();
  });

  /** Somebody's browser, where the edge says they are. */
  const reader = async (country: string = 'US', options: BrowserContextOptions = {}): Promise<BrowserContext> => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options });
    // As an edge adds it, behind the browser's back: the page's own requests stay as they are.
    await context.route(`${stage.origin}/api/v1/donations/options*`, (route) =>
      route.continue({ headers: { ...route.request().headers(), 'cf-ipcountry': country } }),
    );
    return context;
  };
  const open = async (context: BrowserContext, url = `${stage.demo}${STORY}`): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(`${url}: ${error.message}`));
    await page.goto(url);
    return page;
  };
  const shoot = async (what: Page | Locator, step: string): Promise<void> => {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await what.screenshot({ path: join(SHOTS, `donate-${step}.png`) });
  };
  const gifts = () =>
    stage.app.sql<{ id: string; state: string; amount: string; currency: string; recurrence: string }>(
      'select id, state, amount_minor as amount, currency, recurrence from donations order by created_at, id',
    );
  /** Goes to the hosted page, whose address names the session. */
  const toCheckout = async (page: Page, button: string): Promise<void> => {
    await appeal(page).getByRole('button', { name: button, exact: true }).click();
    await page.waitForURL(`${stripe.url}/c/pay/**`);
  };

  it('asks in the words and the money of the country, and of the reader’s own choice before that', async () => {
    const here = await open(await reader('US'));
    await seen(appeal(here).getByRole('button', { name: 'Give $50' }));
    await seen(appeal(here).getByText('Card details go to Stripe, never to us.'));
    expect(await words(here)).toMatch(/United States.*stay free/s);
    await shoot(appeal(here), 'us');

    const there = await open(await reader('GB'));
    await seen(appeal(there).getByRole('button', { name: 'Give £30' }));
    expect(await words(there)).toMatch(/Gift Aid/);
    expect(await words(there)).not.toMatch(/United States pay/);
    await shoot(appeal(there), 'gb');

    await appeal(there).getByLabel('Not your country?').selectOption('Japan');
    await seen(appeal(there).getByRole('button', { name: 'Give ¥5,000' }));
    await there.reload();
    await seen(appeal(there).getByRole('button', { name: 'Give ¥5,000' }));
  });

  it('takes a gift by keyboard alone, once, however often the button is pressed, and thanks for it', async () => {
    const page = await open(await reader());
    await appeal(page).getByRole('radio', { name: 'Once' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await seen(appeal(page).getByRole('button', { name: 'Give $100' }));
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Give $100');
    await appeal(page)
      .getByRole('button', { name: 'Give $100' })
      .evaluate((button: HTMLElement) => {
        for (let n = 0; n < 5; n += 1) button.click();
      });
    await page.waitForURL(`${stripe.url}/c/pay/**`);
    const before = await gifts();
    expect(before).toHaveLength(1);
    expect(before[0]).toMatchObject({ amount: '10000', currency: 'usd', recurrence: 'once' });
    await page.getByRole('button', { name: 'Donate $100.00' }).click();
    await page.waitForURL(`${stage.origin}/thank-you?donation=${before[0]!.id}`);
    await seen(page.getByRole('heading', { name: 'Thank you' }));
    await seen(page.getByText('You gave $100.'));
    await shoot(page, 'paid-once');
    await page.getByRole('link', { name: 'Back to the story' }).click();
    await page.waitForURL(`${stage.demo}${STORY}`);
  });

  it('takes a monthly gift with a badge from a signed-in reader', async () => {
    const context = await reader();
    await stage.app.get(AccountsService).ensure('ann@example.test', 'Ann Monthly', 'reader');
    const link = await open(context, await stage.app.get(SignInService).createLink('ann@example.test'));
    await link.getByRole('main').getByRole('button').first().click();
    await seen(link.getByText(/you are signed in/));
    const page = await open(context);
    await appeal(page).getByRole('radio', { name: 'Monthly' }).check();
    await appeal(page).getByRole('radio', { name: '$10', exact: true }).check();
    const badge = appeal(page).getByLabel(/supporter’s badge/);
    expect(await badge.isChecked()).toBe(false);
    await badge.check();
    await shoot(appeal(page), 'monthly');
    await toCheckout(page, 'Give $10 a month');
    await page.getByRole('button', { name: /Subscribe/ }).click();
    await seen(page.getByText('You give $10 a month.'));
    await seen(page.getByText(/every month until you stop it/));
    await seen(page.getByText(/badge is beside your comments/));
    await shoot(page, 'paid-monthly');
    const [account] = await stage.app.sql<{ supporter: boolean }>(
      `select supporter from accounts where display_name = 'Ann Monthly'`,
    );
    expect(account?.supporter).toBe(true);

    // Whoever gave it stops it, on Stripe's page.
    await page.getByRole('button', { name: 'Manage or stop this gift' }).click();
    await page.waitForURL(`${stripe.url}/p/session/**`);
    await page.getByRole('button', { name: 'Cancel subscription' }).click();
    await seen(page.getByRole('button', { name: 'Don’t cancel' }));
    await page.getByRole('link', { name: 'Return to the site' }).click();
    await page.waitForURL(`${stage.origin}/thank-you?donation=**`);
    await until('its end to be known', async () => {
      await page.reload();
      await seen(page.getByText('You give $10 a month.'));
      return page.getByText(/It ends on .* Nothing more will be charged/).isVisible();
    });
    await shoot(page, 'ending-monthly');
  });

  it('says that a payment is awaited, and turns to paid by itself when Stripe’s word comes', async () => {
    await stripe.hold();
    // Our own question to Stripe is not answered either.
    await stripe.failNextCall({ kind: 500, times: 10_000, method: 'GET', path: '/v1/checkout/sessions/' });
    await stripe.failNextCall({ kind: 500, times: 10_000, path: '/v1/events' });
    const page = await open(await reader());
    await toCheckout(page, 'Give $50');
    await page.getByRole('button', { name: 'Donate $50.00' }).click();
    await seen(page.getByRole('heading', { name: 'We are waiting for Stripe' }));
    await shoot(page, 'pending');
    expect(await page.getByText('Thank you').count()).toBe(0);
    await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
    await stripe.flush();
    await seen(page.getByRole('heading', { name: 'Thank you' }));
    expect(await page.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
  });

  it('is paid where no webhook ever comes, since Stripe is asked', async () => {
    await stripe.hold();
    const page = await open(await reader());
    await toCheckout(page, 'Give $50');
    await page.getByRole('button', { name: 'Donate $50.00' }).click();
    await seen(page.getByRole('heading', { name: 'Thank you' }));
  });

  it('can be begun again after the Back button, as it was chosen, and is still one gift', async () => {
    const before = (await gifts()).length;
    // An address too long to come back to, once it is written as browsers do, is left without its query.
    const page = await open(await reader(), `${stage.demo}${STORY}?fbclid=${'é'.repeat(400)}`);
    await appeal(page).getByRole('radio', { name: 'Other' }).click();
    await page.keyboard.type('12,50');
    await toCheckout(page, 'Give $12.50');
    const checkout = page.url();
    await page.goBack();
    await toCheckout(page, 'Give $12.50');
    expect(page.url()).toBe(checkout);
    await page.getByRole('link', { name: 'Back', exact: true }).click();
    await page.waitForURL(`${stage.demo}${STORY}#support`);
    const again = appeal(page).getByRole('button', { name: 'Give $12.50' });
    await seen(again);
    const inView = (it: Element): boolean => {
      const { top, bottom } = it.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    };
    await until('the way back to lead to the appeal, not past it', () => again.evaluate(inView));
    expect(await gifts()).toHaveLength(before + 1);

    await page.goto(`${stage.demo}${STORY}?mail=rita`);
    await appeal(page).getByRole('textbox').fill('13');
    await toCheckout(page, 'Give $13');
    expect(page.url()).not.toBe(checkout);
    expect(await gifts()).toHaveLength(before + 2);
    await page.getByRole('link', { name: 'Back', exact: true }).click();
    // Back to the story; Stripe was told nothing of the query, which may say who reads it.
    await page.waitForURL(`${stage.demo}${STORY}#support`);
  });

  it('shows the way where the browser does not leave, and is usable again where the page comes back as it was', async () => {
    const page = await (await reader()).newPage();
    await page.clock.install();
    await page.goto(`${stage.demo}${STORY}`);
    await page.route(`${stripe.url}/**`, (route) => route.fulfill({ status: 204 })); // the page stays
    await appeal(page).getByRole('button', { name: 'Give $50' }).click();
    await seen(appeal(page).getByRole('button', { name: 'Taking you to Stripe…' }));
    await page.clock.fastForward(9_000);
    await seen(appeal(page).getByRole('link', { name: 'Go on to Stripe' }));
    // What a browser tells a page that it kept and shows again; Playwright's Chromium keeps none.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await seen(appeal(page).getByRole('button', { name: 'Give $50' }));
    expect(await appeal(page).getByRole('link', { name: 'Go on to Stripe' }).count()).toBe(0);
  });

  it('is not paid because an address says so', async () => {
    const giver = await reader();
    const page = await open(giver);
    await toCheckout(page, 'Give $50');
    const { id } = (await gifts()).at(-1)!;
    const forged = await giver.newPage();
    await forged.clock.install();
    await forged.goto(`${stage.origin}/thank-you?donation=${id}&status=paid&session_id=cs_test_1`);
    await seen(forged.getByRole('heading', { name: 'We are waiting for Stripe' }));
    await forged.clock.fastForward(21_000);
    await seen(forged.getByText(/can take some days/));
    await shoot(forged, 'slow');
    expect((await gifts()).find((it) => it.id === id)?.state).toBe('open');

    // Nor does somebody else's paid gift show itself, nor one that never was.
    await page.getByRole('button', { name: 'Donate $50.00' }).click();
    await seen(page.getByRole('heading', { name: 'Thank you' }));
    const others = await reader();
    for (const address of [`?donation=${id}`, '?donation=AAAAAAAAAAAAAAAAAAAAAAAA', '']) {
      const stranger = await open(others, `${stage.origin}/thank-you${address}`);
      await seen(stranger.getByRole('heading', { name: 'There is no gift to show here' }));
      expect(await stranger.locator('body').innerText()).not.toMatch(/\$|paid/);
    }
  });

  it('holds typed amounts to the table, and says what to do where Stripe is away', async () => {
    const page = await open(await reader());
    await appeal(page).getByRole('radio', { name: 'Other' }).click();
    const field = appeal(page).getByRole('textbox', { name: 'Your amount in USD' });
    expect(await focused(page)).toBe('own');
    await field.fill('1.99');
    await field.press('Enter');
    await seen(appeal(page).getByText('The smallest gift here is $2.'));
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await field.fill('£5');
    await seen(appeal(page).getByText('Please type the amount in figures, such as $50.'));
    await field.fill('10,000.01');
    await seen(appeal(page).getByText('The largest gift here is $10,000.'));
    await shoot(appeal(page), 'too-much');
    await field.fill('2');
    await stripe.failNextCall({ kind: 500, times: 3, path: '/v1/checkout/sessions' });
    await appeal(page).getByRole('button', { name: 'Give $2', exact: true }).click();
    await seen(appeal(page).getByText(/Stripe does not answer just now. Nothing was charged/));
    await shoot(appeal(page), 'stripe-away');
    await stripe.clearFaults();
    await toCheckout(page, 'Give $2');
  });

  it('stands in nobody’s way: what fails here leaves story and conversation as they are', async () => {
    const context = await reader();
    await context.route('**/api/v1/donations/**', (route) => route.abort());
    const page = await open(context);
    await seen(appeal(page).getByRole('button', { name: 'Try again' }));
    await seen(page.locator('rostra-comments').getByText('Nobody has said anything yet'));
    await context.unroute('**/api/v1/donations/**');
    await appeal(page).getByRole('button', { name: 'Try again' }).click();
    await seen(appeal(page).getByRole('button', { name: 'Give $50' }));
  });

  it('keeps its place from the first moment, and leaves it where gifts are switched off', async () => {
    const context = await reader();
    let answer: (() => void) | undefined;
    await context.route('**/api/v1/donations/options**', async (route) => {
      await new Promise<void>((done) => (answer = done));
      await route.fallback();
    });
    const page = await open(context);
    const below = () => page.locator('rostra-comments').evaluate((it) => it.getBoundingClientRect().top + scrollY);
    await seen(appeal(page).locator('.hold'));
    const top = await below();
    await shoot(appeal(page), 'before');
    await until('the options to be asked for', () => answer);
    answer!();
    await seen(appeal(page).getByRole('button', { name: 'Give $50' }));
    expect(Math.abs((await below()) - top)).toBeLessThan(8);

    // As Rostra answers without a key (double-click.spec.ts).
    const off = await reader();
    await off.route('**/api/v1/donations/options**', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), enabled: false, provider: null } });
    });
    const quiet = await open(off);
    await seen(quiet.locator('rostra-comments').getByText('Nobody has said anything yet'));
    await until('the appeal to leave', () => appeal(quiet).isHidden());
  });

  if (SHOTS)
    it('has pictures in the dark, on a phone and from right to left', async () => {
      for (const [name, options] of Object.entries({
        dark: { colorScheme: 'dark' },
        phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
      } satisfies Record<string, BrowserContextOptions>)) {
        const page = await open(await reader('US', options));
        await appeal(page).getByRole('radio', { name: 'Yearly' }).check();
        await seen(appeal(page).getByRole('button', { name: /a year/ }));
        await shoot(appeal(page), name);
        await page.goto(`${stage.origin}/thank-you`);
        await seen(page.getByRole('heading'));
        await shoot(page, `${name}-unknown`);
      }
      const page = await open(await reader());
      await page.evaluate(() => (document.documentElement.dir = 'rtl'));
      await seen(appeal(page).getByRole('button', { name: 'Give $50' }));
      await shoot(appeal(page), 'rtl');
    });
});

const appeal = (page: Page): Locator => page.locator('rostra-donate');
/** All its words. */
const words = (page: Page): Promise<string> => appeal(page).locator('section').innerText();
const seen = (locator: Locator): Promise<void> => locator.first().waitFor({ state: 'visible', timeout: 30_000 });

/** The id or the words of what has the focus, within however many shadows. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let it = document.activeElement;
    while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
    return it?.id || (it as HTMLElement | null)?.innerText.trim() || '';
  });
