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

/** Returns a hash that identifies a subscription, so that its address, a secret, need not be stored. */
export async function fingerprintOf({ endpoint }: PushSubscription): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return base64url(hash).slice(0, 16);
}
