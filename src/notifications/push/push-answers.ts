import type { PushEndpoint, PushService } from './push-endpoint.js';
import type { PushAnswer } from './push-transport.js';

/**
 * The kinds of answers.
 * - signature: the signature does not belong to the key of the subscription
 * - token: the signature is invalid for every subscription
 * - unavailable: send this message again later
 * - throttled_device: send nothing to this subscription until later
 * - throttled: somebody sends too much; only several subscriptions together show that it is us
 * - throttled_origin: send nothing to this origin until later
 * - again: send this message again at once
 */
export type AnswerKind =
  | 'accepted'
  | 'gone'
  | 'signature'
  | 'token'
  | 'throttled_device'
  | 'throttled'
  | 'throttled_origin'
  | 'unavailable'
  | 'again'
  | 'refused';

interface Rule {
  /** A status, or the first and last of a range. */
  status: number | readonly [number, number];
  /** When present, the answer's text must match too. */
  text?: RegExp;
  means: AnswerKind;
}

/** Rules for single services, which precede those for all services. The first matching rule applies. */
const OF_SERVICE: Record<PushService, readonly Rule[]> = {
  fcm: [
    { status: 400, text: /UnauthorizedRegistration|credentials .* do not correspond/i, means: 'signature' },
    { status: 429, text: /device.?message.?rate/i, means: 'throttled_device' },
    { status: 429, text: /per project|project_number/i, means: 'throttled_origin' },
  ],
  mozilla: [
    // errno 202 asks for a retry at once, in spite of its Retry-After.
    { status: 503, text: /"errno":\s*202\b/, means: 'again' },
    { status: 503, text: /"errno":\s*201\b/, means: 'throttled_origin' },
  ],
  wns: [
    { status: [200, 299], text: /^channelthrottled$/i, means: 'throttled_device' },
    { status: [200, 299], text: /^dropped$/i, means: 'refused' },
    { status: 406, means: 'throttled_origin' }, // our service sends too much; WNS says it by 406 instead of 429
  ],
  apple: [
    { status: 400, text: /VapidPkHashMismatch/, means: 'signature' },
    { status: 429, text: /TooManyRequests/, means: 'throttled_device' }, // "to the same device token"
    { status: 429, text: /TooManyProviderTokenUpdates/, means: 'throttled_origin' },
    { status: 403, text: /BadJwtToken/, means: 'token' }, // aud, exp or a sub that is no real address
  ],
};

const OF_ALL: readonly Rule[] = [
  { status: [200, 299], means: 'accepted' },
  { status: [300, 399], means: 'refused' }, // a redirect could lead to a host that is not allowed
  { status: [401, 401], means: 'signature' },
  { status: 403, means: 'signature' },
  { status: 404, means: 'gone' },
  { status: 408, means: 'unavailable' },
  { status: 410, means: 'gone' },
  { status: 429, means: 'throttled' },
  { status: [400, 499], means: 'refused' }, // 400 and 413 would be the same at every attempt
  { status: [500, 599], means: 'unavailable' },
];

/** Classifies an answer of a service. An unknown status counts as refused. */
export function classifyAnswer(answer: PushAnswer, service: PushService): AnswerKind {
  const fits = ({ status, text }: Rule): boolean => {
    const [from, to] = typeof status === 'number' ? [status, status] : status;
    return answer.status >= from && answer.status <= to && (!text || textsOf(answer).some((it) => text.test(it)));
  };
  return (OF_SERVICE[service].find(fits) ?? OF_ALL.find(fits))?.means ?? 'refused';
}

/** The texts of an answer: WNS explains itself in headers, other services in the body. */
function textsOf({ headers, text }: PushAnswer): string[] {
  const found = ['x-wns-notificationstatus', 'x-wns-status', 'x-wns-error-description'].map((it) => headers[it]);
  return [...found.flat(), text].filter((it): it is string => !!it);
}

const LONGEST_REASON = 200;

/** The status and text of an answer for report and log, without anything that identifies the endpoint. */
export function reasonOf(answer: PushAnswer, endpoint: PushEndpoint): string {
  const text = textsOf(answer)
    .map((it) => it.replace(/<[^<>]*>/g, ' '))
    .join(' ');
  return `${answer.status} ${redacted(text, endpoint)}`.trim();
}

/** Removes URLs, parts of the endpoint, and everything long enough to be a token. */
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
