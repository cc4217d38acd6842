/** Whether this browser supports alerts on this page, and if not, why. */
export type Support = 'yes' | 'insecure' | 'ios' | 'no';

/** The part of a window that is read here. */
export interface BrowserWindow {
  isSecureContext: boolean;
  navigator: { userAgent: string; maxTouchPoints?: number; serviceWorker?: unknown };
  PushManager?: unknown;
  Notification?: unknown;
}

/**
 * Recognises iPhones and iPads, which offer push only to sites on the Home Screen (iOS 16.4 and later). An iPad's user
 * agent says Macintosh.
 */
const isApplePhone = ({ userAgent, maxTouchPoints = 0 }: BrowserWindow['navigator']) =>
  /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);

export function supportOf(window: BrowserWindow): Support {
  if (!window.isSecureContext) return 'insecure';
  try {
    // In a sandboxed frame, reading the last one throws.
    if ('PushManager' in window && 'Notification' in window && window.navigator.serviceWorker !== undefined)
      return 'yes';
  } catch {
    return 'no';
  }
  return isApplePhone(window.navigator) ? 'ios' : 'no';
}

type BrowserFamily = 'ios' | 'android' | 'firefoxAndroid' | 'edge' | 'firefox' | 'safari' | 'chrome';

/** Returns the browser family, by which the instructions for its settings are chosen. */
export function familyOf(navigator: BrowserWindow['navigator']): BrowserFamily {
  const { userAgent } = navigator;
  if (isApplePhone(navigator)) return 'ios';
  const android = /Android/.test(userAgent);
  if (/Firefox\//.test(userAgent)) return android ? 'firefoxAndroid' : 'firefox';
  if (android) return 'android';
  if (/Edg\//.test(userAgent)) return 'edge';
  if (/Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent)) return 'safari';
  return 'chrome';
}
