import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { type BrowserFixture, launchChromium } from '../../test/support/browser.js';
import { until } from '../../test/support/until.js';

interface Task {
  /** The folder with the embed.js to measure. */
  embed: string;
  story: string;
  sizes: readonly number[];
  burstAt: number;
  writer: (text: string) => Promise<void>;
  /** Takes a line about what was measured. */
  say: (line: string) => void;
}

export interface Measured {
  /** Comments on the page -> bytes of the renderer that are resident after some seconds of rest. */
  memory: Map<number, number>;
}

const BURST = 60;
const BURST_MS = 6_600;
const REST_MS = 3_000;
/** A build that takes longer to the next size is given up. */
const PATIENCE_MS = 120_000;

/** Opens the story in a browser of its own, reads it to the end and measures on the way. */
export async function measureTab({ demo, origin }: BrowserFixture, task: Task): Promise<Measured> {
  const browser = await launchChromium();
  const memory = new Map<number, number>();
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 900 } });
    const crashed = new Promise<never>((_done, failed) => page.on('crash', () => failed(new Error('the tab crashed'))));
    crashed.catch(() => undefined);
    await page.route(
      (url) => url.origin === origin && /^\/(embed\.js|chunks\/)/.test(url.pathname),
      (route) => route.fulfill({ path: task.embed + new URL(route.request().url()).pathname }),
    );
    await page.addInitScript(watchLongTasks);
    await page.goto(demo + task.story);
    let drawn = await until('the first comments', () => countDrawn(page));
    let began = performance.now();
    const isSlow = () => performance.now() - began > PATIENCE_MS;
    for (const size of task.sizes) {
      while (drawn < size && !isSlow()) {
        const next = await Promise.race([crashed, pressMore(page)]);
        if (next === drawn) break;
        drawn = next;
      }
      if (drawn < size) throw new Error(`only ${drawn} of ${size} comments within ${PATIENCE_MS / 1_000} s`);
      const seconds = (performance.now() - began) / 1_000;
      const reading = await takeLongTasks(page);
      await wait(REST_MS);
      const { now, peak } = await rendererMemory(browser);
      memory.set(size, now);
      task.say(
        `${drawn} comments: ${mega(now)} MB (peak ${mega(peak)}), read in ${seconds.toFixed(1)} s with ${reading}`,
      );
      if (size === task.burstAt) {
        await takeLongTasks(page);
        for (let n = 0; n < BURST; n += 1) await Promise.all([task.writer(`Burst ${n}`), wait(BURST_MS / BURST)]);
        await wait(1_000);
        task.say(`burst of ${BURST} at ${drawn} comments: ${await takeLongTasks(page)}`);
      }
      began = performance.now();
    }
  } catch (error) {
    task.say(`ended: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  } finally {
    await browser.close();
  }
  return { memory };
}

function watchLongTasks(): void {
  const durations: number[] = [];
  Object.assign(globalThis, { longTasks: durations });
  new PerformanceObserver((list) => durations.push(...list.getEntries().map((it) => it.duration))).observe({
    type: 'longtask',
  });
}

/** Returns what the tasks of more than 50 ms since the last call took. */
async function takeLongTasks(page: Page): Promise<string> {
  const took = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
  const sum = took.reduce((all, it) => all + it, 0);
  return `${took.length} long tasks of ${Math.round(sum)} ms in all, the longest ${Math.round(Math.max(0, ...took))} ms`;
}

const countDrawn = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector('rostra-comments')?.shadowRoot?.querySelectorAll('article').length ?? 0);

/** Scrolls to the button, presses it and waits until its page is drawn. @returns the number of comments then */
function pressMore(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const root = document.querySelector('rostra-comments')!.shadowRoot!;
    const count = () => root.querySelectorAll('article').length;
    const button = root.querySelector<HTMLElement>('.list > .more');
    const before = count();
    if (!button) return before;
    button.scrollIntoView({ block: 'center' });
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    button.click();
    for (const end = performance.now() + 30_000; count() === before && performance.now() < end;) await frame();
    await frame();
    return count();
  });
}

/** Returns the resident memory of the renderer with the most of it, and the most that it ever had, in bytes. */
async function rendererMemory(browser: Browser): Promise<{ now: number; peak: number }> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const all = await Promise.all(
    processInfo
      .filter((it) => it.type === 'renderer')
      .map(async ({ id }) => {
        const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
        const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1_024;
        return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
      }),
  );
  return all.reduce((most, it) => (it.now > most.now ? it : most));
}

const mega = (bytes: number): string => (bytes / 1e6).toFixed(0);
