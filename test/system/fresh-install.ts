import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { copyProject, ownPorts } from '../support/project-copy.js';
import { killOrphansIn } from '../support/orphan-killer.js';
import { endLaunched, launch, untilNothingIn } from '../support/processes.js';
import { until } from '../support/until.js';

interface Mail {
  links: string[];
  code: string;
}

/** A push as the API of the push stand-in lists it. */
export interface ReceivedPush {
  endpoint: string;
  state: string;
  ackCode?: number;
}

/** Runs `npm start` in a fresh copy of the project, with free ports and no other setting. */
export interface FreshInstall {
  readonly rostra: string;
  readonly demo: string;
  readonly stripe: string;
  /** The value of Firefox's `dom.push.serverURL`. */
  readonly pushSocket: string;
  /** The one-time link that `npm start` prints. */
  readonly adminLink: string;
  /** Waits for the newest mail to an address. */
  mailTo(address: string): Promise<Mail>;
  /** The messages that reached the push service, oldest first. */
  pushes(): Promise<ReceivedPush[]>;
  close(): Promise<void>;
}

export async function startFreshInstall(): Promise<FreshInstall> {
  await buildIfNeeded(() => undefined, new AbortController().signal);
  const folder = await mkdtemp(join(tmpdir(), 'rostra-fresh-'));
  await chmod(folder, 0o755); // root runs Postgres as another user, who must be able to read the folder
  const dismiss = killOrphansIn(folder);
  const cwd = join(folder, 'project');
  await copyProject(cwd, { built: true });
  const ports = await ownPorts();
  const running = launch('npm', ['start'], { cwd, env: { ...ports, DATA_DIR: join(folder, 'data') } });
  const close = async (): Promise<void> => {
    running.signalGroup('SIGINT');
    await running.exited;
    endLaunched();
    await untilNothingIn([folder]);
    await rm(folder, { recursive: true, force: true });
    dismiss();
  };
  try {
    await running.until(/Rostra is ready/);
    const [, adminLink = ''] = await running.until(/(http:\S+#token=\S+)/);
    const at = (name: keyof typeof ports): string => `http://localhost:${ports[name]}`;
    return {
      rostra: at('PORT'),
      demo: at('DEMO_PORT'),
      stripe: at('STRIPE_STAND_IN_PORT'),
      pushSocket: `ws://localhost:${ports.PUSH_STAND_IN_PORT}/`,
      adminLink,
      mailTo: (address) =>
        until(`a mail to ${address}`, async () => {
          const answer = await fetch(`${at('MAILBOX_PORT')}/api/messages?to=${encodeURIComponent(address)}`);
          return ((await answer.json()) as Mail[])[0];
        }),
      pushes: async () => {
        const answer = await fetch(`${at('PUSH_STAND_IN_PORT')}/api/state`);
        return ((await answer.json()) as { pushes: ReceivedPush[] }).pushes;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
