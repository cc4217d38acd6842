/** The parts of JSON Schema in which the server describes the values of its settings. */
export interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  title?: string;
  description?: string;
  default?: unknown;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
}

type Kind =
  | { kind: 'number' | 'boolean' | 'json' }
  | { kind: 'line' | 'text' }
  | { kind: 'choice'; values: unknown[] }
  | { kind: 'variants'; variants: JsonSchema[] }
  | { kind: 'lines' }
  | { kind: 'list'; item: JsonSchema }
  | { kind: 'object'; parts: Record<string, JsonSchema>; required: string[] }
  | { kind: 'record'; value: JsonSchema; names: string[] | undefined };

/** What a form draws for a schema. `schema` is the one behind references and without null. */
export type Shape = Kind & { schema: JsonSchema; nullable: boolean };

/** A text that may have this many characters gets more than one line. */
const LONG = 200;

/** Tells how a value of this schema is entered. `root` has the definitions that the schema refers to. */
export function shapeOf(given: JsonSchema, root: JsonSchema): Shape {
  const { schema, nullable } = withoutNull(resolve(given, root), root);
  return { ...kindOf(schema, root), schema, nullable };
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref, ...rest } = schema;
  if ($ref === '#') return { ...root, ...rest };
  const found = $ref && root.$defs?.[$ref.replace('#/$defs/', '')];
  return found ? { ...resolve(found, root), ...rest } : schema;
}

function withoutNull(schema: JsonSchema, root: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  const { anyOf, ...rest } = schema;
  if (anyOf?.some((it) => it.type === 'null')) {
    const others = anyOf.filter((it) => it.type !== 'null');
    const only = others.length === 1 ? resolve(others[0]!, root) : { anyOf: others };
    return { schema: { ...only, ...rest }, nullable: true };
  }
  const { type } = schema;
  if (!Array.isArray(type)) return { schema, nullable: false };
  const types = type.filter((it) => it !== 'null');
  return { schema: { ...schema, type: types.length === 1 ? types[0]! : types }, nullable: types.length < type.length };
}

function kindOf(schema: JsonSchema, root: JsonSchema): Kind {
  const variants = schema.anyOf ?? schema.oneOf;
  if (schema.enum) return { kind: 'choice', values: schema.enum };
  if ('const' in schema) return { kind: 'choice', values: [schema.const] };
  if (variants?.every((it) => 'const' in it)) return { kind: 'choice', values: variants.map((it) => it.const) };
  if (variants?.length === 1) return shapeOf(variants[0]!, root);
  if (variants?.length) return { kind: 'variants', variants: variants.map((it) => resolve(it, root)) };
  switch (schema.type) {
    case 'integer':
    case 'number':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'string':
      return { kind: !schema.format && !schema.pattern && (schema.maxLength ?? 0) >= LONG ? 'text' : 'line' };
    case 'array':
      return listKind(schema, root);
    case 'object':
      return objectKind(schema, root);
    default:
      return { kind: 'json' };
  }
}

function listKind({ items }: JsonSchema, root: JsonSchema): Kind {
  if (!items || Array.isArray(items)) return { kind: 'json' };
  const item = shapeOf(items, root);
  return item.kind === 'line' && !item.nullable ? { kind: 'lines' } : { kind: 'list', item: items };
}

function objectKind(schema: JsonSchema, root: JsonSchema): Kind {
  const { properties, additionalProperties: value, propertyNames, required = [] } = schema;
  if (properties) return { kind: 'object', parts: properties, required };
  if (typeof value !== 'object') return { kind: 'json' };
  const names = propertyNames && shapeOf(propertyNames, root);
  return { kind: 'record', value, names: names?.kind === 'choice' ? names.values.map(String) : undefined };
}

/** The variant that a value has: the one whose constants and kind fit. */
export function variantOf(variants: readonly JsonSchema[], value: unknown): number {
  const fits = (it: JsonSchema): boolean => {
    if (typeof value !== 'object' || value === null)
      return it.type === 'integer' ? typeof value === 'number' : it.type === typeof value;
    if (Array.isArray(value)) return it.type === 'array';
    return Object.entries(it.properties ?? {}).every(
      ([name, part]) => !('const' in part) || (value as Record<string, unknown>)[name] === part.const,
    );
  };
  return Math.max(0, variants.findIndex(fits));
}
