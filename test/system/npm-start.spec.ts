import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { killOrphansIn } from '../support/orphan-killer.js';
import { endLaunched, launch, type Running, runToEnd, untilNothingIn } from '../support/processes.js';
import { copyProject, ownPorts, PORTS } from '../support/project-copy.js';

// This spec runs `npm start` in a fresh copy of the project and ends its processes in every way.

const READY = /Rostra is ready/;
let folder: string;
let cwd: string;
let env: Record<string, string>;
let origin: string;
let dismiss: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostra-boot-'));
  await chmod(folder, 0o755);
  dismiss = killOrphansIn(folder);
  cwd = join(folder, 'project');
  await copyProject(cwd, { built: false });
  env = { ...(await ownPorts()), DATA_DIR: join(folder, 'data') };
  origin = `http://localhost:${env.PORT}`;
}, 60_000);
afterEach(endLaunched);
afterAll(async () => {
  // When a process is left, the orphan killer stays and ends it with Jest.
  await untilNothingIn([folder]);
  await rm(folder, { recursive: true, force: true });
  dismiss();
});

const npmStart = (more: Record<string, string> = {}) => launch('npm', ['start'], { cwd, env: { ...env, ...more } });
const rostra = (...args: string[]) => runToEnd('npm', ['run', '--silent', 'rostra', '--', ...args], { cwd, env });
const get = (path: string) => fetch(origin + path);

/** Finds the process that npm started, with or without a shell, and the one of the database. */
async function pids(running: Running): Promise<{ node: number; postgres: number }> {
  const childOf = async (pid: number): Promise<number> =>
    Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ')[0]);
  let node = await childOf(running.pid);
  while (!(await readFile(`/proc/${node}/cmdline`, 'utf8')).startsWith('node\0')) node = await childOf(node);
  const lock = await readFile(join(folder, 'data/postgres/postmaster.pid'), 'utf8');
  return { node, postgres: Number(lock.split('\n')[0]) };
}

async function stops(running: Running): Promise<void> {
  await untilNothingIn([folder]).catch((error: Error) => {
    throw new Error(`${error.message}\nIts output was:\n${running.output()}`);
  });
  await running.exited;
}

