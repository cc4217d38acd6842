import type { Config } from '../config/config.js';
import { VapidSubject } from '../config/env.js';
import { error, type Finding, ok, warning } from './finding.js';

const PATIENCE_MS = 4_000;
const PUSH_SERVICES = [
  'https://fcm.googleapis.com',
  'https://updates.push.services.mozilla.com',
  'https://web.push.apple.com',
];

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Looks whether readers reach this Rostra where the settings say. */
export async function checkProxy(config: Config, get: Fetch): Promise<Finding[]> {
  if (!config.production) return [ok(`Readers come to ${config.publicUrl}, without a proxy.`)];
  const url = `${config.publicUrl}/health/live`;
  const proxies = config.trustProxy === 1 ? 'one proxy' : `${config.trustProxy || 'no'} proxies`;
  const told = ok(
    `TRUST_PROXY=${config.trustProxy}: ${proxies} in front. The log warns when a request shows another number.`,
  );
  try {
    const answer = await get(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'manual' });
    const text = (await answer.text()).slice(0, 100);
    if (answer.ok && text.includes('"status":"ok"')) return [ok(`Rostra answers at ${config.publicUrl}.`), told];
    return [
      warning(
        `PUBLIC_URL: ${url} answers ${answer.status}, so something else than Rostra answers there. Let the proxy pass all paths of this host on, unchanged.`,
      ),
      told,
    ];
  } catch (reason) {
    const { cause, message } = reason as Error & { cause?: Error };
    return [
      warning(
        `PUBLIC_URL: ${url} cannot be opened from here (${cause?.message ?? message}). Look at the proxy and its certificate, or open it from elsewhere: some networks do not reach their own public address.`,
      ),
      told,
    ];
  }
}

/** Looks whether this machine reaches the push services of the browsers. */
export async function checkPush(config: Config, get: Fetch): Promise<Finding[]> {
  const isReal = VapidSubject.safeParse(config.vapidSubject).success;
  const contact = ok(
    isReal || !config.production
      ? `The contact for push services is ${config.vapidSubject}.`
      : `The contact for push services is ${config.vapidSubject}, which all but Apple's accept.`,
  );
  if (!config.production) return [contact];
  const away = await Promise.all(
    PUSH_SERVICES.map((it) =>
      get(it, { method: 'HEAD', signal: AbortSignal.timeout(PATIENCE_MS) }).then(
        () => [],
        () => [it],
      ),
    ),
  );
  const unreached = away.flat();
  return [
    contact,
    unreached.length
      ? error(`This machine does not reach ${unreached.join(', ')}, and a worker must. Open port 443 to them.`)
      : ok('This machine reaches the push services of the browsers.'),
  ];
}
