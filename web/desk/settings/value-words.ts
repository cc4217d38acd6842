import { numberFormat } from '../../shared/strings/formats.js';
import { t } from './words.js';

/** "maxLength" and "max_length" as "Max length". */
export function nameWords(name: string): string {
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value in one line, whole: "On", "30", "label: Monthly, amount: 5". */
export function valueLine(value: unknown): string {
  if (value === null || value === undefined) return t('value.none');
  if (value === true) return t('value.on');
  if (value === false) return t('value.off');
  if (value === '') return t('value.empty');
  if (typeof value === 'number') return numberFormat('en').format(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length ? value.map(valueLine).join(', ') : t('value.none');
  const parts = Object.entries(value).map(([name, it]) => `${nameWords(name)}: ${valueLine(it)}`);
  return parts.length ? parts.join(', ') : t('value.none');
}

const SHORT = 60;

/** A value in a few words, for the list. */
export function valueWords(value: unknown): string {
  if (Array.isArray(value) && value.length > 2) return t('value.entries', { n: value.length });
  const line = valueLine(value).replace(/\s+/g, ' ');
  if (typeof value === 'object' && value !== null && line.length > SHORT)
    return t('value.entries', { n: Object.keys(value).length });
  return line.length > SHORT ? `${line.slice(0, SHORT - 1).trimEnd()}…` : line;
}

/** A value line by line, each with the names of the parts that it is in. */
export function valueLines(value: unknown): string[] {
  if (typeof value === 'string') return value.split('\n');
  if (Array.isArray(value)) return value.map(valueLine);
  if (typeof value !== 'object' || value === null) return [valueLine(value)];
  return Object.entries(value).flatMap(([name, it]: [string, unknown]) => {
    const isPart = typeof it === 'object' && it !== null && Object.keys(it).length > 0;
    const isLong = typeof it === 'string' && it.includes('\n');
    if (!isPart && !isLong) return [`${nameWords(name)}: ${valueLine(it)}`];
    return valueLines(it).map((line) => `${nameWords(name)} › ${line}`);
  });
}

export interface Difference {
  removed: string[];
  added: string[];
}

/** The lines that only one of two values has. None means that only their order differs. */
export function difference(before: unknown, after: unknown): Difference {
  const [old, now] = [valueLines(before), valueLines(after)];
  return { removed: without(old, now), added: without(now, old) };
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const it of others) left.set(it, (left.get(it) ?? 0) + 1);
  return lines.filter((it) => {
    const n = left.get(it) ?? 0;
    if (n) left.set(it, n - 1);
    return !n;
  });
}
