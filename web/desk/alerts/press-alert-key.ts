import { NEW, type AlertDesk } from './alert-desk.js';

/**
 * One key, pressed where nobody types. An alert in its last seconds hears its keys from every room, the rest only in
 * its own. @returns whether it was meant for the alerts
 */
export function pressAlertKey(key: string, desk: AlertDesk, inRoom: boolean): boolean {
  if (desk.dispatch.holding) {
    if (key === 'z' || key === 'escape') return desk.undo();
    if (key === 'w') {
      void desk.dispatch.go();
      return true;
    }
  }
  const act = inRoom ? ACTS[key] : undefined;
  act?.(desk);
  return act !== undefined;
}

const ACTS: Readonly<Record<string, (desk: AlertDesk) => void>> = {
  n: (desk) => desk.openId === NEW || desk.write(),
  s: (desk) => desk.send(),
  x: (desk) => void desk.stop(),
  e: (desk) => desk.edit(),
  d: (desk) => void desk.discard(),
};
