import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killOrphansIn } from './orphan-killer.js';
import { freePorts } from './processes.js';
import { systemProgram } from './system-program.js';
import { until } from './until.js';

export const pgbouncer = systemProgram('pgbouncer');

/** The role of the app behind the pooler. */
const ROLE = { name: 'rostra_app', password: 'app-of-the-tests' };
/** The account `nobody`, because PgBouncer refuses to run as root. */
const NOBODY = 65_534;

export interface TestPooler {
  /** The pooler's address with the app's role, without a database. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts Debian's PgBouncer in front of a test server. @param mode its pool_mode */
export async function startPooler(
  adminUrl: string,
  { mode = 'transaction', extra = '' }: { mode?: 'session' | 'transaction'; extra?: string } = {},
): Promise<TestPooler> {
  const admin = new URL(adminUrl);
  const folder = await mkdtemp(join(tmpdir(), 'rostra-pooler-'));
  await chmod(folder, 0o755);
  const dismiss = killOrphansIn(folder);
  const [port = 0] = await freePorts(1);
  const users = `"${ROLE.name}" "${ROLE.password}"\n"${admin.username}" "${admin.password}"\n`;
  const settings = [
    '[databases]',
    `* = host=127.0.0.1 port=${admin.port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${folder}/users.txt`,
    `pool_mode = ${mode}`,
    'max_client_conn = 500',
    'default_pool_size = 10',
    extra,
  ];
  await writeFile(join(folder, 'users.txt'), users);
  await writeFile(join(folder, 'pgbouncer.ini'), `${settings.join('\n')}\n`);
  const child = spawn(pgbouncer.path, ['-q', join(folder, 'pgbouncer.ini')], {
    cwd: folder,
    ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const exited = once(child, 'exit');
  exited.catch(() => undefined); // a failure to start is told below
  await until(`PgBouncer\n${said}`, () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended:\n${said}`);
    return answers(port);
  });
  return {
    url: `postgres://${ROLE.name}:${ROLE.password}@127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
      dismiss();
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
