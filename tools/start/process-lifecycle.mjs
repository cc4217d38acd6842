// Starts the parts of a process, and stops them in reverse order within ten seconds.
import { readFileSync } from 'node:fs';

const STOP_WITHIN_MS = 9_000;
/** One part that hangs does not keep the others from being stopped: a Postgres that nobody stops would stay behind. */
const STOP_EACH_WITHIN_MS = 4_500;
/** What a second Ctrl-C still gives the rest, all at once. */
const STOP_AT_ONCE_WITHIN_MS = 1_500;
/** npm repeats a Ctrl-C within this time; a later one comes from the person at the terminal. */
const REPEATED_SIGNAL_MS = 500;

/** A message for the person at the terminal; it is printed without a stack. */
export class StartError extends Error {}

/** Errors of the app and of the local Postgres that are such messages too. */
const PRINTED_WITHOUT_STACK = new Set(['ConfigError', 'LocalPostgresError']);

export class ProcessLifecycle {
  #stops = [];
  #ending;
  #endingSince = 0;
  #exitCode = 0;
  #hurriedSince = 0;
  #aborter = new AbortController();
  #begun = Promise.resolve();

  /** Aborted when the end begins, for steps of the start that can be given up half-way. */
  get signal() {
    return this.#aborter.signal;
  }

  /**
   * Registers how to stop something. @throws StartError if the end has begun meanwhile, which gives up the start
   * @param drainMs the time that stopping it takes on purpose, beside the usual
   */
  onStop(stop, drainMs = 0) {
    this.#stops.push({ stop, drainMs });
    this.signal.throwIfAborted();
  }

  /** Runs `start`, then lives until a signal, the death of npm, or an error. */
  async run(start) {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => this.#onSignal(name));
    // When the reader of our output goes away (npm killed, `| head`), everything must still be stopped.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    this.#watchParent();
    this.#begun = Promise.resolve().then(() => start(this));
    try {
      await this.#begun;
    } catch (error) {
      if (this.#ending) return;
      const plain = error instanceof StartError || PRINTED_WITHOUT_STACK.has(error.name);
      console.error(plain ? error.message : error);
      await this.end(1);
    }
  }

  /** Stops everything and exits. */
  end(exitCode) {
    return (this.#ending ??= this.#end(exitCode));
  }

  async #end(exitCode) {
    this.#exitCode = exitCode;
    this.#endingSince = Date.now();
    this.#aborter.abort(new StartError('stopped'));
    setTimeout(
      () => {
        console.error('Not everything stopped in time. Ending without the rest.');
        process.exit(1);
      },
      this.#stops.reduce((sum, it) => sum + it.drainMs, STOP_WITHIN_MS),
    ).unref();
    await within(STOP_EACH_WITHIN_MS, this.#begun).catch(() => undefined);
    for (let next = this.#stops.pop(); next; next = this.#stops.pop()) {
      try {
        await within(STOP_EACH_WITHIN_MS + next.drainMs, next.stop());
      } catch (error) {
        console.error(error instanceof StartError ? error.message : error);
        this.#exitCode ||= 1;
      }
    }
    process.exit(this.#exitCode);
  }

  #onSignal(name) {
    if (!this.#ending) {
      console.error(name === 'SIGINT' ? '\nStopping. Press Ctrl-C again to end at once.' : `\nStopping after ${name}.`);
      void this.end(0);
    } else if (Date.now() - this.#endingSince > REPEATED_SIGNAL_MS) {
      void this.#endAtOnce();
    }
  }

  /** Stops what is left without an order. A third Ctrl-C does not wait for it. */
  async #endAtOnce() {
    if (this.#hurriedSince && Date.now() - this.#hurriedSince > REPEATED_SIGNAL_MS) process.exit(130);
    this.#hurriedSince ||= Date.now();
    const rest = this.#stops.splice(0).map(async ({ stop }) => stop());
    await within(STOP_AT_ONCE_WITHIN_MS, Promise.allSettled(rest)).catch(() => undefined);
    process.exit(130);
  }

  /** Notices a killed npm, which passes no signal on: our parent, or the shell between us, then gets another parent. */
  #watchParent() {
    if (!process.env.npm_lifecycle_event) return;
    const ancestors = () => {
      const parent = process.ppid;
      return `${parent} ${isShell(parent) ? parentOf(parent) : ''}`;
    };
    const before = ancestors();
    // A Ctrl-C can kill npm while it starts us; then we never had it as an ancestor.
    const orphaned = before.trim().split(' ').at(-1) === '1' && !/npm|yarn|bun|node/.test(stat(1).name);
    const timer = setInterval(() => {
      if (!orphaned && ancestors() === before) return;
      clearInterval(timer);
      void this.end(1);
    }, 500);
    timer.unref();
  }
}

/** @throws when the work takes longer */
async function within(ms, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new StartError('A part did not stop in time. Going on with the others.')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

// Only Linux shows the parents of other processes; elsewhere the direct parent is watched.
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    return { name, parent: text.slice(text.lastIndexOf(')') + 2).split(' ')[1] };
  } catch {
    return { name: '', parent: '' };
  }
}

const isShell = (pid) => /^(sh|dash|bash|ash|busybox|zsh)$/.test(stat(pid).name);
const parentOf = (pid) => stat(pid).parent;
