import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium } from '../support/browser.js';
import { StripeFixture, refusal } from './stripe-fixture.js';

let fixture: StripeFixture;
beforeAll(async () => {
  fixture = await StripeFixture.open();
});
afterAll(() => fixture.close());

const press = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

describe('the hosted page', () => {
  it('shows the payment and that it is a stand-in, and has no script', async () => {
    const { url } = await fixture.session({
      line_items: [
        {
          quantity: 1,
          price_data: { currency: 'jpy', unit_amount: 1500, product_data: { name: '<b>"Gift" & more</b>' } },
        },
      ],
    });
    const response = await fetch(url!);
    const page = await response.text();
    expect(page).toContain('This is an offline stand-in for Stripe. It asks for no card and moves no money.');
    expect(page).toContain('Donate ¥1,500');
    expect(page).not.toContain('<b>');
    expect(page).toContain('&#60;b&#62;&#34;Gift&#34; &#38; more');
    expect(page).not.toMatch(/<script|card.?number|cc-number/i);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' http://localhost:9;");
    expect((await fetch(`${fixture.standIn.url}/stand-in.css`)).headers.get('content-type')).toMatch(/css/);
  });

  it('leads to the success page with the session’s id, and pays once when pressed twice', async () => {
    const { id, url } = await fixture.session();
    const fields = { press: 'card', email: 'ann@example.org', name: 'Ann' };
    const paid = await press(url!, fields);
    expect([paid.status, paid.headers.get('location')]).toEqual([303, `http://localhost:9/thank-you?s=${id}`]);
    const again = await press(url!, fields);
    expect(again.headers.get('location')).toBe(`http://localhost:9/thank-you?s=${id}`);
    const { payment_intent, customer_details } = await fixture.stripe.checkout.sessions.retrieve(id);
    expect(customer_details!.email).toBe('ann@example.org');
    expect((await fixture.stripe.charges.list({ payment_intent: payment_intent as string })).data).toHaveLength(1);
    expect(await (await fetch(url!)).text()).toContain('has been used');
  });

  it('shows a subscription in the customer portal, cancels it at the end of its period, and continues it', async () => {
    const subscription = await fixture.subscribed();
    const { customer } = await fixture.stripe.subscriptions.retrieve(subscription);
    const portal = { customer: customer as string, return_url: 'http://localhost:9/thank-you' };
    const { url, object } = await fixture.stripe.billingPortal.sessions.create(portal);
    expect(object).toBe('billing_portal.session');
    expect(await (await fetch(url)).text()).toMatch(
      /£5\.00 <small>per month<\/small>[^]*It renews on [^]*Cancel subscription/,
    );
    await press(url, { press: 'cancel', subscription });
    const ending = await fixture.stripe.subscriptions.retrieve(subscription);
    expect([ending.status, ending.cancel_at_period_end]).toEqual(['active', true]);
    expect(ending.cancel_at).toBe(ending.items.data[0]!.current_period_end);
    const page = await (await fetch(url)).text();
    expect(page).toMatch(/It ends on [^]*Don’t cancel/);
    expect(page).toContain('href="http://localhost:9/thank-you"');
    await press(url, { press: 'renew', subscription });
    expect((await fixture.stripe.subscriptions.retrieve(subscription)).cancel_at_period_end).toBe(false);

    expect((await press(url, { press: 'cancel', subscription: await fixture.subscribed() })).status).toBe(400);
    expect((await fetch(`${fixture.standIn.url}/p/session/bps_none`)).status).toBe(404);
    const unknown = fixture.stripe.billingPortal.sessions.create({ ...portal, customer: 'cus_none' });
    expect(await refusal(unknown)).toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'customer' });
  });

  it('says that the card was declined and that nothing was charged', async () => {
    const { url } = await fixture.session();
    const declined = await press(url!, { press: 'declined_card' });
    const page = await fetch(new URL(declined.headers.get('location')!, url!));
    expect(await page.text()).toMatch(/Your card was declined\. You have not been charged/);
  });

  it('keeps the e-mail address of the session', async () => {
    const { id, url } = await fixture.session({ customer_email: 'ben@example.org' });
    await press(url!, { press: 'card', email: 'mallory@example.org' });
    expect((await fixture.stripe.checkout.sessions.retrieve(id)).customer_details!.email).toBe('ben@example.org');
  });

  it('refuses unknown buttons, and unknown and expired sessions', async () => {
    const { id, url } = await fixture.session();
    expect((await press(url!, { press: 'free' })).status).toBe(400);
    expect((await fetch(`${fixture.standIn.url}/c/pay/cs_test_none`)).status).toBe(404);
    await fixture.stripe.checkout.sessions.expire(id);
    const page = await (await fetch(url!)).text();
    expect(page).toContain('expired');
    expect(page).toContain('href="http://localhost:9/story"');
    expect(page).not.toContain('<form');
  });
});

