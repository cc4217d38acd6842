import { type JsonSchema, shapeOf, variantOf } from './json-schema.js';

export type Path = readonly (string | number)[];
type Parts = Record<string, unknown>;

/** JSON that somebody types where the form knows no better field. */
export class TypedJson {
  constructor(readonly text: string) {}
}

/** What is wrong with a field, by its path with dots. Everything else is the server's to judge. */
export type Faults = Record<string, 'number' | 'json'>;

/** The value with which a new entry or part begins. */
export function emptyValue(given: JsonSchema, root: JsonSchema): unknown {
  const shape = shapeOf(given, root);
  if (shape.schema.default !== undefined) return shape.schema.default;
  if (shape.nullable) return null;
  switch (shape.kind) {
    case 'boolean':
      return false;
    case 'choice':
      return shape.values[0];
    case 'variants':
      return emptyValue(shape.variants[0]!, root);
    case 'lines':
    case 'list':
      return [];
    case 'record':
      return {};
    case 'object':
      return Object.fromEntries(shape.required.map((it) => [it, emptyValue(shape.parts[it] ?? {}, root)]));
    case 'json':
      return new TypedJson('');
    default:
      return '';
  }
}

/** Makes the value that is sent from the one in the form, in which numbers may be half typed and lines empty. */
export function sentValue(root: JsonSchema, value: unknown): { value: unknown; faults: Faults } {
  const faults: Faults = {};
  return { value: clean(root, value, []), faults };

  function clean(given: JsonSchema, it: unknown, path: Path): unknown {
    const shape = shapeOf(given, root);
    if (it instanceof TypedJson) return parse(it.text, path);
    if (it === null || (shape.nullable && it === '')) return null;
    switch (shape.kind) {
      case 'number': {
        const number = typeof it === 'string' && it.trim() ? Number(it.trim()) : it;
        if (typeof number === 'number' && Number.isFinite(number)) return number;
        faults[path.join('.')] = 'number';
        return it;
      }
      case 'lines':
        return Array.isArray(it) ? it.filter((line) => String(line).trim()) : it;
      case 'list':
        return Array.isArray(it) ? it.map((item, at) => clean(shape.item, item, [...path, at])) : it;
      case 'variants':
        return clean(shape.variants[variantOf(shape.variants, it)]!, it, path);
      case 'record':
        return parts(it, (name, part) => clean(shape.value, part, [...path, name]));
      case 'object':
        return parts(it, (name, part) => {
          const isLeftOut =
            (part === '' || part === null) && !shape.required.includes(name) && !isNullable(shape.parts[name]);
          return isLeftOut ? undefined : clean(shape.parts[name] ?? {}, part, [...path, name]);
        });
      default:
        return it;
    }
  }
  function isNullable(schema: JsonSchema | undefined): boolean {
    return schema !== undefined && shapeOf(schema, root).nullable;
  }
  function parse(text: string, path: Path): unknown {
    try {
      return JSON.parse(text);
    } catch {
      faults[path.join('.')] = 'json';
      return text;
    }
  }
}

function parts(value: unknown, run: (name: string, part: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, part === undefined ? part : run(name, part)]);
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

/** Returns a copy of the value with another one at this path; undefined takes it out. */
export function setAt(value: unknown, [first, ...rest]: Path, next: unknown): unknown {
  if (first === undefined) return next;
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    const at = Number(first);
    return next === undefined && !rest.length ? list.toSpliced(at, 1) : list.with(at, setAt(list[at], rest, next));
  }
  const { [first]: old, ...others } = (value ?? {}) as Parts;
  if (next === undefined && !rest.length) return others;
  return { ...(value as Parts), [first]: setAt(old, rest, next) };
}

/** Gives a part another name, in its old place. */
export const renamed = (value: object, from: string, to: string): Parts =>
  Object.fromEntries(Object.entries(value).map(([name, part]: [string, unknown]) => [name === from ? to : name, part]));

/** Compares two values of JSON; the parts of objects may have another order. */
export const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) =>
    typeof it === 'object' && it !== null && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  ) ?? '';
