import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, CommentView } from '../support/actor.js';
import { until } from '../support/until.js';
import { DonationsFixture } from './donations-fixture.js';

describe('supporter badge', () => {
  let fixture: DonationsFixture;

  beforeAll(async () => {
    fixture = await DonationsFixture.start();
  });
  afterAll(() => fixture.close());

  const supporter = async (reader: Actor): Promise<boolean> =>
    (await reader.get<Schemas['Session']>('/session')).body.account!.supporter;
  const waitForBadge = (reader: Actor, it: boolean) =>
    until(`supporter ${it}`, async () => (await supporter(reader)) === it);
  const refund = async (payment: string): Promise<string> => {
    const response = await fetch(`${fixture.stripe.url}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_ofthetests', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ payment_intent: payment }),
    });
    return ((await response.json()) as { id: string }).id;
  };

  it('appears on old comments, open pages and in the session after a payment, and goes after a full refund', async () => {
    const reader = await fixture.app.reader('Sue Porter');
    const article = await fixture.app.article();
    const comment = await reader.comment(article, 'Written before I gave.');
    expect(comment.author!.badges).toEqual([]);
    const [open, own] = [await fixture.app.anonymous().connect(), await reader.live()];
    await open.join(article);

    const { id, session } = await fixture.begin(reader, { visibility: 'public' });
    expect(await supporter(reader)).toBe(false); // a donation that was only begun earns no badge
    const { payment_intent: payment } = await fixture.stripe.pay(session);
    await waitForBadge(reader, true);
    await until('the news on an open page', () =>
      open.frames.some((frame) =>
        frame.items.some(
          (it) => it.kind === 'author' && (it.author as { badges: string[] }).badges.includes('supporter'),
        ),
      ),
    );
    await until('the news in the own session', () =>
      own.sessions.some((it) => (it.account as { supporter?: boolean } | null)?.supporter),
    );
    const again = await fixture.app.anonymous().get<CommentView & Record<string, unknown>>(`/comments/${comment.id}`);
    expect(again.body.author!.badges).toEqual(['supporter']);

    const back = await refund(payment!);
    await waitForBadge(reader, false);
    expect(await fixture.status(reader, id)).toBe('refunded');
    await fixture.stripe.failRefund(back);
    await waitForBadge(reader, true);
    expect(await fixture.status(reader, id)).toBe('paid');
  });

  it('stays while one donation remains, and goes when its dispute is lost', async () => {
    const reader = await fixture.app.reader('Two Gifts');
    const [first, second] = [
      await fixture.begin(reader, { visibility: 'public' }),
      await fixture.begin(reader, { visibility: 'public', interval: 'month', amount: 1_000 }),
    ];
    const { payment_intent: payment } = await fixture.stripe.pay(first.session);
    await fixture.stripe.pay(second.session);
    await fixture.waitForStatus(reader, first.id, 'paid');
    await fixture.waitForStatus(reader, second.id, 'paid');
    await refund(payment!);
    await fixture.waitForStatus(reader, first.id, 'refunded');
    expect(await supporter(reader)).toBe(true);
    await until('the payment of the second', async () => Object.keys(await fixture.ledger(second.id)).length === 1);
    const dispute = await fixture.stripe.dispute(second.session);
    await until('the dispute', async () => Object.keys(await fixture.ledger(second.id)).length === 2);
    expect([await fixture.status(reader, second.id), await supporter(reader)]).toEqual(['paid', true]);
    await fixture.stripe.closeDispute(dispute.id, 'lost');
    await fixture.waitForStatus(reader, second.id, 'refunded');
    expect(await supporter(reader)).toBe(false);
  });

  it('stays while a card of a monthly donation is retried, and goes from open pages when the donation is cancelled', async () => {
    const reader = await fixture.app.reader('Mona Monthly');
    const article = await fixture.app.article();
    await reader.comment(article, 'Every month.');
    const open = await fixture.app.anonymous().connect();
    await open.join(article);
    const { id, session } = await fixture.begin(reader, { visibility: 'public', interval: 'month', amount: 1_000 });
    const { subscription } = await fixture.stripe.pay(session);
    await waitForBadge(reader, true);
    const status = async () =>
      (
        await fixture.app.sql<{ status: string }>('select status from donation_subscriptions where donation_id = $1', [
          id,
        ])
      )[0]?.status;
    await fixture.stripe.failNextCharge();
    await fixture.stripe.renew(subscription!);
    await until('a card that is tried again', async () => (await status()) === 'past_due');
    expect(await supporter(reader)).toBe(true);
    await fixture.stripe.cancel(subscription!);
    await waitForBadge(reader, false);
    // the earlier payments still count
    expect([await status(), await fixture.status(reader, id)]).toEqual(['canceled', 'paid']);
    const badges = () =>
      open.frames.flatMap((frame) => frame.items.filter((it) => it.kind === 'author').map((it) => it.author));
    await until(
      'the news on an open page',
      () => (badges().at(-1) as { badges: string[] } | undefined)?.badges.length === 0,
    );
  });

  it('stays until the end of the paid period when the donor stops a monthly donation on Stripe’s page', async () => {
    const reader = await fixture.app.reader('Stan Stopper');
    const { id, session } = await fixture.begin(reader, { visibility: 'public', interval: 'month', amount: 1_000 });
    const manage = (who: Actor, gift = id) =>
      who.post<Schemas['Portal'] & { code: string }>(`/donations/${gift}/portal`);
    expect([(await manage(reader)).status, (await manage(reader)).body.code]).toEqual([409, 'donation.not_manageable']);
    const { subscription } = await fixture.stripe.pay(session);
    await waitForBadge(reader, true);
    const repeats = async (who = reader) => (await who.get<Schemas['Donation']>(`/donations/${id}`)).body.repeats!;
    await until('the subscription to be read', async () => (await repeats()).until);
    expect(await repeats()).toEqual({
      status: 'on',
      until: expect.any(String),
      ending: false,
      manageable: true,
    });

    // Strangers get no access, and the next user of the same browser sees neither name nor card.
    const after = fixture.app.anonymous();
    for (const [name, value] of reader.cookies) if (name.endsWith('-browser')) after.cookies.set(name, value);
    expect((await manage(fixture.app.anonymous())).body.code).toBe('donation.not_found');
    expect([(await repeats(after)).manageable, (await manage(after)).body.code]).toEqual([
      false,
      'donation.not_manageable',
    ]);
    const once = await fixture.begin(after);
    await fixture.stripe.pay(once.session);
    await fixture.waitForStatus(after, once.id, 'paid');
    expect((await manage(after, once.id)).body.code).toBe('donation.not_manageable');
    await fixture.stripe.failNextCall({ kind: 500, times: 3, path: '/v1/billing_portal/sessions' });
    expect((await manage(reader)).body.code).toBe('stripe.unavailable');
    await fixture.stripe.clearFaults();

    const { status, body } = await manage(reader);
    expect(status).toBe(201);
    const press = (it: string) =>
      fetch(body.url, { method: 'POST', body: new URLSearchParams({ press: it, subscription: subscription! }) });
    expect(await (await press('cancel')).text()).toContain(`thank-you?donation=${id}`);
    await until('its end to be known', async () => (await repeats()).status === 'ending');
    await press('renew');
    await until('it to go on', async () => (await repeats()).status === 'on');
    await press('cancel');
    await until('its end to be known', async () => (await repeats()).status === 'ending');
    expect(await supporter(reader)).toBe(true);
    await fixture.stripe.renew(subscription!); // the period is over
    await waitForBadge(reader, false);
    expect(await repeats()).toMatchObject({ status: 'ended', manageable: false });
    expect((await manage(reader)).body.code).toBe('donation.not_manageable');
  });

  it('is not given for an anonymous donation, nor to an account whose address is not confirmed', async () => {
    const silent = await fixture.app.reader('Silent Giver');
    const unverified = await fixture.app.reader('Una Confirmed');
    await fixture.app.sql('update accounts set email_verified_at = null where id = $1', [unverified.rowId]);
    for (const [reader, visibility] of [
      [silent, 'anonymous'],
      [unverified, 'public'],
    ] as const) {
      const { id, session } = await fixture.begin(reader, { visibility });
      await fixture.stripe.pay(session);
      await fixture.waitForStatus(reader, id, 'paid');
      expect(await supporter(reader)).toBe(false);
    }
  });

  it('is not given for an anonymous donation when it is renewed, or when a public one is refunded', async () => {
    const [monthly, both] = [await fixture.app.reader('Mute Monthly'), await fixture.app.reader('Half Silent')];
    const silent = await fixture.begin(monthly, { interval: 'month', amount: 1_000 });
    const { subscription } = await fixture.stripe.pay(silent.session);
    const read = async () =>
      (
        await fixture.app.sql<{ at: Date | null }>(
          'select refreshed_at as at from donation_subscriptions where donation_id = $1 and seen = news and news > 1',
          [silent.id],
        )
      )[0]?.at;
    await until('the subscription to be read', read);
    await fixture.stripe.renew(subscription!);
    await until('the renewal', async () => Object.keys(await fixture.ledger(silent.id)).length === 2);
    await until('the subscription to be read again', read);
    expect([await fixture.status(monthly, silent.id), await supporter(monthly)]).toEqual(['paid', false]);

    const [hidden, shown] = [await fixture.begin(both), await fixture.begin(both, { visibility: 'public' })];
    await fixture.stripe.pay(hidden.session);
    await fixture.waitForStatus(both, hidden.id, 'paid');
    const { payment_intent: payment } = await fixture.stripe.pay(shown.session);
    await waitForBadge(both, true);
    await refund(payment!);
    await fixture.waitForStatus(both, shown.id, 'refunded');
    expect(await supporter(both)).toBe(false);
  });

  it('expires a year after a single donation, and stays while a recurring one continues', async () => {
    const [once, yearly] = [await fixture.app.reader('Ona Once'), await fixture.app.reader('Yara Yearly')];
    for (const [reader, interval, amount] of [
      [once, 'once', 5_000],
      [yearly, 'year', 12_000],
    ] as const) {
      const { session } = await fixture.begin(reader, { visibility: 'public', interval, amount });
      await fixture.stripe.pay(session);
      await waitForBadge(reader, true);
      await reader.comment(await fixture.app.article(), 'Only who wrote has a public profile.');
    }
    const left = async (days: number): Promise<boolean[]> => {
      await fixture.app.clock.advance(days * 86_400_000);
      await fixture.app.sql(`select graphile_worker.add_job('sweep-supporter-badges', '{}'::json)`);
      await until('the sweep', async () => {
        const jobs = `select 1 from graphile_worker.jobs where task_identifier = 'sweep-supporter-badges'`;
        return !(await fixture.app.sql(jobs)).length;
      });
      // Their sessions have expired by then, so the public profile is read.
      const shown = [once, yearly].map((it) =>
        fixture.app.anonymous().get<Schemas['Reader']>(`/readers/${it.accountId}`),
      );
      return (await Promise.all(shown)).map((it) => it.body.badges.includes('supporter'));
    };
    expect(await left(364)).toEqual([true, true]);
    expect(await left(3)).toEqual([false, true]);
  });
});
