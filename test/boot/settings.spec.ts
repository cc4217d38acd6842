import { describe, expect, it } from '@jest/globals';
import { Config, databaseUrlOf, readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/env.js';

// The settings are checked before anything else happens.

const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://talk.news.example',
  DATABASE_URL: 'postgres://rostra@db/rostra',
  SMTP_URL: 'smtp://mail.news.example',
};
const key = { STRIPE_SECRET_KEY: 'sk_test_abc', STRIPE_WEBHOOK_SECRET: 'whsec_abc' };
const live = { ...key, STRIPE_SECRET_KEY: 'sk_live_abc' };
const config = (env: Record<string, string>) => new Config(readConfig(env), 'postgres://rostra@db/rostra');
const refusal = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('It was accepted.');
};

describe('settings', () => {
  it('refuse a stand-in in production and name its variable', () => {
    expect(readConfig(production).NODE_ENV).toBe('production');
    for (const name of ['STRIPE_STAND_IN_URL', 'PUSH_STAND_IN_URL'])
      expect(refusal({ ...production, ...key, [name]: 'http://localhost:3026' })).toMatch(new RegExp(`^${name}: `));
  });

  it('say how to get a DATABASE_URL when it is missing', () => {
    expect(databaseUrlOf(readConfig(production))).toBe(production.DATABASE_URL);
    expect(() => databaseUrlOf(readConfig({}))).toThrow(/^DATABASE_URL: needed, .*`npm start`.*$/);
    expect(refusal({ ...production, DATABASE_URL: '' })).toMatch(/^DATABASE_URL: .* such as postgres:\/\/\S+.*$/);
  });

  it('refuse an incomplete Stripe account, and a live one without https or beside a stand-in', () => {
    expect(refusal({ STRIPE_SECRET_KEY: 'sk_test_abc' })).toMatch(/^STRIPE_WEBHOOK_SECRET: /);
    expect(refusal({ ...live, PUBLIC_URL: 'http://news.example' })).toMatch(/^PUBLIC_URL: /);
    expect(refusal({ ...live, PUBLIC_URL: 'https://news.example', STRIPE_STAND_IN_URL: 'http://localhost:1' })).toMatch(
      /^STRIPE_STAND_IN_URL: /,
    );
    for (const wrong of ['pk_test_abc', 'sk_abc', 'sk_test_'])
      expect(refusal({ ...key, STRIPE_SECRET_KEY: wrong })).toMatch(/^STRIPE_SECRET_KEY: /);
    for (const wrong of ['abc', 'whsec_', 'whsec_a,whsec_b,whsec_c'])
      expect(refusal({ ...key, STRIPE_WEBHOOK_SECRET: wrong })).toMatch(/^STRIPE_WEBHOOK_SECRET/);
  });

  it('switch donations off without a key, and choose no stand-in by themselves', () => {
    expect(config({}).stripe).toBeUndefined();
    expect(config(production).stripe).toBeUndefined();
    expect(config({ ...production, ...live, STRIPE_WEBHOOK_SECRET: 'whsec_a, whsec_b' }).stripe).toEqual({
      secretKey: 'sk_live_abc',
      webhookSecrets: ['whsec_a', 'whsec_b'],
      live: true,
      standIn: undefined,
    });
    expect(config(production).pushStandIn).toBeUndefined();
  });

  it('talk: refuse a sender of mails without an address', () => {
    for (const sender of ['The Post <post@news.example>', 'post@news.example', '<post@news.example>'])
      expect(readConfig({ MAIL_FROM: sender }).MAIL_FROM).toBe(sender);
    for (const wrong of [
      'The Post',
      'post@',
      '@news.example',
      'The Post <news.example>',
      'The Post post@news.example',
      'a@b.example, c@d.example',
    ])
      expect(refusal({ MAIL_FROM: wrong })).toMatch(/^MAIL_FROM: must be /);
  });

  it('give push services a contact with a real domain', () => {
    expect(config(production).vapidSubject).toBe('https://talk.news.example');
    expect(config({ ...production, VAPID_SUBJECT: 'mailto:news@news.example' }).vapidSubject).toBe(
      'mailto:news@news.example',
    );
    for (const PUBLIC_URL of ['https://rostra.local', 'https://talk.news.example:8443', 'http://talk.news.example'])
      expect(config({ ...production, PUBLIC_URL, MAIL_FROM: 'The Post <post@news.example>' }).vapidSubject).toBe(
        'mailto:post@news.example',
      );
    for (const wrong of [
      'news@news.example',
      'mailto:news@localhost',
      'https://localhost',
      'https://talk.local',
      'mailto:a@b.invalid',
      'https://x.test',
      'http://news.example',
    ])
      expect(refusal({ VAPID_SUBJECT: wrong })).toMatch(/^VAPID_SUBJECT: /);
  });
});
