/** Returns the key of a subscription in base64url, or undefined if the browser does not give it. */
export function keyOf(subscription: PushSubscription): string | undefined {
  const key = subscription.options?.applicationServerKey;
  return key ? base64url(key) : undefined;
}

/** Encodes as base64url without padding (RFC 4648, section 5). */
export function base64url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
