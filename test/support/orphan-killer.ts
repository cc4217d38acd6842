import { spawn } from 'node:child_process';

const SCRIPT = `read -r _ && exit
find "$1" -name postmaster.pid | while read -r lock; do
  pid=$(head -n 1 "$lock") && kill -QUIT "$pid"
  while kill -0 "$pid" && [ -e "$lock" ]; do sleep 0.1; done
done
for process in /proc/[0-9]*; do
  case $(readlink "$process/cwd") in "$1"|"$1"/*) kill -KILL "\${process#/proc/}" ;; esac
done
rm -rf "$1"`;

/**
 * Starts a shell that waits for the death of this process. When it dies without having cleaned up, the shell ends the
 * Postgres servers and the programs that work in the folder, and removes it.
 * @returns a function that ends the shell after a clean end
 */
export function killOrphansIn(folder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'rostra-orphan-killer', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return () => void child.stdin.end('tidy\n');
}
