// How a process begins and ends: what was started is stopped in reverse order, within ten seconds, whoever asks.
import { readFileSync } from 'node:fs';

const STOP_WITHIN_MS = 9_000;
/** npm passes a Ctrl-C on that we have heard already; a person's second one comes later than this. */
const SAME_PRESS_MS = 500;

/** A message for the person at the terminal; no stack is shown with it. */
export class StartError extends Error {}

export class ProcessLifecycle {
  #ends = [];
  #ending;
  #endingSince = 0;
  #exitCode = 0;
  #aborter = new AbortController();
  #begun = Promise.resolve();

  /** Aborted when the end begins, for what can be given up half-way. */
  get signal() {
    return this.#aborter.signal;
  }

  /** Remembers how to stop something, and gives up the start where the end has begun meanwhile. */
  onStop(stop) {
    this.#ends.push(stop);
    this.signal.throwIfAborted();
  }

  /** Runs `start`, then lives until a signal, npm's death, or an error. */
  async run(start) {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => this.#hear(name));
    // A reader of our output that goes away (npm killed, `| head`) must not cut the end short.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    this.#watchParent();
    this.#begun = Promise.resolve().then(() => start(this));
    try {
      await this.#begun;
    } catch (error) {
      if (this.#ending) return;
      console.error(error instanceof StartError ? error.message : error);
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
    setTimeout(() => {
      console.error('Not everything stopped in time; leaving it.');
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    await this.#begun.catch(() => undefined);
    for (const stop of this.#ends.toReversed()) {
      try {
        await stop();
      } catch (error) {
        console.error(error);
        this.#exitCode ||= 1;
      }
    }
    process.exit(this.#exitCode);
  }

  #hear(name) {
    if (!this.#ending) {
      console.error(`\nStopping (${name === 'SIGINT' ? 'Ctrl-C again ends at once' : name})`);
      void this.end(0);
    } else if (Date.now() - this.#endingSince > SAME_PRESS_MS) {
      process.exit(130);
    }
  }

  /** npm killed hard passes nothing on: then our parent, or the shell that npm started us by, has another parent. */
  #watchParent() {
    if (!process.env.npm_lifecycle_event) return;
    const ancestors = () => {
      const parent = process.ppid;
      return `${parent} ${isShell(parent) ? parentOf(parent) : ''}`;
    };
    const before = ancestors();
    const timer = setInterval(() => {
      if (ancestors() === before) return;
      clearInterval(timer);
      void this.end(1);
    }, 500);
    timer.unref();
  }
}

// Only Linux tells so much about other processes; elsewhere the direct parent must do.
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
