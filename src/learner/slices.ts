import { setTimeout as wait } from 'node:timers/promises';

const WORK_MS = 5;
const REST_MS = 5;

/** Lets a long computation rest every few milliseconds, so that other work of the process goes on beside it. */
export class Slices {
  private since = performance.now();

  constructor(
    private readonly isStopped: () => boolean = () => false,
    private readonly restMs = REST_MS,
  ) {}

  /** Call it often. @throws Error when the process is about to end */
  async rest(): Promise<void> {
    if (performance.now() - this.since < WORK_MS) return;
    await wait(this.restMs);
    if (this.isStopped()) throw new Error('The training ends here, because the process stops.');
    this.since = performance.now();
  }
}
