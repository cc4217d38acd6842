import { z } from 'zod';
import { invalid, type StripeError, unknownParameter } from '../model/errors.js';
import { paramName, type Params } from './form.js';

/** A whole number in Stripe's form encoding. */
export const integer = z.string().transform((text, ctx) => {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  ctx.addIssue({ code: 'custom', message: `Invalid integer: ${text}`, params: { code: 'parameter_invalid_integer' } });
  return z.NEVER;
});
export const flag = z.enum(['true', 'false']).transform((it) => it === 'true');
export const text = (max = 5000) => z.string().max(max);
export const email = z
  .string()
  .max(512)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$|^[^\s@]+@localhost$/, { message: 'Invalid email address' });

/** An absolute http(s) URL. */
export const address = z.string().transform((it, ctx) => {
  // The braces of the placeholder are not valid in a URL.
  const url = URL.canParse(it.replaceAll('{CHECKOUT_SESSION_ID}', 'x')) ? it : '';
  if (/^https?:\/\//.test(url) && it.length <= 5000) return it;
  ctx.addIssue({ code: 'custom', message: 'Not a valid URL', params: { code: 'url_invalid' } });
  return z.NEVER;
});

/** At most 50 keys of 40 characters with values of 500; an empty value removes its key. */
export const metadata = z.union([z.literal(''), z.record(z.string(), z.string())]).transform((it, ctx) => {
  const entries = Object.entries(it || {});
  const refuse = (message: string) => ctx.addIssue({ code: 'custom', message });
  if (entries.length > 50) refuse('Metadata can have at most 50 keys.');
  for (const [key, value] of entries) {
    if (key.length > 40 || /[[\]]/.test(key)) refuse(`Metadata keys can be up to 40 characters long: ${key}`);
    if (value.length > 500) refuse(`Metadata values can be up to 500 characters long: ${key}`);
  }
  return Object.fromEntries(entries);
});

/** Returns the metadata after an update: an empty value removes its key, all other keys stay. */
export function mergedMetadata(old: Record<string, string>, change: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== ''));
}

const range = z.union([integer, z.strictObject({ gt: integer, gte: integer, lt: integer, lte: integer }).partial()]);
export type Range = z.infer<typeof range>;

export const expand = z.array(z.string()).max(20).optional();
export const retrieveParams = z.strictObject({ expand });
export const listParams = z.strictObject({
  limit: integer.refine((it) => it >= 1 && it <= 100, 'Limit must be between 1 and 100.').optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: range.optional(),
  expand,
});

/** Reads parameters by a schema. @throws StripeError 400 in Stripe's words, naming the parameter and its fault */
export function readParams<T extends z.ZodType>(schema: T, params: Params): z.output<T> {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  throw refusal(result.error.issues[0]!, params);
}

function refusal(issue: z.core.$ZodIssue, params: unknown): StripeError {
  const name = paramName(issue.path);
  if (issue.code === 'unrecognized_keys') return unknownParameter(paramName([...issue.path, issue.keys[0] ?? '']));
  if (issue.code === 'invalid_union' && issue.errors[0]?.[0]) {
    const [inner] = issue.errors.map((it) => it[0]!).sort((a, b) => b.path.length - a.path.length);
    return refusal({ ...inner!, path: [...issue.path, ...inner!.path] } as z.core.$ZodIssue, params);
  }
  if (issue.code === 'custom')
    return invalid(issue.message, name, (issue.params as { code?: string } | undefined)?.code);
  const given = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    params,
  );
  if (given === undefined) return invalid(`Missing required param: ${name}.`, name, 'parameter_missing');
  if (issue.code === 'invalid_value')
    return invalid(`Invalid ${name}: must be one of ${issue.values.map(String).join(', ')}`, name);
  if (issue.code === 'too_big') return invalid(`Invalid ${name}: at most ${issue.maximum}`, name);
  return invalid(`Invalid ${name}: ${issue.message}`, name);
}
