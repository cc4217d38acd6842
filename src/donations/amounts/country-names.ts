const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Codes that Unicode names although they are no countries. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);
const names = new Map<string, string | undefined>();

/** The English name of a country. Undefined for a code that no country has, or has any more. */
export function nameOfCountry(code: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  if (!names.has(code)) names.set(code, find(code));
  return names.get(code);
}

function find(code: string): string | undefined {
  const isCurrent = !NO_COUNTRIES.has(code) && new Intl.Locale(`und-${code}`).region === code;
  return isCurrent ? regions.of(code) : undefined;
}
