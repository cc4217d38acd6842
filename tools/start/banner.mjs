/** Returns the text that a newcomer sees when everything runs. */
export function banner({ url, demo, mailbox, stripe, push, admin, dataDir, time }) {
  const lines = [
    ['Demo newspaper', demo, 'read, register, comment, donate, switch on alerts'],
    ['Desk', `${url}/desk`, 'for the newsroom'],
    ['', admin?.link, `signs ${admin?.email} in, once`],
    ['API pages', `${url}/api/docs`, ''],
    ['Data', dataDir, 'another folder: DATA_DIR'],
  ];
  const standIns = [
    ['Mailbox', mailbox, 'shows every mail; to send them: SMTP_URL=smtp://...'],
    ['Stripe', stripe, 'moves no money; to use Stripe: STRIPE_SECRET_KEY=sk_... and STRIPE_WEBHOOK_SECRET=whsec_...'],
    ['Push service', push, "for browsers set to use it (README); the others use their maker's service"],
  ];
  return [
    '',
    `Rostra is ready (${time}).`,
    '',
    ...table(lines),
    '',
    'Stand-ins on this machine:',
    '',
    ...table(standIns),
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

const table = (lines) =>
  lines
    .filter(([, where]) => where)
    .map(([name, where, what]) => `  ${name.padEnd(16)}${where}${what && `   ${what}`}`);
