import { describe, expect, it } from '@jest/globals';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const { giftIn } = await import('../../web/pages/thank-you/gift.js');
const { GiftWatch, pauseAfter } = await import('../../web/pages/thank-you/gift-watch.js');

const ID = 'a1b2c3d4e5f6g7h8';
const gift = (status: string) => ({ id: ID, status, amount: 1000, currency: 'usd', interval: 'month' });

/** A watch whose next look a test makes. */
function watched() {
  const pauses: number[] = [];
  let next: (() => void) | undefined;
  const watch = new GiftWatch(
    ID,
    () => undefined,
    (work, ms) => {
      pauses.push(ms / 1000);
      next = work;
      return () => (next = undefined);
    },
  );
  return { watch, pauses, goOn: () => next?.(), waits: () => next !== undefined };
}
const asked = () => page.request(`/donations/${ID}`);

describe('the page after the checkout', () => {
  it('takes no more than a name from its address', () => {
    expect(giftIn(`?donation=${ID}&status=paid`)).toBe(ID);
    for (const bad of ['', '?donation=', '?donation=../../me', '?donation=%00', '?paid=1'])
      expect(giftIn(bad)).toBeNull();
  });

  it('looks again, ever more seldom, until the payment has come', async () => {
    const { watch, pauses, goOn, waits } = watched();
    const looked = watch.look();
    expect(watch.standing).toBe('loading');
    (await asked()).answer(200, gift('pending'));
    await looked;
    for (let n = 0; n < 12; n += 1) {
      goOn();
      (await asked()).answer(200, gift('pending'));
      await new Promise(setImmediate);
    }
    expect(watch.standing).toBe('pending');
    expect(pauses).toEqual([1, 1, 1, 2, 2, 3, 5, 8, 13, 21, 34, 60, 60]);
    goOn();
    (await asked()).answer(200, gift('paid'));
    await new Promise(setImmediate);
    expect([watch.standing, watch.settled, waits()]).toEqual(['paid', true, false]);
  });

  it('keeps what it knows while nobody answers, and says where it knows nothing', async () => {
    const { watch, goOn, waits } = watched();
    const first = watch.look();
    (await asked()).lose();
    await first;
    expect([watch.standing, waits()]).toEqual(['unreachable', true]);
    goOn();
    (await asked()).answer(200, gift('pending'));
    await new Promise(setImmediate);
    goOn();
    (await asked()).answer(503, { code: 'service.unavailable' });
    await new Promise(setImmediate);
    expect([watch.standing, waits()]).toEqual(['pending', true]);
  });

  it('of a gift that is not this browser’s shows none, and stops', async () => {
    const { watch, waits } = watched();
    const looked = watch.look();
    (await asked()).answer(404, { code: 'donation.not_found' });
    await looked;
    expect([watch.standing, watch.gift, waits()]).toEqual(['unknown', undefined, false]);
  });

  it('looks at once when somebody is back', async () => {
    const { watch, pauses, goOn } = watched();
    const looked = watch.look();
    (await asked()).answer(200, gift('pending'));
    await looked;
    for (let n = 0; n < 8; n += 1) {
      goOn();
      (await asked()).answer(200, gift('pending'));
      await new Promise(setImmediate);
    }
    watch.lookAgain();
    (await asked()).answer(200, gift('pending'));
    await new Promise(setImmediate);
    expect(pauses.at(-1)).toBe(2);
    expect(pauseAfter(1, 30)).toBe(30);
    watch.stop();
  });
});
