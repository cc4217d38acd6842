/** What a newcomer sees when all is up. */
export function whereToGo({ url, demo, mailbox, stripe, push, admin, dataDir, time }) {
  const lines = [
    ['Demo newspaper', demo, 'read, register, talk, give, switch on alerts'],
    ['Desk', `${url}/desk`, 'for the newsroom'],
    ['', admin?.link, `signs ${admin?.email} in, once`],
    ['API pages', `${url}/api/docs`, ''],
    ['Data', dataDir, 'DATA_DIR'],
  ];
  const standIns = [
    ['Mailbox', mailbox, 'every mail ends here; SMTP_URL=smtp://... sends them'],
    ['Stripe', stripe, 'no money moves; STRIPE_SECRET_KEY=sk_... with STRIPE_WEBHOOK_SECRET=whsec_... takes it'],
    ['Push service', push, "for browsers that are told so (README); all others use their maker's, with no setting"],
  ];
  return [
    '',
    `Rostra is ready (${time}).`,
    '',
    ...table(lines),
    '',
    'On this machine, in place of the real thing:',
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
