import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Account, newId } from '../model/account.js';
import { escape, htmlDocument, sendHtml } from '../page/html.js';
import { inWords } from '../money/currencies.js';
import type { PortalSession, Subscription } from '../model/wire.js';
import { cancelAtPeriodEnd } from './subscriptions.js';

/** How long a session's page can be used. */
const LIFE = 3_600;

/** A session of the customer portal, as a merchant has it who allows cancelling at the period's end. */
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

/** Answers `/p/session/{id}`: the customer's subscriptions, and the buttons that stop them or go on with them. */
export async function servePortal(
  { account, saved }: { account: Account; saved: () => Promise<void> },
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const session = account.find('billing_portal.session', pathname.slice('/p/session/'.length));
  if (!session || session.created + LIFE < account.now()) return sendHtml(response, 404, overPage());
  const own = account.all('subscription').filter((it) => it.customer === session.customer);
  if (request.method === 'POST') {
    const form = new URLSearchParams(body);
    const wanted = own.find((it) => it.id === form.get('subscription') && it.status !== 'canceled');
    const press = form.get('press');
    if (!wanted || (press !== 'cancel' && press !== 'renew')) return sendHtml(response, 400, overPage());
    cancelAtPeriodEnd(account, wanted, press === 'cancel');
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
  const over = status === 'canceled';
  const says = over ? 'It has ended.' : ending ? `It ends on ${day}.` : `It renews on ${day}.`;
  const button = ending
    ? '<button class="pay" name="press" value="renew">Don’t cancel</button>'
    : '<button class="pay" name="press" value="cancel">Cancel subscription</button>';
  return `<section class="sum" aria-label="Subscription">
    <p class="total">${inWords(price.unit_amount ?? 0, currency)} <small>per ${price.recurring!.interval}</small></p>
    <p class="note">${says}</p></section>
    ${over ? '' : `<form method="post"><input type="hidden" name="subscription" value="${escape(id)}">${button}</form>`}`;
}

const overPage = (): string =>
  htmlDocument('Session over', '<section class="sum"><p class="what">This page is over. Open it anew.</p></section>');
