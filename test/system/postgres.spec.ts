import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { type LocalPostgres, startLocalPostgres } from '../../stand-ins/postgres/local-postgres.js';
import { ADMIN_URL, cloneDatabase } from '../support/database.js';
import { killOrphansIn } from '../support/orphan-killer.js';
import { itAsRoot } from '../support/privilege.js';
import { processesIn } from '../support/processes.js';
import { until } from '../support/until.js';

// Durable starts wait for the disk, which others may be using.
jest.setTimeout(90_000);

const projectRoot = process.cwd();
let folder: string;
let dataDir: string;
let dismiss: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostra-postgres-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  dismiss = killOrphansIn(folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  dismiss();
});

const start = (where = dataDir) => startLocalPostgres({ name: 'main', projectRoot, dataDir: where });

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function serverPid(where = dataDir): Promise<number | undefined> {
  const text = await readFile(join(where, 'postgres/postmaster.pid'), 'utf8').catch(() => '');
  return text ? Number(text.split('\n')[0]) : undefined;
}

const untilGone = (pid: number) =>
  until(`the end of ${pid}`, async () => !(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));

/** Starts the server in another process, which then waits to be killed. */
async function startElsewhere(): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(
    process.execPath,
    ['--import', './tools/typescript.mjs', '--input-type=module', '-e', elsewhere, dataDir],
    { cwd: projectRoot, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [url] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return { process: child, url };
}
const elsewhere = `
const { startLocalPostgres } = await import('./stand-ins/postgres/local-postgres.ts');
const server = await startLocalPostgres({ name: 'main', projectRoot: process.cwd(), dataDir: process.argv[1] });
console.log(server.url);
process.stdin.resume().once('end', () => process.exit());`;

describe('the local Postgres', () => {
  it('keeps its data over a stop and leaves no process', async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    await query(first.url, 'create table kept as select 42 as answer');
    const pid = await serverPid();
    await first.stop();
    expect(await serverPid()).toBeUndefined();
    await untilGone(pid!);

    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    const [settings] = await query(second.url, `select current_setting('fsync') as fsync, current_database() as name`);
    expect(settings).toEqual({ fsync: 'on', name: 'rostra' });
    await second.stop();
  });

  it('adopts the server of a killed process', async () => {
    const killed = await startElsewhere();
    const pid = await serverPid();
    await query(killed.url, 'insert into kept values (43)');
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');

    const next = await start();
    expect(next.adopted).toBe(true);
    expect(next.url).toBe(killed.url);
    expect(await serverPid()).toBe(pid);
    expect(await query(next.url, 'select answer from kept order by 1')).toEqual([{ answer: 42 }, { answer: 43 }]);
    await next.stop();
    expect(await serverPid()).toBeUndefined();
  });

  it('runs until the last of several processes stops it', async () => {
    const other = await startElsewhere();
    const mine = await start();
    expect(mine.adopted).toBe(true);
    await mine.stop();
    expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);

    const last = await start();
    other.process.kill('SIGKILL');
    await once(other.process, 'exit');
    await last.stop();
    expect(await serverPid()).toBeUndefined();
  });

  it('runs once when several first starts and several stops coincide', async () => {
    const fresh = join(folder, 'together');
    for (let round = 0; round < 2; round += 1) {
      const all = await Promise.all(Array.from({ length: 4 }, () => start(fresh)));
      expect(new Set(all.map((it) => it.url)).size).toBe(1);
      expect(all.filter((it) => !it.adopted)).toHaveLength(1);
      await Promise.all(all.map((it) => it.stop()));
      expect(await serverPid(fresh)).toBeUndefined();
    }
  });

  it('starts while another process is stopping it', async () => {
    let server: LocalPostgres = await start();
    for (let round = 0; round < 10; round += 1) {
      const [next] = await Promise.all([start(), server.stop()]);
      expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      server = next;
    }
    await server.stop();
    expect(await serverPid()).toBeUndefined();
  });

  it('comes back at the same address when the server is killed, and is still stopped at the end', async () => {
    const server = await start();
    await query(server.url, 'insert into kept values (44)');
    const pid = (await serverPid())!;
    process.kill(pid, 'SIGKILL');
    await untilGone(pid);
    await until('a new server', async () => ![undefined, pid].includes(await serverPid()));

    const next = await start();
    expect(next).toMatchObject({ url: server.url, adopted: true });
    expect(await query(server.url, 'select max(answer) as answer from kept')).toEqual([{ answer: 44 }]);
    await next.stop();
    await server.stop();
    expect(await serverPid()).toBeUndefined();
  });

  it('faults: comes back when it could not start for a while, as with a full disk', async () => {
    const lines: string[] = [];
    const server = await startLocalPostgres({
      name: 'main',
      projectRoot,
      dataDir,
      onProgress: (line) => lines.push(line),
    });
    const control = join(dataDir, 'postgres/global/pg_control');
    await rename(control, `${control}.away`);
    process.kill((await serverPid())!, 'SIGKILL');
    await until('the failed starts', () => lines.some((it) => it.includes('tried again until it succeeds')));
    await rename(`${control}.away`, control);
    await until('its return', () => lines.includes('The local Postgres is back.'));
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(await serverPid()).toBeUndefined();
  });

  it('takes a new lease when the server has closed all connections and runs on', async () => {
    const server = await start();
    const pid = await serverPid();
    const rows = await query<{ pid: number }>(
      server.url,
      "select pid from pg_stat_activity where application_name like 'rostra lease%'",
    );
    // Postgres ends all its connections when one of them dies like this.
    process.kill(rows[0]!.pid, 'SIGKILL');
    await untilGone(rows[0]!.pid);
    await until('an answer', async () => (await query(server.url, 'select 1 as one').catch(() => [])).length);
    await server.stop();
    expect(await serverPid()).toBeUndefined();
    await untilGone(pid!);
  });

  it('ends initdb and removes the half-made cluster when the start is aborted', async () => {
    const fresh = join(folder, 'aborted');
    const begin = (signal?: AbortSignal) => startLocalPostgres({ name: 'main', projectRoot, dataDir: fresh, signal });
    const controller = new AbortController();
    const starting = begin(controller.signal).catch((error: Error) => error);
    await until('initdb', async () => (await processesIn(fresh)).some((it) => it.includes('initdb')));
    controller.abort(new Error('the start was given up'));
    expect(await starting).toEqual(new Error('the start was given up'));
    expect(await processesIn(fresh)).toEqual([]);
    expect(await readdir(fresh)).toEqual(['postgres-password']);

    await expect(begin(controller.signal)).rejects.toThrow('the start was given up');
    const server = await begin();
    expect(server.adopted).toBe(false);
    await server.stop();
  });

  it('recovers at the next start when it is killed with its application', async () => {
    const first = await startElsewhere();
    await query(first.url, 'insert into kept values (45)');
    const pid = (await serverPid())!;
    first.process.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await untilGone(pid);

    const second = await start();
    expect(second).toMatchObject({ url: first.url, adopted: false });
    expect(await query(second.url, 'select max(answer) as answer from kept')).toEqual([{ answer: 45 }]);
    await second.stop();
  });

  it('starts beside a lock file whose pid now belongs to another program', async () => {
    await writeFile(
      join(dataDir, 'postgres/postmaster.pid'),
      `${process.pid}\n${dataDir}/postgres\n1\n5432\n\n\n\nready\n`,
    );
    const server = await start();
    expect(server.adopted).toBe(false);
    await server.stop();
  });

  itAsRoot('says in one line that DATA_DIR of root must be open to the account of the server', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const error = await start(join(closed, 'data')).catch((it: Error) => it);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/^DATA_DIR=\S+ lies below \S+\/closed, which \w+ may not enter; .*$/);
  });
});

describe('databases of the tests', () => {
  it('are clones of the migrated template, each its own', async () => {
    const [one, two] = await Promise.all([cloneDatabase(), cloneDatabase()]);
    await query(one.url, 'create table only_here ()');
    const tables =
      "select to_regclass('only_here') is not null as mine, to_regclass('comments') is not null as comments";
    expect(await query(one.url, tables)).toEqual([{ mine: true, comments: true }]);
    expect(await query(two.url, tables)).toEqual([{ mine: false, comments: true }]);
    await Promise.all([one.drop(), two.drop()]);
    await expect(query(one.url, 'select 1')).rejects.toThrow(/does not exist/);
  });

  it('are refused on a server that is not the tests’ own', async () => {
    const server = await start();
    const before = process.env[ADMIN_URL];
    process.env[ADMIN_URL] = server.url;
    try {
      await expect(cloneDatabase()).rejects.toThrow(/not the tests' own/);
    } finally {
      process.env[ADMIN_URL] = before;
      await server.stop();
    }
  });
});
