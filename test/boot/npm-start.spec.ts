import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { killOrphansIn } from '../support/orphan-killer.js';
import { endLaunched, launch, untilNothingIn } from '../support/processes.js';
import { copyProject, ownPorts } from '../support/project-copy.js';

// This spec starts the product once as real processes. All other starts are in test/system, which takes longer.

describe('npm start', () => {
  let folder: string;
  let cwd: string;
  let dismiss: () => void;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rostra-smoke-'));
    await chmod(folder, 0o755); // root runs Postgres as another user, who must be able to read the folder
    dismiss = killOrphansIn(folder);
    await buildIfNeeded(() => undefined, AbortSignal.timeout(230_000));
    cwd = join(folder, 'project');
    await copyProject(cwd, { built: true });
  }, 240_000);
  afterAll(async () => {
    endLaunched();
    await untilNothingIn([folder]);
    await rm(folder, { recursive: true, force: true });
    dismiss();
  });

  it('serves every address, and the demo’s words, when it is built, and leaves no process after Ctrl-C', async () => {
    const ports = await ownPorts();
    const running = launch('npm', ['start'], { cwd, env: { ...ports, DATA_DIR: join(folder, 'data') } });
    await running.until(/Rostra is ready/);
    for (const path of ['/health/ready', '/', '/desk', '/embed.js', '/api/openapi.json'])
      expect([path, (await fetch(`http://localhost:${ports.PORT}${path}`)).status]).toEqual([path, 200]);
    const offer = await fetch(`http://localhost:${ports.PORT}/api/v1/donations/options?country=GB`);
    expect(await offer.text()).toContain('We have no proprietor to please.');
    for (const port of [ports.DEMO_PORT, ports.MAILBOX_PORT, ports.STRIPE_STAND_IN_PORT, ports.PUSH_STAND_IN_PORT])
      expect((await fetch(`http://localhost:${port}/`)).status).toBe(200);
    running.signalGroup('SIGINT');
    await running.exited;
    await untilNothingIn([folder], 10_000);
  });
});
