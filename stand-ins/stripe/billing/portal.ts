import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Account, newId } from '../model/account.js';
import { escape, htmlDocument, sendHtml } from '../page/html.js';
import { formatAmount } from '../money/currencies.js';
import type { PortalSession, Subscription } from '../model/wire.js';
import { cancelAtPeriodEnd } from './subscriptions.js';

/** Seconds for which the page of a session can be used. */
const SESSION_SECONDS = 3_600;

/** Makes a session of a customer portal that allows to cancel at the end of the period. */
export function newPortalSession(
  account: Account,
  { customer, returnUrl, origin }: { customer: string; returnUrl: string | null; origin: string },
): PortalSession {
  const id = newId('bps', 24);
  return account.add('billing_portal.session', {
    id,
    object: 'billing_portal.session',
    configuration: 'bpc_standin',
    created: account.now(),
    customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: returnUrl,
    url: `${origin}/p/session/${id}`,
  });
}

/** Answers `/p/session/{id}`: the customer's subscriptions, with buttons that cancel or renew them. */
export async function servePortal(
  { account, saved }: { account: Account; saved: () => Promise<void> },
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const session = account.find('billing_portal.session', pathname.slice('/p/session/'.length));
  if (!session || session.created + SESSION_SECONDS < account.now()) return sendHtml(response, 404, expiredPage());
  const own = account.all('subscription').filter((it) => it.customer === session.customer);
  if (request.method === 'POST') {
    const form = new URLSearchParams(body);
    const subscription = own.find((it) => it.id === form.get('subscription') && it.status !== 'canceled');
    const press = form.get('press');
    if (!subscription || (press !== 'cancel' && press !== 'renew')) return sendHtml(response, 400, expiredPage());
    cancelAtPeriodEnd(account, subscription, press === 'cancel');
    await saved();
    response.writeHead(303, { location: pathname, 'cache-control': 'no-store' }).end();
    return;
  }
  sendHtml(response, 200, portalPage(session, own));
}

function portalPage(session: PortalSession, subscriptions: Subscription[]): string {
  const back = session.return_url
    ? `<a class="back" href="${escape(session.return_url)}"><span aria-hidden="true">←</span> Return to the site</a>`
    : '';
  return htmlDocument('Manage your subscription', `${back}${subscriptions.map(section).join('')}`);
}

function section({ id, status, items, currency, cancel_at_period_end: ending }: Subscription): string {
  const { price, current_period_end: end } = items.data[0]!;
  const day = new Date(end * 1000).toISOString().slice(0, 10);
  const ended = status === 'canceled';
  const note = ended ? 'It has ended.' : ending ? `It ends on ${day}.` : `It renews on ${day}.`;
  const button = ending
    ? '<button class="pay" name="press" value="renew">Don’t cancel</button>'
    : '<button class="pay" name="press" value="cancel">Cancel subscription</button>';
  return `<section class="sum" aria-label="Subscription">
    <p class="total">${formatAmount(price.unit_amount ?? 0, currency)} <small>per ${price.recurring!.interval}</small></p>
    <p class="note">${note}</p></section>
    ${ended ? '' : `<form method="post"><input type="hidden" name="subscription" value="${escape(id)}">${button}</form>`}`;
}

const expiredPage = (): string =>
  htmlDocument(
    'Session expired',
    '<section class="sum"><p class="what">This page has expired. Go back to the site and open it again.</p></section>',
  );
