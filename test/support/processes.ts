import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A program that a test started in its own process group, as a terminal does. */
export interface Running {
  readonly pid: number;
  /** The output on both streams so far. */
  output(): string;
  /** The standard output so far. */
  answer(): string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves with the match. Rejects with the whole output when the program ends without it or takes too long. */
  until(pattern: RegExp, ms?: number): Promise<RegExpMatchArray>;
  /** Signals the whole group, as Ctrl-C does. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Signals this process only. */
  signal(signal: NodeJS.Signals): void;
}

export interface LaunchOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** Whether this process is root, which can run programs as another user. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A setting by which npm takes packages from its cache, which has them after the `npm ci` of this clone. */
export const PREFER_OFFLINE = { npm_config_prefer_offline: 'true' };

const launched = new Set<ChildProcess>();

/** Ends programs that a failed test has left running. Call it in `afterAll`. */
export function endLaunched(): void {
  for (const child of launched) kill(-(child.pid ?? 0), 'SIGKILL');
}

/** Starts a program with nothing of the tests' own environment but PATH and HOME. */
export function launch(command: string, args: string[], { cwd, env, user }: LaunchOptions): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...env },
    ...user,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  launched.add(child);
  let output = '';
  let answer = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    answer += chunk;
  });
  child.stderr.on('data', (chunk) => (output += chunk));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      launched.delete(child);
      resolve({ code, signal });
    });
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    exited,
    output: () => output,
    answer: () => answer,
    until: async (pattern, ms = 120_000) => {
      let ended = false;
      void exited.finally(() => (ended = true));
      const deadline = Date.now() + ms;
      for (;;) {
        const match = output.match(pattern);
        if (match) return match;
        if (ended || Date.now() > deadline)
          throw new Error(
            `${[command, ...args].join(' ')} ${ended ? 'ended' : 'waited'} without ${pattern}:\n${output}`,
          );
        await delay(20);
      }
    },
    signalGroup: (signal) => kill(-pid, signal),
    signal: (signal) => kill(pid, signal),
  };
}

/** Runs a program to its end. */
export async function runToEnd(
  command: string,
  args: string[],
  options: LaunchOptions,
): Promise<{ code: number | null; output: string; answer: string }> {
  const running = launch(command, args, options);
  const { code } = await running.exited;
  return { code, output: running.output(), answer: running.answer() };
}

/** Lists the processes that name one of these folders in their command line or work in it. Linux only. */
export async function processesIn(...folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const command = (await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
    const cwd = await readlink(`/proc/${entry}/cwd`).catch(() => '');
    // The orphan killers wait for this process.
    if (!command || command.includes('rostra-orphan-killer')) continue;
    if (folders.some((it) => command.includes(it) || cwd.startsWith(it))) found.push(`${entry} ${command}`);
  }
  return found;
}

/** Waits until no process of these folders runs. */
export async function untilNothingIn(folders: string[], ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    const left = await processesIn(...folders);
    if (!left.length) return;
    if (Date.now() > deadline) throw new Error(`Still running:\n${left.join('\n')}`);
    await delay(25);
  }
}

/**
 * Finds free ports for programs that need fixed ones, maybe over several starts. They lie below the ephemeral ports of
 * the kernel (32768 and above on Linux), which another test's connection could get meanwhile.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) =>
    server.once('error', () => resolve(false)).listen(port, () => resolve(true)),
  );
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    if (Math.abs(pid) > 1) process.kill(pid, signal);
  } catch {
    // the process has ended
  }
}
