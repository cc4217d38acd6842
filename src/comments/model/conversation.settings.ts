import { defineSetting } from '../../settings/setting.js';
import { wholeNumber } from '../../settings/value-schemas.js';

export const editWindow = defineSetting({
  key: 'conversation.edit_window_minutes',
  group: 'conversation',
  label: 'Time to edit',
  help: 'How many minutes an author can change a comment after posting it. With 0 no comment can be changed. Deleting is always possible. 10,080 minutes are a week.',
  schema: wholeNumber(0, 10_080),
  initial: 15,
  role: 'editor',
  perSite: true,
});

export const slowMode = defineSetting({
  key: 'conversation.slow_mode_seconds',
  group: 'conversation',
  label: 'Slow mode',
  help: 'How many seconds a reader waits after a comment before the next one under the same article. With 0 nobody waits. Staff never wait. 3,600 seconds are an hour.',
  schema: wholeNumber(0, 3_600),
  initial: 0,
  role: 'moderator',
  perSite: true,
});
