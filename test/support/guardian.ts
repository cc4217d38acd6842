import { spawn } from 'node:child_process';

const SCRIPT = `read -r _ && exit
find "$1" -name postmaster.pid | while read -r lock; do
  pid=$(head -n 1 "$lock") && kill -QUIT "$pid"
  while kill -0 "$pid" && [ -e "$lock" ]; do sleep 0.1; done
done
rm -rf "$1"`;

/**
 * Ends the Postgres servers below a folder, and removes it, when this process is killed before it could do so itself:
 * a shell sees our end of a pipe close. @returns what to call when all is tidied up
 */
export function guard(folder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'rostra-test-guardian', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return () => void child.stdin.end('tidy\n');
}
