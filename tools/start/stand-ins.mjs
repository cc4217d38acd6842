// What stands for the outside world on one's own machine: the mailbox, a newspaper that embeds Rostra, a Stripe and a
// push service. Each gives way to the real thing as soon as its setting is there.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const local = (port) => `http://localhost:${port}`;

/** The ports that they will open, so that a taken one is told before anything long begins. */
export function portsOf(env) {
  const ports = [env.DEMO_PORT, env.PUSH_STAND_IN_PORT];
  if (!env.SMTP_URL) ports.push(env.MAILBOX_PORT, env.MAILBOX_SMTP_PORT);
  if (!env.STRIPE_SECRET_KEY) ports.push(env.STRIPE_STAND_IN_PORT);
  return ports;
}

/**
 * Starts them, and tells the app's settings where they are. A worker by itself starts none, it uses those of its web.
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
          // A bank debit takes days there; here it should be seen to turn.
          settleAfter: 20,
        }),
      );
  return { demo, mailbox, stripe, push };
}

/** Only the process that verifies webhooks needs their secret, and it starts the Stripe that signs them. */
function useStandIns(env) {
  process.env.PUSH_STAND_IN_URL ||= local(env.PUSH_STAND_IN_PORT);
  if (env.STRIPE_SECRET_KEY) return;
  process.env.STRIPE_STAND_IN_URL = local(env.STRIPE_STAND_IN_PORT);
  process.env.STRIPE_SECRET_KEY = 'sk_test_stand_in';
  process.env.STRIPE_WEBHOOK_SECRET = `whsec_${randomBytes(24).toString('hex')}`;
}

/** Beside the database, so that whoever deletes that folder begins anew with all of it. */
async function stateFolder(env) {
  const { folderOf } = await import('../../src/database/embedded/place.ts');
  return join(await folderOf({ name: 'main', projectRoot, dataDir: env.DATA_DIR }), 'stand-ins');
}
