import type { Alert } from './contract.js';

export type AlertStatus = Alert['state'] | 'discarded';

/** An alert's state as people speak of it: cancelled before it was ever sent is not "stopped". */
export const statusOf = ({ state, sentAt }: Alert): AlertStatus =>
  state === 'cancelled' && !sentAt ? 'discarded' : state;
