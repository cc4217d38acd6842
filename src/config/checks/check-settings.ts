import type { Environment } from '../env.js';
import { checkDatabase } from './check-database.js';
import { checkMail } from './check-mail.js';
import { checkMetrics } from './check-metrics.js';
import { checkOrigins } from './check-origins.js';
import { checkProcess } from './check-process.js';
import { checkProxy } from './check-proxy.js';
import { checkPush } from './check-push.js';
import { checkStripe } from './check-stripe.js';
import type { SettingProblem } from './setting-problem.js';

const CHECKS = [checkProcess, checkOrigins, checkProxy, checkDatabase, checkMail, checkStripe, checkPush, checkMetrics];

/** Returns what is wrong between the settings, or in their place. Each setting by itself is valid here. */
export function checkSettings(
  env: Environment,
  shell: Readonly<Record<string, string | undefined>>,
): readonly SettingProblem[] {
  const settings = { env, shell, production: env.NODE_ENV === 'production' };
  return CHECKS.flatMap((check) => check(settings));
}
