import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { imageNodeVersion, installNode } from '../../tools/image-node.mjs';
import type { Schemas } from '../../web/shared/contract.js';
import { Actor } from '../support/actor.js';
import { killOrphansIn } from '../support/orphan-killer.js';
import { endLaunched, launch, PREFER_OFFLINE, runToEnd, untilNothingIn } from '../support/processes.js';
import { copyProject, ownPorts } from '../support/project-copy.js';
import { until } from '../support/until.js';

// This spec runs `npm ci && npm start` in a new clone on the Node of the image, as the README promises. The other tests
// show it on the Node that runs them, which is the oldest supported one in CI.

describe('npm ci and npm start on the Node of the image', () => {
  let folder: string;
  let cwd: string;
  let env: Awaited<ReturnType<typeof ownPorts>> & { PATH: string; DATA_DIR: string };
  let dismiss: () => void;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rostra-image-node-'));
    await chmod(folder, 0o755); // root runs Postgres as another user, who must be able to read the folder
    dismiss = killOrphansIn(folder);
    const node = join(folder, 'node');
    await mkdir(node);
    const PATH = `${await installNode(await imageNodeVersion(), node)}:${process.env.PATH}`;
    env = { ...(await ownPorts()), PATH, DATA_DIR: join(folder, 'data') };
    cwd = join(folder, 'project');
    await copyProject(cwd, { built: false, installed: false });
  }, 240_000);
  afterAll(async () => {
    endLaunched();
    await untilNothingIn([folder]);
    await rm(folder, { recursive: true, force: true });
    dismiss();
  });

  it('runs the version that the Dockerfile names', async () => {
    const { answer } = await runToEnd('node', ['--version'], { cwd, env });
    expect(answer.trim()).toBe(`v${await imageNodeVersion()}`);
  });

  it('installs without an install script', async () => {
    const { code, output } = await runToEnd('npm', ['ci'], { cwd, env: { ...env, ...PREFER_OFFLINE } });
    if (code !== 0) throw new Error(`npm ci ended with ${code}:\n${output}`);
  }, 300_000);

  it('builds, serves the pages, takes a comment of a reader who registers, and stops', async () => {
    const running = launch('npm', ['start'], { cwd, env });
    await running.until(/Rostra is ready/, 240_000);
    const rostra = `http://localhost:${env.PORT}`;
    const demo = `http://localhost:${env.DEMO_PORT}`;
    for (const path of ['/health/ready', '/', '/desk', '/embed.js', '/api/openapi.json'])
      expect([path, (await fetch(rostra + path)).status]).toEqual([path, 200]);

    const reader = new Actor(rostra, demo);
    await reader.get('/session');
    const email = 'nora@example.test';
    expect((await reader.post('/accounts', { email, displayName: 'Nora Node' })).status).toBe(202);
    const [link] = await until('the mail with the link', async () => {
      const answer = await fetch(`http://localhost:${env.MAILBOX_PORT}/api/messages?to=${encodeURIComponent(email)}`);
      return ((await answer.json()) as { links: string[] }[])[0]?.links;
    });
    await reader.signIn(link!);
    const url = `${demo}/stories/ferries-return`;
    const { body: article } = await reader.post<Schemas['ArticleKey']>('/articles', { url, title: 'Ferries' });
    const { id } = await reader.comment(article.key, 'Written on the Node of the image.');
    const { body } = await reader.get<Schemas['Thread']>(`/articles/${article.key}/comments?sort=newest`);
    expect(body.items.find((it) => it.id === id)).toMatchObject({ body: 'Written on the Node of the image.' });

    running.signalGroup('SIGINT');
    await running.exited;
    expect(running.output()).not.toMatch(/^\s+at /m);
    await untilNothingIn([folder], 10_000);
  }, 300_000);
});
