import { describe, expect, it } from '@jest/globals';
import '../../src/main.js'; // this import declares the limits
import { readConfig, settingWarnings } from '../../src/config/config.js';
import { PRODUCTION } from '../support/production.js';

// A start of production reads its settings first: it ends here, or begins with these warnings.

const DATABASE_URL = 'postgres://rostra_app:p3Lx9vTqZ2@db/rostra';
const STRIPE = {
  STRIPE_SECRET_KEY: 'rk_live_51Nx7Qw2eRtYuIoPaSdFgHjK',
  STRIPE_WEBHOOK_SECRET: 'whsec_4hTq9Lm2Zx8Vb6Nc1Rf5Wd7Gk3Js0Py',
};

/** Starts with these settings changed. @returns the lines that end the start, or the warnings with which it begins */
function start(changes: Record<string, string>): { refused: string[]; warned: string[] } {
  const source = { ...PRODUCTION, DATABASE_URL, ...changes };
  try {
    return { refused: [], warned: settingWarnings(readConfig(source), source) };
  } catch (error) {
    return { refused: (error as Error).message.split('\n'), warned: [] };
  }
}

const REFUSED: [setting: string, settings: Record<string, string>][] = [
  ['TRUST_PROXY', { TRUST_PROXY: '' }],
  ['TRUST_PROXY', { TRUST_PROXY: '', ROLE: 'web' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
  ['TRUST_PROXY', { TRUST_PROXY: '11' }],
  ['PORT', { PORT: '0' }],
  ['PUBLIC_URL', { PUBLIC_URL: '' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'http://talk.rostra-herald.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'http://10.0.0.7:3000' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'ftp://talk.rostra-herald.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'wss://talk.rostra-herald.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://*.rostra-herald.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://talk.rostra-herald.com/rostra' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://*.rostra-herald.com' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://www.rostra-herald.com,https://*' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: '*' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'null' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'ftp://www.rostra-herald.com' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'www.rostra-herald.com' }],
  ['DATABASE_URL', { DATABASE_URL: '' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://rostra:a#b/c@db:x/rostra' }],
  ['SMTP_URL', { SMTP_URL: '' }],
  ['SMTP_URL', { SMTP_URL: 'smtp://localhost:3028' }],
  ['MAIL_FROM', { MAIL_FROM: '' }],
  ['MAIL_FROM', { MAIL_FROM: 'no-reply@localhost' }],
  ['MAIL_FROM', { MAIL_FROM: 'The Herald <no-reply@mail>' }],
  ['MAIL_FROM', { MAIL_FROM: 'The Herald <no-reply@herald.local>' }],
  ['MAIL_FROM', { MAIL_FROM: 'The Herald' }],
  ['MAIL_FROM', { MAIL_FROM: 'a@rostra-herald.com, b@rostra-herald.com' }],
  ['SITE_NAME', { SITE_NAME: '' }],
  ['SITE_NAME', { SITE_NAME: 'The Harbour Post' }],
  ['SITE_NAME', { SITE_NAME: ' the harbour post ' }],
  ['STRIPE_WEBHOOK_SECRET', { ...STRIPE, STRIPE_WEBHOOK_SECRET: '' }],
  ['STRIPE_WEBHOOK_SECRET', { ...STRIPE, STRIPE_WEBHOOK_SECRET: 'whsec_x' }],
  ['STRIPE_WEBHOOK_SECRET', { ...STRIPE, STRIPE_WEBHOOK_SECRET: 'whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }],
  ['STRIPE_WEBHOOK_SECRET', { ...STRIPE, STRIPE_WEBHOOK_SECRET: `${STRIPE.STRIPE_WEBHOOK_SECRET},whsec_test` }],
  ['STRIPE_SECRET_KEY', { ...STRIPE, STRIPE_SECRET_KEY: 'sk_test_stand_in' }],
  ['STRIPE_SECRET_KEY', { ...STRIPE, STRIPE_SECRET_KEY: 'sk_live_abc' }],
  ['STRIPE_SECRET_KEY', { ...STRIPE, STRIPE_SECRET_KEY: 'pk_live_51Nx7Qw2eRtYuIoPaSdFgHjK' }],
  ['STRIPE_STAND_IN_URL', { ...STRIPE, STRIPE_STAND_IN_URL: 'http://localhost:3026' }],
  ['PUSH_STAND_IN_URL', { PUSH_STAND_IN_URL: 'http://localhost:3027' }],
  ['NODE_TLS_REJECT_UNAUTHORIZED', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
];

const WARNED: [setting: string, settings: Record<string, string>][] = [
  ['TRUST_PROXY', { TRUST_PROXY: '0' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'http://localhost:3000' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://localhost' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://10.0.0.7' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://rostra.internal' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://talk.news.example' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://talk.rostra-herald.com:3000' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: '' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: PRODUCTION.PUBLIC_URL }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: `${PRODUCTION.ALLOWED_ORIGINS},http://localhost:3024` }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: `${PRODUCTION.ALLOWED_ORIGINS},http://www.rostra-herald.com` }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://news.example' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://rostra:password@db/rostra' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://rostra:rostra@db/rostra' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://rostra@db/rostra' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://app:p3Lx9vTqZ2@db.provider.net/rostra' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://app:p3Lx9vTqZ2@93.184.216.34/rostra?sslmode=disable' }],
  ['PGSSLMODE', { PGSSLMODE: 'require' }],
  ['PGPASSWORD', { PGPASSWORD: 'secret', DATABASE_URL: 'postgres://app@localhost/rostra' }],
  ['PGOPTIONS', { PGOPTIONS: '-c search_path=other' }],
  ['SMTP_URL', { SMTP_URL: 'smtp://mail.news.example:587' }],
  ['MAIL_FROM', { MAIL_FROM: 'The Herald <no-reply@news.example>' }],
  ['STRIPE_SECRET_KEY', { ...STRIPE, STRIPE_SECRET_KEY: 'sk_test_51Nx7Qw2eRtYuIoPaSdFgHjK' }],
  ['STRIPE_SECRET_KEY', { STRIPE_WEBHOOK_SECRET: STRIPE.STRIPE_WEBHOOK_SECRET }],
  ['VAPID_SUBJECT', { PUBLIC_URL: 'https://talk.rostra-herald.com:8443', MAIL_FROM: 'post@herald.c0m' }],
  ['DATA_DIR', { DATA_DIR: '/var/lib/rostra' }],
  ['TRUSTED_PROXY', { TRUSTED_PROXY: '2' }],
  ['ALLOWED_ORIGIN', { ALLOWED_ORIGIN: 'https://www.rostra-herald.com' }],
  ['LIMIT_SOCKET_PER_IP', { LIMIT_SOCKET_PER_IP: '10' }],
  // Outside production a public address or a live key is the mistake.
  ['NODE_ENV', { NODE_ENV: '' }],
  ['STRIPE_SECRET_KEY', { ...STRIPE, NODE_ENV: 'development' }],
];

describe('production', () => {
  it('starts without a warning when every setting is right', () => {
    for (const ROLE of ['web', 'worker', 'all'])
      expect(start({ ...STRIPE, ROLE })).toEqual({ refused: [], warned: [] });
    expect(start({ ROLE: 'worker', TRUST_PROXY: '' })).toEqual({ refused: [], warned: [] });
    expect(start({ TRUST_PROXY: '0', PUBLIC_URL: 'http://localhost:3000' }).refused).toEqual([]);
  });

  it.each(REFUSED)('refuses to start and names %s when the settings are changed by %j', (setting, changes) => {
    const { refused } = start(changes);
    expect(refused).toContainEqual(expect.stringMatching(new RegExp(`^${setting}(\\.\\d)?: .`)));
  });

  it.each(WARNED)('warns of %s and starts when the settings are changed by %j', (setting, changes) => {
    const { refused, warned } = start(changes);
    expect(refused).toEqual([]);
    expect(warned).toContainEqual(expect.stringMatching(new RegExp(`^${setting}: .*\\. [A-Z].*[.?]$`)));
  });

  it('names every setting that is missing at once', () => {
    const { refused } = start({ PUBLIC_URL: '', TRUST_PROXY: '', DATABASE_URL: '', SMTP_URL: '', SITE_NAME: '' });
    expect(refused.map((it) => it.split(':')[0])).toEqual([
      'PUBLIC_URL',
      'TRUST_PROXY',
      'DATABASE_URL',
      'SMTP_URL',
      'SITE_NAME',
    ]);
  });

  it('leaves a laptop alone', () => {
    for (const settings of [{}, { PUBLIC_URL: 'http://localhost:3000' }, { DATABASE_URL: 'postgres://me@localhost/x' }])
      expect(settingWarnings(readConfig(settings), settings)).toEqual([]);
  });
});
