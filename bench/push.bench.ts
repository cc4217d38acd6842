/**
 * Checks that the product's sender sends at least 3.5 times as many messages per CPU second as web-push's own
 * `sendNotification`, with encryption, signature and TLS transport, and 50 messages under way. Each sender has a
 * process of its own, and so has the local TLS server to which both send. Pairs are interleaved, and the median of
 * their ratios counts. Messages have 1,024 bytes, as our alerts have, and go to 200 browsers of one service.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createECDH, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import webPush from 'web-push';
import { interleaved } from './support/ratio.js';
import { CONCURRENCY, type Task } from './support/sending.js';

const GOAL = 3.5;
const PAIRS = 15;
const MESSAGES = 2_000;

const children: ChildProcess[] = [];
const folder = await mkdtemp(join(tmpdir(), 'rostra-bench-'));
const start = (name: string, env: Record<string, string> = {}): ChildProcess => {
  const child = fork(fileURLToPath(new URL(`./push/${name}.ts`, import.meta.url)), {
    execArgv: [
      ...(process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean),
      '--import',
      './tools/typescript.mjs',
    ],
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', SHUTDOWN_DRAIN_SECONDS: '0', ...env },
  });
  children.push(child);
  return child;
};
/** @throws Error if the process ends instead */
const told = async <T>(child: ChildProcess): Promise<T> => {
  const stop = new AbortController();
  const ended = once(child, 'exit', { signal: stop.signal }).then(([code]) => {
    throw new Error(`A process of the bench ended with ${String(code)}`);
  });
  try {
    return ((await Promise.race([once(child, 'message', { signal: stop.signal }), ended])) as [T])[0];
  } finally {
    ended.catch(() => {});
    stop.abort();
  }
};
const browser = (origin: string): Task['browsers'][number] => ({
  endpoint: `${origin}/wpush/v2/${randomBytes(100).toString('base64url')}`,
  p256dh: createECDH('prime256v1').generateKeys('base64url'),
  auth: randomBytes(16).toString('base64url'),
});

try {
  const { port, cert } = await told<{ port: number; cert: string }>(start('service'));
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, cert);
  const origin = `https://localhost:${port}`;
  const task: Task = {
    browsers: Array.from({ length: 200 }, () => browser(origin)),
    payload: JSON.stringify({ web_push: 8030, notification: { title: 'A headline', body: 'And a line.' } }).padEnd(
      1_024,
    ),
    origin,
    ...webPush.generateVAPIDKeys(),
  };
  const [ours, theirs] = ['our-sender', 'their-sender'].map((it) => start(it, { NODE_EXTRA_CA_CERTS: authority }));
  const order = <T>(child: ChildProcess, it: Task | number): Promise<T> => {
    const answer = told<T>(child);
    child.send(it);
    return answer;
  };
  const perCpuSecond = async (child: ChildProcess): Promise<number> =>
    MESSAGES / ((await order<number>(child, MESSAGES)) / 1e6);
  for (const child of [ours!, theirs!]) {
    await order(child, task);
    await order(child, 2 * MESSAGES); // This warms both up.
  }
  const {
    ratio,
    ours: our,
    floor,
    ratios,
  } = await interleaved(
    PAIRS,
    () => perCpuSecond(ours!),
    () => perCpuSecond(theirs!),
  );
  console.log(`${PAIRS} pairs of ${MESSAGES} messages of 1,024 bytes, ${CONCURRENCY} under way, to a local TLS server`);
  console.log(`product: ${our.toFixed(0)} messages per CPU second; web-push sendNotification: ${floor.toFixed(0)}`);
  console.log(`pairs: ${ratios.map((it) => it.toFixed(2)).join(' ')}`);
  console.log(`bench push: ${ratio.toFixed(2)} x (goal: at least ${GOAL} x) ${ratio >= GOAL ? 'kept' : 'MISSED'}`);
  if (ratio < GOAL) process.exitCode = 1;
} finally {
  for (const it of children) it.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
}
