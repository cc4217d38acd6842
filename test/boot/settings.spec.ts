import { describe, expect, it } from '@jest/globals';
import { Config, databaseUrlOf, readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/env.js';
import { PRODUCTION } from '../support/production.js';

// The settings are checked before anything else happens.

const production = {
  ...PRODUCTION,
  PUBLIC_URL: 'https://talk.news.example',
  MAIL_FROM: 'The Post <post@news.example>',
  DATABASE_URL: 'postgres://rostra:9fK2mQ7xLw@db/rostra',
};
const key = { STRIPE_SECRET_KEY: 'sk_test_abcdefghijklmnop', STRIPE_WEBHOOK_SECRET: 'whsec_abcdefghijklmnop' };
const live = { ...key, STRIPE_SECRET_KEY: 'sk_live_abcdefghijklmnop' };
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
    const secrets = ['whsec_abcdefghijklmnop', 'whsec_qrstuvwxyzabcdef'];
    expect(config({ ...production, ...live, STRIPE_WEBHOOK_SECRET: secrets.join(', ') }).stripe).toEqual({
      secretKey: live.STRIPE_SECRET_KEY,
      webhookSecrets: secrets,
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
    for (const PUBLIC_URL of ['https://rostra.local', 'https://talk.news.example:8443', 'http://localhost:3000'])
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
      'mailto:postmaster@example.com',
      'https://www.example.org',
      'mailto:news.example',
      'https://user@news.example',
    ])
      expect(refusal({ VAPID_SUBJECT: wrong })).toMatch(/^VAPID_SUBJECT: /);
  });

  it('write the contact of an internationalised domain as the DNS does, and never name a stranger’s', () => {
    const idn = 'https://xn--b1amnebsh.xn--p1ai';
    expect(config({ ...production, PUBLIC_URL: idn }).vapidSubject).toBe(idn);
    expect(config({ VAPID_SUBJECT: 'mailto:post@новости.рф' }).vapidSubject).toBe('mailto:post@xn--b1amnebsh.xn--p1ai');
    const inside = { PUBLIC_URL: 'https://talk.corp.local', MAIL_FROM: 'Post <post@corp.local>' };
    expect(config(inside).vapidSubject).toBe('mailto:postmaster@talk.corp.local');
  });

  it('allow further push services by their host', () => {
    expect(config({ PUSH_HOSTS: 'push.news.example, .up.example:8443' }).pushHosts).toEqual([
      'push.news.example',
      '.up.example:8443',
    ]);
    for (const wrong of ['https://push.news.example', '127.0.0.1', 'localhost', 'push.news.example/path', '*'])
      expect(refusal({ PUSH_HOSTS: wrong })).toMatch(/^PUSH_HOSTS/);
  });
});
