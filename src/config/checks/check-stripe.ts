import type { Environment } from '../env.js';
import { refuse, type SettingCheck, type SettingProblem, warn } from './setting-problem.js';

/** Whether the key moves real money. */
export const isLive = (key = ''): boolean => /^[sr]k_live_/.test(key);

/** Stripe's secrets are longer and have more different characters than what people type as a placeholder. */
const looksMadeUp = (secret: string): boolean => {
  const random = secret.replace(/^(whsec|[sr]k_(test|live))_/, '');
  return random.length < 16 || new Set(random).size < 6;
};

/** Checks that a Stripe key has all that it needs, and that its mode fits the rest. */
export const checkStripe: SettingCheck = ({ env, production }) => [
  ...checkAccount(env),
  ...checkMode(env, production),
  ...(production ? checkSecrets(env) : []),
];

function checkAccount(env: Environment): SettingProblem[] {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secrets } = env;
  if (key && !secrets?.length)
    return refuse(
      'STRIPE_WEBHOOK_SECRET',
      'needed with STRIPE_SECRET_KEY, because no payment is recorded without it',
      'Copy the signing secret of the webhook endpoint from the dashboard of Stripe.',
    );
  if (secrets?.length && !key)
    return warn(
      'STRIPE_SECRET_KEY',
      'is not set, although STRIPE_WEBHOOK_SECRET is, so donations are switched off',
      'Set the key, or remove the secret.',
    );
  return [];
}

function checkMode(env: Environment, production: boolean): SettingProblem[] {
  const { STRIPE_SECRET_KEY: key, STRIPE_STAND_IN_URL: standIn } = env;
  if (!isLive(key))
    return key && production
      ? warn(
          'STRIPE_SECRET_KEY',
          'is a test key in production: donations look real to readers and move no money',
          'Set the live key (sk_live_ or rk_live_) and the secret of its webhook endpoint, unless this is a trial.',
        )
      : [];
  if (standIn) return refuse('STRIPE_STAND_IN_URL', 'must not be set with a live Stripe key', 'Remove it.');
  if (!env.PUBLIC_URL?.startsWith('https:'))
    return refuse('PUBLIC_URL', 'must be https with a live Stripe key', 'Set the https origin that readers see.');
  return production
    ? []
    : warn(
        'STRIPE_SECRET_KEY',
        'is a live key outside production: a trial on this machine would charge real cards',
        'Use a test key here (sk_test_ or rk_test_), or set NODE_ENV=production.',
      );
}

function checkSecrets({ STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secrets }: Environment): SettingProblem[] {
  return [
    ...(key && looksMadeUp(key)
      ? refuse('STRIPE_SECRET_KEY', 'is no key that Stripe would make', 'Copy it from the dashboard of Stripe.')
      : []),
    ...(secrets?.some(looksMadeUp)
      ? refuse(
          'STRIPE_WEBHOOK_SECRET',
          'is no secret that Stripe would make, and whoever guesses it can record payments',
          'Copy the signing secret of the webhook endpoint from the dashboard of Stripe.',
        )
      : []),
  ];
}
