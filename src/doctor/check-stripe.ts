import Stripe from 'stripe';
import type { Config } from '../config/config.js';
import { EVENT_TYPES } from '../donations/ledger/stripe-facts.js';
import { API_VERSION } from '../donations/stripe/stripe.client.js';
import { error, type Finding, ok, warning } from './finding.js';

const PATIENCE_MS = 4_000;

/** Asks Stripe whether it knows the key, and compares the webhook endpoint with what Rostra needs. It changes nothing. */
export async function checkStripe(config: Config): Promise<Finding[]> {
  const settings = config.stripe;
  if (!settings) return [ok('Donations are switched off, because STRIPE_SECRET_KEY is not set.')];
  const { secretKey, standIn } = settings;
  const stripe = new Stripe(secretKey, {
    apiVersion: API_VERSION,
    timeout: PATIENCE_MS,
    maxNetworkRetries: 0,
    telemetry: false,
    ...(standIn ? { host: standIn.hostname, port: standIn.port || '80', protocol: 'http' as const } : {}),
  });
  const mode = settings.live ? 'moves real money' : 'is of test mode and moves no money';
  try {
    await stripe.events.list({ limit: 1 });
  } catch (reason) {
    return [error(explain(reason))];
  }
  const key = ok(`${standIn ? 'The stand-in' : 'Stripe'} takes the key, which ${mode}.`);
  return standIn ? [key] : [key, ...(await checkEndpoint(stripe, `${config.publicUrl}/api/v1/webhooks/stripe`))];
}

function explain(reason: unknown): string {
  const message = (reason as Error).message.replace(/\.$/, '');
  if (reason instanceof Stripe.errors.StripeAuthenticationError)
    return `STRIPE_SECRET_KEY: Stripe does not know this key (${message}). Copy the key from the dashboard again.`;
  if (reason instanceof Stripe.errors.StripePermissionError)
    return `STRIPE_SECRET_KEY: the key may not read events (${message}). Give it the rights that docs/operating.md lists.`;
  return `Stripe cannot be reached: ${message}. Let this machine connect to api.stripe.com, port 443.`;
}

async function checkEndpoint(stripe: Stripe, url: string): Promise<Finding[]> {
  let endpoints: Stripe.WebhookEndpoint[];
  try {
    endpoints = (await stripe.webhookEndpoints.list({ limit: 100 })).data;
  } catch {
    return [ok(`The key may not list webhook endpoints, so the one at ${url} was not looked at.`)];
  }
  const ours = endpoints.find((it) => it.url === url);
  if (!ours)
    return [
      error(
        `Stripe has no webhook endpoint at ${url}, so payments are recorded minutes late, from its list of events. Make one (docs/operating.md), and set its signing secret as STRIPE_WEBHOOK_SECRET.`,
      ),
    ];
  const missing = ours.enabled_events.includes('*')
    ? []
    : EVENT_TYPES.filter((it) => !(ours.enabled_events as string[]).includes(it));
  return [
    ...(ours.status === 'enabled'
      ? []
      : [error(`The webhook endpoint at ${url} is disabled. Enable it in the dashboard.`)]),
    ...(missing.length
      ? [warning(`The webhook endpoint at ${url} does not send ${missing.join(', ')}. Add them in the dashboard.`)]
      : []),
    ...(ours.api_version && ours.api_version !== API_VERSION
      ? [
          warning(
            `The webhook endpoint at ${url} has the API version ${ours.api_version}, and Rostra reads ${API_VERSION}. Make a new endpoint with that version.`,
          ),
        ]
      : []),
    ok(`Stripe sends its events to ${url}.`),
  ];
}
