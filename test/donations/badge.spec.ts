import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, CommentView } from '../support/actor.js';
import { until } from '../support/until.js';
import { Town } from './town.js';

describe('supporter badge', () => {
  let town: Town;

  beforeAll(async () => {
    town = await Town.found();
  });
  afterAll(() => town.close());

  const supporter = async (reader: Actor): Promise<boolean> =>
    (await reader.get<{ account: { supporter: boolean } }>('/session')).body.account.supporter;
  const wears = (reader: Actor, it: boolean) => until(`supporter ${it}`, async () => (await supporter(reader)) === it);
  const refund = async (payment: string): Promise<string> => {
    const response = await fetch(`${town.stripe.url}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_ofthetests', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ payment_intent: payment }),
    });
    return ((await response.json()) as { id: string }).id;
  };

  it('shows on comments old and new, on open pages and in the own session, and goes with a full refund', async () => {
    const reader = await town.app.reader('Sue Porter');
    const article = await town.app.article();
    const comment = await reader.comment(article, 'Written before I gave.');
    expect(comment.author!.badges).toEqual([]);
    const [open, own] = [await town.app.anonymous().connect(), await reader.live()];
    await open.join(article);

    const { id, session } = await town.begun(reader, { visibility: 'public' });
    expect(await supporter(reader)).toBe(false); // not by intent
    const { payment_intent: payment } = await town.stripe.pay(session);
    await wears(reader, true);
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
    const again = await town.app.anonymous().get<CommentView & Record<string, unknown>>(`/comments/${comment.id}`);
    expect(again.body.author!.badges).toEqual(['supporter']);

    const back = await refund(payment!);
    await wears(reader, false);
    expect(await town.status(reader, id)).toBe('refunded');
    await town.stripe.failRefund(back);
    await wears(reader, true);
    expect(await town.status(reader, id)).toBe('paid');
  });

  it('stays as long as one gift does, through a dispute until it is lost', async () => {
    const reader = await town.app.reader('Two Gifts');
    const [first, second] = [
      await town.begun(reader, { visibility: 'public' }),
      await town.begun(reader, { visibility: 'public', interval: 'month', amount: 1_000 }),
    ];
    const { payment_intent: payment } = await town.stripe.pay(first.session);
    await town.stripe.pay(second.session);
    await town.becomes(reader, first.id, 'paid');
    await town.becomes(reader, second.id, 'paid');
    await refund(payment!);
    await town.becomes(reader, first.id, 'refunded');
    expect(await supporter(reader)).toBe(true);
    await until('the payment of the second', async () => Object.keys(await town.ledger(second.id)).length === 1);
    const dispute = await town.stripe.dispute(second.session);
    await until('the dispute', async () => Object.keys(await town.ledger(second.id)).length === 2);
    expect([await town.status(reader, second.id), await supporter(reader)]).toEqual(['paid', true]);
    await town.stripe.closeDispute(dispute.id, 'lost');
    await town.becomes(reader, second.id, 'refunded');
    expect(await supporter(reader)).toBe(false);
  });

  it('is not for gifts in silence, nor for accounts whose address is not confirmed', async () => {
    const silent = await town.app.reader('Silent Giver');
    const unverified = await town.app.reader('Una Confirmed');
    await town.app.sql('update accounts set email_verified_at = null where id = $1', [unverified.accountId]);
    for (const [reader, visibility] of [
      [silent, 'anonymous'],
      [unverified, 'public'],
    ] as const) {
      const { id, session } = await town.begun(reader, { visibility });
      await town.stripe.pay(session);
      await town.becomes(reader, id, 'paid');
      expect(await supporter(reader)).toBe(false);
    }
  });
});
