import { defineSetting } from '../../settings/setting.js';
import { wholeNumber } from '../../settings/value-schemas.js';

export const replyAlertDelay = defineSetting({
  key: 'alerts.reply_delay_seconds',
  group: 'alerts',
  label: 'Delay of reply alerts, in seconds',
  help: 'How long a reply waits before the reader whom it answers gets an alert. A reply that is removed in that time alerts nobody. A change acts on replies that are written after it.',
  schema: wholeNumber(0, 3_600),
  initial: 15,
  role: 'editor',
  perSite: true,
});
