import { z } from 'zod';
import { defineSetting } from '../../settings/setting.js';

export const replyAlertDelay = defineSetting({
  key: 'alerts.reply_delay_seconds',
  group: 'alerts',
  label: 'Delay of reply alerts, in seconds',
  help: 'How long a reply waits before the reader whom it answers gets an alert. A reply that is removed in that time alerts nobody. A change acts on replies that are written after it.',
  schema: z.int().min(0, 'must be at least 0').max(3_600, 'must be at most 3,600, which is an hour'),
  initial: 15,
  role: 'editor',
  perSite: true,
});
