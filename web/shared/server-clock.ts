// Times on the page are compared with the server's clock, because that of the device may be minutes or days off.

/** Milliseconds by which the server is ahead of the device. */
let ahead = 0;
let exact = false;

/**
 * Learns the server's time from an answer's Date header.
 * @param sentAt the device's time when the request was sent
 * @param cached a cache may have kept the answer, whose time is then used only until there is a better one
 */
export function learnServerTime(date: string | null, sentAt: number, cached: boolean): void {
  const then = Date.parse(date ?? '');
  if (Number.isNaN(then) || (cached && exact)) return;
  exact = !cached;
  // The header has whole seconds, so the half of one is its mean error.
  ahead = then + 500 - (sentAt + Date.now()) / 2;
}

/** Returns the present time by the server's clock, in milliseconds since 1970. */
export const serverNow = (): number => Date.now() + ahead;
