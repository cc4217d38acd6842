import { beforeAll, describe, expect, it } from '@jest/globals';
import type { NewDonation, DonationOptions } from '../../web/embed/donate/contract.js';
import { FakePage, type Asked } from './embed-page.js';

const page = new FakePage().install();
const { DonationForm } = await import('../../web/embed/donate/donation-form.js');
const { troubleText } = await import('../../web/embed/donate/amount-words.js');
const { formatMoney } = await import('../../web/shared/money.js');
const { api } = await import('../../web/shared/api.js');
const { DonationAttempts } = await import('../../web/embed/donate/donation-attempts.js');
const { session } = await import('../../web/embed/common/page.js');

const US: DonationOptions = {
  enabled: true,
  provider: 'stripe',
  country: 'US',
  countries: [
    { code: 'GB', name: 'United Kingdom' },
    { code: 'US', name: 'United States' },
  ],
  currency: 'usd',
  appeal: { title: 'Keep us going', text: 'If you can.' },
  intervals: [
    { interval: 'once', amounts: [2500, 5000], default: 5000, min: 200, max: 1_000_000 },
    { interval: 'month', amounts: [500, 1000, 5000], default: 1000, min: 200, max: 100_000 },
  ],
  minorUnits: 2,
  variant: 'a',
  taxNote: '',
};
const GB: DonationOptions = {
  ...US,
  country: 'GB',
  currency: 'gbp',
  intervals: [{ interval: 'once', amounts: [1000, 3000], default: 3000, min: 200, max: 800_000 }],
};
const CHECKOUT = 'https://checkout.example/c/pay/1';

/** One tab's storage, which a reload keeps. */
function tab() {
  const kept = new Map<string, string>();
  const store = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  let now = 0;
  const left: string[] = [];
  return {
    left,
    later: (ms: number) => (now += ms),
    open: async (options: DonationOptions = US) => {
      const context = {
        article: 'ferries',
        findArticle: async () =>
          (await api.post('/articles', { body: { url: 'https://post.example/stories/ferries' } })).key,
        returnUrl: () => 'https://post.example/stories/ferries',
      };
      const form = new DonationForm(
        context,
        () => undefined,
        (url) => void left.push(url),
        new DonationAttempts(
          () => store,
          () => now,
        ),
        async () => undefined,
      );
      const loading = form.load();
      (await page.request(/options/)).answer(200, options);
      await loading;
      return form;
    },
  };
}
const posted = (): Promise<Asked> => page.request(/^\/donations$/);
const keyOf = ({ headers }: Asked) => headers['idempotency-key'];
const made = (asked: Asked, id = 'gift-1') => asked.answer(201, { id, checkoutUrl: CHECKOUT });

