import { refuse, type SettingCheck, warn } from './setting-problem.js';

/** Checks how readers' addresses reach this process. A worker has no readers. */
export const checkProxy: SettingCheck = ({ env, production }) => {
  if (!production || env.ROLE === 'worker') return [];
  const { TRUST_PROXY: proxies, PUBLIC_URL: publicUrl, PORT: port } = env;
  if (proxies === undefined)
    return refuse(
      'TRUST_PROXY',
      'needed when NODE_ENV=production, because behind a proxy all readers would otherwise share the limits of one',
      'Set the number of proxies between the readers and this process, such as TRUST_PROXY=1 for one nginx, HAProxy or load balancer, 2 for a CDN and one of these.',
    );
  return [
    ...(proxies === 0 && publicUrl?.startsWith('https:')
      ? warn(
          'TRUST_PROXY',
          'is 0, although PUBLIC_URL is https and Rostra speaks no TLS: if the proxy that ends TLS has an address of its own, all readers share the limits of one',
          'Set the number of proxies in front. Keep 0 only if nothing forwards requests.',
        )
      : []),
    ...(port === 0
      ? refuse('PORT', 'is 0, which takes another port at each start', 'Set the port to which the proxy forwards.')
      : []),
  ];
};
