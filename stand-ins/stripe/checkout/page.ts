import { formatAmount } from '../money/currencies.js';
import { declineMessage } from '../money/payments.js';
import type { CheckoutSession } from '../model/wire.js';
import { escape, htmlDocument } from '../page/html.js';
import type { CheckoutDetails } from '../model/checkout-details.js';

interface View {
  session: CheckoutSession;
  checkout: CheckoutDetails;
  /** The decline code of the attempt before. */
  declined: string | null;
}

/** The hosted payment page. It has no script and no card field. */
export function payPage({ session, checkout, declined }: View): string {
  const total = formatAmount(session.amount_total ?? 0, session.currency ?? 'usd');
  const every = checkout.lines.map((it) => it.price?.recurring).find(Boolean);
  const period =
    every && (every.interval_count > 1 ? `every ${every.interval_count} ${every.interval}s` : `per ${every.interval}`);
  const verb = every ? 'Subscribe' : session.submit_type === 'donate' ? 'Donate' : 'Pay';
  const back = session.cancel_url
    ? `<a class="back" href="${escape(session.cancel_url)}"><span aria-hidden="true">←</span> Back</a>`
    : '';
  return htmlDocument(
    `${verb} ${total}`,
    `${back}
    <section class="sum" aria-label="What you pay for">
      ${checkout.lines.map((it) => `<p class="what">${escape(it.description ?? '')}${(it.quantity ?? 1) > 1 ? ` × ${it.quantity}` : ''}</p>`).join('')}
      <p class="total">${total}${period ? ` <small>${escape(period)}</small>` : ''}</p>
    </section>
    ${declined ? `<p class="bad" role="alert">${escape(declineMessage(declined))} You have not been charged. Try another way to pay.</p>` : ''}
    <form method="post">
      <label for="email">E-mail</label>
      <input id="email" name="email" type="email" autocomplete="email" required maxlength="200" value="${escape(session.customer_email ?? 'supporter@example.com')}"${session.customer_email ? ' readonly' : ''}>
      <label for="name">Name</label>
      <input id="name" name="name" autocomplete="name" maxlength="200" value="Sam Supporter">
      ${session.custom_text.submit ? `<p class="note">${escape(session.custom_text.submit.message)}</p>` : ''}
      <button class="pay" name="press" value="card">${verb} ${total}</button>
      <fieldset>
        <legend>Try other outcomes</legend>
        <button name="press" value="declined_card">Declined card</button>
        <button name="press" value="bank_debit">Bank debit that settles later</button>
      </fieldset>
    </form>`,
  );
}

/** The page of a session that is no longer open. */
export function donePage(session: CheckoutSession): string {
  const next =
    session.status === 'complete'
      ? session.success_url?.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
      : session.cancel_url;
  return htmlDocument(
    session.status === 'complete' ? 'Already paid' : 'This page has expired',
    `<section class="sum"><p class="what">${session.status === 'complete' ? 'You have paid already.' : 'This payment page has expired.'}</p>
    <p class="note">${session.status === 'complete' ? 'This payment page has been used.' : 'You have not been charged. Go back and start again.'}</p></section>
    ${next ? `<a class="button" href="${escape(next)}">Back to the site</a>` : ''}`,
  );
}

export function missingPage(): string {
  return htmlDocument('Not found', '<section class="sum"><p class="what">There is no such payment page.</p></section>');
}
