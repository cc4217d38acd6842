import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { startDemoSite } from '../../tools/demo-site.mjs';
import { type Mailbox, startMailbox } from '../../stand-ins/mailbox/mailbox.js';
import { TestApp } from './app.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((it) =>
  existsSync(it),
);
const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((it) => existsSync(it));

/** Where no browser is found the browser tests are skipped, unless that is forbidden (.ci/run). */
export const hasChromium = CHROMIUM !== undefined || process.env.FORBID_SKIPPED_TESTS !== undefined;
export const hasFirefox = FIREFOX !== undefined || process.env.FORBID_SKIPPED_TESTS !== undefined;

// Without the last ones Chromium asks for the network at every start.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchChromium(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('No Chromium found: apt-get install chromium');
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A Chromium on a profile of its own: what it stores outlasts its pages, and permissions and workers are whole. */
export function openProfile(folder: string): Promise<BrowserContext> {
  if (!CHROMIUM) throw new Error('No Chromium found: apt-get install chromium');
  const viewport = { width: 1000, height: 800 };
  return chromium.launchPersistentContext(folder, { executablePath: CHROMIUM, args: FLAGS, viewport });
}

/**
 * Opens a page in Debian's Firefox, which playwright cannot drive: what it does is seen at the server.
 * @returns a function that ends it
 */
export async function openInFirefox(url: string): Promise<() => Promise<void>> {
  if (!FIREFOX) throw new Error('No Firefox found: apt-get install firefox-esr');
  const profile = await mkdtemp(join(tmpdir(), 'rostra-firefox-'));
  const firefox = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', profile, url], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, HOME: profile },
  });
  return async () => {
    process.kill(-firefox.pid!, 'SIGKILL');
    await once(firefox, 'exit');
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}

/** Rostra with its web build, the mailbox, and the demo newspaper on an origin of its own. */
export interface Stage {
  app: TestApp;
  origin: string;
  demo: string;
  mailbox: Mailbox;
  close(): Promise<void>;
}

export async function openStage(env: Record<string, string> = {}): Promise<Stage> {
  await buildIfNeeded(() => {}, new AbortController().signal);
  const port = await freePort();
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

/** A port of the kernel's choice, for those that must know it before they listen. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
