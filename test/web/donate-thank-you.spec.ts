import { describe, expect, it } from '@jest/globals';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const { donationIdIn, proofIn } = await import('../../web/pages/thank-you/donation.js');
const { DonationPoll, delayAfter } = await import('../../web/pages/thank-you/donation-poll.js');

const ID = 'a1b2c3d4e5f6g7h8';
const donation = (status: string) => ({ id: ID, status, amount: 1000, currency: 'usd', interval: 'month' });

/** A poll whose next request a test makes. */
function startPoll() {
  const delays: number[] = [];
  let next: (() => void) | undefined;
  const poll = new DonationPoll(
    ID,
    () => undefined,
    (work, ms) => {
      delays.push(ms / 1000);
      next = work;
      return () => (next = undefined);
    },
  );
  return { poll, delays, goOn: () => next?.(), waits: () => next !== undefined };
}
const asked = () => page.request(`/donations/${ID}`);

describe('the thank-you page', () => {
  it('takes only the id of the donation from its address', () => {
    expect(donationIdIn(`?donation=${ID}&status=paid`)).toBe(ID);
    for (const bad of ['', '?donation=', '?donation=../../me', '?donation=%00', '?paid=1'])
      expect(donationIdIn(bad)).toBeNull();
  });

  it('sends the proof that its address carries, and nothing that is none', async () => {
    expect(proofIn('#proof=abc_DEF-1')).toBe('abc_DEF-1');
    for (const bad of ['', '#proof=', '#proof=a b', '#other=abc']) expect(proofIn(bad)).toBeNull();
    const poll = new DonationPoll(ID, () => undefined, undefined, 'abc');
    const first = poll.run();
    const request = await asked();
    expect(request.headers['donation-proof']).toBe('abc');
    request.answer(403, { code: 'donation.proof_expired' });
    await first;
    expect([poll.status, poll.settled]).toEqual(['unknown', true]);
  });

  it('asks ever less often until the payment has arrived', async () => {
    const { poll, delays, goOn, waits } = startPoll();
    const first = poll.run();
    expect(poll.status).toBe('loading');
    (await asked()).answer(200, donation('pending'));
    await first;
    for (let n = 0; n < 12; n += 1) {
      goOn();
      (await asked()).answer(200, donation('pending'));
      await new Promise(setImmediate);
    }
    expect(poll.status).toBe('pending');
    expect(delays).toEqual([1, 1, 1, 2, 2, 3, 5, 8, 13, 21, 34, 60, 60]);
    goOn();
    (await asked()).answer(200, donation('paid'));
    await new Promise(setImmediate);
    expect([poll.status, poll.settled, waits()]).toEqual(['paid', true, false]);
  });

  it('keeps the known status while the server does not answer, and is unreachable without one', async () => {
    const { poll, goOn, waits } = startPoll();
    const first = poll.run();
    (await asked()).lose();
    await first;
    expect([poll.status, waits()]).toEqual(['unreachable', true]);
    goOn();
    (await asked()).answer(200, donation('pending'));
    await new Promise(setImmediate);
    goOn();
    (await asked()).answer(503, { code: 'service.unavailable' });
    await new Promise(setImmediate);
    expect([poll.status, waits()]).toEqual(['pending', true]);
  });

  it('shows nothing and stops for a donation of another browser', async () => {
    const { poll, waits } = startPoll();
    const first = poll.run();
    (await asked()).answer(404, { code: 'donation.not_found' });
    await first;
    expect([poll.status, poll.donation, waits()]).toEqual(['unknown', undefined, false]);
  });

  it('asks at once when the reader is back', async () => {
    const { poll, delays, goOn } = startPoll();
    const first = poll.run();
    (await asked()).answer(200, donation('pending'));
    await first;
    for (let n = 0; n < 8; n += 1) {
      goOn();
      (await asked()).answer(200, donation('pending'));
      await new Promise(setImmediate);
    }
    poll.runSoon();
    (await asked()).answer(200, donation('pending'));
    await new Promise(setImmediate);
    expect(delays.at(-1)).toBe(2);
    expect(delayAfter(1, 30)).toBe(30);
    poll.stop();
  });
});
