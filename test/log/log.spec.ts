import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LogTally, writeTallies } from '../../src/log/log-tally.js';
import { ProcessLogger } from '../../src/log/process-logger.js';
import { withoutSecrets } from '../../src/log/without-secrets.js';

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('a line of the log', () => {
  const token = randomBytes(32).toString('base64url').replace(/^.../, 'aB1');

  it.each([
    ['a mail address', '550 5.1.1 <ann.reader+x@mail.example.co.uk> unknown', '550 5.1.1 <<address>> unknown'],
    ['the password of a URL', 'at postgres://rostra:geheim@db.example/rostra', 'at postgres://rostra:<address>/rostra'],
    ['a token', `no row for ${token}.`, 'no row for <token>.'],
    ['the secret of a link', 'at /sign-in#token=abc, not', 'at /sign-in#token=… not'],
    ['a key of Stripe', 'Invalid key rk_live_51Ab and whsec_abc', 'Invalid key rk_live_… and whsec_…'],
    [
      'an endpoint',
      `to https://fcm.googleapis.com/fcm/send/d1:${token} failed`,
      'to https://fcm.googleapis.com/… failed',
    ],
    ['an endpoint of WNS', 'https://am3p.notify.windows.com/w/?token=BQ%2fA', 'https://am3p.notify.windows.com/…'],
    [
      'an endpoint with a port',
      'POST https://updates.push.services.mozilla.com:443/wpush/v2/gAAA failed',
      'POST https://updates.push.services.mozilla.com:443/… failed',
    ],
  ])('leaves out %s', (_what, line, kept) => {
    expect(withoutSecrets(line)).toBe(kept);
  });

  it.each([
    ['one word', 'a'.repeat(100_000)],
    ['a word with an at', `${'a'.repeat(50_000)}@${'b'.repeat(50_000)}`],
    ['an address without an end', `a@${'b.'.repeat(50_000)}1`],
    ['a host that names push often', `https://${'push'.repeat(25_000)}`],
  ])('takes a moment when a line is long and holds %s', (_what, line) => {
    const begun = performance.now();
    expect(withoutSecrets(line)).toBe(line);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it.each([
    `request=${randomUUID()}`,
    'Session cs_test_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3 is open',
    '    at Pool.query (/app/node_modules/@nestjs/core/injector/module.js:12:5)',
    'sign-in mails of link 12: The mail server: ECONNREFUSED CONN',
  ])('keeps %s', (line) => {
    expect(withoutSecrets(line)).toBe(line);
  });

  const written = (format: 'text' | 'json', work: (logger: ProcessLogger) => void): string => {
    const text: string[] = [];
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, 'write').mockImplementation((it) => text.push(String(it)) > 0);
    work(new ProcessLogger('log', format));
    jest.restoreAllMocks();
    return text.join('');
  };

  it('is one JSON object with its fields when the format is json', () => {
    const output = written('json', (logger) => {
      logger.warn('503 reason=database_away', { status: 503, reason: 'database_away' }, 'HTTP');
      logger.error(Object.assign(new Error('of ann@example.test'), { email: 'ann@example.test' }));
      logger.debug('not at this level');
    });
    const lines = output
      .trimEnd()
      .split('\n')
      .map((it) => JSON.parse(it) as Record<string, unknown>);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      context: 'HTTP',
      message: '503 reason=database_away',
      status: 503,
      reason: 'database_away',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(lines[1]).toMatchObject({ level: 'error', message: expect.stringMatching(/^Error: of <address>\n +at /) });
    expect(output).not.toContain('ann@');
  });

  it('says the same in its words when the format is text', () => {
    const output = written('text', (logger) => {
      logger.warn('503 reason=database_away', { status: 503, reason: 'database_away' }, 'HTTP');
    });
    expect(output).toMatch(/ WARN .*HTTP.*503 reason=database_away\S*\n$/);
  });
});

describe('a tally', () => {
  it('writes the first of a kind at once, and then one line a minute with the number of all', () => {
    jest.useFakeTimers();
    const lines: string[] = [];
    const tally = new LogTally((line) => lines.push(line));
    for (let n = 0; n < 500; n += 1) tally.add('push: 503', 2);
    tally.add('push: 429');
    expect(lines).toEqual(['push: 503 (messages: 2)', 'push: 429 (messages: 1)']);
    jest.advanceTimersByTime(60_000);
    expect(lines.slice(2)).toEqual(['push: 503 (messages: 998)']);
    jest.advanceTimersByTime(600_000);
    expect(lines).toHaveLength(3);
    tally.add('push: 503');
    expect(lines.slice(3)).toEqual(['push: 503 (messages: 1)']);
  });

  it('writes what it has counted when the process ends', () => {
    jest.useFakeTimers();
    const lines: string[] = [];
    const tally = new LogTally((line) => lines.push(line));
    for (let n = 0; n < 5; n += 1) tally.add('push: 503');
    writeTallies();
    writeTallies();
    expect(lines).toEqual(['push: 503 (messages: 1)', 'push: 503 (messages: 4)']);
  });

  it('has a bound of its kinds', () => {
    jest.useFakeTimers();
    const lines: string[] = [];
    const tally = new LogTally((line) => lines.push(line));
    for (let n = 0; n < 1_000; n += 1) tally.add(`kind ${n}`);
    expect(lines.length).toBeLessThan(250);
    expect(lines.at(-1)).toMatch(/^further kinds /);
  });
});