describe('a donation', () => {
  beforeAll(async () => {
    (await page.request('/session')).answer(200, { account: null });
    await session.ready;
  });

  it('starts one checkout when the button is pressed three times', async () => {
    const { open, left } = tab();
    const form = await open();
    const presses = [form.startCheckout(), form.startCheckout(), form.startCheckout()];
    const asked = await posted();
    expect(asked.body).toEqual({
      amount: 5000,
      currency: 'usd',
      interval: 'once',
      country: 'US',
      article: 'ferries',
      returnUrl: 'https://post.example/stories/ferries',
      visibility: 'anonymous',
    });
    expect(form.busy).toBe(true);
    made(asked);
    await Promise.all(presses);
    expect(left).toEqual([CHECKOUT]);
    expect(form.busy).toBe(true); // until the page is gone
    expect(page.asked).toEqual([]);
  });

  it('waits for the options of another story when it is pressed meanwhile, and starts what is still offered', async () => {
    const { open, left } = tab();
    const form = await open();
    const moved = form.load();
    const options = await page.request(/options/);
    const pressed = form.startCheckout();
    expect(form.busy).toBe(true);
    options.answer(200, US);
    await moved;
    (await page.request(/donations$/)).answer(201, { id: 'a', checkoutUrl: CHECKOUT });
    await pressed;
    expect(left).toEqual([CHECKOUT]);
    form.returned();

    const abroad = form.load();
    const others = await page.request(/options/);
    const second = form.startCheckout();
    others.answer(200, GB);
    await Promise.all([abroad, second]);
    expect([form.busy, form.chosen, left.length]).toEqual([false, { amount: 3000 }, 1]);
  });

  it('keeps its key after a lost answer, a reload and a server error; another amount takes another key', async () => {
    const { open } = tab();
    const form = await open();
    const first = form.startCheckout();
    const lost = await posted();
    lost.lose();
    await first;
    expect([form.busy, form.problem?.offline]).toEqual([false, true]);

    const reloaded = await open();
    const again = reloaded.startCheckout();
    const failed = await posted();
    failed.answer(503, { code: 'stripe.unavailable' });
    await again;
    expect(reloaded.problem?.code).toBe('stripe.unavailable');

    const last = reloaded.startCheckout();
    const taken = await posted();
    made(taken);
    await last;
    expect(new Set([lost, failed, taken].map(keyOf)).size).toBe(1);

    reloaded.returned();
    reloaded.choose(2500);
    const other = reloaded.startCheckout();
    const another = await posted();
    expect(keyOf(another)).not.toBe(keyOf(taken));
    another.lose();
    await other;
  });

  it('looks again by itself while Stripe hangs, with the same key, and says so', async () => {
    const { open, left } = tab();
    const form = await open();
    const starting = form.startCheckout();
    const first = await posted();
    first.answer(503, { code: 'stripe.slow' });
    const second = await posted();
    expect([form.busy, form.slow]).toEqual([true, true]);
    made(second);
    await starting;
    expect(keyOf(second)).toBe(keyOf(first));
    expect(left).toEqual([CHECKOUT]);
  });

  it('names the donation whose payment page it replaces when the amount is changed', async () => {
    const { open } = tab();
    const form = await open();
    const starting = form.startCheckout();
    made(await posted(), 'gift-first');
    await starting;
    form.returned();
    form.choose(2500);
    const again = form.startCheckout();
    const second = await posted();
    expect(second.body).toMatchObject({ amount: 2500, replaces: 'gift-first' });
    made(second, 'gift-second');
    await again;
  });

  it('repeats its key when its first request is still in progress', async () => {
    const { open, left } = tab();
    const form = await open();
    const starting = form.startCheckout();
    const first = await posted();
    first.answer(409, { code: 'idempotency.in_progress' });
    const second = await posted();
    made(second);
    await starting;
    expect(keyOf(second)).toBe(keyOf(first));
    expect(left).toEqual([CHECKOUT]);
  });

  it('is restored after the checkout, and opens the same checkout while it awaits payment', async () => {
    const { open, left } = tab();
    const form = await open();
    form.setInterval('month');
    form.choose('other');
    form.type('4,35');
    const starting = form.startCheckout();
    const first = await posted();
    made(first);
    await starting;

    const back = await open();
    expect([back.interval, back.choice, back.typed, back.busy]).toEqual(['month', 'other', '4.35', false]);
    const again = back.startCheckout();
    (await page.request('/donations/gift-1')).answer(200, { status: 'pending' });
    const second = await posted();
    made(second);
    await again;
    expect(keyOf(second)).toBe(keyOf(first));
    expect(left).toEqual([CHECKOUT, CHECKOUT]);
  });

  it.each(['paid', 'expired'])('takes a new key when the one before is %s', async (status) => {
    const { open } = tab();
    const form = await open();
    const starting = form.startCheckout();
    const first = await posted();
    made(first);
    await starting;
    const back = await open();
    const again = back.startCheckout();
    (await page.request('/donations/gift-1')).answer(200, { status });
    const second = await posted();
    made(second, 'gift-2');
    await again;
    expect(keyOf(second)).not.toBe(keyOf(first));
  });

  it('takes a new key when the one before is half an hour old', async () => {
    const { open, later } = tab();
    const form = await open();
    const starting = form.startCheckout();
    const first = await posted();
    made(first);
    await starting;
    later(31 * 60_000);
    const tomorrow = await open();
    const again = tomorrow.startCheckout();
    const second = await posted();
    expect(keyOf(second)).not.toBe(keyOf(first));
    made(second, 'gift-2');
    await again;
  });

  it('takes a new key and reads the amounts again when it was refused', async () => {
    const { open } = tab();
    const form = await open();
    const trying = form.startCheckout();
    const refused = await posted();
    refused.answer(400, { code: 'donation.amount_out_of_range', min: 6000, max: 9000 });
    const changed = {
      ...US,
      intervals: [{ ...US.intervals[0]!, amounts: [6000], default: 6000, min: 6000, max: 9000 }],
    };
    (await page.request(/options/)).answer(200, changed);
    await trying;
    expect(form.problem?.code).toBe('donation.amount_out_of_range');
    expect([form.busy, form.choice, form.amounts?.max]).toEqual([false, 6000, 9000]);
    const again = form.startCheckout();
    const next = await posted();
    expect(keyOf(next)).not.toBe(keyOf(refused));
    expect((next.body as NewDonation).amount).toBe(6000);
    made(next);
    await again;
  });

  it('names the story at the address of the page, or none, when Rostra does not know its story', async () => {
    const { open, left } = tab();
    const form = await open();
    const starting = form.startCheckout();
    (await posted()).answer(404, { code: 'article.not_found' });
    (await page.request('/articles')).answer(201, { key: 'u-found' });
    const second = await posted();
    expect((second.body as NewDonation).article).toBe('u-found');
    made(second);
    await starting;
    expect(left).toEqual([CHECKOUT]);
    const back = await open();
    const again = back.startCheckout();
    (await page.request('/donations/gift-1')).answer(200, { status: 'pending' });
    const third = await posted();
    expect([keyOf(third), third.body]).toEqual([keyOf(second), second.body]);
    made(third);
    await again;

    const other = await tab().open();
    const going = other.startCheckout();
    (await posted()).answer(404, { code: 'article.not_found' });
    (await page.request('/articles')).answer(403, { code: 'article.foreign_url' });
    const without = await posted();
    expect(without.body).not.toHaveProperty('article');
    made(without);
    await going;
  });

  it('refuses a checkout address that is no web page', async () => {
    const { open, left } = tab();
    const form = await open();
    const starting = form.startCheckout();
    (await posted()).answer(201, { id: 'gift-1', checkoutUrl: 'javascript:alert(1)' });
    await starting;
    expect([left, form.busy, form.problem?.code]).toEqual([[], false, 'client.failed']);
  });

  it('asks for a badge only when the reader is signed in', async () => {
    const { open } = tab();
    const form = await open();
    form.setVisibility('public');
    const visibilityOf = async () => {
      const starting = form.startCheckout();
      const asked = await posted();
      asked.answer(400, { code: 'request.invalid' });
      await starting;
      return (asked.body as NewDonation).visibility;
    };
    expect(await visibilityOf()).toBe('anonymous');
    session.set({ id: 'a', displayName: 'Ada', role: 'reader', emailVerified: true, supporter: false });
    expect(await visibilityOf()).toBe('public');
    session.set(null);
  });
});

