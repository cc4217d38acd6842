import { hostOf, isInternal, isLoopback, isPlaceholder } from './hosts.js';
import { refuse, type SettingCheck, type SettingProblem, warn } from './setting-problem.js';

/** Checks where readers and embedding sites are. */
export const checkOrigins: SettingCheck = ({ env, production }) => {
  const { PUBLIC_URL: publicUrl, ALLOWED_ORIGINS: sites } = env;
  if (!production) return publicUrl ? checkDevelopment(publicUrl, env.PORT) : [];
  if (!publicUrl)
    return refuse(
      'PUBLIC_URL',
      'needed when NODE_ENV=production',
      'Set the origin that readers see, such as https://talk.news.example.',
    );
  const listed = sites ?? [];
  return [
    ...checkPublicUrl(publicUrl, env.PORT),
    ...(listed.some((it) => it !== publicUrl)
      ? []
      : warn(
          'ALLOWED_ORIGINS',
          'names no site, so no page but those of Rostra itself may call it',
          'List the origins of the sites that embed Rostra, such as https://news.example,https://www.news.example.',
        )),
    ...listed.flatMap((it) => (it === publicUrl ? [] : checkSite(it))),
  ];
};

/** A public https address without NODE_ENV is a server that still has the defaults of a laptop. */
const checkDevelopment = (publicUrl: string, port: number): SettingProblem[] =>
  publicUrl.startsWith('https:') && !isLoopback(hostOf(publicUrl)) && !isPlaceholder(hostOf(publicUrl)) && port
    ? warn(
        'NODE_ENV',
        `is not production, although PUBLIC_URL (${publicUrl}) is a public address, so the defaults of a laptop are in use`,
        'Set NODE_ENV=production where readers come.',
      )
    : [];

function checkPublicUrl(publicUrl: string, port: number): SettingProblem[] {
  const host = hostOf(publicUrl);
  if (publicUrl.startsWith('http:'))
    return isLoopback(host)
      ? warn(
          'PUBLIC_URL',
          `is ${publicUrl}, which only a browser on this machine can open`,
          'Set the https origin that readers see.',
        )
      : refuse(
          'PUBLIC_URL',
          `is ${publicUrl}, and over http browsers keep no session, because the cookies are Secure`,
          'Set the https origin of the proxy that ends TLS.',
        );
  if (isPlaceholder(host))
    return warn('PUBLIC_URL', `is ${publicUrl}, the address of an example`, 'Set the origin that readers see.');
  if (isLoopback(host) || isInternal(host))
    return warn(
      'PUBLIC_URL',
      `is ${publicUrl}, which only this machine or its own network can open`,
      'Set the origin that readers see.',
    );
  if (new URL(publicUrl).port === String(port))
    return warn(
      'PUBLIC_URL',
      `names port ${port}, on which Rostra itself listens without TLS`,
      'Put a proxy that ends TLS in front, and set its origin.',
    );
  return [];
}

function checkSite(site: string): SettingProblem[] {
  const host = hostOf(site);
  if (isLoopback(host))
    return warn(
      'ALLOWED_ORIGINS',
      `lists ${site}, so any program that serves pages on a reader's own machine may act for that reader`,
      'Remove it in production.',
    );
  if (site.startsWith('http:'))
    return warn(
      'ALLOWED_ORIGINS',
      `lists ${site}, and whoever can change its pages on the way may act for its readers`,
      'Serve the site over https, and list that origin.',
    );
  if (isPlaceholder(host))
    return warn('ALLOWED_ORIGINS', `lists ${site}, the address of an example`, 'List the sites that embed Rostra.');
  return [];
}
