import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { Logger, type LoggerService } from '@nestjs/common';
import { SMTPServer } from 'smtp-server';
import { describeError, keepable } from '../../src/errors/outside-error.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

describe('a mail server that refuses', () => {
  let app: TestApp;
  let smtp: SMTPServer;
  let answer = { responseCode: 550 };
  let asked = 0;
  const lines: string[] = [];

  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, callback) => {
        asked += 1;
        callback(Object.assign(new Error(`${address}: Recipient Rita Reader is unknown here`), answer));
      },
    });
    smtp.on('error', () => undefined);
    await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
    const { port } = smtp.server.address() as AddressInfo;
    const note = (...all: unknown[]): void => void lines.push(all.map(String).join(' '));
    const logger: LoggerService = { log: note, error: note, warn: note };
    app = await TestApp.start({ env: { SMTP_URL: `smtp://127.0.0.1:${port}` }, logger: ['error', 'warn'] });
    Logger.overrideLogger(logger);
  });
  afterAll(async () => {
    Logger.overrideLogger(false);
    await app.stop();
    await new Promise<void>((done) => smtp.close(() => done()));
  });

  const jobs = () =>
    app.sql<{ attempts: number; last_error: string | null }>(
      `select attempts, last_error from graphile_worker.jobs where task_identifier = 'send-sign-in-mail'`,
    );
  const register = () =>
    app.anonymous().post('/accounts', { email: 'rita.reader@private.example', displayName: 'Rita' });

  it('ends the job at a permanent refusal and keeps the address out of log and queue', async () => {
    answer = { responseCode: 550 };
    await register();
    await until('the end of the job', async () => asked === 1 && (await jobs()).length === 0);
    await until('a line in the log', () => lines.some((it) => /EENVELOPE 550/.test(it)));
    expect(lines.join('\n')).not.toMatch(/private\.example|Rita/);
  });

  it('tries again after a temporary refusal, and keeps its codes only', async () => {
    answer = { responseCode: 451 };
    await register();
    const [job] = await until('a failed attempt', async () => {
      const found = await jobs();
      return found[0]?.last_error ? found : undefined;
    });
    expect(job!.last_error).toContain('EENVELOPE 451');
    expect(job!.last_error).not.toMatch(/private\.example|Rita/);
    expect(lines.join('\n')).not.toMatch(/private\.example|Rita/);
  });

  it('describes what Stripe says by codes, and keeps our own errors', () => {
    const stripe = Object.assign(new Error('No such customer: rita@private.example'), {
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
      statusCode: 404,
      requestId: 'req_1',
    });
    expect(describeError(stripe)).toBe('StripeInvalidRequestError: resource_missing 404 req_1');
    expect((keepable(stripe) as Error).stack).not.toContain('private.example');
    const own = new Error('Ours.');
    expect(keepable(own)).toBe(own);
  });
});
