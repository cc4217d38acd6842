import { NEW, type AlertDesk } from './alert-desk.js';

/** Handles a key on the alerts page. @returns whether it was meant for the alerts */
export function pressAlertKey(key: string, desk: AlertDesk): boolean {
  if (pressCountdownKey(key, desk)) return true;
  const act = ACTS[key];
  act?.(desk);
  return act !== undefined;
}

/** Handles a key on any page while an alert waits to be sent. @returns whether it was meant for that alert */
export function pressCountdownKey(key: string, desk: AlertDesk): boolean {
  if (!desk.sender.holding) return false;
  if (key === 'z' || key === 'escape') return desk.undo();
  if (key !== 'w') return false;
  void desk.sender.sendNow();
  return true;
}

const ACTS: Readonly<Record<string, (desk: AlertDesk) => void>> = {
  n: (desk) => desk.openId === NEW || desk.write(),
  s: (desk) => desk.send(),
  x: (desk) => void desk.stop(),
  e: (desk) => desk.edit(),
  d: (desk) => void desk.discard(),
};
