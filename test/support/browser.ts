import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { startDemoSite } from '../../tools/demo-site.mjs';
import { type Mailbox, startMailbox } from '../../stand-ins/mailbox/mailbox.js';
import { TestApp } from './app.js';
import { freePorts } from './processes.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((it) =>
  existsSync(it),
);

/** The folder for pictures of each step; without it none is taken. */
export const SHOTS = process.env.STORY_SHOTS;

/** False skips the browser tests. When skipping is forbidden (.ci/run), it is true without a Chromium as well. */
export const hasChromium = CHROMIUM !== undefined || process.env.FORBID_SKIPPED_TESTS !== undefined;

// Without the last three Chromium uses the network at every start.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Milliseconds for the start of a browser, which is slow on a busy machine. */
const START_MS = 120_000;

export function launchChromium(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('No Chromium found: apt-get install chromium');
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: START_MS });
}

/** Opens a Chromium on a profile folder, where storage outlasts pages, and permissions and workers work fully. */
export function openProfile(folder: string): Promise<BrowserContext> {
  if (!CHROMIUM) throw new Error('No Chromium found: apt-get install chromium');
  const viewport = { width: 1000, height: 800 };
  const options = { executablePath: CHROMIUM, args: FLAGS, viewport, timeout: START_MS };
  return chromium.launchPersistentContext(folder, options);
}

/** Runs Rostra with its web build, the mailbox, and the demo newspaper on its own origin. */
export interface BrowserFixture {
  app: TestApp;
  origin: string;
  demo: string;
  mailbox: Mailbox;
  close(): Promise<void>;
}

export async function openBrowserFixture(env: Record<string, string> = {}): Promise<BrowserFixture> {
  await buildIfNeeded(() => {}, new AbortController().signal);
  const [port] = await freePorts(1);
  const origin = `http://localhost:${port}`;
  const mailbox = await startMailbox({ port: 0, smtpPort: 0 });
  const demo = await startDemoSite({ port: 0, rostraOrigin: origin });
  const app = await TestApp.start({
    env: { PORT: String(port), PUBLIC_URL: origin, ALLOWED_ORIGINS: demo.url, SMTP_URL: mailbox.smtpUrl, ...env },
  });
  return {
    app,
    origin,
    demo: demo.url,
    mailbox,
    close: async () => {
      await app.stop();
      await demo.close();
      await mailbox.close();
    },
  };
}
