import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';

/** The two roles of docker-compose.yml, under names of their own, because the databases of a server share its roles. */
export interface ComposeRoles {
  readonly owner: string;
  readonly app: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Removes them, and gives what they own to the superuser. */
  drop(): Promise<void>;
}

/** Runs deploy/roles.sql on a database as the service `roles` does, twice, because each start runs it. */
export async function makeComposeRoles(adminUrl: string): Promise<ComposeRoles> {
  const suffix = randomBytes(4).toString('hex');
  const [owner, app] = [`owner_${suffix}`, `app_${suffix}`];
  const as = (username: string, password: string) => Object.assign(new URL(adminUrl), { username, password }).href;
  const text = await readFile('deploy/roles.sql', 'utf8');
  const sql = text.replaceAll('rostra_owner', owner).replaceAll('rostra_app', app);
  const options = `-c password_of.${owner}=of-the-owner -c password_of.${app}=of-the-app`;
  await onServer({ connectionString: adminUrl, options }, async (client) => {
    for (let start = 0; start < 2; start += 1) await client.query(sql);
  });
  const both = `${owner}, ${app}`;
  return {
    owner,
    app,
    ownerUrl: as(owner, 'of-the-owner'),
    appUrl: as(app, 'of-the-app'),
    drop: () =>
      onServer({ connectionString: adminUrl }, async (client) => {
        await client.query(`reassign owned by ${both} to current_user; drop owned by ${both}; drop role ${both}`);
      }),
  };
}

async function onServer(config: pg.ClientConfig, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
