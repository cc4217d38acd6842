/**
 * Checks that a reader's tab carries a conversation of 5,000 comments: the renderer's memory is at most twice that at
 * 500, and the tab does not crash. A Chromium of its own presses "More comments" to 500, 2,000 and 5,000 comments, the
 * way a reader does, with the embed of this tree and in turn with that of commit 3bcc421, which drew every comment at
 * every change. At 2,000 comments 60 more arrive within 6.6 seconds.
 */
import { rm } from 'node:fs/promises';
import { seedTalk, STORY } from './tab/seed.js';
import { buildBefore } from './tab/before.js';
import { type Measured, measureTab } from './tab/measure-tab.js';
import { openBrowserFixture } from '../test/support/browser.js';
import { startTestServer } from '../test/support/server.js';

const GOAL = 2;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 2);
const SIZES = [500, 2_000, 5_000];

const before = process.env.BENCH_BEFORE ?? (await buildBefore());
const postgres = await startTestServer();
const fixture = await openBrowserFixture();
const runs: { name: string; measured: Measured }[] = [];
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, embed] of [
      ['ours', 'dist/web'],
      ['before', before],
    ] as const) {
      if (name === 'before' && process.env.BENCH_ONLY_OURS) continue;
      // The burst of a run adds comments, so each run has the conversation anew.
      const writer = await seedTalk(fixture);
      const say = (line: string) => console.log(`${name}: ${line}`);
      const measured = await measureTab(fixture, { embed, story: STORY, sizes: SIZES, burstAt: 2_000, writer, say });
      runs.push({ name, measured });
    }
  }
} finally {
  await fixture.close();
  await postgres.stop();
  if (!process.env.BENCH_BEFORE) await rm(before, { recursive: true, force: true });
}
const ours = runs.filter((it) => it.name === 'ours');
const ratios = ours.map(({ measured }) => (measured.memory.get(5_000) ?? Infinity) / (measured.memory.get(500) ?? 1));
const worst = Math.max(...ratios);
console.log(
  `bench tab: 5,000 comments take ${worst.toFixed(2)} x the memory of 500 (goal: at most ${GOAL} x) ${worst <= GOAL ? 'kept' : 'MISSED'}`,
);
if (worst > GOAL) process.exitCode = 1;