describe('the chosen amount', () => {
  const typing = async (text: string) => {
    const form = await tab().open();
    form.choose('other');
    form.type(text);
    return form.chosen;
  };

  it('is accepted up to the bounds of the table, and refused beyond them', async () => {
    expect(await typing('1.99')).toEqual({ trouble: 'low' });
    expect(await typing('2')).toEqual({ amount: 200 });
    expect(await typing('10 000')).toEqual({ amount: 1_000_000 });
    expect(await typing('10,000.01')).toEqual({ trouble: 'high' });
    expect(await typing('')).toEqual({ trouble: 'empty' });
  });

  it('is not sent when it is out of bounds', async () => {
    const form = await tab().open();
    form.choose('other');
    form.type('1.99');
    await form.startCheckout();
    expect([form.busy, page.asked]).toEqual([false, []]);
  });

  it('is refused when it has a third decimal that cards do not support', async () => {
    const rows = [{ interval: 'once' as const, amounts: [5000], default: 5000, min: 1000, max: 3_000_000 }];
    const form = await tab().open({ ...US, country: 'KW', currency: 'kwd', minorUnits: 3, intervals: rows });
    form.choose('other');
    form.type('1.255');
    expect(form.chosen).toEqual({ trouble: 'too_fine' });
    form.type('1.250');
    expect(form.chosen).toEqual({ amount: 1250 });
  });

  it('stays when another interval offers it, and else becomes the default of that interval', async () => {
    const form = await tab().open();
    form.setInterval('month');
    expect(form.choice).toBe(5000);
    form.choose(500);
    form.setInterval('once');
    expect(form.choice).toBe(5000);
  });

  it('follows the currency and the amounts of the country that the reader chose', async () => {
    const form = await tab().open();
    form.choose(2500);
    form.setCountry('GB');
    expect([form.reloading, form.status]).toEqual([true, 'ready']); // the form stays while others are read
    const asked = await page.request(/options/);
    expect(asked.path).toBe('/donations/options?country=GB&article=ferries');
    asked.answer(200, GB);
    const next = tab().open(GB);
    await next;
    expect([form.options?.currency, form.choice, form.reloading]).toEqual(['gbp', 3000, false]);
  });
});

