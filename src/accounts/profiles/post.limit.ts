import { limitSetting } from '../../config/limit-setting.js';
import { defineLimit } from '../../http/limit.js';

/** How often an account may write. It is declared here, below comments, because a new display name counts as well. */
export const postLimit = defineLimit({
  name: 'post',
  setting: limitSetting({ env: 'LIMIT_POSTS_PER_MINUTE', max: 12, counts: 'posts and edits of an account' }),
  per: 'minute',
  message: 'You are writing very fast.',
});
