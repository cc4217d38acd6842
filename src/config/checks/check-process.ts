import { environmentNames } from '../env.js';
import { refuse, type SettingCheck, warn } from './setting-problem.js';

/** Checks what the environment says besides the settings: names that are almost ours, and TLS that verifies nothing. */
export const checkProcess: SettingCheck = ({ env, production, shell }) => {
  const standIns = (['STRIPE_STAND_IN_URL', 'PUSH_STAND_IN_URL'] as const).filter((name) => production && env[name]);
  return [
    ...standIns.flatMap((name) => refuse(name, 'must not be set in production', 'Remove it.')),
    ...(production && shell.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? refuse(
          'NODE_TLS_REJECT_UNAUTHORIZED',
          'is 0, so this process believes any server that claims to be Stripe, the mail server or a push service',
          'Remove it, and set NODE_EXTRA_CA_CERTS=<file> for an authority of your own.',
        )
      : []),
    ...(production && shell.DATA_DIR
      ? warn('DATA_DIR', 'has no effect in production, where the data are in DATABASE_URL', 'Remove it.')
      : []),
    ...Object.keys(shell).flatMap((name) => {
      const meant = shell[name] ? almost(name) : undefined;
      return meant ? warn(name, `is no setting of Rostra and has no effect`, `Did you mean ${meant}?`) : [];
    }),
  ];
};

/** Returns the setting that a name misses by one or two letters. */
function almost(name: string): string | undefined {
  const known = environmentNames();
  if (name.length < 8 || known.includes(name)) return undefined;
  return known.find((it) => it.length >= 8 && distance(it, name) <= 2);
}

/** The number of letters to insert, delete or replace (Levenshtein); 3 stands for all that are larger. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_it, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return Math.min(3, row[b.length]!);
}
