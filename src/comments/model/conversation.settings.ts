import { z } from 'zod';
import { defineSetting } from '../../settings/setting.js';

export const editWindow = defineSetting({
  key: 'conversation.edit_window_minutes',
  group: 'conversation',
  label: 'Time to edit',
  help: 'How many minutes an author can change a comment after posting it. With 0 no comment can be changed. Deleting is always possible.',
  schema: z.int().min(0, 'must be at least 0').max(10_080, 'must be at most 10,080, which is a week'),
  initial: 15,
  role: 'editor',
  perSite: true,
});
