import { refuse, type SettingCheck } from './setting-problem.js';

const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/;

/** Checks that strangers cannot read the numbers. */
export const checkMetrics: SettingCheck = ({ env }) => {
  const { METRICS_PORT: port, METRICS_HOST: host, METRICS_TOKEN: token } = env;
  if (port === undefined) return [];
  return [
    ...(token === undefined && !LOOPBACK.test(host)
      ? refuse(
          'METRICS_HOST',
          `is ${host}, so others than this machine read the metrics`,
          'Set METRICS_TOKEN too, or remove METRICS_HOST.',
        )
      : []),
    ...(port !== 0 && port === env.PORT && env.ROLE !== 'worker'
      ? refuse('METRICS_PORT', `is ${port}, on which readers are served`, 'Choose another port.')
      : []),
  ];
};
