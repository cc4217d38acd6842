// A line may be long and come from strangers, so no pattern may look at a character again from each character before it: a
// word is tried from its beginning only, and a lookahead does not give back what it matched.
const MAIL_ADDRESS = /(?<![^\s<>"'`@:;,()[\]/=])[^\s<>"'`@:;,()[\]/=]+@[^\s<>"'`@:;,()[\]/=]+\.[a-z]{2,}/gi;
const PUSH_ENDPOINT =
  /(https:\/\/(?:fcm\.googleapis\.com|(?=[\w.-]*(?:push|\.notify\.windows\.com))[\w.-]+(?::\d+)?))\/[^\s"'<>]+/g;
const LINK_SECRET = /(#(?:token|proof)=)[^\s"'<>]+/g;
const KEY = /\b((?:[sr]k_(?:live|test)|whsec)_)\w+/g;
const TOKEN = /(?<![\w-])[\w-]{40,}(?![\w-])/g;
/** Ids of Stripe are long, and operators look for them. */
const STRIPE_ID = /^[a-z]{2,6}_(?:(?:live|test)_)?[a-zA-Z0-9]+$/;

const isToken = (word: string): boolean =>
  /\d/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word) && !STRIPE_ID.test(word);

/**
 * Returns a line of the log without what no log may keep: mail addresses, addresses of push subscriptions, secrets of
 * links, keys and tokens. Callers leave them out; this is for texts that other servers and libraries wrote.
 */
export const withoutSecrets = (text: string): string =>
  text
    .replace(PUSH_ENDPOINT, '$1/…')
    .replace(LINK_SECRET, '$1…')
    .replace(KEY, '$1…')
    .replace(MAIL_ADDRESS, '<address>')
    .replace(TOKEN, (word) => (isToken(word) ? '<token>' : word));
