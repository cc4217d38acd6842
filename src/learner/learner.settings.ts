import { z } from 'zod';
import { defineSetting } from '../settings/setting.js';
import { wholeNumber } from '../settings/value-schemas.js';

export const learnerMode = defineSetting<'off' | 'shadow' | 'hold'>({
  key: 'moderation.learner_mode',
  group: 'moderation',
  label: 'Helper that learns',
  help: 'It learns every night from your own decisions, without any service outside. With shadow it judges new comments and shows how often moderators agreed, and changes nothing. With hold a moderator also reads, before they are public, the comments about which it is certain at the precision below. It needs 200 decisions, of which 50 removed a comment and 50 kept one.',
  schema: z.enum(['off', 'shadow', 'hold']),
  initial: 'off',
  role: 'admin',
  perSite: false,
});

export const learnerPrecision = defineSetting({
  key: 'moderation.learner_precision',
  group: 'moderation',
  label: 'Precision of the helper, in percent',
  help: 'So many of 100 comments that it would hold must be ones that moderators remove, with a confidence of 95 %. Until it has reached this on decisions that it had not seen, it has no power. 99 needs several hundred removals and moderators who rarely differ.',
  schema: wholeNumber(80, 99),
  initial: 99,
  role: 'admin',
  perSite: false,
});
