import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import { setDemoWords } from '../support/demo-words.js';
import { hasChromium, launchChromium, openBrowserFixture, type BrowserFixture, SHOTS } from '../support/browser.js';
import { stripeFor } from '../support/stripe.js';
import { it, itInSystem } from '../support/tier.js';
import { until } from '../support/until.js';

// Takes a picture of each step: STORY_SHOTS=folder npm test -- test/browser/donate.spec.ts

const STORY = '/stories/ferries-return';

const described = hasChromium ? describe : describe.skip;

described('a donation in the browser', () => {
  let stripe: StripeStandIn;
  let fixture: BrowserFixture;
  let browser: Browser;
  const errors: string[] = [];

  beforeAll(async () => {
    const { stripe: standIn, env } = await stripeFor();
    stripe = standIn;
    [fixture, browser] = await Promise.all([openBrowserFixture(env), launchChromium()]);
    await setDemoWords(fixture.app);
    await stripe.setWebhook(`${fixture.origin}/api/v1/webhooks/stripe`);
  }, 240_000);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((it) => it.close()));
    await stripe.clearFaults();
    await stripe.flush();
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
    await stripe?.close();
  });

  /** A reader's browser in a country, which the edge names by a header. */
  const reader = async (country: string = 'US', options: BrowserContextOptions = {}): Promise<BrowserContext> => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options });
    // An edge adds the header on the way, so the page's own requests stay as they are.
    await context.route(`${fixture.origin}/api/v1/donations/options*`, (route) =>
      route.continue({ headers: { ...route.request().headers(), 'cf-ipcountry': country } }),
    );
    return context;
  };
  const open = async (context: BrowserContext, url = `${fixture.demo}${STORY}`): Promise<Page> => {
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
    fixture.app.sql<{ id: string; state: string; amount: string; currency: string; recurrence: string }>(
      'select id, state, amount_minor as amount, currency, recurrence from donations order by created_at, id',
    );
  /** Presses the button and waits for Stripe's hosted page. */
  const toCheckout = async (page: Page, button: string): Promise<void> => {
    await appeal(page).getByRole('button', { name: button, exact: true }).click();
    await page.waitForURL(`${stripe.url}/c/pay/**`);
  };

  itInSystem('shows the words and the currency of the country, or of the country that the reader chose', async () => {
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

  it('makes one donation by keyboard when the button is pressed five times, and says thank you', async () => {
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
    await page.waitForURL(`${fixture.origin}/thank-you?donation=${before[0]!.id}#proof=**`);
    await seen(page.getByRole('heading', { name: 'Thank you' }));
    await seen(page.getByText('You gave $100.'));
    await shoot(page, 'paid-once');
    await page.getByRole('link', { name: 'Back to the story' }).click();
    await page.waitForURL(`${fixture.demo}${STORY}`);
  });

  it('makes a monthly donation with a badge for a signed-in reader', async () => {
    const context = await reader();
    await fixture.app.get(AccountsService).ensure('ann@example.test', 'Ann Monthly', 'reader');
    const link = await open(context, await fixture.app.get(SignInService).createLink('ann@example.test'));
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
    const [account] = await fixture.app.sql<{ supporter: boolean }>(
      `select supporter from accounts where display_name = 'Ann Monthly'`,
    );
    expect(account?.supporter).toBe(true);

    // The form knows it, so that no second one is begun by mistake.
    const story = await open(context);
    await seen(appeal(story).getByText('You give $10 a month already.'));
    await shoot(appeal(story), 'already');
    await appeal(story).getByRole('link', { name: 'Manage' }).click();
    await seen(story.getByText('You give $10 a month.'));

    // The donor stops it on Stripe's page.
    await page.getByRole('button', { name: 'Manage or stop this gift' }).click();
    await page.waitForURL(`${stripe.url}/p/session/**`);
    await page.getByRole('button', { name: 'Cancel subscription' }).click();
    await seen(page.getByRole('button', { name: 'Don’t cancel' }));
    await page.getByRole('link', { name: 'Return to the site' }).click();
    await page.waitForURL(`${fixture.origin}/thank-you?donation=**`);
    await until('its end to be known', async () => {
      await page.reload();
      await seen(page.getByText('You give $10 a month.'));
      return page.getByText(/It ends on .* Nothing more will be charged/).isVisible();
    });
    await shoot(page, 'ending-monthly');
  });

  itInSystem(
    'shows and manages a donation by its own proof when the cookies are gone, and in another browser',
    async () => {
      const context = await reader();
      const page = await open(context);
      await appeal(page).getByRole('radio', { name: 'Monthly' }).check();
      await toCheckout(page, 'Give $10 a month');
      await context.clearCookies();
      await page.getByRole('button', { name: /Subscribe/ }).click();
      await seen(page.getByText('You give $10 a month.'));
      const address = page.url();
      const elsewhere = await open(await reader(), address);
      await elsewhere.getByRole('button', { name: 'Manage or stop this gift' }).click();
      await elsewhere.waitForURL(`${stripe.url}/p/session/**`);
      await elsewhere.getByRole('link', { name: 'Return to the site' }).click();
      await elsewhere.waitForURL(address);
      await seen(elsewhere.getByText('You give $10 a month.'));
      const forged = await open(await reader(), `${address.slice(0, -4)}AAAA`);
      await seen(forged.getByText(/This link is not complete or was changed/));
      await shoot(forged, 'forged');
    },
  );

  itInSystem('shows a payment as awaited, and as paid without a reload when the webhook comes', async () => {
    await stripe.hold();
    // Rostra's own requests to Stripe fail as well.
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

  itInSystem('shows a payment as paid when no webhook comes, because Rostra asks Stripe', async () => {
    await stripe.hold();
    const page = await open(await reader());
    await toCheckout(page, 'Give $50');
    await page.getByRole('button', { name: 'Donate $50.00' }).click();
    await seen(page.getByRole('heading', { name: 'Thank you' }));
  });

  itInSystem('keeps the choice and the one donation when the reader goes back and begins again', async () => {
    const before = (await gifts()).length;
    // This address is too long to return to once it is percent-encoded, so its query is dropped.
    const page = await open(await reader(), `${fixture.demo}${STORY}?fbclid=${'é'.repeat(400)}`);
    await appeal(page).getByRole('radio', { name: 'Other' }).click();
    await page.keyboard.type('12,50');
    await toCheckout(page, 'Give $12.50');
    const checkout = page.url();
    await page.goBack();
    await toCheckout(page, 'Give $12.50');
    expect(page.url()).toBe(checkout);
    await page.getByRole('link', { name: 'Back', exact: true }).click();
    await page.waitForURL(`${fixture.demo}${STORY}#support`);
    const again = appeal(page).getByRole('button', { name: 'Give $12.50' });
    await seen(again);
    const inView = (it: Element): boolean => {
      const { top, bottom } = it.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    };
    await until('the way back to lead to the appeal, not past it', () => again.evaluate(inView));
    expect(await gifts()).toHaveLength(before + 1);

    await page.goto(`${fixture.demo}${STORY}?mail=rita`);
    await appeal(page).getByRole('textbox').fill('13');
    await toCheckout(page, 'Give $13');
    expect(page.url()).not.toBe(checkout);
    expect(await gifts()).toHaveLength(before + 2);
    await page.getByRole('link', { name: 'Back', exact: true }).click();
    // The way back has no query: Stripe does not get it, because it may name the reader.
    await page.waitForURL(`${fixture.demo}${STORY}#support`);
  });

  itInSystem('shows a link when the browser does not leave, and works again when the page is restored', async () => {
    const page = await (await reader()).newPage();
    await page.clock.install();
    await page.goto(`${fixture.demo}${STORY}`);
    await page.route(`${stripe.url}/**`, (route) => route.fulfill({ status: 204 })); // the page stays
    await appeal(page).getByRole('button', { name: 'Give $50' }).click();
    await seen(appeal(page).getByRole('button', { name: 'Taking you to Stripe…' }));
    await page.clock.fastForward(9_000);
    await seen(appeal(page).getByRole('link', { name: 'Go on to Stripe' }));
    // A browser sends this to a page that it kept and shows again. Playwright's Chromium keeps none.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await seen(appeal(page).getByRole('button', { name: 'Give $50' }));
    expect(await appeal(page).getByRole('link', { name: 'Go on to Stripe' }).count()).toBe(0);
  });

  itInSystem('does not show a payment as paid because the address says so', async () => {
    const donor = await reader();
    const page = await open(donor);
    await toCheckout(page, 'Give $50');
    const { id } = (await gifts()).at(-1)!;
    const forged = await donor.newPage();
    await forged.clock.install();
    await forged.goto(`${fixture.origin}/thank-you?donation=${id}&status=paid&session_id=cs_test_1`);
    await seen(forged.getByRole('heading', { name: 'We are waiting for Stripe' }));
    await forged.clock.fastForward(21_000);
    await seen(forged.getByText(/can take some days/));
    await shoot(forged, 'slow');
    expect((await gifts()).find((it) => it.id === id)?.state).toBe('open');

    // A stranger sees neither a paid donation of somebody else nor one that does not exist.
    await page.getByRole('button', { name: 'Donate $50.00' }).click();
    await seen(page.getByRole('heading', { name: 'Thank you' }));
    const others = await reader();
    for (const address of [`?donation=${id}`, '?donation=AAAAAAAAAAAAAAAAAAAAAAAA', '']) {
      const stranger = await open(others, `${fixture.origin}/thank-you${address}`);
      await seen(stranger.getByRole('heading', { name: 'There is no gift to show here' }));
      expect(await stranger.locator('body').innerText()).not.toMatch(/\$|paid/);
    }
  });

  it('sweep: marks the chosen amount in the accent of the page, in light and dark', async () => {
    const page = await open(await reader());
    const chosen = appeal(page).locator('.much .seg :checked + span');
    await chosen.waitFor();
    /** Compares red with blue. A form that was just drawn anew may have taken the element away, which then has no colour. */
    const isDrawn = async (fits: (red: number, blue: number) => boolean): Promise<boolean> => {
      const text = await chosen.evaluate((it) => getComputedStyle(it).backgroundColor);
      const [, red, , blue] = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)/.exec(text)?.map(Number) ?? [];
      return red !== undefined && blue !== undefined && fits(red, blue);
    };
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await until('the own accent', () => isDrawn((red, blue) => red > blue));
      await page.evaluate(() => {
        for (const it of ['--rostra-accent', '--rostra-accent-dark'])
          document.documentElement.style.setProperty(it, '#0a5c8c');
      });
      await until('the accent of the page', () => isDrawn((red, blue) => red < blue));
      await shoot(appeal(page), `accent-${colorScheme}`);
      await page.evaluate(() => document.documentElement.removeAttribute('style'));
    }
  });

  it('sweep: leaves out what asks for something when the story is printed', async () => {
    const page = await open(await reader());
    await appeal(page).getByRole('button', { name: 'Give $50' }).waitFor();
    const elements = ['rostra-donate', 'rostra-alerts', 'rostra-composer'].map((it) => page.locator(it));
    await page.locator('rostra-composer').waitFor();
    const heights = () => Promise.all(elements.map((it) => it.evaluate((node) => node.getBoundingClientRect().height)));
    expect(Math.min(...(await heights()))).toBeGreaterThan(30);
    await page.emulateMedia({ media: 'print' });
    expect(await heights()).toEqual([0, 0, 0]);
    await seen(page.locator('h1'));
  });

  it('refuses amounts outside the table, and says what to do when Stripe does not answer', async () => {
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
    await field.fill('7.555');
    await seen(appeal(page).getByText('Please type at most two decimal places, such as $50.50'));
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

  itInSystem('leaves story and conversation as they are when the donation API fails', async () => {
    const context = await reader();
    await context.route('**/api/v1/donations/**', (route) => route.abort());
    const page = await open(context);
    await seen(appeal(page).getByRole('button', { name: 'Try again' }));
    await seen(page.locator('rostra-comments').getByText('Nobody has commented yet'));
    await context.unroute('**/api/v1/donations/**');
    await appeal(page).getByRole('button', { name: 'Try again' }).click();
    await seen(appeal(page).getByRole('button', { name: 'Give $50' }));
  });

  itInSystem('reserves its space while it loads, and frees it when donations are switched off', async () => {
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

    // Rostra answers like this without a key (double-click.spec.ts).
    const off = await reader();
    await off.route('**/api/v1/donations/options**', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), enabled: false, provider: null } });
    });
    const quiet = await open(off);
    await seen(quiet.locator('rostra-comments').getByText('Nobody has commented yet'));
    await until('the appeal to leave', () => appeal(quiet).isHidden());
  });

  if (SHOTS)
    it('is pictured in dark mode, on a phone and from right to left', async () => {
      for (const [name, options] of Object.entries({
        dark: { colorScheme: 'dark' },
        phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
      } satisfies Record<string, BrowserContextOptions>)) {
        const page = await open(await reader('US', options));
        await appeal(page).getByRole('radio', { name: 'Yearly' }).check();
        await seen(appeal(page).getByRole('button', { name: /a year/ }));
        await shoot(appeal(page), name);
        await page.goto(`${fixture.origin}/thank-you`);
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
/** The text of the whole appeal. */
const words = (page: Page): Promise<string> => appeal(page).locator('section').innerText();
const seen = (locator: Locator): Promise<void> => locator.first().waitFor({ state: 'visible', timeout: 30_000 });

/** The id or the text of the element that has the focus, in any shadow tree. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let it = document.activeElement;
    while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
    return it?.id || (it as HTMLElement | null)?.innerText.trim() || '';
  });
