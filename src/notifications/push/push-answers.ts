import type { PushEndpoint, PushService } from './push-endpoint.js';
import type { PushAnswer } from './push-transport.js';

/**
 * What an answer means.
 * - signature: it does not fit the key that the subscription was made with
 * - token: the signature itself is wrong, whatever the subscription
 * - unavailable: this message again later; throttled: the whole origin later
 */
export type AnswerKind =
  'accepted' | 'gone' | 'signature' | 'token' | 'throttled' | 'unavailable' | 'again' | 'refused';

interface Rule {
  /** A status, or the first and last of a range. */
  status: number | readonly [number, number];
  /** Only where the answer's words match. */
  says?: RegExp;
  means: AnswerKind;
}

/** What each service does differently: the first rule that fits counts, then those of all. */
const OF_SERVICE: Record<PushService, readonly Rule[]> = {
  fcm: [{ status: 400, says: /UnauthorizedRegistration|credentials .* do not correspond/i, means: 'signature' }],
  mozilla: [
    // errno 109 is 401 for everything about the signature; 202 says to come back at once, whatever Retry-After says.
    { status: 503, says: /"errno":\s*202\b/, means: 'again' },
  ],
  wns: [
    { status: [200, 299], says: /^channelthrottled$/i, means: 'throttled' },
    { status: [200, 299], says: /^dropped$/i, means: 'refused' },
    { status: 406, means: 'throttled' }, // instead of 429
  ],
  apple: [
    { status: 400, says: /VapidPkHashMismatch/, means: 'signature' },
    { status: 403, says: /BadJwtToken/, means: 'token' }, // aud, exp or a sub that is no real address
  ],
};

const OF_ALL: readonly Rule[] = [
  { status: [200, 299], means: 'accepted' },
  { status: [300, 399], means: 'refused' }, // never followed: it would lead past the list of hosts
  { status: [401, 401], means: 'signature' },
  { status: 403, means: 'signature' },
  { status: 404, means: 'gone' },
  { status: 408, means: 'unavailable' },
  { status: 410, means: 'gone' },
  { status: 429, means: 'throttled' },
  { status: [400, 499], means: 'refused' }, // 400 and 413: our mistake, the same at every repetition
  { status: [500, 599], means: 'unavailable' },
];

/** What an answer of this service means; one that nobody expects is a refusal. */
export function classifyAnswer(answer: PushAnswer, service: PushService): AnswerKind {
  const fits = ({ status, says }: Rule): boolean => {
    const [from, to] = typeof status === 'number' ? [status, status] : status;
    return answer.status >= from && answer.status <= to && (!says || wordsOf(answer).some((it) => says.test(it)));
  };
  return (OF_SERVICE[service].find(fits) ?? OF_ALL.find(fits))?.means ?? 'refused';
}

/** Where services hide what they have to say: WNS in headers, the others in the body. */
function wordsOf({ headers, text }: PushAnswer): string[] {
  const found = ['x-wns-notificationstatus', 'x-wns-status', 'x-wns-error-description'].map((it) => headers[it]);
  return [...found.flat(), text].filter((it): it is string => !!it);
}

const LONGEST_REASON = 200;

/** The status and what the service said, for report and log: nothing by which the endpoint could be known again. */
export function reasonOf(answer: PushAnswer, endpoint: PushEndpoint): string {
  const said = wordsOf(answer)
    .map((it) => it.replace(/<[^<>]*>/g, ' '))
    .join(' ');
  return `${answer.status} ${redacted(said, endpoint)}`.trim();
}

/** Takes out URLs, the parts of the endpoint, and whatever is long enough to be a token. */
function redacted(text: string, { path }: PushEndpoint): string {
  let clean = text;
  for (const it of [path, ...path.split(/[/?=&]/)].filter((one) => one.length >= 8))
    clean = clean.replaceAll(it, '[endpoint]');
  return clean
    .replace(/\bhttps?:\/\/[^\s"'<>]+/gi, '[endpoint]')
    .replace(/[\w+/=%:.~-]{32,}/g, '[...]')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_REASON);
}
