import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INITIAL_GROUPS } from '../../src/donations/amounts/initial-groups.js';
import { compareSettings, exportSettings, importSettings } from '../../src/settings/settings-file.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, HttpAnswer } from '../support/actor.js';
import { SITE } from '../support/app.js';
import { expectProblem } from '../support/problems.js';
import { DonationsFixture } from './donations-fixture.js';

type Options = Schemas['DonationOptions'];
type Groups = typeof INITIAL_GROUPS;

const EVENING = 'http://evening.localhost:4998';
/** What the former publisher said in its own name. */
const FORMER_WORDS =
  /proprietor|no owner and no|not a charity|gift aid|tax-deductible|nobody’s favour|in forints|stand by independent|court rooms/i;

/** A copy of the initial groups, changed. */
function changed(change: (group: (key: string) => Groups[number], groups: Groups) => void): Groups {
  const groups = structuredClone(INITIAL_GROUPS);
  change((key) => groups.find((it) => it.key === key)!, groups);
  return groups;
}
const group = (over: Partial<Groups[number]>): Groups[number] => ({
  ...structuredClone(INITIAL_GROUPS[0]!),
  countries: [],
  ...over,
});

describe('what donors are offered', () => {
  let fixture: DonationsFixture;
  let admin: Actor;
  let [morning, evening]: Actor[] = [];

  beforeAll(async () => {
    fixture = await DonationsFixture.start({ webhooks: false, env: { ROLE: 'web' } });
    admin = await fixture.app.reader('Ad Min', 'admin');
    await admin.post('/sites', { key: 'evening' });
    await set('site.origins', [EVENING], 'evening');
    await set('site.name', 'The Evening Post', 'evening');
    [morning, evening] = [fixture.app.anonymous(SITE), fixture.app.anonymous(EVENING)];
  });
  afterAll(() => fixture.close());

  const put = (key: string, value: unknown, site?: string): Promise<HttpAnswer> =>
    admin.put(`/settings/${key}`, { value, ...(site ? { site } : {}) });
  const set = async (key: string, value: unknown, site?: string): Promise<void> => {
    expect(await put(key, value, site)).toMatchObject({ status: 200 });
  };
  const options = async (reader: Actor, country: string): Promise<Options> =>
    (await reader.get<Options>(`/donations/options?country=${country}`)).body;
  const give = (reader: Actor, amount: number, key?: string) =>
    fixture.postDonation(reader, { amount, returnUrl: reader === evening ? `${EVENING}/story` : `${SITE}/story` }, key);

  it('claims nothing about its publisher before the newsroom says something', async () => {
    const { appeal, taxNote, variant } = await options(morning!, 'GB');
    expect(`${appeal.title} ${appeal.text} ${taxNote}`).not.toMatch(FORMER_WORDS);
    expect([appeal.title, taxNote]).toEqual([expect.stringMatching(/^Support [^{]+$/), '']);
    expect(variant).toMatch(/^initial\.gb$/);
    expect((await options(evening!, 'GB')).appeal.title).toBe('Support The Evening Post');
  });

  it.each(['src', 'web/embed', 'web/pages'])('has no words of a publisher in %s', (folder) => {
    const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
    expect(files.length).toBeGreaterThan(5);
    const found = files
      .map((it) => join(it.parentPath, it.name))
      .filter((it) => FORMER_WORDS.test(readFileSync(it, 'utf8')));
    expect(found).toEqual([]);
  });

  it('changes at once for one site and not for the other', async () => {
    const groups = changed((of) => {
      of('us').intervals = { once: { amounts: [700, 900], default: 900, min: 600, max: 1_000 } };
      of('gb').countries.push('IM');
    });
    await set('donations.groups', groups, 'evening');
    await set('donations.group_appeals', [{ group: 'us', title: 'For {site}', text: 'Pay the printers.' }], 'evening');
    await set('donations.closing_line', 'Thank you from {site}.', 'evening');
    await set('donations.tax_note', 'Ask {site} for a receipt.', 'evening');
    const us = await options(evening!, 'US');
    expect(us).toMatchObject({
      intervals: [{ interval: 'once', amounts: [700, 900], default: 900, min: 600, max: 1_000 }],
      appeal: { title: 'For The Evening Post', text: 'Pay the printers. Thank you from The Evening Post.' },
      taxNote: 'Ask The Evening Post for a receipt.',
      variant: expect.stringMatching(/^\d+\.evening\.us$/) as unknown,
    });
    expect(us.countries).toContainEqual({ code: 'IM', name: 'Isle of Man' });
    expect(await options(evening!, 'IM')).toMatchObject({ country: 'IM', currency: 'gbp' });
    expect((await options(evening!, 'GB')).appeal.title).toBe('Support The Evening Post');
    const other = await options(morning!, 'US');
    expect(other.intervals.map((it) => it.interval)).toEqual(['once', 'month', 'year']);
    expect(other.appeal.title).not.toContain('Evening');
    expect([other.taxNote, other.variant]).toEqual(['', 'initial.us']);
  });

  it('is what a gift is judged by, and is kept with it', async () => {
    const { variant } = await options(evening!, 'US');
    const { status, body } = await give(evening!, 1_000);
    expect(status).toBe(201);
    expect(await fixture.app.sql('select variant from donations where id = $1', [body.id])).toEqual([{ variant }]);
    const refused = await give(evening!, 5_000);
    expectProblem(refused, 400, 'donation.amount_out_of_range');
    expect(refused.body).toMatchObject({ min: 600, max: 1_000 });
    expect((await give(morning!, 5_000)).status).toBe(201);
    const monthly = await fixture.postDonation(evening!, {
      amount: 900,
      interval: 'month',
      returnUrl: `${EVENING}/story`,
    });
    expectProblem(monthly, 400, 'request.invalid');
    expect(monthly.body).toMatchObject({ errors: [{ path: 'interval', message: expect.stringMatching(/once/) }] });
  });

  it('is judged by the amounts in force when they change between showing and paying, and a repeat is not', async () => {
    const key = crypto.randomUUID();
    const first = await give(evening!, 1_000, key);
    const before = (await options(evening!, 'US')).variant;
    const groups = changed((of) => {
      of('us').intervals.once = { amounts: [2_000, 3_000], default: 2_000, min: 2_000, max: 9_000 };
    });
    await set('donations.groups', groups, 'evening');
    expect((await options(evening!, 'US')).variant).not.toBe(before);
    expect((await give(evening!, 1_000, key)).text).toBe(first.text);
    const late = await give(evening!, 1_000);
    expectProblem(late, 400, 'donation.amount_out_of_range');
    expect(late.body).toMatchObject({ detail: 'The amount must be from 20.00 to 90.00 USD. Choose another amount.' });
    expect((await give(evening!, 9_000)).status).toBe(201);
  });

  it('says in another variant when the name of the site or a word changes, also when it is taken back', async () => {
    const variants = [(await options(morning!, 'JP')).variant];
    for (const change of [{ value: 'Thank you.' }, { reset: true }]) {
      await admin.put('/settings/donations.closing_line', change);
      variants.push((await options(morning!, 'JP')).variant);
    }
    await set('site.name', 'The Morning Post');
    variants.push((await options(morning!, 'JP')).variant);
    expect(new Set(variants).size).toBe(4);
  });

  it.each([
    [
      'no such default',
      changed((of) => (of('us').intervals.once!.default = 1)),
      'the default 1 (0.01 usd) must be one',
    ],
    ['an amount above the largest', changed((of) => (of('gb').intervals.year!.max = 5_000)), 'group “gb”, part year'],
    ['a smallest above the largest', changed((of) => (of('us').intervals.once!.min = 2_000_000)), 'is larger than'],
    ['less than Stripe takes', changed((of) => (of('hu').intervals.once!.min = 10_000)), 'Stripe takes no gift below'],
    ['a third decimal', changed((of) => (of('kw').intervals.once!.max = 3_000_001)), 'must be a multiple of 10'],
    ['amounts without an order', changed((of) => of('us').intervals.once!.amounts.reverse()), 'must grow'],
    ['a country in two groups', changed((of) => of('ch').countries.push('AT')), 'AT stands twice'],
    [
      'a country of elsewhere',
      changed((of) => of('elsewhere').countries.push('BR')),
      'Leave its list of countries empty',
    ],
    ['two groups of one key', changed((_, all) => all.push(group({}))), 'There are two groups “us”'],
  ])('is not changed to %s', async (_, value, reason) => {
    const refused = await put('donations.groups', value);
    expectProblem(refused, 422, 'setting.invalid');
    expect(refused.body.detail).toContain(reason);
    expect(refused.body.detail).toMatch(/^The setting “Countries and amounts” was not changed\. .*\.$/);
  });

  it.each([
    ['donations.groups', changed((_, all) => all.pop()), 'must have a group “elsewhere”'],
    ['donations.groups', [group({ currency: 'xyz' as 'usd' })], 'must be one of aud, brl'],
    ['donations.groups', changed((of) => of('ch').countries.push('XX')), 'must be the code of a country'],
    ['donations.groups', changed((of) => (of('us').intervals = {})), 'must have once, month or year'],
    ['donations.groups', changed((of) => (of('us').intervals.once!.max = 100_000_000)), 'must be at most 99,999,999'],
    ['donations.appeal', { title: 'For {name}', text: 'Give.' }, 'no braces other than those of {site}'],
    ['donations.appeal', { title: ' ', text: 'Give.' }, 'must not be empty'],
    ['donations.group_appeals', [{ group: 'uk', title: 'For us', text: 'Give.' }], 'There is no group “uk”'],
    ['donations.group_tax_notes', [1, 2].map(() => ({ group: 'us', text: 'None.' })), 'stands twice'],
  ])('is not changed when %s would be wrong: %#', async (key, value, reason) => {
    const refused = await put(key, value);
    expectProblem(refused, 422, 'setting.invalid');
    expect(refused.body.detail).toContain(reason);
  });

  it('keeps a group as long as words are for it', async () => {
    const note = 'donations.group_tax_notes';
    await set(note, [{ group: 'jp', text: 'None in Japan.' }], 'evening');
    const without = changed((_, all) =>
      all.splice(
        all.findIndex(({ key }) => key === 'jp'),
        1,
      ),
    );
    const refused = await put('donations.groups', without, 'evening');
    expectProblem(refused, 422, 'setting.invalid');
    expect(refused.body.detail).toContain(
      'The group “jp” has words in “Notes on taxes by country” of the site evening. Take them out there first.',
    );
    await admin.put(`/settings/${note}`, { reset: true, site: 'evening' });
    await set('donations.groups', without, 'evening');
    expect(await options(evening!, 'JP')).toMatchObject({ country: 'ZZ', currency: 'usd' });
    expect(await options(morning!, 'JP')).toMatchObject({ country: 'JP', currency: 'jpy' });
  });

  it('is the same after an export, a reset of everything and an import', async () => {
    const settings = fixture.app.get(Settings);
    const file = exportSettings(settings);
    const before = await options(evening!, 'US');
    await importSettings(settings, compareSettings(settings, 'settings: {}\nsites:\n  evening: {}', true), 'Empty.');
    await importSettings(settings, compareSettings(settings, file, true), 'Back.');
    expect(compareSettings(settings, file, true)).toEqual({ newSites: [], differences: [] });
    expect({ ...(await options(evening!, 'US')), variant: '' }).toEqual({ ...before, variant: '' });
  });
});
