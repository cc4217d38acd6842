import { limitSetting } from '../../config/limit-setting.js';
import { defineLimit } from '../../http/limit.js';

/** How often one network may make us call Stripe. */
export const donationLimit = defineLimit({
  name: 'donation',
  setting: limitSetting({
    env: 'LIMIT_DONATIONS_PER_IP_PER_HOUR',
    max: 20,
    counts: 'donations begun from one network, and pages opened to manage them',
  }),
  per: 'hour',
  message: 'Many gifts were begun or managed from your network.',
});
