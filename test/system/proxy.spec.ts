import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { killOrphansIn } from '../support/orphan-killer.js';
import { endLaunched, freePorts, launch, type Running } from '../support/processes.js';
import { PRODUCTION } from '../support/production.js';
import { selfSigned } from '../support/self-signed.js';
import { systemProgram } from '../support/system-program.js';
import { until } from '../support/until.js';

// The quick start behind a real proxy, with the configuration that docs/operating.md shows.

const READERS = 64;
const cwd = fileURLToPath(new URL('../../', import.meta.url));
const { host, origin } = new URL(PRODUCTION.PUBLIC_URL);

let folder: string;
let database: TestDatabase;
let server: Running;
let port: number;
let dismiss: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostra-proxy-'));
  await chmod(folder, 0o755);
  dismiss = killOrphansIn(folder);
  const { cert, key } = selfSigned();
  await writeFile(join(folder, 'talk.pem'), cert);
  await writeFile(join(folder, 'talk.key'), key);
  await writeFile(join(folder, 'talk-with-key.pem'), cert + key);
  await buildIfNeeded(() => undefined, AbortSignal.timeout(230_000));
  database = await cloneDatabase();
  [port = 0] = await freePorts(1);
  const env = { ...PRODUCTION, DATABASE_URL: database.url, ROLE: 'web', HOST: '127.0.0.1', PORT: String(port) };
  server = launch(process.execPath, ['dist/src/main.js'], { cwd, env });
  await server.until(/successfully started/);
}, 300_000);
afterAll(async () => {
  endLaunched();
  await server.exited;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
  dismiss();
});

/** Returns the example of docs/operating.md for a proxy, with the ports and files of this test. */
async function example(language: string, listen: number): Promise<string> {
  const text = await readFile(join(cwd, 'docs/operating.md'), 'utf8');
  const block = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (!block) throw new Error(`docs/operating.md has no example for ${language}.`);
  return block
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`)
    .replace('listen 443', `listen 127.0.0.1:${listen}`)
    .replace('bind :443', `bind 127.0.0.1:${listen}`)
    .replaceAll('/etc/ssl/', `${folder}/`);
}

/** Registers a reader whose machine has this address. @returns the status */
const register = (proxy: number, localAddress: string, name: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ email: `${name}@example.org`, displayName: `Reader ${name}` });
    const headers = { host, origin, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const options = { port: proxy, path: '/api/v1/accounts', method: 'POST', localAddress, headers };
    request({ host: '127.0.0.1', rejectUnauthorized: false, agent: false, ...options }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    })
      .once('error', reject)
      .end(body);
  });

async function connectSocket(proxy: number): Promise<void> {
  const extraHeaders = { origin, host };
  const socket = io(`https://127.0.0.1:${proxy}`, {
    path: '/live',
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    rejectUnauthorized: false,
    extraHeaders,
  });
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  } finally {
    socket.close();
  }
}

async function serves(name: string, network: string, start: (listen: number) => Promise<Running>): Promise<void> {
  const [listen = 0] = await freePorts(1);
  const proxy = await start(listen);
  await until(`${name}\n${proxy.output()}`, () =>
    register(listen, `${network}.250`, `${name}-first`).then(
      (status) => status === 202,
      () => false,
    ),
  );
  const readers = Array.from({ length: READERS }, (_it, index) => index + 1);
  const statuses = await Promise.all(readers.map((it) => register(listen, `${network}.${it}`, `${name}-${it}`)));
  expect(statuses.filter((it) => it === 202)).toHaveLength(READERS);
  await connectSocket(listen);
  // Readers of one network still share its limit.
  const one: number[] = [];
  for (const it of readers) one.push(await register(listen, `${network}.251`, `${name}-one-${it}`));
  expect(one.filter((it) => it === 202)).toHaveLength(60);
  expect(one.at(-1)).toBe(429);
  expect(server.output()).not.toMatch(/TRUST_PROXY|X-Forwarded-For/);
  proxy.signal('SIGTERM');
  await proxy.exited;
}

const nginx = systemProgram('nginx');
const haproxy = systemProgram('haproxy');

describe('production behind a proxy', () => {
  (nginx.wanted ? it : it.skip)(
    'accepts 64 readers of 64 addresses when nginx is in front',
    async () => {
      await serves('nginx', '127.0.3', async (listen) => {
        const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
          (it) => `${it}_temp_path ${folder}/${it};`,
        );
        const head = `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr; events {}`;
        const http = `http { access_log off; ${temporary.join(' ')}\n${await example('nginx', listen)}}`;
        await writeFile(join(folder, 'nginx.conf'), `${head}\n${http}\n`);
        return launch(nginx.path, ['-p', folder, '-c', join(folder, 'nginx.conf')], { cwd: folder });
      });
    },
    60_000,
  );

  (haproxy.wanted ? it : it.skip)(
    'accepts 64 readers of 64 addresses when HAProxy is in front',
    async () => {
      await serves('haproxy', '127.0.4', async (listen) => {
        await writeFile(join(folder, 'haproxy.cfg'), await example('haproxy', listen));
        return launch(haproxy.path, ['-db', '-f', join(folder, 'haproxy.cfg')], { cwd: folder });
      });
    },
    60_000,
  );

  it('warns once when a request comes without the proxy', async () => {
    for (let i = 0; i < 2; i += 1) await fetch(`http://127.0.0.1:${port}/api/v1/topics`);
    await server.until(/A request has no X-Forwarded-For, and TRUST_PROXY=1/);
    expect(server.output().match(/has no X-Forwarded-For/g)).toHaveLength(1);
  });
});
