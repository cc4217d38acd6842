/** The key that a subscription was made with, as Rostra writes its key; undefined where the browser does not say. */
export function keyOf(subscription: PushSubscription): string | undefined {
  const key = subscription.options?.applicationServerKey;
  return key ? base64url(key) : undefined;
}

/** Base64url without padding (RFC 4648 5). */
export function base64url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
