import { invalid } from '../model/errors.js';

export type Param = string | Param[] | { [key: string]: Param };
export type Params = { [key: string]: Param };

/**
 * Reads Stripe's form encoding: `a[b][0][c]=v`, `a[]=v`.
 * @throws StripeError 400 for an invalid name, or one that contradicts another
 */
export function readForm(...texts: string[]): Params {
  const root: Params = {};
  for (const [name, value] of texts.flatMap((it) => [...new URLSearchParams(it)])) put(root, name, value);
  return withLists(root) as Params;
}

function put(root: Params, name: string, value: string): void {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  const keys = match
    ? [match[1] ?? '', ...[...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((it) => it[1] ?? '')]
    : [];
  if (!keys.length || keys.length > 8 || keys.includes('__proto__')) throw invalid(`Invalid parameter name: ${name}`);
  let place = root;
  for (const [index, key] of keys.entries()) {
    const last = index === keys.length - 1;
    const own = key === '' ? String(Object.keys(place).length) : key;
    const there = Object.hasOwn(place, own) ? place[own] : undefined;
    if (last) {
      if (there !== undefined && typeof there !== 'string') throw invalid(`Invalid object: ${name}`, name);
      place[own] = value;
    } else {
      if (there === undefined) place[own] = {};
      else if (typeof there === 'string') throw invalid(`Invalid object: ${name}`, name);
      place = place[own] as Params;
    }
  }
}

/** Turns `{0: a, 1: b}` into a list. */
function withLists(value: Param): Param {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, it]) => [key, withLists(it)] as const);
  if (entries.length && entries.every(([key], index) => key === String(index))) return entries.map(([, it]) => it);
  return Object.fromEntries(entries);
}

/** Writes a path in form encoding: `['line_items', 0, 'quantity']` -> `line_items[0][quantity]`. */
export function paramName(path: readonly PropertyKey[]): string {
  return path.map((it, index) => (index ? `[${String(it)}]` : String(it))).join('');
}
