import type { Alert } from './contract.js';

export type AlertStatus = Alert['state'] | 'discarded';

/** The state that editors see: an alert that was cancelled before it was sent is discarded, not stopped. */
export const statusOf = ({ state, sentAt }: Alert): AlertStatus =>
  state === 'cancelled' && !sentAt ? 'discarded' : state;
