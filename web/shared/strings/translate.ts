import {
  canonicalLocale,
  dayAndYearFormat,
  dayFormat,
  fullTimeFormat,
  numberFormat,
  pluralRules,
  relativeFormat,
} from './formats.js';

type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Catalogue = Readonly<Record<string, string | Plural>>;
export type Params = Readonly<Record<string, string | number>>;

/** Returns the page's language, which dates and plurals use. */
export function language(): string {
  const page = globalThis as { document?: { documentElement?: { lang: string } } };
  return canonicalLocale(page.document?.documentElement?.lang ?? '');
}

/**
 * Makes `t(key, params)` for a catalogue. `{name}` is filled from params, and `n` selects the plural form. The compiler
 * checks the keys.
 */
export function translator<C extends Catalogue>(catalogue: C) {
  const fill = (text: string, params: Params) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name];
      return value === undefined ? whole : typeof value === 'number' ? numberFormat('en').format(value) : value;
    });
  return (key: keyof C & string, params: Params = {}): string => {
    const entry = catalogue[key];
    if (entry === undefined) return key;
    if (typeof entry === 'string') return fill(entry, params);
    return fill(entry[pluralRules('en').select(Number(params.n ?? 0))] ?? entry.other, params);
  };
}

/** The fields of an `ApiProblem` (shared/problem.ts) that its text is made of. */
interface ProblemFields {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly errors: readonly { readonly path?: string; readonly message: string }[];
  readonly retryAfterSeconds: number | undefined;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The fields that people fill in. A message about any other one would tell them of what they did not type. */
const TYPED = /^(email|displayName|code|body|title|url|note|reason|query|ttl|amount\w*)$/;

/**
 * Returns a problem's text: that of its code, else the server's `detail`, else the general one. The message about the
 * field that its reader filled in and the time to wait follow.
 */
export function problemText(catalogue: Catalogue, problem: ProblemFields): string {
  const { code, status, errors, retryAfterSeconds } = problem;
  const said =
    status >= 400 && status < 500 && typeof problem.document.detail === 'string' ? problem.message : undefined;
  const field = code === 'request.invalid' ? errors.find(({ path }) => TYPED.test(path ?? ''))?.message : undefined;
  const isOurs = code === 'request.invalid' && !field && errors.some(({ path }) => path);
  const text =
    catalogue[isOurs ? 'error.request.unfit' : `error.${code}`] ??
    said ??
    catalogue[`error.http.${status}`] ??
    catalogue['error.generic'] ??
    code;
  const wait = retryAfterSeconds && translator(catalogue)('state.waitSeconds', { n: Math.ceil(retryAfterSeconds) });
  return [text, field, wait].filter((it): it is string => typeof it === 'string' && it !== '').join(' ');
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
];

/** Formats a time as "now", "5m ago" or "yesterday", and after a week as the date. */
export function relativeTime(iso: string, now: number, locale = language()): string {
  const then = Date.parse(iso);
  const seconds = Math.max(0, (now - then) / 1000);
  const format = relativeFormat(locale);
  if (seconds < 60) return format.format(0, 'second');
  if (seconds < 7 * 86_400) {
    const [unit, size] = STEPS.findLast(([, size]) => seconds >= size) ?? ['minute', 60];
    return format.format(-Math.floor(seconds / size), unit);
  }
  const sameYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayFormat : dayAndYearFormat)(locale).format(then);
}

/** Formats date and time in full, for a title. */
export function fullTime(iso: string): string {
  return fullTimeFormat(language()).format(Date.parse(iso));
}
