/** The settings of a newspaper in production, without its database. Nothing about them is refused or warned of. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://talk.rostra-herald.com',
  ALLOWED_ORIGINS: 'https://www.rostra-herald.com',
  TRUST_PROXY: '1',
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'The Rostra Herald <no-reply@rostra-herald.com>',
  SITE_NAME: 'The Rostra Herald',
};
