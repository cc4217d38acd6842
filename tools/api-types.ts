import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { AppModule } from '../src/app.module.js';
import { setApiPrefix } from '../src/app.js';
import { Config, readConfig } from '../src/config/config.js';
import { createFastifyAdapter } from '../src/http/fastify.js';
import { openApiDocument } from '../src/http/openapi.js';

/** Builds the OpenAPI document from the controllers alone: nothing is started, and no database is reached. */
async function documentOfSource(): Promise<OpenAPI3> {
  const config = new Config(readConfig({}), 'postgres://localhost/none');
  const adapter = createFastifyAdapter(config.trustProxy);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    preview: true,
    abortOnError: false,
    logger: false,
  });
  setApiPrefix(app);
  return openApiDocument(app) as unknown as OpenAPI3;
}

/** The API's paths and schemas as TypeScript declarations, for the pages and the tests. */
export async function apiTypes(): Promise<string> {
  const declarations = await openapiTypescript(await documentOfSource(), {
    alphabetize: true,
    defaultNonNullable: false, // A field with a default may be left out of a request.
  });
  return `// Written by \`npm run generate\` from the OpenAPI document.\n\n${astToString(declarations)}`;
}
