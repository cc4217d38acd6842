/** What a newcomer sees when all is up. */
export function whereToGo({ url, demo, mailbox, admin, dataDir, time }) {
  const lines = [
    ['Demo newspaper', demo, 'read, register, talk'],
    ['Mailbox', mailbox, 'every mail ends here'],
    ['Desk', `${url}/desk`, 'for the newsroom'],
    ['', admin?.link, `signs ${admin?.email} in, once`],
    ['API pages', `${url}/api/docs`, ''],
    ['Data', dataDir, 'DATA_DIR'],
  ].filter(([, where]) => where);
  const rows = lines.map(([name, where, what]) => `  ${name.padEnd(16)}${where}${what && `   ${what}`}`);
  return ['', `Rostra is ready (${time}).`, '', ...rows, '', 'Ctrl-C stops everything.', ''].join('\n');
}
