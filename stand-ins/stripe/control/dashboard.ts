import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../model/account.js';
import { StripeError } from '../model/errors.js';
import type { Control } from './control.js';
import { escape, htmlDocument, sendHtml } from '../page/html.js';
import { formatAmount } from '../money/currencies.js';
import type { CheckoutSession } from '../model/wire.js';

const SHOWN = 30;

/** The buttons with their labels and controls. */
const BUTTONS = {
  arrive: { label: 'The money arrives', press: (it: Control, id: string) => it.settle(id) },
  fail: { label: 'The debit fails', press: (it: Control, id: string) => it.settle(id, 'failed') },
  refund: { label: 'Refund', press: (it: Control, id: string) => it.refund(id) },
  dispute: { label: 'The bank disputes it', press: (it: Control, id: string) => it.dispute(id) },
  renew: { label: 'Next period', press: (it: Control, id: string) => it.renew(id) },
  lapse: {
    label: 'Next period, card declined',
    press: async (it: Control, id: string) => {
      await it.failNextCharge();
      return it.renew(id);
    },
  },
  cancel: { label: 'Cancel', press: (it: Control, id: string) => it.cancel(id) },
} as const;
type Button = keyof typeof BUTTONS;

/** Answers `/`: a page with the actions of Stripe's Dashboard and of the banks. */
export async function serveDashboard(
  account: Account,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  if (request.method !== 'POST') return sendHtml(response, 200, await dashboard(account, control));
  // A page of another site must not press these buttons.
  if (request.headers['sec-fetch-site'] !== 'same-origin')
    return sendHtml(response, 403, refusal('This request came from another site. Use the buttons of this page.'));
  const form = new URLSearchParams(body);
  const name = form.get('press') ?? '';
  if (!Object.hasOwn(BUTTONS, name)) return sendHtml(response, 400, refusal('There is no such button.'));
  try {
    await BUTTONS[name as Button].press(control, form.get('id') ?? '');
  } catch (error) {
    if (error instanceof StripeError) return sendHtml(response, error.status, refusal(error.message));
    throw error;
  }
  response.writeHead(303, { location: '/', 'cache-control': 'no-store' }).end();
}

async function dashboard(account: Account, control: Control): Promise<string> {
  const waiting = await control.waiting();
  const troubled = waiting.find((it) => it.last !== null);
  const sessions = account.all('checkout.session');
  return htmlDocument(
    'Payments',
    `<h2>Payments</h2>
    ${
      waiting.length
        ? `<p class="bad">${waiting.length} webhook ${waiting.length === 1 ? 'event waits' : 'events wait'} to be delivered${troubled ? `; the last answer was: ${escape(String(troubled.last))}` : ''}.</p>`
        : ''
    }
    ${sessions.length ? '' : '<p class="note">There are no payments yet. They appear here when somebody begins to pay.</p>'}
    <ul class="payments">${sessions
      .slice(0, SHOWN)
      .map((it) => row(account, it))
      .join('')}</ul>
    ${sessions.length > SHOWN ? `<p class="note">The newest ${SHOWN} of ${sessions.length}.</p>` : ''}`,
  );
}

function row(account: Account, session: CheckoutSession): string {
  const { summary, buttons } = stateOf(account, session);
  const of = session.subscription && !buttons.includes('arrive') ? session.subscription : session.id;
  const line = account.state.checkouts[session.id]?.lines[0];
  const when = new Date(session.created * 1000).toISOString();
  return `<li>
    <p class="total">${formatAmount(session.amount_total ?? 0, session.currency ?? 'usd')}${line?.price?.recurring ? ` <small>per ${line.price.recurring.interval}</small>` : ''}</p>
    <p class="what">${escape(line?.description ?? '')}</p>
    <p class="note">${escape(summary)}${session.customer_details?.email ? ` · ${escape(session.customer_details.email)}` : ''} · <time datetime="${when}">${when.slice(0, 16).replace('T', ' ')} UTC</time></p>
    ${session.url ? `<a href="${escape(session.url)}">Open its payment page</a>` : ''}
    ${buttons.length ? `<form method="post" class="row"><input type="hidden" name="id" value="${escape(of)}">${buttons.map((it) => `<button name="press" value="${it}">${BUTTONS[it].label}</button>`).join('')}</form>` : ''}
  </li>`;
}

function stateOf(account: Account, session: CheckoutSession): { summary: string; buttons: Button[] } {
  if (session.status !== 'complete')
    return { summary: session.status === 'open' ? 'Not paid yet' : 'Expired', buttons: [] };
  const payment = session.invoice
    ? account.all('invoice_payment').find((it) => it.invoice === session.invoice)?.payment.payment_intent
    : session.payment_intent;
  if (payment && Object.hasOwn(account.state.settlements, payment))
    return { summary: 'The bank debit is running', buttons: ['arrive', 'fail'] };
  if (session.subscription) {
    const { status } = account.getReferenced('subscription', session.subscription);
    return {
      summary: `Subscription: ${status.replace('_', ' ')}`,
      buttons: status === 'canceled' ? [] : ['renew', 'lapse', 'cancel'],
    };
  }
  const charge = account.getReferenced('charge', account.getReferenced('payment_intent', payment).latest_charge);
  if (charge.status === 'failed') return { summary: 'The debit failed', buttons: [] };
  if (charge.disputed) return { summary: 'Paid and disputed', buttons: [] };
  if (charge.refunded) return { summary: 'Refunded', buttons: [] };
  return { summary: charge.amount_refunded ? 'Refunded in part' : 'Paid', buttons: ['refund', 'dispute'] };
}

const refusal = (message: string) =>
  htmlDocument('The action failed', `<p class="bad">${escape(message)}</p><a class="button" href="/">Back</a>`);
