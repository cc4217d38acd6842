import { definePurge } from '../../jobs/purge.js';

export const purgeSignIns = definePurge({
  name: 'purge-sign-ins',
  cron: '*/10 * * * *',
  removes: 'sign-in links a day after they expired, expired socket tickets, sessions that ended 30 days ago',
  steps: [
    { keep: { days: 1 }, sql: 'delete from sign_in_links where expires_at < $1' },
    { sql: 'delete from socket_tickets where expires_at < $1' },
    { keep: { days: 30 }, sql: 'delete from sessions where least(ended_at, expires_at) < $1' },
  ],
});
