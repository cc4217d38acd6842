import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArticlesService } from '../../src/articles/articles.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { SITE } from '../support/app.js';
import { type NewDonation, newDonation, DonationsFixture } from './donations-fixture.js';

/** One country for each row of the table of amounts. */
const ROWS = ['US', 'GB', 'DE', 'NO', 'SE', 'DK', 'CH', 'CA', 'AU', 'JP', 'HU', 'KW', 'ZZ'];

describe('the amount of a donation', () => {
  let fixture: DonationsFixture;
  let donor: Actor;

  beforeAll(async () => {
    fixture = await DonationsFixture.start({ webhooks: false, env: { ROLE: 'web' } });
    donor = fixture.app.anonymous();
  });
  afterAll(() => fixture.close());

  const optionsOf = async (country: string): Promise<Schemas['DonationOptions']> =>
    (await donor.get<Schemas['DonationOptions']>(`/donations/options?country=${country}`)).body;
  const sessionOfGift = async (id: string) => (await fixture.sessions()).find((it) => it.client_reference_id === id)!;
  const give = (over: Partial<NewDonation>) =>
    donor.post<Schemas['Checkout'] & { code: string }>('/donations', newDonation(over));

  it.each([
    ['US', 'usd', 1_999],
    ['DE', 'eur', 435],
    ['JP', 'jpy', 5_001],
    ['HU', 'huf', 123_456],
    ['KW', 'kwd', 12_340],
  ])('arrives at Stripe unchanged from %s: %s %i', async (country, currency, amount) => {
    for (const interval of ['once', 'month'] as const) {
      const { status, body } = await give({ country, currency, amount, interval });
      expect(status).toBe(201);
      const session = await sessionOfGift(body.id);
      expect(session).toMatchObject({
        amount_total: amount,
        currency,
        mode: interval === 'once' ? 'payment' : 'subscription',
        submit_type: interval === 'once' ? 'donate' : null,
        ui_mode: 'hosted_page',
        adaptive_pricing: { enabled: false },
        metadata: { donation_id: body.id },
        success_url: expect.stringMatching(
          new RegExp(`^http://localhost:4000/thank-you\\?donation=${body.id}#proof=[\\w-]{43}$`),
        ),
        cancel_url: newDonation().returnUrl,
      });
      const [row] = await fixture.app.sql('select amount_minor, currency from donations where id = $1', [body.id]);
      expect(row).toEqual({ amount_minor: String(amount), currency });
      expect((await donor.get(`/donations/${body.id}`)).body).toMatchObject({ amount, currency, interval });
    }
  });

  it('reaches Stripe without data about the reader or their reading', async () => {
    const reader = await fixture.app.reader('Rita Private');
    const article = await fixture.app.article('story');
    const returnUrl = `${SITE}/story?mail=rita%40example.test&from=newsletter#give`;
    const { body } = await reader.post<Schemas['Checkout']>(
      '/donations',
      newDonation({ article, visibility: 'public', returnUrl }),
    );
    const session = await sessionOfGift(body.id);
    const text = JSON.stringify(session);
    for (const secret of ['Rita', `"${reader.accountId}"`, article, 'example.test', 'newsletter'])
      expect(text).not.toContain(secret);
    // Only the return address is left, without its query.
    expect(session.cancel_url).toBe(`${SITE}/story#give`);
  });

  it('leads back to the article, also when only the query distinguishes it from others', async () => {
    const about = async (url: string): Promise<string> =>
      (await fixture.app.get(ArticlesService).put(randomUUID(), { url, title: 'A story' })).key;
    const seven = await about(`${SITE}/?p=7`);
    const syndicated = await about('https://elsewhere.example/?p=8');
    for (const [over, way] of [
      [{ article: seven, returnUrl: `${SITE}/?p=7&mail=rita#give` }, `${SITE}/?p=7#give`],
      [{ article: seven, returnUrl: `${SITE}/support#give` }, `${SITE}/support#give`],
      [{ article: seven, returnUrl: undefined }, `${SITE}/?p=7`],
      [{ article: syndicated, returnUrl: `${SITE}/here?mail=rita` }, `${SITE}/here`],
      [{ article: syndicated, returnUrl: undefined }, 'http://localhost:4000/'],
      [{ returnUrl: `${SITE}/?mail=rita` }, `${SITE}/`],
    ] as const) {
      const { body } = await donor.post<Schemas['Checkout']>('/donations', { ...newDonation(), ...over });
      expect((await sessionOfGift(body.id)).cancel_url).toBe(way);
    }
  });

  it('gets the country of the edge if it has the currency, else the first that has, when the request names none', async () => {
    const request = { amount: 5_000, interval: 'once', coverFees: false };
    for (const [currency, edge, country, variant] of [
      ['eur', 'DE', 'DE', 'euro'],
      ['usd', 'BR', 'ZZ', 'elsewhere'],
      ['usd', 'DE', 'US', 'us'],
      ['usd', undefined, 'ZZ', 'elsewhere'],
      ['gbp', undefined, 'GB', 'gb'],
    ] as const) {
      const headers = edge ? { 'cf-ipcountry': edge } : {};
      const { status, body } = await donor.post<Schemas['Checkout']>('/donations', { ...request, currency }, headers);
      expect(status).toBe(201);
      const [row] = await fixture.app.sql('select country, variant from donations where id = $1', [body.id]);
      expect(row).toEqual({ country, variant: expect.stringMatching(new RegExp(`\\.${variant}$`)) as unknown });
    }
    const { body } = await donor.post('/donations', { ...request, currency: 'brl' }, { 'cf-ipcountry': 'GB' });
    expect(body).toMatchObject({ code: 'donation.currency_unsupported', currency: 'gbp' });
    const { body: covered } = await donor.post('/donations', { ...request, currency: 'usd', coverFees: true });
    expect(covered).toMatchObject({
      code: 'request.invalid',
      errors: [{ path: 'coverFees', message: expect.stringContaining('not offered yet') as unknown }],
    });
  });

  it('has the decimals of its currency', async () => {
    const found = Object.fromEntries(
      await Promise.all(ROWS.map(async (it) => [it, (await optionsOf(it)).minorUnits] as const)),
    );
    expect(found).toEqual({ ...Object.fromEntries(ROWS.map((it) => [it, 2])), JP: 0, KW: 3 });
  });

  it.each(ROWS)('is accepted from %s from the minimum to the maximum, and refused one unit beyond', async (country) => {
    const { currency, intervals } = await optionsOf(country);
    expect(intervals.map((it) => it.interval)).toEqual(['once', 'month', 'year']);
    for (const { interval, amounts, default: chosen, min, max } of intervals) {
      expect(amounts).toContain(chosen);
      expect([...amounts].sort((a, b) => a - b)).toEqual(amounts);
      const tried = [-min, 0, min - 1, min, ...amounts, max, max + 1, 100_000_000];
      const answers = await Promise.all(tried.map((amount) => give({ country, currency, interval, amount })));
      expect(answers.map((it) => it.status)).toEqual([
        400,
        400,
        400,
        ...[min, ...amounts, max].map(() => 201),
        400,
        400,
      ]);
      const message = expect.stringContaining(`${min} to ${max}`) as unknown;
      const refusal = { code: 'donation.amount_out_of_range', min, max, errors: [{ path: 'amount', message }] };
      for (const { body } of answers.filter((it) => it.status === 400)) expect(body).toMatchObject(refusal);
    }
  });

  it('is refused with a third decimal that no card can pay, and in the currency of another country', async () => {
    const odd = await give({ country: 'KW', currency: 'kwd', amount: 12_345 });
    expect([odd.status, odd.body.code]).toEqual([400, 'request.invalid']);
    for (const [country, currency] of [
      ['US', 'gbp'],
      ['GB', 'usd'],
      ['BR', 'brl'],
      ['JP', 'xyz'],
    ] as const) {
      const answer = await give({ country, currency });
      expect([answer.status, answer.body.code]).toEqual([400, 'donation.currency_unsupported']);
    }
    expect((await give({ country: 'BR', currency: 'usd' })).status).toBe(201);
  });
});