describe('npm start', () => {
  it('builds, serves and prints every address, and leaves no process after Ctrl-C', async () => {
    const running = npmStart();
    await running.until(READY, 240_000);
    expect(running.output()).toMatch(/Building: nest build, [\d.]+ s/);
    for (const name of ['Demo newspaper', 'Mailbox', 'Stripe', 'Push service', 'Desk', 'API pages', 'DATA_DIR'])
      expect(running.output()).toContain(name);
    for (const replacement of ['SMTP_URL', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'])
      expect(running.output()).toContain(`${replacement}=`);
    const ready = await get('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok' }]);
    for (const port of [env.DEMO_PORT, env.MAILBOX_PORT, env.STRIPE_STAND_IN_PORT, env.PUSH_STAND_IN_PORT])
      expect((await fetch(`http://localhost:${port}/`)).status).toBe(200);
    for (const path of ['/', '/desk', '/embed.js', '/api/docs', '/api/openapi.json'])
      expect([path, (await get(path)).status]).toEqual([path, 200]);

    running.signalGroup('SIGINT');
    await stops(running);
  }, 300_000);

  it('finds the database and its data after kill -9, and builds and seeds nothing again', async () => {
    const first = npmStart();
    await first.until(READY);
    const { answer } = await rostra('api-key', 'boot test');
    const key = answer.trim();
    expect(key).toMatch(/^rk_[\w-]+$/);
    const article = { url: `http://localhost:${env.DEMO_PORT}/kept`, title: 'Kept' };
    const put = await fetch(`${origin}/api/v1/articles/kept`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(article),
    });
    expect(put.ok).toBe(true);
    const before = await pids(first);
    first.signalGroup('SIGKILL');
    await first.exited;

    const second = npmStart();
    await second.until(READY);
    expect((await pids(second)).postgres).toBe(before.postgres);
    expect(await (await get('/api/v1/articles/kept')).json()).toMatchObject(article);

    // Only the database dies, and the running product starts it again.
    process.kill(before.postgres, 'SIGKILL');
    await second.until(/local Postgres is back/);
    expect((await pids(second)).postgres).not.toBe(before.postgres);
    expect(await (await get('/api/v1/articles/kept')).json()).toMatchObject(article);
    for (const start of [first, second]) expect(start.output()).not.toMatch(/Building|Making|Seeding/);
    // SIGTERM to npm stops it all as well, the orphaned database included.
    second.signal('SIGTERM');
    await stops(second);
  }, 240_000);

  it('ends at once at the second Ctrl-C when the database hangs, and stops when npm is killed', async () => {
    const running = npmStart();
    await running.until(READY);
    const { node, postgres } = await pids(running);
    process.kill(postgres, 'SIGSTOP');
    try {
      process.kill(node, 'SIGINT');
      await running.until(/Stopping/);
      // A signal that comes sooner counts as npm's copy of the first.
      await new Promise((resolve) => setTimeout(resolve, 700));
      process.kill(node, 'SIGINT');
      await running.exited;
      // The first stop ends with this message, because the database does not stop.
      expect(running.output()).not.toContain('Not everything stopped in time');
    } finally {
      process.kill(postgres, 'SIGCONT');
    }
    // The database is left behind. The next start takes over its data, and stops it when npm is gone.
    const next = npmStart();
    await next.until(READY);
    next.signal('SIGKILL');
    await next.exited;
    await untilNothingIn([folder], 10_000);
  }, 240_000);

  it('stops cleanly when it is interrupted while it starts, and the next start goes on from there', async () => {
    const fresh = { DATA_DIR: join(folder, 'interrupted') };
    // On a busy machine the moment may have passed, and the next start does not repeat it.
    for (const moment of ['> rostra@', 'Making', 'Seeding'].map((it) => new RegExp(`${it}|${READY.source}`))) {
      const running = npmStart(fresh);
      await running.until(moment);
      running.signalGroup('SIGINT');
      await stops(running);
    }
    const running = npmStart(fresh);
    await running.until(READY);
    const counts = await fetch(`${origin}/api/v1/comment-counts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keys: ['post-2026-1187', 'post-2026-1192'] }),
    });
    expect(await counts.json()).toEqual({ counts: { 'post-2026-1187': 19, 'post-2026-1192': 7 } });
    running.signalGroup('SIGINT');
    await stops(running);
  }, 240_000);

  describe('when a port is taken', () => {
    let taken: Server;
    let port: number;
    beforeAll(async () => {
      taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '::', resolve));
      port = (taken.address() as { port: number }).port;
    });
    afterAll(() => new Promise((resolve) => taken.close(resolve)));

    for (const name of PORTS)
      it(`names ${name} in one line and leaves no process`, async () => {
        const running = npmStart({ [name]: String(port) });
        const { code } = await running.exited;
        expect(code).not.toBe(0);
        const about = running
          .output()
          .split('\n')
          .filter((it) => it.includes(String(port)));
        expect(about).toEqual([
          expect.stringMatching(new RegExp(`^Port ${port} is taken\\. .*\\b${name}=\\d+ npm start$`)),
        ]);
        expect(running.output()).not.toMatch(/^\s+at /m);
        await untilNothingIn([folder]);
      }, 60_000);
  });

  it('names a wrong setting in one line', async () => {
    const running = npmStart({ ROLE: 'wrong' });
    expect((await running.exited).code).not.toBe(0);
    expect(running.output()).toMatch(/^ROLE: .*web.*$/m);
    expect(running.output()).not.toMatch(/^\s+at /m);
  }, 60_000);
});
