import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setDemoWords } from '../support/demo-words.js';
import type { Schemas } from '../../web/shared/contract.js';
import { DonationsFixture } from './donations-fixture.js';

const EURO = 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK'.split(' ');
const ELSEWHERE = Object.fromEntries(
  'US usd GB gbp NO nok SE sek DK dkk CH chf CA cad AU aud JP jpy HU huf KW kwd ZZ usd'
    .match(/\w+ \w+/g)!
    .map((it) => it.split(' ')),
) as Record<string, string>;

describe('the donation options', () => {
  let fixture: DonationsFixture;

  beforeAll(async () => {
    fixture = await DonationsFixture.start({ webhooks: false, env: { ROLE: 'web', COUNTRY_HEADER: 'X-Edge-Country' } });
  });
  afterAll(() => fixture.close());

  const ask = async (query = '', headers: Record<string, string> = {}) => {
    const answer = await fixture.app.anonymous().get<Schemas['DonationOptions']>(`/donations/options${query}`, headers);
    expect(answer.status).toBe(200);
    return answer;
  };

  it('follow the reader, else the edge, else are the same for everyone', async () => {
    const edge = { 'x-edge-country': 'gb' };
    expect((await ask('', edge)).body).toMatchObject({ country: 'GB', currency: 'gbp' });
    expect((await ask('?country=jp', edge)).body).toMatchObject({ country: 'JP', currency: 'jpy' });
    for (const unknown of [
      {},
      { 'x-edge-country': 'XX' },
      { 'x-edge-country': 'T1' },
      { 'x-edge-country': '__proto__' },
    ])
      expect((await ask('', unknown)).body).toMatchObject({ country: 'ZZ', currency: 'usd' });
    expect((await ask('?country=BR')).body).toMatchObject({ country: 'ZZ', currency: 'usd' });
  });

  it('are cached nowhere, and name the headers on which they depend', async () => {
    const { headers } = await ask();
    expect(headers.get('cache-control')).toBe('no-store');
    const vary = headers.get('vary')!.toLowerCase().split(', ');
    expect(vary).toEqual(expect.arrayContaining(['origin', 'x-edge-country']));
  });

  it('have a currency for each country that they list', async () => {
    const { countries, provider } = (await ask()).body;
    expect(provider).toBe('standin');
    expect(new Set(countries.map((it) => it.code)).size).toBe(countries.length);
    const found = Object.fromEntries(
      await Promise.all(
        countries.map(async ({ code }) => [code, (await ask(`?country=${code}`)).body.currency] as const),
      ),
    );
    expect(found).toEqual({
      ...Object.fromEntries(EURO.map((it) => [it, 'eur'])),
      ...ELSEWHERE,
    });
  });

  it('have the appeals of the demo newspaper by country, with what stays free and a note on taxes', async () => {
    await setDemoWords(fixture.app);
    const [us, uk] = [(await ask('?country=US')).body, (await ask('?country=GB')).body];
    for (const part of ['title', 'text'] as const) expect(us.appeal[part]).not.toBe(uk.appeal[part]);
    expect([us.variant, uk.variant]).toEqual([expect.stringMatching(/\.us$/), expect.stringMatching(/\.gb$/)]);
    for (const { appeal } of [us, uk, (await ask('?country=HU')).body, (await ask()).body]) {
      expect(appeal.text).toMatch(/pays? for|gift/i);
      expect(appeal.text).toMatch(/reading and commenting stay free/i);
    }
    expect([us.taxNote, uk.taxNote]).toEqual([
      expect.stringContaining('not tax-deductible'),
      expect.stringContaining('Gift Aid'),
    ]);
  });
});
