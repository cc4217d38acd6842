import { STATUS_CODES } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from './problem.js';

type ResponseObject = { description: string; content?: Record<string, { schema: { $ref: string } }> };
type ResponsesObject = Record<string, ResponseObject>;

/**
 * Builds the OpenAPI document: bodies, parameters and queries come from the schemas that validate them, responses from
 * `standardSchema`. zod converts to the JSON Schema of OpenAPI 3.1; the built-in converter asks it for 3.0.
 */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rostra')
    .setDescription('The reader engagement backend of a news site. Errors are problem documents (RFC 9457).')
    .setVersion('1')
    .addCookieAuth('__Host-rostra', { type: 'apiKey', in: 'cookie' }, 'session')
    .addBearerAuth(
      { type: 'http', bearerFormat: 'opaque', description: 'A session token, or an API key (rk_...)' },
      'bearer',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: (schema, { schemaType }) => {
      if (!(schema instanceof z.ZodType)) return undefined;
      const {
        $schema: _schema,
        $defs = {},
        id,
        ...root
      } = z.toJSONSchema(schema, {
        io: schemaType,
        unrepresentable: 'any',
      }) as Record<string, unknown> & { id?: string; $defs?: Record<string, Record<string, unknown>> };
      const components = Object.fromEntries(Object.entries($defs).map(([name, { id: _id, ...it }]) => [name, it]));
      return id
        ? { schema: { $ref: `#/components/schemas/${id}` }, components: { ...components, [id]: root } }
        : { schema: root, components };
    },
  });
  describeAnswers(document);
  return document;
}

/** Completes every operation: any failure is a problem document, of its own schema or the general one, and described. */
function describeAnswers(document: OpenAPIObject): void {
  const { $schema: _schema, ...schema } = z.toJSONSchema(Problem) as Record<string, unknown>;
  document.components!.schemas!.Problem = schema;
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const methods of Object.values(document.paths))
    for (const { responses } of Object.values(methods) as { responses: ResponsesObject }[]) {
      for (const [status, response] of Object.entries(responses) as [string, ResponseObject][]) {
        response.description ||= STATUS_CODES[status] ?? status;
        if (Number(status) < 400) continue;
        const own = response.content?.['application/json'];
        response.content = own ? { 'application/problem+json': own } : content;
      }
      responses.default = { description: 'A problem (RFC 9457)', content };
    }
}

/** Serves the document at /api/openapi.json and its pages at /api/docs. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Rostra: the API',
  });
}
