import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A server in a process of its own, whose CPU time can be asked for. */
export class MeasuredServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts `node <file>` and waits until `probe` answers 200. */
  static async start(file: string, port: number, probe: string, env: Record<string, string>): Promise<MeasuredServer> {
    const flags = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean); // --cpu-prof, to look closer
    const child = spawn(process.execPath, [...flags, '--import', './bench/support/cpu-reporter.mjs', file], {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'production',
        PORT: String(port),
        HOST: '127.0.0.1',
        SHUTDOWN_DRAIN_SECONDS: '0',
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const server = new MeasuredServer(`http://127.0.0.1:${port}`, child);
    for (let i = 0; i < 600; i += 1) {
      if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
      const ready = await fetch(server.url + probe).then(
        (it) => it.arrayBuffer().then(() => it.ok),
        () => false,
      );
      if (ready) return server;
      await wait(100);
    }
    child.kill('SIGKILL');
    throw new Error(`${file} did not answer`);
  }

  /** Returns the CPU time of all threads so far, user and system, in microseconds. */
  async cpu(): Promise<number> {
    const answer = once(this.child, 'message');
    this.child.send('cpu');
    return ((await answer) as [number])[0];
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}
