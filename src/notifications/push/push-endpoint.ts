/** The push services, whose answers differ (push-answers.ts). */
export type PushService = 'fcm' | 'mozilla' | 'wns' | 'apple';

/** An endpoint that may be sent to. */
export interface PushEndpoint {
  /** scheme://host, which is the audience of a signature (RFC 8292). */
  origin: string;
  host: string;
  /** Path and query. */
  path: string;
  service: PushService;
  /** Whether it is the local stand-in, the only service that may have a loopback address. */
  standIn: boolean;
}

/** Hosts with an exact name. jmt17.google.com serves Chromium builds without Google's keys. */
const HOSTS: Record<string, PushService> = {
  'fcm.googleapis.com': 'fcm',
  'jmt17.google.com': 'fcm',
  'updates.push.services.mozilla.com': 'mozilla',
};
/** Hosts by the end of their name. It begins with a dot, so that `evilpush.apple.com` does not match. */
const BELOW: [string, PushService][] = [
  ['.push.services.mozilla.com', 'mozilla'],
  ['.push.apple.com', 'apple'],
  ['.notify.windows.com', 'wns'],
];
const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

const LONGEST = 2_048;

/**
 * Checks an endpoint when it is subscribed and again at every sending, because a stored one may be older than this list.
 * Without the check a subscriber could make us POST to any address inside our network.
 * @param standIn one more allowed origin (PUSH_STAND_IN_URL)
 * @param more hosts of further push services (PUSH_HOSTS), with their port unless it is 443
 * @returns the endpoint, or the reason why it is refused, which never contains the endpoint
 */
export function checkEndpoint(
  text: string,
  standIn: string | undefined,
  more: readonly string[] = [],
): PushEndpoint | { refused: string } {
  const no = (refused: string): { refused: string } => ({ refused });
  if (text.length > LONGEST) return no(`must have at most ${LONGEST} characters`);
  const url = parse(text);
  if (!url) return no('must be a URL');
  // Browsers give endpoints in the form that a URL parser writes. Other parsers may read any other form differently.
  if (url.href !== text) return no('must be written as the browser gives it');
  if (url.username || url.password) return no('must not carry a user');
  if (text.includes('#')) return no('must not have a fragment');
  const found = { origin: url.origin, host: url.host, path: text.slice(url.origin.length) };
  if (standIn !== undefined && url.origin === standIn) return { ...found, service: 'mozilla', standIn: true };
  if (url.protocol !== 'https:') return no('must be https');
  // A self-hosted service speaks as Mozilla's autopush does, of which most are copies.
  if (HOST_NAME.test(url.hostname) && more.some((it) => isOf(url, it)))
    return { ...found, service: 'mozilla', standIn: false };
  if (url.port) return no('must be on port 443');
  const service = serviceOf(url.hostname);
  if (!service) return no('must be of a push service that we know');
  return { ...found, service, standIn: false };
}

/** Whether an address is that of a host, or of one below a host that begins with a dot. */
function isOf({ hostname, port }: URL, host: string): boolean {
  const [name = '', itsPort = ''] = host.split(':');
  const isNamed = name.startsWith('.') ? hostname.endsWith(name) : hostname === name;
  return isNamed && port === (itsPort === '443' ? '' : itsPort);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function serviceOf(host: string): PushService | undefined {
  if (!HOST_NAME.test(host)) return undefined;
  return Object.hasOwn(HOSTS, host) ? HOSTS[host] : BELOW.find(([end]) => host.endsWith(end))?.[1];
}
