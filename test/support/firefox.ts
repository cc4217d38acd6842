import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bidi } from './bidi.js';
import { FirefoxTab } from './firefox-tab.js';
import { killOrphansIn } from './orphan-killer.js';
import { until } from './until.js';

const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((it) => existsSync(it));

/** False skips the Firefox tests. When skipping is forbidden (.ci/run), it is true without a Firefox as well. */
export const hasFirefox = FIREFOX !== undefined || process.env.FORBID_SKIPPED_TESTS !== undefined;

export type Prefs = Record<string, string | number | boolean>;

const PREFS: Prefs = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.disabledForTesting': true,
  // The remote agent switches push off unless the setting is given.
  'dom.push.connection.enabled': true,
  'dom.push.testing.allowInsecureServerURL': true,
  'dom.push.retryBaseInterval': 200,
  // Firefox draws its notifications itself, so that they can be read and clicked.
  'alerts.useSystemBackend': false,
  // This delay protects a person from clicking too early.
  'security.notification_enable_delay': 0,
  // For so many milliseconds after a click a worker may open a tab, and a busy machine can need more than the usual 1,000.
  'dom.webnotifications.disable_open_click_delay': 30_000,
};

/** A notification on the screen. */
export interface Alert {
  title: string;
  body: string;
}

/** Debian's unmodified Firefox with a profile of its own, driven by WebDriver BiDi. */
export class Firefox {
  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
    private readonly bidi: Bidi,
    private readonly tidy: () => void,
  ) {}

  /** @param pushServer its ws address; without one Firefox has no push service */
  static async start({ pushServer = '', prefs = {} }: { pushServer?: string; prefs?: Prefs } = {}): Promise<Firefox> {
    if (!FIREFOX) throw new Error('No Firefox found: apt-get install firefox-esr');
    const profile = await mkdtemp(join(tmpdir(), 'rostra-firefox-'));
    const tidy = killOrphansIn(profile);
    const all = { ...PREFS, 'dom.push.serverURL': pushServer, ...prefs };
    const lines = Object.entries(all).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
    await writeFile(join(profile, 'user.js'), lines.join(''));
    const firefox = spawn(
      FIREFOX,
      [
        '--headless',
        '--no-remote',
        '--profile',
        profile,
        '--remote-debugging-port=0',
        '--remote-allow-system-access',
        'about:blank',
      ],
      // The orphan killer ends programs that work in the profile's folder.
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true, cwd: profile, env: { ...process.env, HOME: profile } },
    );
    let said = '';
    firefox.stderr.on('data', (chunk) => (said += chunk));
    try {
      const address = await until(
        "Firefox's remote agent",
        () => {
          if (firefox.exitCode !== null) throw new Error(`Firefox ended:\n${said}`);
          return /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1];
        },
        60_000,
      );
      const bidi = await Bidi.connect(`${address}/session`);
      await bidi.send('session.new', { capabilities: {} });
      return new Firefox(firefox, profile, bidi, tidy);
    } catch (error) {
      await endProcess(firefox, profile);
      tidy();
      throw error;
    }
  }

  async open(url: string): Promise<FirefoxTab> {
    const { context } = await this.bidi.send<{ context: string }>('browsingContext.create', { type: 'tab' });
    const tab = new FirefoxTab(this.bidi, context);
    await tab.go(url);
    return tab;
  }

  /** Returns the addresses of all tabs. */
  async tabs(): Promise<{ url: string; tab: FirefoxTab }[]> {
    const { contexts } = await this.bidi.send<Tree>('browsingContext.getTree', { maxDepth: 0 });
    return contexts.map(({ url, context }) => ({ url, tab: new FirefoxTab(this.bidi, context) }));
  }

  /** Sets a permission as if the reader had answered the browser's question before. */
  async setPermission(origin: string, name: string, state: 'granted' | 'denied' | 'prompt'): Promise<void> {
    await this.bidi.send('permissions.setPermission', { descriptor: { name }, state, origin });
  }

  /** Waits for the browser's own question and answers it with a click. */
  async answerPrompt(answer: 'allow' | 'block'): Promise<void> {
    const window = await this.chrome();
    await until('the question of the browser', () =>
      this.bidi.call(
        window,
        (allow) => {
          const { panel } = (globalThis as unknown as BrowserWindow).PopupNotifications;
          const question = panel.state === 'open' ? panel.firstElementChild : null;
          (allow ? question?.button : question?.secondaryButton)?.click();
          return Boolean(question);
        },
        answer === 'allow',
      ),
    );
  }

  /** Returns the notifications on the screen, oldest first. Firefox removes each after some twenty seconds. */
  async alerts(): Promise<Alert[]> {
    const all = await this.bidi.call(await this.chrome(), () =>
      [...(globalThis as unknown as BrowserWindow).Services.wm.getEnumerator('alert:alert')].map(({ document }) => ({
        title: document.getElementById('alertTitleLabel')?.getAttribute('value') ?? '',
        body: document.getElementById('alertTextLabel')?.textContent ?? '',
      })),
    );
    // Its window appears a moment before its text.
    return all.filter((it) => it.title);
  }

  /** Waits until a notification of this title heeds clicks, which is later than its text can be read, and clicks it. */
  async clickAlert(title: string): Promise<void> {
    const window = await this.chrome();
    await until(`the notification "${title}"`, () =>
      this.bidi.call(
        window,
        (text) => {
          const alerts = (globalThis as unknown as BrowserWindow).Services.wm.getEnumerator('alert:alert');
          for (const { document, gIsActive: loaded } of alerts)
            if (loaded && document.getElementById('alertTitleLabel')?.getAttribute('value') === text) {
              document.getElementById('alertBox')?.click();
              return true;
            }
          return false;
        },
        title,
      ),
    );
  }

  async end(): Promise<void> {
    this.bidi.close();
    await endProcess(this.process, this.profile);
    this.tidy();
  }

  /** Firefox's own window. */
  private async chrome(): Promise<string> {
    const url = 'chrome://browser/content/browser.xhtml';
    const { contexts } = await this.bidi.send<Tree>('browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 });
    const found = contexts.find((it) => it.url === url);
    if (!found) throw new Error(`No window ${url} among ${contexts.map((it) => it.url).join(', ')}`);
    return found.context;
  }
}

interface Tree {
  contexts: { context: string; url: string }[];
}

/** The members of Firefox's own window that are used. */
interface BrowserWindow {
  Services: { wm: { getEnumerator(type: string): Iterable<{ document: Document; gIsActive: boolean }> } };
  PopupNotifications: {
    panel: { state: string; firstElementChild: { button: HTMLElement; secondaryButton: HTMLElement } | null };
  };
}

async function endProcess(firefox: ChildProcess, profile: string): Promise<void> {
  if (firefox.exitCode === null && firefox.signalCode === null) {
    const exited = once(firefox, 'exit');
    process.kill(-firefox.pid!, 'SIGKILL');
    await exited;
  }
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
