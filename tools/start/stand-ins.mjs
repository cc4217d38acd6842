// Starts the stand-ins: the mailbox, a newspaper that embeds Rostra, Stripe and a push service. Each one is left out
// when the real service is set.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { dataFolder } from './database.mjs';

const local = (port) => `http://localhost:${port}`;

/** Returns the ports that they will open, so that a taken one is reported before anything long begins. */
export function portsOf(env) {
  const ports = [env.DEMO_PORT, env.PUSH_STAND_IN_PORT];
  if (!env.SMTP_URL) ports.push(env.MAILBOX_PORT, env.MAILBOX_SMTP_PORT);
  if (!env.STRIPE_SECRET_KEY) ports.push(env.STRIPE_STAND_IN_PORT);
  return ports;
}

/**
 * Starts them and sets the app's settings to their addresses. A worker process starts none and uses those of its web
 * process.
 * @returns {Promise<{ demo?: string, mailbox?: string, stripe?: string, push?: string }>} their addresses
 */
export async function startStandIns(lifecycle, env) {
  useStandIns(env);
  if (env.ROLE === 'worker') return {};
  const keep = async (starting) => {
    const it = await starting;
    lifecycle.onStop(() => it.close());
    return it.url;
  };
  await import('../typescript.mjs');
  const state = await stateFolder(env);
  const rostraOrigin = env.PUBLIC_URL ?? local(env.PORT);
  const { startMailbox } = await import('../../stand-ins/mailbox/mailbox.ts');
  const { startDemoSite } = await import('../demo-site.mjs');
  const { startPushService } = await import('../../stand-ins/push-service/push-service.ts');
  const { startStripe } = await import('../../stand-ins/stripe/stripe.ts');
  const mailbox = env.SMTP_URL
    ? undefined
    : await keep(startMailbox({ port: env.MAILBOX_PORT, smtpPort: env.MAILBOX_SMTP_PORT }));
  const demo = await keep(startDemoSite({ port: env.DEMO_PORT, rostraOrigin }));
  const push = await keep(startPushService({ port: env.PUSH_STAND_IN_PORT, statePath: join(state, 'push.json') }));
  const stripe = env.STRIPE_SECRET_KEY
    ? undefined
    : await keep(
        startStripe({
          port: env.STRIPE_STAND_IN_PORT,
          webhookUrl: `${local(env.PORT)}/api/v1/webhooks/stripe`,
          webhookSecret: process.env.STRIPE_WEBHOOK_SECRET,
          statePath: join(state, 'stripe.json'),
          // A bank debit takes days at Stripe. Here it settles after these seconds.
          settleAfter: 20,
        }),
      );
  return { demo, mailbox, stripe, push };
}

/** Makes the webhook secret anew at each start, because this process both signs and verifies the webhooks. */
function useStandIns(env) {
  process.env.PUSH_STAND_IN_URL ||= local(env.PUSH_STAND_IN_PORT);
  if (env.STRIPE_SECRET_KEY) return;
  process.env.STRIPE_STAND_IN_URL = local(env.STRIPE_STAND_IN_PORT);
  process.env.STRIPE_SECRET_KEY = 'sk_test_stand_in';
  process.env.STRIPE_WEBHOOK_SECRET = `whsec_${randomBytes(24).toString('hex')}`;
}

/** Returns the folder of their state, beside the database, so that deleting one folder deletes everything. */
async function stateFolder(env) {
  return join(await dataFolder(env), 'stand-ins');
}