describe('the donation form', () => {
  it('is off when donations are disabled, and loads again after a failure', async () => {
    expect((await tab().open({ ...US, enabled: false, provider: null })).status).toBe('off');
    const form = new DonationForm({ returnUrl: () => '' }, () => undefined);
    const loading = form.load();
    (await page.request(/options/)).lose();
    await loading;
    expect(form.status).toBe('failed');
    const again = form.load();
    (await page.request(/options/)).answer(200, US);
    await again;
    expect(form.status).toBe('ready');
  });
});

describe('sweep: a typed amount', () => {
  /** Returns the message of the field in an English page, or the amount on the button. */
  async function answerTo(typed: string, currency = 'usd', minorUnits = 2): Promise<string> {
    const row = { ...US.intervals[0]!, max: 100_000 };
    const form = await tab().open({ ...US, currency, minorUnits, intervals: [row] });
    form.choose('other');
    form.type(typed);
    const { chosen } = form;
    const text =
      'amount' in chosen
        ? formatMoney({ amount: chosen.amount, currency }, minorUnits)
        : troubleText(chosen.trouble, form.options!, row);
    return text.replace(/\s/g, ' ');
  }
  const inFigures = 'Please type the amount in figures, such as $50.';
  const twoDecimals = 'Please type at most two decimal places, such as $50.50, and no sign between thousands.';

  it.each([
    ['7.555', twoDecimals],
    ['７．５５５', twoDecimals],
    ['7,5', '$7.50'],
    ['1.000,00', '$1,000'],
    ['1,000', '$1,000'],
    ['１２．５', '$12.50'],
    [' $ 12.5 ', '$12.50'],
    ['12 USD', '$12'],
    ['1e3', inFigures],
    ['-5', inFigures],
    ['€5', inFigures],
    ['1 0', inFigures],
    ['1,001', 'The largest gift here is $1,000.'],
    ['1.99', 'The smallest gift here is $2.'],
  ])('is taken, or answered with what to type, when it is "%s"', async (typed, text) => {
    expect(await answerTo(typed)).toBe(text);
  });

  it('is answered with the steps of the currency when that has no or three decimals', async () => {
    expect(await answerTo('500.5', 'jpy', 0)).toBe(
      'Please type a whole amount without decimal places, such as ¥5,000.',
    );
    for (const typed of ['5.0005', '5.005'])
      expect(await answerTo(typed, 'kwd', 3)).toBe('Please type an amount in steps of KWD 0.010.');
  });
});
