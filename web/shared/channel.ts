/**
 * Opens a channel between the tabs of this origin, or none where the browser has or allows none: Firefox throws when it
 * refuses all cookies.
 */
export function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
