/**
 * Checks that the uncached first page of a thread of 100,000 comments, 20 roots with their first replies, costs the
 * server at most 1.25 times the CPU time of a bare node:http and pg server that sends the same statement over an equal
 * pool. Both run in processes of their own on one database, whose connections plan alike. They take turns of 50
 * requests. A pair is the sum of ten turns of each, so that garbage collection is included, and the median of the
 * pairs' ratios counts.
 */
import { Agent } from 'node:http';
import { roots } from '../src/comments/thread/thread.queries.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { cloneDatabase } from '../test/support/database.js';
import { freePorts } from '../test/support/processes.js';
import { PRODUCTION } from '../test/support/production.js';
import { startTestServer } from '../test/support/server.js';
import { buildIfNeeded } from '../tools/start/build.mjs';
import { BIG, seedBigThread } from './support/big-thread.js';
import { load } from './support/load.js';
import { MeasuredServer } from './support/measured-server.js';
import { interleaved } from './support/ratio.js';

const GOAL = 1.25;
const PAIRS = 15;
const TURNS = 10;
const REQUESTS = 50;
const WARM_UP = 4_000;
const CONNECTIONS = 16;
const POOL = '10';

const dist = process.env.BENCH_DIST ?? 'dist';
if (!process.env.BENCH_DIST) await buildIfNeeded(console.log, new AbortController().signal);
const postgres = await startTestServer();
const servers: MeasuredServer[] = [];
const readers = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
try {
  const database = await cloneDatabase();
  await seedBigThread(database.url);
  const [ourPort = 0, barePort = 0] = await freePorts(2);
  const path = `/api/v1/articles/${BIG}/comments`;
  const shared = { DATABASE_URL: database.url, DATABASE_POOL: POOL };
  const ours = await MeasuredServer.start(`${dist}/src/main.js`, ourPort, '/health/ready', {
    ...shared,
    ROLE: 'web',
    LOG_LEVEL: 'warn',
    ...PRODUCTION,
    TRUST_PROXY: '0',
  });
  servers.push(ours);
  const bare = await MeasuredServer.start('bench/read/bare-server.mjs', barePort, path, {
    ...shared,
    STATEMENT: JSON.stringify(roots.newest.first),
    PGOPTIONS: dataSourceOptions(database.url, { entities: [], migrations: [] }).extra.options,
  });
  servers.push(bare);

  const [page, barePage] = await Promise.all([ours, bare].map((it) => fetch(it.url + path).then((a) => a.text())));
  if (page !== barePage) throw new Error('The two servers answer differently');

  const cpuPerRequest = async (server: MeasuredServer): Promise<number> => {
    const before = await server.cpu();
    await load(server.url + path, REQUESTS, readers);
    return ((await server.cpu()) - before) / REQUESTS;
  };
  for (const server of [ours, bare]) await load(server.url + path, WARM_UP, readers);
  const {
    ratio,
    ours: our,
    floor,
    ratios,
  } = await interleaved(
    PAIRS,
    () => cpuPerRequest(ours),
    () => cpuPerRequest(bare),
    TURNS,
  );
  console.log(
    `page: ${Buffer.byteLength(page!)} bytes; ${PAIRS} pairs of ${TURNS} turns of ${REQUESTS} requests, ${CONNECTIONS} connections`,
  );
  console.log(`product: ${our.toFixed(0)} us CPU a request; bare node:http + pg: ${floor.toFixed(0)} us`);
  console.log(`pairs: ${ratios.map((it) => it.toFixed(2)).join(' ')}`);
  console.log(`bench read: ${ratio.toFixed(2)} x (goal: at most ${GOAL} x) ${ratio <= GOAL ? 'kept' : 'MISSED'}`);
  if (ratio > GOAL) process.exitCode = 1;
} finally {
  readers.destroy();
  for (const it of servers) await it.stop();
  await postgres.stop();
}
