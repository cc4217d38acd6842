// Only here and in ../currency-formats.ts are formatters made, and each once for a language: one takes tens of kilobytes
// outside the heap, which the browser frees late. The linter refuses `Intl` and `toLocale...` everywhere else in web.

/** Returns a function that makes the value of each key once. */
export function once<Key extends (string | number)[], Value>(make: (...key: Key) => Value): (...key: Key) => Value {
  const made = new Map<string, Value>();
  return (...key) => {
    const name = key.join();
    let value = made.get(name);
    if (value === undefined) made.set(name, (value = make(...key)));
    return value;
  };
}

/** Returns the canonical name of a page's language, and English where there is no such language. */
export const canonicalLocale = once((lang: string): string => {
  try {
    return Intl.getCanonicalLocales(lang || 'en')[0] ?? 'en';
  } catch {
    return 'en';
  }
});

export const pluralRules = once((locale: string) => new Intl.PluralRules(locale));
export const numberFormat = once((locale: string) => new Intl.NumberFormat(locale));
export const listFormat = once((locale: string) => new Intl.ListFormat(locale));
export const relativeFormat = once(
  (locale: string) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' }),
);

const dates = (options: Intl.DateTimeFormatOptions) =>
  once((locale: string) => new Intl.DateTimeFormat(locale, options));
export const dayFormat = dates({ day: 'numeric', month: 'short' });
export const dayAndYearFormat = dates({ day: 'numeric', month: 'short', year: 'numeric' });
export const longDateFormat = dates({ dateStyle: 'long' });
export const fullTimeFormat = dates({ dateStyle: 'full', timeStyle: 'short' });

/** The formatters of the browser's own language, for pages of the staff. */
export const browserNumberFormat = once(() => new Intl.NumberFormat());
export const browserTimeFormat = once(() => new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }));

const segmenter = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/** Counts the characters of a text as its reader sees them. */
export const countGraphemes = (text: string): number => [...segmenter().segment(text)].length;

/** Returns the browser's time zone. It is asked each time, because a reader may travel. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
