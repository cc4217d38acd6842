import { senderAddress } from './check-mail.js';
import { type SettingCheck, warn } from './setting-problem.js';
import { type Environment, VapidSubject } from '../env.js';

/** Returns a contact with a real domain, if a setting gives one. */
const contactOf = (env: Environment, publicUrl: string): string | undefined =>
  [env.VAPID_SUBJECT, publicUrl, `mailto:${senderAddress(env.MAIL_FROM ?? '')}`]
    .map((it) => VapidSubject.safeParse(it).data)
    .find((it) => it !== undefined);

/**
 * Returns the contact for push services (the `sub` of RFC 8292). It is never a stranger's: without a real domain it is
 * that of this server, which Apple refuses and others accept.
 */
export const vapidSubjectOf = (env: Environment, publicUrl: string): string =>
  contactOf(env, publicUrl) ?? `mailto:postmaster@${new URL(publicUrl).hostname}`;

export const checkPush: SettingCheck = ({ env, production }) =>
  production && !contactOf(env, env.PUBLIC_URL ?? '')
    ? warn(
        'VAPID_SUBJECT',
        'is not set, and neither PUBLIC_URL nor MAIL_FROM is of a real domain, so Apple refuses every notification',
        'Set a contact such as mailto:newsroom@news.example.',
      )
    : [];