describe('the dashboard', () => {
  const press = (fields: Record<string, string>, site = 'same-origin') =>
    fetch(fixture.standIn.url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
      headers: { 'sec-fetch-site': site },
    });
  const paid = async (how: 'card' | 'bank_debit') => (await fixture.standIn.pay((await fixture.session()).id, how)).id;

  it('settles a debit, refunds a payment, and renews and cancels a subscription', async () => {
    const id = await paid('bank_debit');
    const page = await (await fetch(fixture.standIn.url)).text();
    expect(page).toContain('The bank debit is running');
    expect(page).toContain(`value="${id}"`);
    expect((await press({ press: 'arrive', id })).headers.get('location')).toBe('/');
    expect((await press({ press: 'refund', id })).status).toBe(303);
    expect((await fixture.eventTypes()).slice(-6)).toEqual(
      expect.arrayContaining(['checkout.session.async_payment_succeeded', 'refund.created', 'charge.refunded']),
    );
    const subscription = await fixture.subscribed();
    await press({ press: 'lapse', id: subscription });
    expect((await fixture.stripe.subscriptions.retrieve(subscription)).status).toBe('past_due');
    await press({ press: 'cancel', id: subscription });
    expect(await (await fetch(fixture.standIn.url)).text()).toContain('Subscription: canceled');
  });

  it('refuses requests of another site, and gives the reason of a refusal', async () => {
    const id = await paid('card');
    expect((await press({ press: 'refund', id }, 'cross-site')).status).toBe(403);
    expect((await press({ press: 'close', id })).status).toBe(400);
    await press({ press: 'refund', id });
    const again = await press({ press: 'refund', id });
    expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('already been refunded')]);
  });
});

(hasChromium ? describe : describe.skip)('the hosted page in a browser without scripts', () => {
  let browser: Browser;
  let site: Server;
  let origin: string;
  beforeAll(async () => {
    browser = await launchChromium();
    site = createServer((request, response) => response.end(`here: ${request.url}`)).listen(0);
    await once(site, 'listening');
    origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await browser.close();
    site.close();
    site.closeAllConnections();
  });

  it('works on a phone: a declined card, the way back, and a payment', async () => {
    const phone = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 320, height: 640 },
      colorScheme: 'dark',
    });
    const page = await phone.newPage();
    const places = { success_url: `${origin}/thanks`, cancel_url: `${origin}/story` };
    const { url } = await fixture.monthly(places);
    await page.goto(url!);
    await page.getByText('per month').waitFor();
    await page.getByRole('button', { name: 'Declined card' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.locator('html').evaluate((it) => it.scrollWidth)).toBeLessThanOrEqual(320);
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByText('here: /story').waitFor();
    await page.goto(url!);
    await page.getByRole('button', { name: 'Subscribe £5.00' }).click();
    await page.getByText('here: /thanks').waitFor();
    await page.goto(fixture.standIn.url);
    await page.getByRole('listitem').first().getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('listitem').first().getByText('Subscription: canceled').waitFor();
    await phone.close();
  });
});
