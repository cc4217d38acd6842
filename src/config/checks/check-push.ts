import { senderAddress } from './check-mail.js';
import { type SettingCheck, warn } from './setting-problem.js';
import { type Environment, VapidSubject } from '../env.js';

/** The contact when no setting gives one. Apple refuses pushes with it. */
const NOBODY = 'mailto:postmaster@example.com';

/** Returns the contact for push services (the `sub` of RFC 8292). */
export function vapidSubjectOf(env: Environment, publicUrl: string): string {
  const subjects = [env.VAPID_SUBJECT, publicUrl, `mailto:${senderAddress(env.MAIL_FROM ?? '')}`];
  return subjects.find((it) => VapidSubject.safeParse(it).success) ?? NOBODY;
}

export const checkPush: SettingCheck = ({ env, production }) =>
  production && vapidSubjectOf(env, env.PUBLIC_URL ?? '') === NOBODY
    ? warn(
        'VAPID_SUBJECT',
        'is not set, and neither PUBLIC_URL nor MAIL_FROM is of a real domain, so Apple refuses every notification',
        'Set a contact such as mailto:newsroom@news.example.',
      )
    : [];
