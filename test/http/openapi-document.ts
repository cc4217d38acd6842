import { z } from 'zod';

type Json = Record<string, unknown>;
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

interface Media {
  schema?: Json;
}

export interface Operation {
  method: string;
  path: string;
  operationId: string;
  parameters: { name: string; in: string; required?: boolean; schema?: Json }[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
  security?: Record<string, string[]>[];
}

export interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>;
  components: { schemas: Record<string, Json>; securitySchemes: Record<string, Json> };
}

/** Fetches the document from the app. */
export async function fetchOpenApi(url: string): Promise<OpenApi> {
  const response = await fetch(`${url}/api/openapi.json`);
  return (await response.json()) as OpenApi;
}

export const operationsOf = (document: OpenApi): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, it]) => ({
      ...it,
      method: method.toUpperCase(),
      path,
      parameters: it.parameters ?? [],
    })),
  );

/** Returns the documented successes of an operation: its statuses with the schema of the answer. */
export function successesOf({ responses }: Operation): Map<number, Json | undefined> {
  const good = Object.entries(responses).filter(([status]) => /^2\d\d$/.test(status));
  if (!good.length) throw new Error('no success');
  return new Map(good.map(([status, { content }]) => [Number(status), content?.['application/json']?.schema]));
}

const COMPONENTS = '#/components/schemas/';

/** Makes a strict check of a JSON Schema of the document. */
export function checkOf(document: OpenApi, schema: Json): z.ZodType {
  const schemaWithDefs = { ...schema, $defs: document.components.schemas };
  return z.fromJSONSchema(
    JSON.parse(JSON.stringify(schemaWithDefs).replaceAll(`"${COMPONENTS}`, '"#/$defs/')) as JsonSchema,
    {
      defaultTarget: 'draft-2020-12',
    },
  );
}

/** Calls `visit` with every object of a document and its path. */
export function walk(node: unknown, visit: (node: Json, path: string) => void, path = '#'): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) visit(node as Json, path);
  for (const [key, child] of Object.entries(node)) walk(child, visit, `${path}/${key}`);
}
