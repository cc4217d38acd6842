import { limitSetting } from '../../config/limit-setting.js';
import { defineBudget } from '../sessions/budgets.js';

/** How often a person may write. It is declared here, below comments, because a new display name counts as well. */
export const postBudget = defineBudget({
  name: 'post',
  setting: limitSetting({
    env: 'LIMIT_POSTS_PER_MINUTE',
    max: 12,
    counts: 'posts, edits and new names of the accounts of one mailbox; three times as many from one network',
  }),
  per: 'minute',
  message: 'You are writing very fast.',
});
