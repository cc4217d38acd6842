// Builds dist if it is missing or older than its sources. Two processes that start at once (ROLE=web beside
// ROLE=worker) take turns, since a build begins with deleting dist.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StartError } from './process-lifecycle.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = [
  'src',
  'migrations',
  'web',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tools/build-web.mjs',
  'tools/compress-assets.mjs',
];
// A build compresses what it made at the end.
const RESULTS = ['dist/src/main.js', 'dist/web/embed.js', 'dist/web/home/index.html', 'dist/web/embed.js.br'];
// The lock is not in node_modules, which several clones may share.
const LOCK = join(root, 'dist.lock');

/** Builds if dist is not fresh. @param say takes a line for each step, with its time */
export async function buildIfNeeded(say, signal) {
  if (isFresh()) return;
  const release = await takeTurn(say, signal);
  try {
    if (isFresh()) return;
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const step of scripts.build.split('&&')) await run(step.trim(), say, signal);
  } finally {
    release();
  }
}

/** Tells whether dist exists and is no older than its sources. */
export function isFresh() {
  const built = Math.min(...RESULTS.map((it) => timeOf(join(root, it)) ?? 0));
  return built > 0 && SOURCES.every((it) => newest(join(root, it)) <= built);
}

/** Returns the newest time below a path. Folders count too: their time changes when a file is deleted. */
function newest(path) {
  const own = timeOf(path) ?? 0;
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return own;
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries.reduce((latest, it) => Math.max(latest, timeOf(join(it.parentPath, it.name)) ?? 0), own);
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

async function takeTurn(say, signal) {
  let waiting;
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return () => rmSync(LOCK, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw new StartError(`dist cannot be built here: ${error.message}`);
    }
    const other = builder();
    if (other && !isAlive(other)) rmSync(LOCK, { force: true });
    else if (other && waiting !== other) say(`Process ${other} is building here already. Waiting for it.`);
    waiting = other;
    await delay(100, undefined, { signal });
  }
}

/** Returns the pid of the process that builds; 0 if it has just ended or has not written its pid yet. */
function builder() {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function run(command, say, signal) {
  const begun = Date.now();
  say(`Building: ${command} ...`);
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  // With the NODE_ENV of the tests Vite would build another embed.
  const env = { ...process.env, NODE_ENV: 'production', PATH: path };
  const child = spawn(command, { cwd: root, shell: true, env, signal });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new StartError(`${output.trim()}\n\nThe build failed (${command}).`);
  say(`Building: ${command}, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}
