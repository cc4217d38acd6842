import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { dataFolderPath } from '../../stand-ins/postgres/data-folder.js';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { killOrphansIn } from '../support/orphan-killer.js';
import { itAsRoot } from '../support/privilege.js';
import { endLaunched, launch, runToEnd, untilNothingIn } from '../support/processes.js';
import { copyProject, ownPorts } from '../support/project-copy.js';

// Postgres refuses to run as root, and a home directory may be closed to other users. Each test starts in such a home.

let folder: string;
let dismiss: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostra-homes-'));
  await chmod(folder, 0o755);
  dismiss = killOrphansIn(folder);
  await buildIfNeeded(() => undefined, AbortSignal.timeout(230_000));
}, 240_000);
afterAll(async () => {
  endLaunched();
  await rm(folder, { recursive: true, force: true });
  dismiss();
});

async function startsAndStops(
  cwd: string,
  env: Record<string, string>,
  user?: { uid: number; gid: number },
): Promise<string> {
  const settings = { ...(await ownPorts()), ...env };
  const running = launch('npm', ['start'], { cwd, env: settings, ...(user && { user }) });
  await running.until(/Rostra is ready/, 120_000);
  expect((await fetch(`http://localhost:${settings.PORT}/health/ready`)).status).toBe(200);
  running.signalGroup('SIGINT');
  await running.exited;
  const data = /^\s+Data\s+(\S+)/m.exec(running.output())?.[1] ?? '';
  await untilNothingIn([cwd, data], 10_000);
  return data;
}

describe('npm start in a closed home directory', () => {
  itAsRoot(
    'works for root, with the database where its own account can reach it',
    async () => {
      const home = join(folder, 'root');
      await mkdir(home, { mode: 0o700 });
      const cwd = join(home, 'project');
      await copyProject(cwd, { built: true });
      const expected = await dataFolderPath({ name: 'main', projectRoot: cwd });
      const dismiss = killOrphansIn(expected);
      try {
        expect(await startsAndStops(cwd, { HOME: home })).toBe(expected);
        expect(expected.startsWith(folder)).toBe(false);
        const { uid, mode } = await stat(join(expected, 'postgres'));
        expect({ root: uid === 0, mode: mode & 0o777 }).toEqual({ root: false, mode: 0o700 });
      } finally {
        await rm(expected, { recursive: true, force: true });
        dismiss();
      }
    },
    180_000,
  );

  itAsRoot(
    'works for an ordinary user, with everything inside the home',
    async () => {
      const name = `rostra-test-${process.pid}`;
      const home = join(folder, name);
      const make = await runToEnd('useradd', ['--home-dir', home, '--create-home', '--user-group', name], { cwd: '/' });
      expect(make).toMatchObject({ code: 0 });
      try {
        const cwd = join(home, 'project');
        await copyProject(cwd, { built: true });
        // Only folders are changed, because the packages' files are hard links to ours.
        const own = await runToEnd('find', [home, '-type', 'd', '-exec', 'chown', `${name}:`, '{}', '+'], { cwd: '/' });
        expect(own).toMatchObject({ code: 0 });
        await chmod(home, 0o700);
        const { uid, gid } = await stat(home);
        const data = await startsAndStops(cwd, { HOME: home, USER: name }, { uid, gid });
        expect(data).toBe(join(cwd, '.data/main'));
        expect((await stat(join(data, 'postgres'))).uid).toBe(uid);
      } finally {
        await runToEnd('userdel', [name], { cwd: '/' });
      }
    },
    180_000,
  );
});
