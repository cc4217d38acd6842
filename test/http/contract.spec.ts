import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import { TestApp } from '../support/app.js';
import { stripeFor } from '../support/stripe.js';
import { until } from '../support/until.js';
import { environmentNames, readEnvironment } from '../../src/config/env.js';
import { nameOf, type Route, routes, settings, socketEvents, socketOps } from './contract-doc.js';
import {
  checkOf,
  fetchOpenApi,
  type OpenApi,
  type Operation,
  operationsOf,
  successesOf,
  walk,
} from './openapi-document.js';
import { realCalls } from './real-calls.js';
import { buildApiFixture, heldText, type ApiFixture } from './api-fixture.js';

const all = routes();
const names = (list: Route[]): string[] => [...new Set(list.map(nameOf))].sort();

describe('contract', () => {
  let app: TestApp;
  let api: ApiFixture;
  let document: OpenApi;
  let closeStripe: () => Promise<void>;
  let operations: Map<string, Operation>;

  beforeAll(async () => {
    const { stripe, env } = await stripeFor();
    closeStripe = () => stripe.close();
    app = await TestApp.start({ env });
    api = await buildApiFixture(app);
    document = await fetchOpenApi(app.url);
    operations = new Map(operationsOf(document).map((it) => [nameOf(it), it]));
  });
  afterAll(async () => {
    await app.stop();
    await closeStripe();
  });

  it('lists every route that is served, and no other', () => {
    expect(all.length).toBeGreaterThan(50);
    expect([...operations.keys()].sort()).toEqual(names(all));
  });

  it('is called in this spec, route by route', () => {
    expect(Object.keys(realCalls).sort()).toEqual(names(all));
  });

  it.each(names(all))('answers %s as the document says', async (name) => {
    const operation = operations.get(name)!;
    const successes = successesOf(operation);
    const answers = await Promise.all([realCalls[name]!(api)].flat());
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set(successes.keys()));
    for (const answer of answers) {
      expect(answer.text === '').toBe(answer.status === 204);
      if (answer.status === 204) continue;
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const check = checkOf(document, successes.get(answer.status)!);
      expect(check.safeParse(answer.body).error?.message).toBeUndefined();
      // the schema must not accept everything
      expect(check.safeParse({ ...answer.body, surplus: 1 }).success).toBe(false);
    }
  });

  it.each([
    ['GET /api/v1/metrics', 404],
    ['POST /api/v1/sessions', 404],
    ['DELETE /api/v1/me', 405],
  ])('refuses %s with %i when the contract does not list it', async (name, status) => {
    const [method, path] = name.split(' ') as [string, string];
    const response = await fetch(app.url + path, {
      method,
      headers: { origin: api.admin.origin, cookie: api.admin.cookieHeader, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('says who may call: no session for public and anyone, a session or a key for all others', () => {
    for (const { method, path, who } of all) {
      const operation = operations.get(`${method} ${path}`)!;
      const schemes = (operation.security ?? []).flatMap((it) => Object.keys(it)).sort();
      const expected =
        who === 'publisher'
          ? ['bearer']
          : /public|anyone|operators|its donor|Stripe/.test(who)
            ? []
            : ['bearer', 'session'];
      expect([nameOf(operation), schemes]).toEqual([nameOf(operation), expected]);
    }
  });

  it('is valid OpenAPI 3.1 in its shape', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    const wrong: string[] = [];
    walk(document, (node, way) => {
      if ('$ref' in node && typeof node.$ref === 'string' && !resolve(document, node.$ref))
        wrong.push(`${way} leads to nothing: ${node.$ref}`);
      for (const word of ['exclusiveMinimum', 'exclusiveMaximum'])
        if (typeof node[word] === 'boolean') wrong.push(`${way} has ${word} of OpenAPI 3.0`);
      if ('nullable' in node && typeof node.nullable === 'boolean') wrong.push(`${way} has nullable of OpenAPI 3.0`);
      if (Object.values(node).includes(undefined)) wrong.push(`${way} is undefined`);
    });
    expect(wrong).toEqual([]);
    for (const schema of Object.values(document.components.schemas))
      expect(() => checkOf(document, schema)).not.toThrow();
  });

  it('describes each operation whole: parameters, body, success, problems', () => {
    const ids = [...operations.values()].map((it) => it.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const schemes = Object.keys(document.components.securitySchemes);
    for (const [name, operation] of operations) {
      const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((it) => it[1]);
      const described = operation.parameters.filter((it) => it.in === 'path');
      expect([name, described.map((it) => it.name)]).toEqual([name, inPath]);
      expect(described.every((it) => it.required && it.schema)).toBe(true);
      expect(operation.parameters.every((it) => it.schema)).toBe(true);

      for (const [status, schema] of successesOf(operation))
        expect([name, schema !== undefined]).toEqual([name, status !== 204]);
      for (const response of Object.values(operation.responses)) expect(response.description).not.toBe('');
      expect(operation.responses.default?.content?.['application/problem+json']?.schema).toEqual({
        $ref: '#/components/schemas/Problem',
      });
      for (const it of (operation.security ?? []).flatMap((one) => Object.keys(one))) expect(schemes).toContain(it);
    }
  });

  it('describes each body as an object that takes no further key', () => {
    const bodies = [...operations.values()].flatMap((it) => it.requestBody ?? []);
    expect(bodies.length).toBeGreaterThan(10);
    for (const { content } of bodies) {
      expect(Object.keys(content)).toEqual(['application/json']);
      const check = checkOf(document, content['application/json']!.schema!);
      for (const it of ['no object', [], null, { surplus: 1 }]) expect(check.safeParse(it).success).toBe(false);
    }
  });

  it('is shown on pages that run under their own policy', async () => {
    const page = await fetch(`${app.url}/api/docs`);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(1);
    for (const [, attributes, inline] of scripts) {
      expect(inline!.trim()).toBe(''); // the policy would refuse an inline script
      const script = await fetch(new URL(/src="([^"]+)"/.exec(attributes!)![1]!, `${app.url}/api/docs`));
      expect([script.status, script.headers.get('content-type')]).toEqual([200, expect.stringMatching(/javascript/)]);
    }
  });

  it('serves every socket operation that it lists, and refuses another', async () => {
    const live = await api.ann.connect();
    const { body } = await api.ann.post<Schemas['SocketTicket']>('/session/socket-ticket');
    for (const op of [...socketOps(), 'typing']) {
      const ack = await live.op({ op, ...(op === 'auth' ? { ticket: body.ticket } : { article: api.key }) });
      expect([op, ack.ok, ack.code]).toEqual([
        op,
        ...(op === 'typing' ? [false, 'request.invalid'] : [true, undefined]),
      ]);
    }
  });

  it('sends every socket event that it lists, and no other', async () => {
    const reader = await api.ann.live();
    const desk = await api.mod.live();
    await reader.join(api.key);
    const { id } = await api.ben.comment(api.key, 'For everybody.');
    await api.app.anonymous().post(`/comments/${id}/reports`, { reason: 'other' });
    await until('a frame', () => reader.events.includes('frame'));
    await until('the feed event', () => reader.events.includes('feed'));
    await until('the queue event', () => desk.events.includes('queue'));
    await api.ben.delete(`/held-comments/${await heldText(api, api.ben)}`);
    await until('the held event', () => desk.events.includes('held'));
    await api.admin.post(`/alerts/${api.alertId}/cancel`);
    await until('the alert event', () => desk.events.includes('alert'));
    await api.admin.put(`/readers/${api.ann.accountId}/role`, { role: 'moderator' });
    await until('another role', () => reader.sessions.at(-1)?.account?.role === 'moderator');
    // Nobody reads this story yet, and its log is long.
    const long = await api.app.article();
    await api.app.sql('update articles set seq = seq + 600 where key = $1', [long]);
    const late = await api.ann.connect();
    await late.join(long, 0);
    await until('the reset event', () => late.events.includes('reset'));
    for (let n = 0; n < 400; n += 1) late.socket.emit('typing');
    await until('the limited event', () => late.events.includes('limited'));
    const received = new Set([...reader.events, ...desk.events, ...late.events]);
    expect([...received].sort()).toEqual(socketEvents().sort());
  });

  it('lists the settings that the environment has, with their defaults', () => {
    const listed = settings();
    expect(listed.map((it) => it.name).sort()).toEqual([...environmentNames()].sort());
    const { limits, ...others } = readEnvironment({});
    const defaults: Record<string, string | number | string[] | undefined> = { ...others, ...limits };
    for (const it of listed) expect([it.name, it.default]).toEqual([it.name, String(defaults[it.name] ?? 'none')]);
  });
});

function resolve(document: OpenApi, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document);
}
