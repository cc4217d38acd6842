import { execFileSync } from 'node:child_process';
import { mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The last commit whose embed drew every comment at every change. */
const COMMIT = '3bcc421';

/** Builds the browser code of that commit in a folder of its own. @returns the folder that its embed.js is in */
export async function buildBefore(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rostra-before-'));
  const parts = ['web', 'tools', 'package.json', 'tsconfig.json'];
  const archive = execFileSync('git', ['archive', COMMIT, ...parts], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['tools/build-web.mjs'], { cwd: folder, stdio: 'inherit' });
  return join(folder, 'dist/web');
}
